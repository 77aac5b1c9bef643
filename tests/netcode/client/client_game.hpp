// The game of the client's tests, as a client names it.
#pragma once

#include <string>
#include <string_view>

#include "client_game_bfbs_generated.h"
#include "client_game_generated.h"
#include "netcode/client.hpp"
#include "netcode/event.hpp"

namespace netcode {

struct TestGame {
  using World = clienttest::World;
  using Action = clienttest::Push;
  using BinarySchema = clienttest::WorldBinarySchema;
  static constexpr std::string_view kVersion = "7";
};
using TestClient = Client<TestGame>;

inline Schema load_test_schema() {
  const auto game = TestClient::game();
  auto schema = Schema::load(game.schema, game.world_table);
  return std::move(*schema);
}

inline clienttest::NoteT note(std::uint32_t number, std::string text = "") {
  clienttest::NoteT out;
  out.number = number;
  out.text = std::move(text);
  return out;
}
inline clienttest::PingT ping(std::uint32_t number) {
  clienttest::PingT out;
  out.number = number;
  return out;
}
inline clienttest::PongT pong(std::uint32_t number) {
  clienttest::PongT out;
  out.number = number;
  return out;
}
inline clienttest::PushT push(std::int8_t dx) {
  clienttest::PushT out;
  out.dx = dx;
  return out;
}
inline Bytes world(std::uint32_t number) {
  clienttest::WorldT out;
  out.number = number;
  out.label = "world";
  out.dots = {clienttest::Dot(1, 2, 3), clienttest::Dot(2, 3, 4)};
  return encode(out);
}

}  // namespace netcode
