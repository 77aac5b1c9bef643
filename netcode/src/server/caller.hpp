// Who stands at a server's door: a connection, of whatever wire, that is no session's link yet.
//
// Threading: the thread of the shard that it is led to; then that of another one, if its session is fetched from there.
// Ownership: shared by what decides about it.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "server/session_link.hpp"

namespace netcode {

class Caller {
 public:
  Caller() = default;
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  virtual ~Caller() = default;

  virtual std::string remote_address() const = 0;
  /// Is it a client of Socket.IO?
  virtual bool speaks_json() const { return false; }
  /// For what asks for a session that is here: may it have that one?
  virtual engine::Result<void> may_resume(const SessionCore& /*session*/) const { return {}; }
  /// It is let in: its link, once there is a session. `packs`: what its snapshots may be packed by; none: plain.
  virtual LinkMaker link(std::optional<std::uint64_t> packs) = 0;
  /// The newest of its session's events that it has, where that is known better than by what its client says.
  virtual std::optional<std::uint32_t> received() const { return std::nullopt; }
  /// What is said with the next refusal, where its wire has a place for it.
  virtual void set_refusal_data(const boost::json::value& /*data*/) {}
  /// It is not let in, or not where it asked to be, and is told so.
  virtual void turn_away(transport::CloseCode code, std::string_view reason) = 0;
  /// Without a word: its client tries again.
  virtual void abort() = 0;
};
using CallerPtr = std::shared_ptr<Caller>;

}  // namespace netcode
