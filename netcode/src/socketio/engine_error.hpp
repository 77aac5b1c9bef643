// What Engine.IO answers to a request that it cannot take: 400, or 403, with {"code":...,"message":...}.
//
// Threading: pure functions.
#pragma once

#include <cstdint>

#include "transport/http/exchange.hpp"

namespace netcode::socketio {

/// The codes are the protocol's.
enum class EngineError : std::uint8_t {
  kUnknownTransport = 0,
  kUnknownSid = 1,
  kBadHandshakeMethod = 2,
  kBadRequest = 3,
  kForbidden = 4,
  kUnsupportedProtocol = 5,
};

transport::HttpResponse engine_error(EngineError error);
void answer_engine_error(EngineError error, transport::Answerer answerer);

}  // namespace netcode::socketio
