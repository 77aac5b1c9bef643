// What an error code of Asio or Beast, met while reading, says about how a connection ended: as a CloseInfo, in words.
// What an end means for the session stands in transport/close.hpp.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

#include "transport/http/accept.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::transport {

/// `error` is how reading ended, on a connection that we did not close.
CloseInfo close_info_of(boost::system::error_code error, const ConnectionOptions& options);

/// Why a peer's bytes are refused with this code, in words for the peer; empty for other codes.
std::string refusal_reason(CloseCode code, const ConnectionOptions& options);

/// A reason as a close frame takes it: UTF-8 of at most kCloseReasonBytesMax, whatever bytes `reason` has. A peer would
/// hear of a broken protocol instead.
std::string fit_reason(std::string_view reason);

}  // namespace netcode::transport
