// Events without a schema, for clients of Socket.IO alone: a name, JSON arguments, and bytes.
//
//   server.of("/").on_json("sum", [](netcode::Session&, const netcode::JsonArguments& numbers, netcode::JsonAck ack) {
//     ack({numbers.values[0].to_number<double>() + numbers.values[1].to_number<double>()});
//   });
//   session.emit_json("news", {{"text", 7}});           // socket.on("news", (text, number) => ...)
//
// What the game's own clients send, and what rules are to see, is a table of the schema: those never get these.
#pragma once

#include <boost/json/array.hpp>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/ack.hpp"

namespace netcode {

/// What follows an event's name, or answers one. A value.
struct JsonArguments {
  JsonArguments() = default;
  JsonArguments(boost::json::array given) : values(std::move(given)) {}
  JsonArguments(std::initializer_list<boost::json::value_ref> given) : values(given) {}

  /// A value that stands for these bytes, wherever in `values` it is put. At most 10 of them.
  boost::json::value bytes(std::string given);
  /// The bytes that a value of `values` stands for; null: it stands for none.
  const std::string* bytes_of(const boost::json::value& value) const;

  boost::json::array values{};
  std::vector<std::string> attachments{};
};

/// Answers an event once, now or later and from any thread, as Ack does.
class JsonAck {
 public:
  explicit JsonAck(Ack ack) : ack_(std::move(ack)) {}

  bool is_wanted() const { return ack_.is_wanted(); }
  void operator()(JsonArguments arguments = {});
  /// The client is answered with {"error":{"code","event","field","message"}}.
  void fail(std::string reason) { ack_.fail(std::move(reason)); }

 private:
  Ack ack_;
};

/// Called exactly once: with the arguments of the answer, or with an error when it timed out or the session ended.
using JsonReplyHandler = std::function<void(const engine::Result<JsonArguments>&)>;

}  // namespace netcode
