#include "socketio/engine_server.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/assert.hpp"
#include "protocol/base64url.hpp"
#include "socketio/gzip.hpp"

namespace netcode::socketio {
namespace {

using transport::Answerer;
using transport::AnswerSink;
using transport::HttpField;
using transport::HttpRequest;
using transport::HttpResponse;

constexpr std::string_view kPolling = "polling";
constexpr std::string_view kWebSocket = "websocket";
constexpr std::string_view kProtocol = "4";
constexpr std::string_view kMethods = "GET,HEAD,PUT,PATCH,POST,DELETE";

std::string_view value_of(const HttpRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string_view() : found->second;
}

/// Adds headers to whatever the answer is, and compresses one that is worth it.
class WithHeaders final : public AnswerSink {
 public:
  WithHeaders(Answerer answerer, std::vector<HttpField> headers, bool may_compress)
      : answerer_(std::move(answerer)), headers_(std::move(headers)), may_compress_(may_compress) {}

  void answer(HttpResponse response) override {
    if (may_compress_ && response.body.size() >= kGzipBytesMin) {
      response.body = gzip(response.body);
      response.headers.push_back({"Content-Encoding", "gzip"});
    }
    response.headers.insert(response.headers.end(), headers_.begin(), headers_.end());
    answerer_.answer(std::move(response));
  }
  void on_gone(std::function<void()> gone) override { answerer_.on_gone(std::move(gone)); }
  bool is_gone() const override { return answerer_.is_gone(); }

 private:
  Answerer answerer_;
  std::vector<HttpField> headers_;
  bool may_compress_;
};

}  // namespace

std::string random_sid() {
  std::array<std::uint8_t, 15> bytes;
  ENGINE_ASSERT(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "OpenSSL has random numbers");
  return protocol::encode_base64url(bytes);
}

/// A session and whom it is for.
struct EngineServer::Entry final : EngineSession::Owner {
  Entry(EngineServer& of, std::string sid, std::string protocol_version)
      : server(of),
        protocol(std::move(protocol_version)),
        session(of.loop_, std::move(sid), of.settings_.timing, *this) {}

  void on_message(std::string_view data, bool is_binary) override { client->on_message(data, is_binary); }
  void on_writable() override { client->on_writable(); }
  void on_pong() override { client->on_pong(); }
  void on_ended(EngineEnd end) override { client->on_ended(end); }
  void on_over() override { server.remove(session.sid()); }

