// Bots: players inside the server's process. They see the World that a client's snapshot holds and act through the same
// inbox.
//
// The same class can play from a client's process (scrim-bots): it knows neither. One object a seat, on its match's
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/event.hpp"
#include "netcode/ids.hpp"
#include "netcode/match_info.hpp"

namespace netcode {

/// What a bot is made with.
struct BotSetup {
  std::uint64_t seed = 0;   // another for each bot
  std::uint32_t index = 0;  // 0, 1, 2 ... in the match
  SharedBytes map;          // null if the game has none
  Fields options{};         // the match's, as its rules were given them
};

class Bot {
 public:
  virtual ~Bot() = default;
  /// Once a tick: the action for `tick`, the next one, as an Action table, or nothing (the last one goes on). `world`
  /// is the newest snapshot, which may be a few ticks old.
  virtual std::optional<Bytes> act(BytesView world, PlayerId self, Tick tick) = 0;
};

using BotMaker = std::function<std::unique_ptr<Bot>(const BotSetup&)>;

/// A bot of a game: `struct Chaser : BotFor<tag::World, tag::Move> { bool think(...) override; }`
template <Table World, Table Action>
class BotFor : public Bot {
 public:
  /// Fills in `action` and returns true, or returns false to go on with the last one.
  virtual bool think(const World& world, PlayerId self, Tick tick, typename Action::NativeTableType& action) = 0;

  std::optional<Bytes> act(BytesView world, PlayerId self, Tick tick) final {
    typename Action::NativeTableType action;
    if (!think(*flatbuffers::GetRoot<World>(world.data()), self, tick, action)) return std::nullopt;
    return encode(action);
  }
};

struct BotOptions {
  std::uint32_t fill_to = 0;       // so many players in all: bots leave as people come
  std::vector<std::string> names;  // taken in turn; "bot 1" ... when they run out
};

}  // namespace netcode
