// What --check-config does besides reading the configuration: everything that a start needs is tried, by the code that
// starts, and nothing of it stays.
//
// Threading: the caller's thread; no loop runs.
#pragma once

#include <memory>
#include <string>

#include "engine/core/result.hpp"
#include "server/server_core.hpp"
#include "transport/stream/tls.hpp"

namespace netcode {

/// HOST and PORT of "HOST:PORT" and "[::1]:PORT", which ServerConfig::problem has looked at.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
ListenAddress split_listen(const std::string& listen);

/// The certificate and key of the configuration; null if it names none.
engine::Result<std::shared_ptr<const transport::TlsContext>> load_tls(const ServerConfig& config);

/// Makes the standing matches of `core`, whose config must say check_only, and drops them; then tries the record
/// directory and the addresses. The error is the one that a start would end with; but a port that is in use, by the
/// server that runs now perhaps, is none.
engine::Result<void> check_start(ServerCore& core);

}  // namespace netcode
