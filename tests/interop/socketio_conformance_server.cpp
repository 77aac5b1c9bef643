// What the public protocol suites of Engine.IO and Socket.IO are run against: an echo of Engine.IO messages below
// /engine.io/, and below /socket.io/ the namespaces "/" and "/custom".
//
//   socketio_conformance_server PORT     on 127.0.0.1 and ::1; port 0: one that is free, on 127.0.0.1 alone
//
//   on "/"        "auth" with what CONNECT showed follows its answer; "message" comes back as "message-back" with the
//                 same arguments; "message-with-ack" is acknowledged with them
//   on "/custom"  "auth" alone
#include <boost/json/array.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "socketio/socket_client.hpp"
#include "transport/http/listener.hpp"
#include "transport/loop/io_loop.hpp"

namespace {

using namespace netcode::socketio;
using netcode::transport::Answerer;
using netcode::transport::Connection;
using netcode::transport::HttpRequest;
using netcode::transport::IoLoop;
using netcode::transport::Listener;
namespace json = boost::json;

constexpr std::chrono::milliseconds kConnectTimeout{1'000};

class Echo final : public EngineClient {
 public:
  explicit Echo(EngineSession& session) : session_(session) {}
  void on_message(std::string_view data, bool is_binary) override {
    session_.send(MadePacket(EnginePacket{.data = std::string(data), .is_binary = is_binary}));
  }
  void on_ended(EngineEnd /*end*/) override {}

 private:
  EngineSession& session_;
};

class Namespaces final : public SocketClient::Owner {
 public:
  void on_connect(SocketClient& client, const std::string& nsp, const json::value& auth) override {
    if (nsp != "/" && nsp != "/custom") return client.refuse(nsp, "Invalid namespace");
    client.accept(nsp, {.sid = random_sid(), .pid = {}});
    client.send({.nsp = nsp,
                 .ack = {},
                 .data = json::array({"auth", auth.is_null() ? json::value(json::object()) : auth}),
                 .attachments = {}});
  }
  void on_event(SocketClient& client, Packet event) override {
    if (event.nsp != "/") return;
    json::array& arguments = event.data->get_array();
    if (arguments[0] == "message") {
      arguments[0] = "message-back";
      event.ack.reset();
      client.send(event);
    } else if (arguments[0] == "message-with-ack" && event.ack) {
      arguments.erase(arguments.begin());
      event.type = PacketType::kAck;
      client.send(event);
    }
  }
  void on_ack(SocketClient& /*client*/, Packet /*ack*/) override {}
  void on_left(SocketClient& /*client*/, const std::string& /*nsp*/, std::string_view /*why*/) override {}
  void on_gone(SocketClient& /*client*/) override {}
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: socketio_conformance_server PORT\n");
    return 2;
  }
  IoLoop loop;
  EngineSettings settings;
  settings.timing.ping_interval = std::chrono::milliseconds(300);
  settings.timing.ping_timeout = std::chrono::milliseconds(200);
  EngineServer echo(loop, settings,
                    [](EngineSession& session, const HttpRequest&) { return std::make_unique<Echo>(session); });
  Namespaces namespaces;
  EngineServer sockets(loop, settings, [&](EngineSession& session, const HttpRequest& request) {
    return std::make_unique<SocketClient>(loop, session, request, kConnectTimeout, namespaces);
  });
  const auto server_of = [&](const HttpRequest& request) -> EngineServer* {
    if (request.path.starts_with("/engine.io")) return &echo;
    if (request.path.starts_with("/socket.io")) return &sockets;
    return nullptr;
  };

  netcode::transport::AcceptHandlers handlers;
  handlers.on_http = [&](const HttpRequest& request, Answerer answerer) {
    if (EngineServer* server = server_of(request)) return server->request(request, std::move(answerer));
    answerer.answer(netcode::transport::text_response(404, "not here"));
  };
  handlers.on_upgrade =
      [&](const HttpRequest& request) -> std::variant<netcode::transport::Upgrade, netcode::transport::HttpResponse> {
    if (EngineServer* server = server_of(request)) return server->upgrade(request);
    return netcode::transport::text_response(404, "not here");
  };
  handlers.on_refused = [&](const HttpRequest& request, netcode::transport::HttpResponse refusal) {
    if (EngineServer* server = server_of(request)) return server->refused(request, std::move(refusal));
    return refusal;
  };
  handlers.on_connection = [](const HttpRequest&, const std::shared_ptr<Connection>&) {};

  netcode::transport::ConnectionOptions options;
  options.request_body_bytes_max = settings.timing.payload_bytes_max;
  options.message_bytes_max = settings.timing.payload_bytes_max;
  const auto port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
  std::vector<std::unique_ptr<Listener>> listeners;
  for (const char* host : {"127.0.0.1", "::1"}) {
    if (port == 0 && !listeners.empty()) break;
    auto listener = Listener::open(loop, host, port, options, handlers);
    if (!listener && !listeners.empty()) break;  // a machine without IPv6
    if (!listener) {
      std::fprintf(stderr, "%s\n", listener.error().reason.c_str());
      return 2;
    }
    listeners.push_back(std::move(*listener));
  }
  std::signal(SIGTERM, [](int) { std::_Exit(0); });
  std::printf("listening on http://%s\n", listeners.front()->address().c_str());
  std::fflush(stdout);
  loop.run();
}
