// netcode_broadcast_bench PORT BYTES HZ: the transport alone at a server's main work. Sends every client a message of
// BYTES bytes HZ times a second, a short head of its own and a body that all share, and drops what clients send.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "transport/http/listener.hpp"
#include "transport/loop/io_loop.hpp"

namespace {

using namespace netcode::transport;
using netcode::Bytes;
using netcode::BytesView;

constexpr std::size_t kHeadBytes = 24;

class Client final : public ConnectionHandler {
 public:
  Client(std::shared_ptr<Connection> connection, std::function<void()> on_gone)
      : connection_(std::move(connection)), on_gone_(std::move(on_gone)) {
    connection_->start(*this);
  }
  void send(const netcode::SharedBytes& body) {
    if (!connection_->writable()) return;
    std::vector<OutgoingMessage> frames(1);
    frames.front().head.assign(kHeadBytes, 'h');
    frames.front().body = body;
    connection_->write(std::move(frames));
  }
  void on_message(MessageKind /*kind*/, BytesView /*bytes*/) override {}
  void on_writable() override {}
  void on_closed(const CloseInfo& /*info*/) override { on_gone_(); }

 private:
  std::shared_ptr<Connection> connection_;
  std::function<void()> on_gone_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: netcode_broadcast_bench PORT BYTES HZ\n");
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const auto bytes = static_cast<std::size_t>(std::atoi(argv[2]));
  const auto interval = std::chrono::nanoseconds(1'000'000'000 / std::atoi(argv[3]));

  IoLoop loop;
  std::unordered_map<Connection*, std::unique_ptr<Client>> clients;
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
  handlers.on_upgrade = [&](const HttpRequest&) { return Upgrade{&loop, ""}; };
  handlers.on_connection = [&](const HttpRequest&, std::shared_ptr<Connection> connection) {
    auto* const key = connection.get();
    clients.emplace(key, std::make_unique<Client>(std::move(connection), [&clients, &loop, key] {
                      loop.post([&clients, key] { clients.erase(key); });
                    }));
  };
  const auto listener = Listener::open(loop, "127.0.0.1", port, {}, handlers);
  if (!listener) {
    std::fprintf(stderr, "%s\n", listener.error().reason.c_str());
    return 2;
  }
  std::function<void(engine::TimePoint)> broadcast = [&](engine::TimePoint due) {
    const auto body = std::make_shared<const Bytes>(bytes - kHeadBytes, 'b');
    for (const auto& [key, client] : clients) client->send(body);
    loop.call_at(due + interval, [&broadcast, due, interval] { broadcast(due + interval); });
  };
  broadcast(loop.now());
  loop.run();
}
