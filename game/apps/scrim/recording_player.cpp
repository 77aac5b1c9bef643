#include "game/apps/scrim/recording_player.hpp"

#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>

#include "game/server/arena.hpp"
#include "game/server/arena_rules.hpp"
#include "game/wire/events.hpp"

namespace game::apps {
namespace {

constexpr std::array kSpeeds = {0.25, 0.5, 1.0, 2.0, 4.0, 8.0};
constexpr double kTicksPerSecond = 60;
/// A slow machine shows less rather than fall behind for ever.
constexpr int kTicksPerFrameMax = 32;
/// As many as a server sends: the screen draws between them.
constexpr std::uint32_t kTicksPerSnapshot = 2;

std::string clock_words(std::uint32_t tick) { return fmt::format("{}:{:02}", tick / 3600, tick / 60 % 60); }

}  // namespace

engine::Result<std::unique_ptr<RecordingPlayer>> RecordingPlayer::open(const std::string& path) {
  auto replay = netcode::Replay::open(path, server::arena_rules_types());
  if (!replay) return replay.error();
  if (!(*replay)->info().setup.map) return engine::error("{}: it has no map", path);
  return std::unique_ptr<RecordingPlayer>(new RecordingPlayer(std::move(*replay)));
}

netcode::BytesView RecordingPlayer::map() const { return *replay_->info().setup.map; }

void RecordingPlayer::change_speed(int by) {
  speed_ = std::clamp(speed_ + by, 0, static_cast<int>(kSpeeds.size()) - 1);
}

void RecordingPlayer::show(client::MatchScreen& screen) {
  const netcode::Bytes bytes = replay_->world();
  const auto& world = *flatbuffers::GetRoot<server::ArenaRules::World>(bytes.data());
  if (auto taken = screen.take_snapshot(world, replay_->tick(), 0, replay_->tick() / kTicksPerSecond); !taken)
    broken_ = taken.error().reason;
}

/// What the rules tell goes the way that it goes from a server: by its wire form.
void RecordingPlayer::tell(client::MatchScreen& screen) const {
  const auto& rules = dynamic_cast<const server::ArenaRules&>(replay_->rules());
  if (rules.told_tick() != replay_->tick()) return;
  for (const sim::Event& event : rules.told()) {
    std::visit(
        [&](const auto& any) {
          const auto table = wire::to_wire(any);
          const netcode::Bytes body = netcode::encode(table);
          using Table = typename std::decay_t<decltype(table)>::TableType;
          screen.take_event({.name = {}, .table = Table::GetFullyQualifiedName(), .body = body});
        },
        event);
  }
}

void RecordingPlayer::update(double dt_s, client::MatchScreen& screen) {
  if (is_paused_ || is_over_) return;
  clock_s_ += dt_s * kSpeeds[static_cast<std::size_t>(speed_)];
  const auto due = static_cast<netcode::Tick>(clock_s_ * kTicksPerSecond) + kTicksPerSnapshot;
  for (int i = 0; i < kTicksPerFrameMax && replay_->tick() < due; ++i) {
    const auto stepped = replay_->step();
    if (!stepped) broken_ = stepped.error().reason;
    if (!stepped || !*stepped) {
      is_over_ = true;
      return;
    }
    tell(screen);
    if (replay_->tick() % kTicksPerSnapshot == 0) show(screen);
  }
  clock_s_ = std::min(clock_s_, replay_->tick() / kTicksPerSecond);
}

std::string RecordingPlayer::words() const {
  std::string words = clock_words(replay_->tick());
  if (replay_->end()) words += " of " + clock_words(replay_->end()->last_tick);
  if (!broken_.empty()) return words + "   " + broken_;
  if (is_over_) return words + "   the end";
  if (is_paused_) return words + "   paused";
  return words + fmt::format("   {}x", kSpeeds[static_cast<std::size_t>(speed_)]);
}

}  // namespace game::apps
