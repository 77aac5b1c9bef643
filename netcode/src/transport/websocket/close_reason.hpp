// How a connection ended, in words: of a socket's error, of bytes that are refused, of whoever closes it. What an end
// means for the session stands in transport/close.hpp.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

#include "transport/http/accept.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::transport {

/// `error` is the socket's, on a connection that neither end closed.
CloseInfo close_info_of(boost::system::error_code error);

/// Why a peer's bytes are refused with this code, in words for the peer; empty for other codes.
std::string refusal_reason(CloseCode code, const ConnectionOptions& options);

/// A reason as a close frame takes it: UTF-8 of at most kCloseReasonBytesMax, whatever bytes `reason` has. A peer would
/// hear of a broken protocol instead.
std::string fit_reason(std::string_view reason);

}  // namespace netcode::transport
