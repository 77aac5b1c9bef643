#include "transport/close_reason.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/websocket/error.hpp>

namespace netcode::transport {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;

CloseInfo close_info_of(boost::system::error_code error) {
  if (error == websocket::error::message_too_big) {
    return {CloseCode::kTooBig, "a message above the size limit", false};
  }
  if (error == websocket::error::bad_frame_payload) return {CloseCode::kBadPayload, "text that is not UTF-8", false};
  if (error == websocket::condition::protocol_violation) {
    return {CloseCode::kProtocolError, error.message(), false};
  }
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
