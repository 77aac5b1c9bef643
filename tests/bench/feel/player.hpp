// One client of feel_bench: a bot's hands and eyes on the very pieces that the game's window is made of, but for the
// picture. It sees what is drawn, acts once a tick, and keeps a log.
//
// One thread; driven frame by frame. Refers to the bench and the map.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "game/bots/brain.hpp"
#include "game/client/motion.hpp"
#include "game/server/arena_rules.hpp"
#include "netcode/testing.hpp"
#include "tests/bench/feel/client_log.hpp"
#include "tests/bench/feel/options.hpp"

namespace game::feel {

class Player final : public client::ActionLine {
 public:
  Player(netcode::testing::TestBench& bench, const Options& options, std::shared_ptr<const bots::NavGrid> grid,
         std::uint32_t index);

  /// A sixtieth of a second has gone by for it.
  void frame();
  bool is_in_match() const { return motion_ != nullptr; }
  const std::string& match_id() const { return client_->match()->id; }
  /// From now on what happens is kept.
  void start_log();
  const ClientLog& log() const { return log_; }
  const netcode::ClientStats& stats() const { return client_->stats(); }
  /// When a tick was computed at the server, as its fastest snapshot says: for the moment that could be drawn at best.
  engine::Duration fastest_offset() const { return fastest_offset_; }
  void set_server_offset(engine::Duration offset) { server_offset_ = offset; }

  // --- ActionLine
  bool due() override { return client_->action_due(); }
  std::uint32_t tick() const override { return client_->action_tick(); }
  float share() const override { return client_->action_share(); }
  std::uint32_t act(const sim::Action& action, netcode::ViewTime view) override;

 private:
  void take(const arena::World& world, const netcode::SnapshotInfo& info);
  void see();
  void note_frame();
  void note_action(const sim::Fired& fired);
  SeenShot seen_shot(const sim::Ship& ship, engine::Angle aim) const;

  netcode::testing::TestBench& bench_;
  const Options& options_;
  std::shared_ptr<const bots::NavGrid> grid_;
  std::unique_ptr<netcode::Client<server::ArenaRules>> client_;
  std::unique_ptr<client::Motion> motion_;
  bots::Brain brain_;
  client::Roster roster_;
  client::Scene scene_;
  sim::PlayerView view_;  // what is drawn, in the brain's terms
  sim::Action hands_;
  sim::PlayerId self_ = sim::kNobody;
  std::uint32_t newest_sequence_ = 0;
  bool logs_ = false;
  bool was_starved_ = false;
  engine::TimePoint starved_since_{};
  engine::Duration fastest_offset_ = engine::Duration::max();
  engine::Duration server_offset_{};
  ClientLog log_;
};

}  // namespace game::feel
