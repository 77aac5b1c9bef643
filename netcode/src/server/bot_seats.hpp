// The bots of one match and their seats.
//
// Threading: its match's shard. Bots are kept by rising player id, so that they think in the same order in every run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "netcode/bot.hpp"
#include "netcode/ids.hpp"
#include "netcode/rules.hpp"

namespace netcode {

class BotSeats {
 public:
  /// `fill_to`: what the match itself says, before what the options say.
  BotSeats(BotMaker maker, BotOptions options, std::optional<std::uint32_t> fill_to, const MatchSetup& setup);

  /// How many there should be beside so many people; never more than the seats that are left.
  std::uint32_t wanted(std::uint32_t people, std::uint32_t players_max) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(seats_.size()); }

  /// Seats one more and returns its name.
  std::string add(PlayerId player);
  /// Unseats the one with the last name and returns who that was.
  PlayerId remove_last();

  /// Asks every bot what it does: `BytesView(PlayerId, Bytes& scratch)` is the World that it sees, aligned to 8, and
  /// `void(PlayerId, BytesView action)` takes its answer.
  template <class See, class Act>
  void think(Tick tick, See see, Act act) {
    Bytes scratch;
    for (Seat& seat : seats_)
      if (const auto action = seat.bot->act(see(seat.player, scratch), seat.player, tick))
        act(seat.player, BytesView(*action));
  }

 private:
  struct Seat {
    PlayerId player;
    std::uint32_t index;
    std::unique_ptr<Bot> bot;
  };
  BotMaker maker_;
  BotOptions options_;
  std::uint64_t seed_;
  SharedBytes map_;
  Fields match_options_;
  std::vector<Seat> seats_;
};

}  // namespace netcode
