#include "transport/websocket/close_reason.hpp"

#include <boost/asio/error.hpp>

#include "engine/core/result.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"

namespace netcode::transport {

namespace asio = boost::asio;

std::string refusal_reason(CloseCode code, const ConnectionOptions& options) {
  switch (code) {
    case CloseCode::kProtocolError:
      return "a frame that breaks the WebSocket protocol";
    case CloseCode::kBadPayload:
      return "text that is not UTF-8";
    case CloseCode::kPolicy:
      return engine::error("a message in more than {} fragments", options.message_fragments_max).reason;
    case CloseCode::kTooBig:
      return engine::error("a message above the limit of {} bytes", options.message_bytes_max).reason;
    default:
      return {};
  }
}

std::string fit_reason(std::string_view reason) {
  if (engine::is_utf8(reason)) return std::string(engine::utf8_prefix(reason, limits::kCloseReasonBytesMax));
  return std::string(engine::utf8_prefix(engine::printable_utf8(reason), limits::kCloseReasonBytesMax));
}

CloseInfo close_info_of(boost::system::error_code error) {
  if (error == asio::error::eof || error == asio::error::connection_reset || error == asio::error::broken_pipe) {
    return {CloseCode::kAbnormal, "the connection was lost", true};
  }
  if (error == asio::error::timed_out || error == asio::error::host_unreachable ||
      error == asio::error::network_unreachable) {
    return {CloseCode::kAbnormal, "the peer cannot be reached any more", true};
  }
  if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
    return {CloseCode::kAbnormal, "aborted", false};
  }
  return {CloseCode::kAbnormal, error.message(), false};
}

}  // namespace netcode::transport
