#include "netcode/handshake.hpp"

#include <mutex>

namespace netcode {

class HandshakeAnswer::State {
 public:
  ~State() {
    if (decided_) decided_({.refusal = "nobody answered for this client", .ticket = {}});
  }
  void decide(HandshakeDecision decision) {
    std::function<void(HandshakeDecision)> decided;
    {
      const std::lock_guard lock(mutex_);
      if (is_decided_) return;
      is_decided_ = true;
      if (!decided_) {
        decision_ = std::move(decision);
        return;
      }
      decided = std::exchange(decided_, nullptr);
    }
    decided(std::move(decision));
  }
  void then(std::function<void(HandshakeDecision)> decided) {
    {
      const std::lock_guard lock(mutex_);
      if (!is_decided_) {
        decided_ = std::move(decided);
        return;
      }
    }
    decided(std::move(decision_));
  }

 private:
  std::mutex mutex_;  // guards all below
  bool is_decided_ = false;
  HandshakeDecision decision_;
  std::function<void(HandshakeDecision)> decided_;
};

void HandshakeAnswer::refuse(std::string reason) const {
  decide({.refusal = reason.empty() ? "refused" : std::move(reason), .ticket = {}});
}
void HandshakeAnswer::decide(HandshakeDecision decision) const { state_->decide(std::move(decision)); }
void HandshakeAnswer::then(std::function<void(HandshakeDecision)> decided) const { state_->then(std::move(decided)); }

std::pair<Handshake::Verdict, HandshakeAnswer> Handshake::later() const {
  HandshakeAnswer answer;
  answer.state_ = std::make_shared<HandshakeAnswer::State>();
  Verdict verdict{HandshakeDecision()};
  verdict.later_ = answer;
  return {std::move(verdict), std::move(answer)};
}

}  // namespace netcode
