// Every setting that is in the file: its key, and what it may be. The one list that reading and writing follow.
#pragma once

#include <array>
#include <string_view>

#include "game/client/settings.hpp"

namespace game::client::fields {

struct Text {
  std::size_t bytes_min = 0;
  std::size_t bytes_max = 0;
};
struct Texts {
  std::size_t count_max = 0;
  std::size_t bytes_max = 0;
};
template <class T>
struct Range {
  T min;
  T max;
};
struct Flag {};
struct Buttons {};
/// The words for an enum's values, in their order.
template <std::size_t N>
struct Words {
  std::array<std::string_view, N> words;
};

/// Calls visit("table.key", field, what it may be) for each.
template <class S, class Visit>
void visit_settings(S& s, Visit&& visit) {
  constexpr Range<float> kShare = {0.0F, 1.0F};
  visit("name", s.name, Text{1, Settings::kNameBytesMax});

  visit("server.address", s.server, Text{0, Settings::kAddressBytesMax});
  visit("server.history", s.servers, Texts{Settings::kHistoryMax, Settings::kAddressBytesMax});

  visit("sound.volume", s.volume, kShare);
  visit("sound.effects", s.volume_effects, kShare);
  visit("sound.interface", s.volume_interface, kShare);

  visit("picture.colors", s.colors, Words<2>{{"default", "blue-yellow"}});
  visit("picture.crosshair", s.crosshair, Words<3>{{"cross", "dot", "ring"}});
  visit("picture.shake", s.shake, kShare);
  visit("picture.flashes", s.flashes, Flag{});
  visit("picture.show_ping", s.show_ping, Flag{});
  visit("picture.fullscreen", s.fullscreen, Flag{});
  visit("picture.frame_rate_max", s.frame_rate_max, Range<int>{0, Settings::kFrameRateMax});

  visit("match.map", s.match.map, Text{1, 64});
  visit("match.mode", s.match.mode, Text{1, 64});
  visit("match.bots", s.match.bots, Range<int>{0, Settings::kBotsMax});
  visit("match.bot_level", s.match.bot_level, Range<int>{0, 5});
  visit("match.players_max", s.match.players_max, Range<int>{1, Settings::kPlayersMax});
  visit("match.private", s.match.is_private, Flag{});

  visit("keys", s.keys, Buttons{});
}

}  // namespace game::client::fields
