#include "transport/websocket/connector.hpp"

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"

namespace netcode::transport {

namespace {
constexpr std::size_t kRefusalBytesMax = 256;
}

ConnectionOptions client_connection_options() {
  ConnectionOptions options;
  options.message_bytes_max = limits::kMessageFromServerBytesMax;
  options.bytes_per_second_max = limits::kServerBytesPerSecondMax;
  options.bytes_burst_max = limits::kServerBytesPerSecondMax;
  return options;
}

engine::Error refusal_error(const HttpResponse& response) {
  const auto line = std::string_view(response.body).substr(0, response.body.find('\n'));
  const auto reason = engine::printable_utf8(engine::utf8_prefix(line, kRefusalBytesMax));
  if (reason.empty()) return engine::error("{}: refused", response.status);
  return engine::error("{}: {}", response.status, reason);
}

std::string_view first_subprotocol(std::string_view subprotocols) {
  return subprotocols.substr(0, subprotocols.find(','));
}

engine::Error subprotocol_error(const std::string& authority, std::string_view subprotocols) {
  return engine::error("{} does not speak {}", authority, first_subprotocol(subprotocols));
}

}  // namespace netcode::transport
