#include "tests/bench/feel/player.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "game/client/units.hpp"
#include "game/wire/action.hpp"

namespace game::feel {
namespace {

using engine::Duration;
using std::chrono::milliseconds;

constexpr float kFrameSeconds = 1.0F / 60;
constexpr Duration kTick = Duration(std::chrono::seconds(1)) / 60;
constexpr Duration kGap = milliseconds(100);

double seconds(engine::TimePoint at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }
double ms(Duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

sim::Vec from_units(client::Point at) {
  return {static_cast<std::int32_t>(std::lround(at.x * static_cast<float>(sim::kUnit))),
          static_cast<std::int32_t>(std::lround(at.y * static_cast<float>(sim::kUnit)))};
}

}  // namespace

Player::Player(netcode::testing::TestBench& bench, const Options& options, std::shared_ptr<const bots::NavGrid> grid,
               std::uint32_t index)
    : bench_(bench),
      options_(options),
      grid_(std::move(grid)),
      brain_(options.level != 0 ? options.level : 3 + static_cast<int>(index % 2), options.seed * 1000 + index, grid_) {
  netcode::ClientConfig config;
  config.name = "bot " + std::to_string(index + 1);
  config.links = options.links;
  client_ = bench.client<server::ArenaRules>(std::move(config));
  client_->on_joined([this](const netcode::JoinedMatch& match) {
    if (match.resumed) return;
    self_ = static_cast<sim::PlayerId>(match.player.value);
    log_.id = self_;
    motion_ = std::make_unique<client::Motion>(
        grid_->map(),
        client::Motion::Setup{.self = self_, .delay_s = options_.fixed_delay_s, .predicts = options_.predicts});
  });
  client_->on_snapshot([this](const arena::World& world, const netcode::SnapshotInfo& info) { take(world, info); });
  client_->quick_join("arena");
}

void Player::take(const arena::World& world, const netcode::SnapshotInfo& info) {
  if (!motion_) return;
  fastest_offset_ = std::min(fastest_offset_, info.arrived - engine::TimePoint{} - info.tick * kTick);
  if (!motion_->take_snapshot(world, info.tick, info.action_sequence, seconds(info.arrived))) return;
  roster_.update(world);
  if (logs_ && info.action_sequence > newest_sequence_) log_.slack_ticks.push_back(ms(info.slack) * 60 / 1000);
  newest_sequence_ = info.action_sequence;
}

void Player::start_log() { logs_ = true; }

std::uint32_t Player::act(const sim::Action& action, netcode::ViewTime view) {
  return client_->act(wire::to_wire(action), view);
}

void Player::frame() {
  if (!motion_) return;
  see();
  hands_ = brain_.think(view_, self_, view_.tick + 1);
  motion_->send(hands_, *this, [this](const sim::Fired& fired) { note_action(fired); });
  motion_->build(roster_, client::kSideColors[0], self_, seconds(bench_.now()), kFrameSeconds, scene_);
  note_frame();
}

/// The last frame's picture, as the brain takes it in.
void Player::see() {
  view_.ships.clear();
  view_.shots.clear();
  const sim::PlayerView* newest = motion_->timeline().newest();
  if (newest == nullptr) return;
  view_.tick = static_cast<std::uint32_t>(scene_.tick);
  view_.mode = newest->mode;
  view_.seed = newest->seed;
  view_.flow = newest->flow;
  view_.pickups = newest->pickups;
  view_.sides = newest->sides;
  const client::SceneShip* own = scene_.ship(self_);
  if (own == nullptr) return;
  for (const sim::Ship& told : newest->ships) {
    const client::SceneShip* drawn = scene_.ship(told.id);
    if (drawn == nullptr) continue;
    sim::Ship ship = told.id == self_ && options_.predicts ? motion_->own().ship() : told;
    ship.alive = true;
    ship.position = from_units(drawn->at);
    ship.velocity = from_units(drawn->velocity);
    view_.ships.push_back(ship);
  }
  for (const client::SceneShot& shot : scene_.shots)
    if (!shot.is_own)
      view_.shots.push_back({.id = shot.id,
                             .owner = sim::kNobody,
                             .weapon = shot.weapon,
                             .position = from_units(shot.at),
                             .velocity = from_units(shot.velocity),
                             .end_tick = view_.tick + 30});
  sim::limit_to_screen(self_, view_);
}

/// Does a rail from here meet what the last frame showed? As the server judges it, but by what is drawn.
SeenShot Player::seen_shot(const sim::Ship& ship, engine::Angle aim) const {
  const sim::Vec by = sim::from_angle(aim, sim::kRailRange);
  const std::int32_t open = grid_->map().cast(ship.position, by, sim::kRailRadius);
  const client::Point from = client::units(ship.position);
  const client::Point beam = client::units(by) * (static_cast<float>(open) / sim::kWholePath);
  const float beam_squared = std::max(beam.x * beam.x + beam.y * beam.y, 1.0F);
  constexpr float kReach = static_cast<float>(sim::kShipRadius + sim::kRailRadius) / sim::kUnit;
  SeenShot out{.tick = motion_->own().tick(), .is_starved = was_starved_};
  float first = 2;
  for (const client::SceneShip& one : scene_.ships) {
    if (one.id == self_) continue;
    const client::Point to = one.at - from;
    const float along = std::clamp((to.x * beam.x + to.y * beam.y) / beam_squared, 0.0F, 1.0F);
    const float off = length(to - beam * along);
    out.nearest_u = std::min(out.nearest_u, off);
    if (off >= kReach || along >= first) continue;
    first = along;
    out.victim = one.id;
  }
  return out;
}

void Player::note_action(const sim::Fired& fired) {
  if (!logs_) return;
  const sim::PlayerView* newest = motion_->timeline().newest();
  if (!options_.predicts) {
    // All that this player knows of itself is as old as the newest snapshot, and as what is drawn.
    const sim::Ship* told = newest->ship(self_);
    if (told == nullptr) return;
    log_.predicted.push_back({client_->action_tick(), newest->tick, *told});
    const sim::Ship* drawn = view_.ship(self_);
    if (!hands_.rail || drawn == nullptr) return;
    log_.shots.push_back(seen_shot(*drawn, hands_.aim));
    log_.shots.back().tick = client_->action_tick();
    log_.shots.back().is_wish = true;
    return;
  }
  if (!motion_->own().is_known()) return;
  const sim::Ship& ship = motion_->own().ship();
  log_.predicted.push_back({motion_->own().tick(), newest->tick, ship});
  if (fired.rail) log_.shots.push_back(seen_shot(ship, fired.rail_direction));
}

void Player::note_frame() {
  const bool starved = motion_->is_starved();
  const engine::TimePoint now = bench_.now();
  if (logs_) {
    ++log_.frames;
    log_.starved_frames += starved ? 1 : 0;
    const double newest_ticks =
        static_cast<double>((now - engine::TimePoint{} - server_offset_).count()) / static_cast<double>(kTick.count());
    log_.delay_ms.push_back((newest_ticks - scene_.tick) * ms(kTick));
    if (options_.predicts && motion_->own().ship().alive) log_.jumps_px.push_back(motion_->own().last_jump());
    if (was_starved_ && !starved && now - starved_since_ > kGap)
      log_.whole_again_ms.push_back(ms(now - starved_since_));
  }
  if (starved && !was_starved_) starved_since_ = now;
  was_starved_ = starved;
}

}  // namespace game::feel
