// websocket_echo_server PORT: the transport as an echo of text and binary, for public WebSocket conformance suites.
//
// Limits are lifted as those suites ask: 64 MiB a message, any number of fragments.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "transport/http/listener.hpp"
#include "transport/loop/io_loop.hpp"

namespace {

using namespace netcode::transport;
using netcode::Bytes;
using netcode::BytesView;

constexpr std::size_t kMessageBytesMax = 64 * 1024 * 1024;

/// Sends back what comes, in order; what waits is bounded by what a suite sends before it reads.
class Echo final : public ConnectionHandler {
 public:
  Echo(std::shared_ptr<Connection> connection, std::function<void()> on_gone)
      : connection_(std::move(connection)), on_gone_(std::move(on_gone)) {
    connection_->start(*this);
  }

  void on_message(MessageKind kind, BytesView bytes) override {
    waiting_.push_back({.head = Bytes(bytes.begin(), bytes.end()), .kind = kind});
    send();
  }
  void on_writable() override { send(); }
  void on_closed(const CloseInfo& /*info*/) override { on_gone_(); }

 private:
  void send() {
    while (!waiting_.empty() && connection_->writable()) {
      std::vector<OutgoingMessage> next{std::move(waiting_.front())};
      waiting_.pop_front();
      connection_->write(std::move(next));
    }
  }

  std::shared_ptr<Connection> connection_;
  std::function<void()> on_gone_;
  std::deque<OutgoingMessage> waiting_;
};

ConnectionOptions lifted_options() {
  ConnectionOptions options;
  options.message_bytes_max = kMessageBytesMax;
  options.message_fragments_max = std::numeric_limits<std::size_t>::max();
  options.message_assembly_timeout = std::chrono::hours(1);
  options.bytes_per_second_max = options.bytes_burst_max = std::numeric_limits<std::size_t>::max();
  options.control_frames_burst_max = std::numeric_limits<std::uint32_t>::max();
  return options;
}

int serve(std::uint16_t port) {
  IoLoop loop;
  std::map<Connection*, std::unique_ptr<Echo>> echoes;
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{200, HttpResponse{}.content_type, "echo\n"}; };
  handlers.on_upgrade = [&](const HttpRequest&) { return Upgrade{&loop, ""}; };
  handlers.on_connection = [&](const HttpRequest&, std::shared_ptr<Connection> connection) {
    auto* const key = connection.get();
    echoes.emplace(key, std::make_unique<Echo>(std::move(connection), [&echoes, &loop, key] {
                     loop.post([&echoes, key] { echoes.erase(key); });
                   }));
  };
  const auto listener = Listener::open(loop, "127.0.0.1", port, lifted_options(), handlers);
  if (!listener) {
    std::fprintf(stderr, "websocket_echo_server: %s\n", listener.error().reason.c_str());
    return 2;
  }
  std::printf("listening on ws://%s\n", (*listener)->address().c_str());
  std::fflush(stdout);

  boost::asio::signal_set signals(loop.context(), SIGINT, SIGTERM);
  signals.async_wait([&](auto, int) { loop.stop(); });
  loop.run();
  for (auto& [key, echo] : echoes) key->detach();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  const char* const text = argc == 2 ? argv[1] : "";
  const auto [end, failure] = std::from_chars(text, text + std::strlen(text), port);
  if (argc != 2 || failure != std::errc{} || *end != '\0') {
    std::fprintf(stderr, "usage: websocket_echo_server PORT\n");
    return 2;
  }
  return serve(port);
}
