#include "protocol/reliable_stream.hpp"

#include <memory>
#include <utility>

#include "protocol/messages.hpp"

namespace netcode::protocol {

bool ReliableSender::push(Bytes message) {
  if (!has_room(message.size())) return false;
  patch_sequence(message, next_sequence());
  bytes_ += message.size();
  kept_.push_back(std::make_shared<const Bytes>(std::move(message)));
  return true;
}

bool ReliableSender::acknowledge(std::uint32_t received) {
  if (received > last_sequence()) return false;
  for (; acknowledged_ < received; ++acknowledged_) {
    bytes_ -= kept_.front()->size();
    kept_.pop_front();
  }
  return true;
}

// What was shared with connections stays as it is for them.
void ReliableSender::renumber() {
  acknowledged_ = 0;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    Bytes message = *kept_[i];
    patch_sequence(message, static_cast<std::uint32_t>(i + 1));
    kept_[i] = std::make_shared<const Bytes>(std::move(message));
  }
}

}  // namespace netcode::protocol
