// What Engine.IO answers to a request that it cannot take: 400, or 403, with {"code":...,"message":...}. As the
// official server has it, none of these has a Cache-Control.
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
/// To a WebSocket's handshake: always 400, and the message alone.
transport::HttpResponse engine_upgrade_error(EngineError error);
/// To what a session does not go on after: a status, without a word.
transport::HttpResponse bare_refusal(unsigned status);

}  // namespace netcode::socketio
