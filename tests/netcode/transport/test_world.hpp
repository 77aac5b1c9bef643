// The two ways to be connected, behind one face, so that one suite can say what a Connection does over both.
//
// Threading: all in the test's thread. Ownership: a world outlives its connections' handlers.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/clock.hpp"
#include "netcode/bytes.hpp"
#include "transport/http/accept.hpp"
#include "transport/loop/loop.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/connector.hpp"

namespace netcode::transport {

using namespace std::chrono_literals;

Bytes bytes_of(std::string_view text);
std::string text_of(BytesView bytes);
/// `size` bytes that differ from place to place.
Bytes pattern(std::size_t size);
std::vector<OutgoingMessage> one_frame(Bytes bytes);
std::vector<OutgoingMessage> one_text(std::string_view text);

/// Writes down what it hears.
class Heard final : public ConnectionHandler {
 public:
  struct Message {
    MessageKind kind;
    Bytes bytes;
    friend bool operator==(const Message&, const Message&) = default;
  };

  void on_message(MessageKind kind, BytesView bytes) override;
  void on_writable() override;
  void on_pong(BytesView payload) override;
  void on_closed(const CloseInfo& info) override;

  std::vector<Message> messages;
  std::vector<Bytes> pongs;
  int writable_calls = 0;
  int closed_calls = 0;
  std::optional<CloseInfo> closed;

  std::function<void(const Message&)> then_on_message;
  std::function<void()> then_on_writable;
  std::function<void()> then_on_closed;
};

class TestWorld {
 public:
  struct Options {
    ConnectionOptions server;
    ConnectionOptions client = client_connection_options();
  };

  virtual ~TestWorld() = default;
  virtual void listen(AcceptHandlers handlers) = 0;
  virtual Connector& connector() = 0;
  virtual Loop& loop() = 0;
  /// ws://..., with this path and query.
  virtual std::string url(const std::string& target) = 0;
  /// Runs until the condition holds; whether it does, within a few seconds of the world's time.
  virtual bool run_until(const std::function<bool()>& condition) = 0;
  virtual void run_for(engine::Duration duration) = 0;
};

std::unique_ptr<TestWorld> make_memory_world(const TestWorld::Options& options);
/// The in-memory link as if over a network.
std::unique_ptr<TestWorld> make_simulated_world(const TestWorld::Options& options);
std::unique_ptr<TestWorld> make_socket_world(const TestWorld::Options& options);

using MakeWorld = std::unique_ptr<TestWorld> (*)(const TestWorld::Options&);

/// Two ends of one connection and what each heard. `start` false: they are not reading yet.
struct Pair {
  Heard server_heard;
  Heard client_heard;
  HttpRequest request;
  std::shared_ptr<Connection> server;
  std::shared_ptr<Connection> client;

  ~Pair();
};

std::unique_ptr<Pair> connect_pair(TestWorld& world, bool start = true);

}  // namespace netcode::transport
