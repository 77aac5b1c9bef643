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

transport::HttpField no_cache_control() { return {"Cache-Control", ""}; }

}  // namespace

transport::HttpResponse engine_error(EngineError error) {
  return {.status = error == EngineError::kForbidden ? 403U : 400U,
          .content_type = "application/json",
          .body = "{\"code\":" + std::to_string(static_cast<int>(error)) + ",\"message\":\"" +
                  std::string(message_of(error)) + "\"}",
          .headers = {no_cache_control()}};
}

void answer_engine_error(EngineError error, transport::Answerer answerer) { answerer.answer(engine_error(error)); }

transport::HttpResponse engine_upgrade_error(EngineError error) {
  return {.status = 400,
          .content_type = "text/html",
          .body = std::string(message_of(error)),
          .headers = {no_cache_control()}};
}

transport::HttpResponse bare_refusal(unsigned status) {
  return {.status = status, .content_type = {}, .headers = {no_cache_control()}};
}

}  // namespace netcode::socketio
