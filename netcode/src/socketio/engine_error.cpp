#include "socketio/engine_error.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace netcode::socketio {
namespace {

std::string_view message_of(EngineError error) {
  switch (error) {
    case EngineError::kUnknownTransport:
      return "Transport unknown";
    case EngineError::kUnknownSid:
      return "Session ID unknown";
    case EngineError::kBadHandshakeMethod:
      return "Bad handshake method";
    case EngineError::kBadRequest:
      return "Bad request";
    case EngineError::kForbidden:
      return "Forbidden";
    case EngineError::kUnsupportedProtocol:
      return "Unsupported protocol version";
  }
  return "";
}

}  // namespace

transport::HttpResponse engine_error(EngineError error) {
  return {.status = error == EngineError::kForbidden ? 403U : 400U,
          .content_type = "application/json",
          .body = "{\"code\":" + std::to_string(static_cast<int>(error)) + ",\"message\":\"" +
                  std::string(message_of(error)) + "\"}"};
}

void answer_engine_error(EngineError error, transport::Answerer answerer) { answerer.answer(engine_error(error)); }

}  // namespace netcode::socketio