  EngineServer& server;
  std::string protocol;  // the client's EIO
  EngineSession session;
  std::unique_ptr<EngineClient> client;
};

EngineServer::EngineServer(transport::Loop& loop, EngineSettings settings, MakeClient make_client)
    : loop_(loop), settings_(std::move(settings)), make_client_(std::move(make_client)) {}

EngineServer::~EngineServer() { *alive_ = false; }

void EngineServer::request(const HttpRequest& request, Answerer answerer) {
  std::vector<HttpField> headers = cors(request);
  if (request.method == "OPTIONS") {
    headers.push_back({"Access-Control-Allow-Methods", std::string(kMethods)});
    if (const std::string_view asked = request.header("access-control-request-headers"); !asked.empty())
      headers.push_back({"Access-Control-Allow-Headers", std::string(asked)});
    constexpr std::string_view kVary = "Access-Control-Request-Headers";
    const auto vary = std::ranges::find(headers, "Vary", &HttpField::name);
    if (vary == headers.end()) {
      headers.push_back({"Vary", std::string(kVary)});
    } else {
      (vary->value += ", ") += kVary;
    }
    headers.push_back({"Cache-Control", ""});
    return answerer.answer({.status = 204, .headers = std::move(headers)});
  }
  const bool may_compress = request.method == "GET" && accepts_gzip(request.header("accept-encoding"));
  Answerer with_cors(std::make_shared<WithHeaders>(std::move(answerer), std::move(headers), may_compress));
  if (const auto refused = refusal_of(request, false)) return answer_engine_error(*refused, std::move(with_cors));
  Entry* entry = find(request);
  if (!entry) return make(request).session.open(std::move(with_cors));
  if (request.method == "GET") return entry->session.get(std::move(with_cors));
  if (request.method == "POST") return entry->session.post(request, std::move(with_cors));
  answer_engine_error(EngineError::kBadRequest, std::move(with_cors));
}

HttpResponse EngineServer::refused(const HttpRequest& request, HttpResponse refusal) {
  Entry* entry = find(request);
  if (entry) entry->session.fail();
  // What else is wrong with a request no client of Engine.IO does.
  if (refusal.status == 408 || refusal.status == 413) {
    const auto before = entry ? std::nullopt : refusal_of(request, false);
    refusal = before ? engine_error(*before) : bare_refusal(refusal.status);
  }
  const std::vector<HttpField> headers = cors(request);
  refusal.headers.insert(refusal.headers.end(), headers.begin(), headers.end());
  return refusal;
}

std::variant<transport::Upgrade, HttpResponse> EngineServer::upgrade(const HttpRequest& request) {
  if (const auto refused = refusal_of(request, true)) return engine_upgrade_error(*refused);
  return transport::Upgrade{
      .loop = &loop_,
      .headers = cors(request),
      .on_open = [this, alive = alive_, request](std::shared_ptr<transport::Connection> connection) {
        if (*alive) take(request, std::move(connection));
      }};
}

// The session may have ended since its upgrade was allowed.
void EngineServer::take(const HttpRequest& request, std::shared_ptr<transport::Connection> connection) {
  if (value_of(request, "sid").empty()) return make(request).session.open(std::move(connection));
  if (Entry* entry = find(request)) return entry->session.upgrade(std::move(connection));
  connection->close(transport::CloseCode::kNoStatus, "");
}

// In the official server's order: a client, and a test, may be wrong in more than one way.
std::optional<EngineError> EngineServer::refusal_of(const HttpRequest& request, bool upgrades) const {
  const std::string_view wanted = value_of(request, "transport");
  if (wanted != kPolling && wanted != kWebSocket) return EngineError::kUnknownTransport;
  if (!value_of(request, "sid").empty()) {
    const Entry* entry = find(request);
    if (!entry) return EngineError::kUnknownSid;
    if (entry->protocol != value_of(request, "EIO")) return EngineError::kBadRequest;
    if (!upgrades && wanted != (entry->session.is_polling() ? kPolling : kWebSocket)) return EngineError::kBadRequest;
    return std::nullopt;
  }
  if (request.method != "GET") return EngineError::kBadHandshakeMethod;
  if ((wanted == kWebSocket) != upgrades) return EngineError::kBadRequest;
  if (!is_allowed(request.origin) || entries_.size() >= settings_.sessions_max) return EngineError::kForbidden;
  if (value_of(request, "EIO") != kProtocol) return EngineError::kUnsupportedProtocol;
  return std::nullopt;
}

EngineServer::Entry* EngineServer::find(const HttpRequest& request) const {
  const auto found = entries_.find(std::string(value_of(request, "sid")));
  return found == entries_.end() || found->second->session.is_over() ? nullptr : found->second.get();
}

EngineServer::Entry& EngineServer::make(const HttpRequest& request) {
  std::string sid = random_sid();
  auto made = std::make_unique<Entry>(*this, sid, std::string(value_of(request, "EIO")));
  Entry& entry = *entries_.emplace(std::move(sid), std::move(made)).first->second;
  entry.client = make_client_(entry.session, request);
  return entry;
}

// A copy: `sid` is the session's own, which goes with its entry.
void EngineServer::remove(const std::string& sid) { entries_.erase(std::string(sid)); }

bool EngineServer::is_allowed(std::string_view origin) const {
  return origin.empty() || settings_.origins.empty() ||
         std::find(settings_.origins.begin(), settings_.origins.end(), origin) != settings_.origins.end();
}

std::vector<HttpField> EngineServer::cors(const HttpRequest& request) const {
  if (settings_.origins.empty()) return {{"Access-Control-Allow-Origin", "*"}};
  std::vector<HttpField> headers = {{"Vary", "Origin"}};
  if (!request.origin.empty() && is_allowed(request.origin))
    headers.push_back({"Access-Control-Allow-Origin", request.origin});
  if (settings_.allows_credentials) headers.push_back({"Access-Control-Allow-Credentials", "true"});
  return headers;
}

}  // namespace netcode::socketio
