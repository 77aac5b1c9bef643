// Where Engine.IO's requests come in: opens sessions, finds those that are named, and refuses the rest, in the order
// and with the codes that the official server has.
//
//   handlers.on_http = [&](HttpRequest request, Answerer to) {
//     server.request(request, std::move(to));
//   };
//   handlers.on_upgrade = [&](const HttpRequest& request) { return server.upgrade(request); };
//
// Threading: its loop's thread. Ownership: goes before its loop; sessions that are open then are closed without a word.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "socketio/engine_error.hpp"
#include "socketio/engine_session.hpp"
#include "transport/http/accept.hpp"
#include "transport/http/exchange.hpp"
#include "transport/loop/loop.hpp"

namespace netcode::socketio {

/// 20 characters that nobody guesses: a session's name.
std::string random_sid();

struct EngineSettings {
  EngineTiming timing;
  std::vector<std::string> origins;  // of web pages that may; empty: any
  bool allows_credentials = false;   // those pages may send cookies along
  std::size_t sessions_max = 4096;
};

/// What a session's packets are for. Gone after its on_ended.
class EngineClient : public EngineSession::Owner {
 public:
  virtual ~EngineClient() = default;
};

class EngineServer {
 public:
  /// Before the session says its first word.
  using MakeClient = std::function<std::unique_ptr<EngineClient>(EngineSession&, const transport::HttpRequest&)>;

  EngineServer(transport::Loop& loop, EngineSettings settings, MakeClient make_client);
  EngineServer(const EngineServer&) = delete;
  EngineServer& operator=(const EngineServer&) = delete;
  ~EngineServer();

  void request(const transport::HttpRequest& request, transport::Answerer answerer);
  /// One that is refused before it is whole, of a session that it may name: that ends. What it is answered.
  transport::HttpResponse refused(const transport::HttpRequest& request, transport::HttpResponse refusal);
  std::variant<transport::Upgrade, transport::HttpResponse> upgrade(const transport::HttpRequest& request);

  std::size_t sessions() const { return entries_.size(); }

 private:
  struct Entry;

  std::optional<EngineError> refusal_of(const transport::HttpRequest& request, bool upgrades) const;
  Entry* find(const transport::HttpRequest& request) const;
  Entry& make(const transport::HttpRequest& request);
  bool is_allowed(std::string_view origin) const;
  std::vector<transport::HttpField> cors(const transport::HttpRequest& request) const;
  void take(const transport::HttpRequest& request, std::shared_ptr<transport::Connection> connection);
  void remove(const std::string& sid);

  transport::Loop& loop_;
  EngineSettings settings_;
  MakeClient make_client_;
  std::unordered_map<std::string, std::unique_ptr<Entry>> entries_;  // by sid
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);       // for WebSockets that are not open yet
};

}  // namespace netcode::socketio
