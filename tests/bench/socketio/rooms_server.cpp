// Rooms of 16 clients of Socket.IO, and a volatile event with so many bytes for each of them, so many times a second:
// what socketio_bench compares with the official server.
//
//   socketio_rooms_server BYTES HZ
//
// Says where it listens. A client is in a room once it has connected.
#include <netcode/json.hpp>
#include <netcode/server.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "field.hpp"

namespace {

std::string room_of(std::size_t client) { return "r" + std::to_string(client / 16); }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: socketio_rooms_server BYTES HZ\n");
    return 2;
  }
  const std::string payload(std::strtoul(argv[1], nullptr, 10), '\7');
  const std::chrono::nanoseconds every{1'000'000'000 / std::strtol(argv[2], nullptr, 10)};
  netcode::ServerConfig config;
  config.listen = {"127.0.0.1:0"};
  config.quiet = true;
  config.socketio.recovery_window = {};
  netcode::Server server(config);
  server.define<field::Rules>("field");  // nobody plays it
  std::atomic<std::size_t> clients = 0;
  server.of("/").on_connect([&](netcode::Session& session) { static_cast<void>(session.join(room_of(clients++))); });
  server.of("/").on_json("input", [](netcode::Session&, const netcode::JsonArguments&, netcode::JsonAck) {});
  std::jthread ticker;
  server.on_listening([&](const std::vector<std::uint16_t>&) {
    ticker = std::jthread([&](const std::stop_token& stop) {
      netcode::JsonArguments arguments;
      arguments.values.push_back(arguments.bytes(payload));
      for (auto due = std::chrono::steady_clock::now(); !stop.stop_requested(); due += every) {
        std::this_thread::sleep_until(due);
        for (std::size_t first = 0; first < clients; first += 16)
          server.to(room_of(first)).as_volatile().emit_json("snapshot", arguments);
      }
    });
  });
  return server.run();
}
