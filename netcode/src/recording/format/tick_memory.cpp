#include "recording/format/tick_codec.hpp"

namespace netcode::recording {

void TickMemory::forget() {
  actors_.clear();
  names_.clear();
  turn_ = 0;
}

std::size_t TickMemory::find_actor(PlayerId player) const {
  for (std::size_t i = turn_; i < actors_.size(); ++i) {
    if (actors_[i].last.player == player) return i;
  }
  for (std::size_t i = 0; i < turn_; ++i) {
    if (actors_[i].last.player == player) return i;
  }
  return actors_.size();
}

void TickMemory::drop_actor(PlayerId player) {
  const std::size_t index = find_actor(player);
  if (index == actors_.size()) return;
  actors_.erase(actors_.begin() + static_cast<std::ptrdiff_t>(index));
  if (index < turn_) --turn_;
}

void TickMemory::see(Actor& actor, std::uint64_t view_age, const ViewTime& view) {
  actor.view_age_before = actor.view_age;
  actor.view_age = view_age;
  if (view.tick != 0) actor.view_span = view.to - view.from;
}

ViewTime TickMemory::with_expected_interval(Tick span, ViewTime view) {
  view.from = span == 0 ? 0 : view.tick - view.tick % span;
  view.to = view.from == 0 ? 0 : view.from + span;
  return view;
}

TickMemory::Name& TickMemory::add_name(std::string_view text) {
  Name& name = names_.size() < kNamesMax ? names_.emplace_back() : passing_;
  name.name = text;
  name.last_body.clear();
  return name;
}

void TickMemory::remember(Name& name, const Bytes& body) {
  if (body.size() <= kRememberedBodyBytesMax) {
    name.last_body.assign(body.begin(), body.end());
  } else {
    name.last_body.clear();
  }
}

}  // namespace netcode::recording
