// Acknowledgements: how the receiver of an event answers it, and what the sender then gets. The same on both ends.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/result.hpp"
#include "netcode/event.hpp"

namespace netcode {

/// What an emit with an ack came to: the answer, or why there is none ("timed out after 5000 ms", "not on this
/// server").
class Reply {
 public:
  Reply() = default;
  Reply(std::string_view table, BytesView body) : table_(table), body_(body) {}

  /// The answer's table, or null if it is of another type or there was none. Valid during the handler only.
  template <Table T>
  const T* as() const {
    return table_ == T::GetFullyQualifiedName() ? flatbuffers::GetRoot<T>(body_.data()) : nullptr;
  }
  std::string_view table() const { return table_; }
  BytesView body() const { return body_; }

 private:
  std::string_view table_;
  BytesView body_;
};

/// Called exactly once: with the answer, or with an error when it was refused, timed out, or the session ended.
using ReplyHandler = std::function<void(const engine::Result<Reply>&)>;

/// The receiver's end. Answer it once: a second answer is ignored, and where the sender wants none all are. It may be
/// kept and answered later, on the thread of the handler that got it.
class Ack {
 public:
  struct Answer {
    std::string error;  // not empty: refused
    std::string table;
    Bytes body;
  };
  using Send = std::function<void(Answer)>;

  Ack() = default;
  explicit Ack(Send send) : send_(std::make_shared<Send>(std::move(send))) {}

  bool is_wanted() const { return send_ && *send_; }
  void operator()() { answer({}); }
  template <TableObject T>
  void operator()(const T& reply) {
    answer({.error = {}, .table = T::TableType::GetFullyQualifiedName(), .body = encode(reply)});
  }
  /// `reason` is for a person.
  void fail(std::string reason) { answer({.error = std::move(reason), .table = {}, .body = {}}); }
  /// What the others do, for tables whose type is only known by name.
  void answer(Answer answer) {
    if (!is_wanted()) return;
    const Send send = std::exchange(*send_, nullptr);
    send(std::move(answer));
  }

 private:
  std::shared_ptr<Send> send_;
};

}  // namespace netcode
