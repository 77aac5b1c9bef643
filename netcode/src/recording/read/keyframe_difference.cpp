#include "recording/read/keyframe_difference.hpp"

#include <spdlog/fmt/fmt.h>

namespace netcode::recording {
namespace {

template <class T>
std::string differ(std::string_view what, const T& left, const T& right) {
  return fmt::format("{}: {} != {}", what, left, right);
}

std::string difference(std::size_t place, const Player& left, const Player& right) {
  const auto field = [place](std::string_view name) { return fmt::format("players[{}].{}", place, name); };
  if (left.id != right.id) return differ(field("id"), left.id.value, right.id.value);
  if (left.name != right.name) return differ(field("name"), left.name, right.name);
  if (left.is_bot != right.is_bot) return differ(field("is_bot"), left.is_bot, right.is_bot);
  return {};
}

}  // namespace

std::string keyframe_difference(const Schema& schema, std::string_view table, const KeyframeBody& left_body,
                                const KeyframeBody& right_body) {
  const Keyframe& left = left_body.keyframe;
  const Keyframe& right = right_body.keyframe;
  if (left.tick != right.tick) return differ("tick", left.tick, right.tick);
  if (auto good = schema.check(table, left.rules); !good) return good.error().reason;
  if (auto good = schema.check(table, right.rules); !good) return good.error().reason;
  if (left.rules != right.rules)
    if (std::string field = schema.first_difference(table, left.rules, right.rules); !field.empty()) return field;
  if (left.rng.state != right.rng.state) return differ("rng.state", left.rng.state, right.rng.state);
  if (left.rng.increment != right.rng.increment)
    return differ("rng.increment", left.rng.increment, right.rng.increment);
  if (left.players.size() != right.players.size()) return differ("players", left.players.size(), right.players.size());
  for (std::size_t i = 0; i < left.players.size(); ++i)
    if (std::string field = difference(i, left.players[i], right.players[i]); !field.empty()) return field;
  if (left.next_player != right.next_player) return differ("next_player", left.next_player, right.next_player);
  if (left.result != right.result)
    return differ("result", left.result.value_or("(none)"), right.result.value_or("(none)"));
  return left_body.hash == right_body.hash ? std::string() : differ("hash", left_body.hash, right_body.hash);
}

}  // namespace netcode::recording
