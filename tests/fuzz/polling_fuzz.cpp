// libFuzzer over the body of a client's POST: read as Engine.IO's packets, and by a whole session. What is taken comes
// back as the same; what comes after the first packet that is none does not.
//
//   polling_fuzz -max_len=4096 CORPUS
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "../netcode/socketio/engine_ends.hpp"
#include "simnet/manual_loop.hpp"
#include "socketio/engine_packet.hpp"
#include "socketio/engine_server.hpp"
#include "socketio/socket_client.hpp"

namespace {

using namespace netcode;
using namespace netcode::socketio;

void expect(bool is_so) {
  if (!is_so) std::abort();
}

/// Lets its client into every namespace, and says everything back.
struct Echo final : SocketClient::Owner {
  void on_connect(SocketClient& client, const std::string& nsp, const boost::json::value&) override {
    client.accept(nsp, {.sid = "s", .pid = {}});
  }
  void on_event(SocketClient& client, Packet event) override { client.send(event); }
  void on_ack(SocketClient&, Packet) override {}
  void on_left(SocketClient&, const std::string&, std::string_view) override {}
  void on_gone(SocketClient&) override {}
};

transport::HttpRequest request_of(std::string method, const std::string& sid, std::string_view body) {
  transport::HttpRequest request{
      .method = std::move(method), .path = "/socket.io/", .query = {{"EIO", "4"}, {"transport", "polling"}}};
  if (!sid.empty()) request.query["sid"] = sid;
  request.body.assign(body.begin(), body.end());
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const EngineBody read = parse_engine_body(body);
  expect(!read.error || !read.error->reason.empty());
  if (!read.error) {
    const EngineBody again =
        parse_engine_body(engine_body(std::vector<MadePacket>(read.packets.begin(), read.packets.end())));
    expect(!again.error && again.packets == read.packets);
  }

  transport::ManualLoop loop;
  Echo owner;
  EngineServer server(loop, {}, [&](EngineSession& session, const transport::HttpRequest& request) {
    return std::make_unique<SocketClient>(loop, session, request, std::chrono::seconds(45), owner);
  });
  const auto ask = [&](const transport::HttpRequest& request) {
    auto waiting = std::make_shared<Waiting>();
    server.request(request, transport::Answerer(waiting));
    loop.run_ready();
    return waiting;
  };
  const std::string open = ask(request_of("GET", "", ""))->heard();
  const std::size_t at = open.find("\"sid\":\"") + 7;
  const std::string sid = open.substr(at, open.find('"', at) - at);
  ask(request_of("POST", sid, "40"));
  const auto posted = ask(request_of("POST", sid, body));
  expect(!posted->heard().empty());
  ask(request_of("GET", sid, ""));
  loop.run_for(std::chrono::minutes(2));
  expect(server.sessions() == 0);
  return 0;
}
