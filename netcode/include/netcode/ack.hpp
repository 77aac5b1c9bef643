// Acknowledgements: how the receiver of an event answers it, and what the sender then gets. The same on both ends.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/result.hpp"
#include "netcode/event.hpp"

namespace netcode {

struct JsonArguments;

/// What an emit with an ack came to: the answer, or why there is none ("timed out after 5000 ms", "not on this
/// server").
class Reply {
 public:
  Reply() = default;
  Reply(std::string_view table, BytesView body) : table_(table), body_(body) {}
  explicit Reply(const JsonArguments& json) : json_(&json) {}

  /// The answer's table, or null if it is of another type or there was none. Valid during the handler only.
  template <Table T>
  const T* as() const {
    return table_ == T::GetFullyQualifiedName() ? flatbuffers::GetRoot<T>(body_.data()) : nullptr;
  }
  /// The answer of a client of Socket.IO to an event of JSON; null: it is none.
  const JsonArguments* json() const { return json_; }
  std::string_view table() const { return table_; }
  BytesView body() const { return body_; }

 private:
  std::string_view table_;
  BytesView body_;
  const JsonArguments* json_ = nullptr;
};

/// Called exactly once: with the answer, or with an error when it was refused, timed out, or the session ended.
using ReplyHandler = std::function<void(const engine::Result<Reply>&)>;

/// The receiver's end. Answer it once: a second answer is ignored, and where the sender wants none all are. It may be
/// kept and answered later, of a server's handlers from any thread: the answer finds the session where it is by then,
/// and goes nowhere once that or the server is over.
class Ack {
 public:
  struct Answer {
    std::string error;  // not empty: refused
    std::string table;
    Bytes body;
    std::shared_ptr<const JsonArguments> json = nullptr;  // in place of a table
  };
  using Send = std::function<void(Answer)>;

  Ack() = default;
  explicit Ack(Send send) : state_(std::make_shared<State>(std::move(send))) {}

  bool is_wanted() const { return state_ && !state_->is_answered; }
  void operator()() { answer({}); }
  template <TableObject T>
  void operator()(const T& reply) {
    answer({.error = {}, .table = T::TableType::GetFullyQualifiedName(), .body = encode(reply)});
  }
  /// `reason` is for a person.
  void fail(std::string reason) { answer({.error = std::move(reason), .table = {}, .body = {}}); }
  /// What the others do, for tables whose type is only known by name.
  void answer(Answer answer) {
    if (!state_ || state_->is_answered.exchange(true)) return;
    const Send send = std::exchange(state_->send, nullptr);  // what it holds goes with its last use
    send(std::move(answer));
  }

 private:
  struct State {
    explicit State(Send given) : send(std::move(given)) {}
    Send send;  // of whoever sets is_answered
    std::atomic<bool> is_answered = false;
  };
  std::shared_ptr<State> state_;
};

}  // namespace netcode
