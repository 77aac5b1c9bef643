#include "test_world.hpp"

#include <gtest/gtest.h>

#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"
#include "simnet/simulated_connector.hpp"
#include "transport/http/listener.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/websocket/websocket_connector.hpp"

namespace netcode::transport {

namespace {

constexpr engine::Duration kPatience = 10s;

class MemoryWorld : public TestWorld {
 public:
  explicit MemoryWorld(const Options& options) : network_(loop_, memory_options(options)) {}

  void listen(AcceptHandlers handlers) override { network_.listen(std::move(handlers)); }
  Connector& connector() override { return *connector_; }
  Loop& loop() override { return loop_; }
  std::string url(const std::string& target) override { return "ws://memory" + target; }
  bool run_until(const std::function<bool()>& condition) override { return loop_.run_until(condition, kPatience); }
  void run_for(engine::Duration duration) override { loop_.run_for(duration); }

 protected:
  MemoryNetwork& network() { return network_; }

 private:
  static MemoryOptions memory_options(const Options& options) {
    MemoryOptions memory;
    memory.server = options.server;
    memory.client = options.client;
    return memory;
  }

  ManualLoop loop_;
  MemoryNetwork network_;
  std::unique_ptr<Connector> connector_ = network_.connector();
};

class SimulatedWorld final : public MemoryWorld {
 public:
  using MemoryWorld::MemoryWorld;
  Connector& connector() override { return simulated_; }

 private:
  SimulatedConnector simulated_{network().connector(), *network_profile("lan"), 1};
};

class SocketWorld final : public TestWorld {
 public:
  explicit SocketWorld(const Options& options) : options_(options), connector_(loop_, options.client) {}

  void listen(AcceptHandlers handlers) override {
    auto listener = Listener::open(loop_, "127.0.0.1", 0, options_.server, std::move(handlers));
    if (!listener) throw std::runtime_error(listener.error().reason);
    listener_ = std::move(*listener);
  }
  Connector& connector() override { return connector_; }
  Loop& loop() override { return loop_; }
  std::string url(const std::string& target) override { return "ws://" + listener_->address() + target; }
  bool run_until(const std::function<bool()>& condition) override {
    const auto end = loop_.now() + kPatience;
    while (!condition() && loop_.now() < end) loop_.run_for(1ms);
    return condition();
  }
  void run_for(engine::Duration duration) override { loop_.run_for(duration); }

 private:
  const Options options_;
  IoLoop loop_;
  WebSocketConnector connector_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace

std::unique_ptr<TestWorld> make_memory_world(const TestWorld::Options& options) {
  return std::make_unique<MemoryWorld>(options);
}

std::unique_ptr<TestWorld> make_simulated_world(const TestWorld::Options& options) {
  return std::make_unique<SimulatedWorld>(options);
}

std::unique_ptr<TestWorld> make_socket_world(const TestWorld::Options& options) {
  return std::make_unique<SocketWorld>(options);
}

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string text_of(BytesView bytes) { return {bytes.begin(), bytes.end()}; }

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  return bytes;
}

std::vector<OutgoingMessage> one_frame(Bytes bytes) {
  std::vector<OutgoingMessage> frames(1);
  frames.front().head = std::move(bytes);
  return frames;
}

std::vector<OutgoingMessage> one_text(std::string_view text) {
  return {OutgoingMessage{.head = bytes_of(text), .kind = MessageKind::kText}};
}

void Heard::on_message(MessageKind kind, BytesView bytes) {
  EXPECT_EQ(closed_calls, 0) << "a message after the end";
  messages.push_back({kind, Bytes(bytes.begin(), bytes.end())});
  if (then_on_message) then_on_message(messages.back());
}

void Heard::on_writable() {
  EXPECT_EQ(closed_calls, 0) << "writable after the end";
  ++writable_calls;
  if (then_on_writable) then_on_writable();
}

void Heard::on_pong(BytesView payload) {
  EXPECT_EQ(closed_calls, 0) << "a pong after the end";
  pongs.emplace_back(payload.begin(), payload.end());
}

void Heard::on_closed(const CloseInfo& info) {
  ++closed_calls;
  closed = info;
  if (then_on_closed) then_on_closed();
}

Pair::~Pair() {
  if (server) server->detach();
  if (client) client->detach();
}

std::unique_ptr<Pair> connect_pair(TestWorld& world, bool start) {
  auto pair = std::make_unique<Pair>();
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{404, HttpResponse{}.content_type, "nothing here"}; };
  handlers.on_upgrade = [&world](const HttpRequest&) { return Upgrade{&world.loop(), "scrim.v1"}; };
  handlers.on_connection = [pair = pair.get()](const HttpRequest& request, std::shared_ptr<Connection> connection) {
    pair->request = request;
    pair->server = std::move(connection);
  };
  world.listen(std::move(handlers));
  world.connector().connect(world.url("/match/one?name=Ada%20L"), "scrim.v1", [pair = pair.get()](auto result) {
    ASSERT_TRUE(result) << result.error().reason;
    pair->client = *result;
  });
  EXPECT_TRUE(world.run_until([&] { return pair->server && pair->client; }));
  if (start && pair->server && pair->client) {
    pair->server->start(pair->server_heard);
    pair->client->start(pair->client_heard);
  }
  return pair;
}

}  // namespace netcode::transport
