#include "game/client/match_screen.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <spdlog/spdlog.h>

#include "game/wire/map.hpp"

namespace game::client {
namespace {

using engine::app::Box;
using engine::app::Canvas;
using engine::app::View;

constexpr std::uint32_t kComplaintTicks = 20;
constexpr float kWidth = 1280;
constexpr float kHeight = 720;

View screen_view(const Canvas& canvas_of) {
  auto& picture = const_cast<Canvas&>(canvas_of).picture();
  return {.centre = {kWidth / 2, kHeight / 2}, .scale = Camera::scale_for(picture.width(), picture.height())};
}

/// What lies outside of the 1280 x 720 units that everybody sees.
void draw_bars(Canvas& canvas) {
  const Box all = canvas.visible();
  const auto bar = [&](const Box& box) {
    if (box.width > 0.5F && box.height > 0.5F) canvas.box(box, rgb(0x020308));
  };
  bar({all.x, all.y, -all.x, all.height});
  bar({kWidth, all.y, all.x + all.width - kWidth, all.height});
  bar({0, all.y, kWidth, -all.y});
  bar({0, kHeight, kWidth, all.y + all.height - kHeight});
}

}  // namespace

engine::Result<std::unique_ptr<MatchScreen>> MatchScreen::open(const Art& art, Sounds* sounds,
                                                               const MatchSettings& settings, const Setup& setup) {
  auto map = wire::load_map(setup.map);
  if (!map) return map.error();
  return std::unique_ptr<MatchScreen>(
      new MatchScreen(art, sounds, settings, setup, std::make_unique<const sim::Map>(std::move(*map))));
}

MatchScreen::MatchScreen(const Art& art, Sounds* sounds, const MatchSettings& settings, const Setup& setup,
                         std::unique_ptr<const sim::Map> map)
    : art_(art),
      setup_(setup),
      map_(std::move(map)),
      motion_(std::make_unique<Motion>(
          *map_, Motion::Setup{.self = setup.self, .delay_s = setup.delay_s, .predicts = setup.predicts})),
      feedback_({.art = art_,
                 .roster = roster_,
                 .effects = effects_,
                 .hud = hud_,
                 .feed = feed_,
                 .chat = chat_,
                 .camera = camera_,
                 .spectator = spectator_,
                 .sounds = sounds,
                 .result = result_}),
      renderer_(art.text) {
  setup_.map = {};  // the caller's; ours is map_
  feedback_.set_self(setup.self, setup.predicts);
  marks_.set_self(setup.self);
  camera_.jump(units(map_->size()) * 0.5F);
  set_settings(settings);
}

void MatchScreen::set_settings(const MatchSettings& settings) {
  settings_ = settings;
  art_.colors = settings.colors;
  camera_.set_shake(settings.shake);
  effects_.set_flashes(settings.flashes);
  hud_.set_flashes(settings.flashes);
}

// --- in --------------------------------------------------------------------------------------------------------------

engine::Result<void> MatchScreen::take_snapshot(const arena::World& world, std::uint32_t tick,
                                                std::uint32_t actions_taken, double now_s) {
  auto taken = motion_->take_snapshot(world, tick, actions_taken, now_s);
  if (taken) {
    roster_.update(world);
    refused_.accepted();
  } else if (const auto line = refused_.refused(tick, taken.error().reason, now_s)) {
    spdlog::warn("{}", *line);
  }
  return taken;
}

void MatchScreen::set_connection(bool is_reconnecting, int ping_ms) {
  is_reconnecting_ = is_reconnecting;
  ping_ms_ = ping_ms;
}

// --- each frame ------------------------------------------------------------------------------------------------------

Point MatchScreen::pointer_units(const FrameInput& frame) const {
  const View view = camera_.view(frame.width, frame.height);
  const Point middle{static_cast<float>(frame.width) / 2, static_cast<float>(frame.height) / 2};
  return camera_.centre() + (frame.input.mouse - middle) * (1 / view.scale);
}

/// As predicted, or where nothing is, as the newest snapshot has it. None: a spectator, or nothing has come yet.
const sim::Ship* MatchScreen::own_ship() const {
  if (setup_.self == sim::kNobody) return nullptr;
  if (setup_.predicts) return own().is_known() ? &own().ship() : nullptr;
  const sim::PlayerView* newest = motion_->timeline().newest();
  return newest == nullptr ? nullptr : newest->ship(setup_.self);
}

std::uint32_t MatchScreen::own_tick() const {
  if (setup_.predicts) return own().tick();
  const sim::PlayerView* newest = motion_->timeline().newest();
  return newest == nullptr ? 0 : newest->tick;
}

void MatchScreen::tell_fired(const sim::Fired& fired) {
  feedback_.fired(fired, units(own().ship().position));
  if (fired.rail) marks_.fired(motion_->timeline().shown(), scene_);
  if (!fired.shot && !fired.rail && lacks_energy()) feedback_.lacked_energy();
}

/// A trigger is down, its gun could fire, and there is no energy: said now and then while it is held.
bool MatchScreen::lacks_energy() {
  const sim::Ship* own = own_ship();
  if (own == nullptr) return false;
  const sim::Ship& ship = *own;
  const std::uint32_t tick = own_tick();
  if (!ship.alive || !sim::weapons_work(scene_.flow.phase) || roster_.match().mode == sim::Mode::kInstarail)
    return false;
  const std::int32_t energy = sim::energy_at(ship, tick);
  const bool no_rail = input_.action().rail && tick >= ship.rail_ready_tick && energy < sim::kRailEnergy;
  const bool no_shot = input_.action().fire && tick >= ship.fire_ready_tick && energy < sim::kBlasterEnergy;
  if ((!no_rail && !no_shot) || tick < next_complaint_tick_) return false;
  next_complaint_tick_ = tick + kComplaintTicks;
  return true;
}

void MatchScreen::move_camera(const FrameInput& frame) {
  const Point pointer = pointer_units(frame);
  const SceneShip* own = scene_.ship(setup_.self);
  const sim::Ship* ship = own_ship();
  if (setup_.self == sim::kNobody) {
    if (frame.hands_on) spectator_.steer(frame.controls, frame.input, roster_, frame.dt_s);
    spectator_.update(scene_, units(map_->size()), frame.dt_s);
    camera_.follow(spectator_.place(), {}, units(map_->size()), frame.dt_s);
    return;
  }
  // The dead look at who did it.
  const SceneShip* killer = own == nullptr ? scene_.ship(feedback_.killed_by()) : nullptr;
  const Point at = own != nullptr      ? own->at
                   : killer != nullptr ? killer->at
                   : ship != nullptr   ? units(ship->position)
                                       : Point{};
  const Point middle{static_cast<float>(frame.width) / 2, static_cast<float>(frame.height) / 2};
  const Point from_middle = (frame.input.mouse - middle) * (1 / Camera::scale_for(frame.width, frame.height));
  if (ship != nullptr) {
    if (own != nullptr && !was_alive_) camera_.jump(at);
    camera_.follow(at, Camera::lead_for(input_.aims_by_stick() ? input_.reach() : from_middle), units(map_->size()),
                   frame.dt_s);
  }
  was_alive_ = own != nullptr;
  if (plays_) {
    input_.update(frame.controls, frame.input, at, pointer);
  } else {
    input_.rest();
  }
  pointer_ = input_.aims_by_stick() ? at + input_.reach() * 0.4F - camera_.centre() + Point{kWidth / 2, kHeight / 2}
                                    : from_middle + Point{kWidth / 2, kHeight / 2};
}

void MatchScreen::update(const FrameInput& frame, ActionLine* line) {
  // The frame that ends or begins a line is the chat's: what was pressed in it is for nobody else.
  const bool was_typing = chat_.is_open();
  if (was_typing && frame.hands_on) {
    chat_line_ = chat_.take(frame.input);
  } else if (frame.hands_on && setup_.self != sim::kNobody && frame.controls.was_pressed("chat")) {
    chat_.open();
  }
  plays_ = frame.hands_on && !was_typing && !chat_.is_open();
  now_s_ = frame.now_s;
  vote(frame);
  if (plays_ && setup_.self != sim::kNobody && frame.controls.was_pressed("shot_marks")) marks_.toggle();
  hands_on_ = frame.hands_on;
  shows_scores_ = plays_ && frame.controls.is_held("scoreboard");

  // What hands do now is sent now: the camera and the pointer first, for they say where the ship aims.
  move_camera(frame);
  if (line != nullptr) motion_->send(input_.action(), *line, [this](const sim::Fired& fired) { tell_fired(fired); });

  std::swap(before_, scene_);
  const sim::PlayerId watched = motion_->is_spectator() ? spectator_.followed() : setup_.self;
  motion_->build(roster_, art_.colors, watched, frame.now_s, frame.dt_s, scene_);
  feedback_.look(before_, scene_, own_ship(), own_tick());
  effects_.update(frame.dt_s);
  marks_.update(frame.dt_s);
  hud_.update(frame.dt_s);
  feed_.update(frame.dt_s);
  chat_.update(frame.dt_s);
  podium_age_s_ = scene_.flow.phase == sim::Phase::kPodium ? podium_age_s_ + static_cast<double>(frame.dt_s) : 0;
}

/// By a candidate's number, or one after the other by the control.
void MatchScreen::vote(const FrameInput& frame) {
  const auto& maps = roster_.match().candidates;
  if (maps.empty() || setup_.self == sim::kNobody) {
    our_vote_.clear();
    return;
  }
  vote_key_ = frame.controls.label("vote", frame.input.device);
  if (!plays_) return;
  std::optional<std::size_t> chosen;
  if (frame.controls.was_pressed("vote")) {
    const auto now =
        std::find_if(maps.begin(), maps.end(), [this](const MapChoice& one) { return one.map == our_vote_; });
    chosen = now == maps.end() ? 0 : static_cast<std::size_t>(now - maps.begin() + 1) % maps.size();
  }
  for (const engine::app::ButtonChange& change : frame.input.buttons) {
    const std::string name = change.down ? change.button.name() : "";
    if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') chosen = static_cast<std::size_t>(name[0] - '1');
  }
  if (!chosen || *chosen >= maps.size()) return;
  our_vote_ = maps[*chosen].map;
  vote_is_new_ = true;
}

std::optional<std::string> MatchScreen::take_vote() {
  if (!std::exchange(vote_is_new_, false)) return std::nullopt;
  return our_vote_;
}

std::optional<std::string> MatchScreen::take_copied() { return chat_.take_copied(); }

std::optional<std::string> MatchScreen::take_chat() { return std::exchange(chat_line_, std::nullopt); }

// --- drawing ---------------------------------------------------------------------------------------------------------

void MatchScreen::draw(Canvas& canvas) {
  const bool is_spectator = setup_.self == sim::kNobody;
  canvas.set_view(camera_.view(canvas.picture().width(), canvas.picture().height()));
  renderer_.draw(canvas, *map_, scene_, effects_, {.all_health_bars = is_spectator, .all_names = is_spectator});
  marks_.draw(canvas);
  canvas.set_view(screen_view(canvas));
  draw_overlays(canvas);
  draw_bars(canvas);
}

void MatchScreen::draw_overlays(Canvas& canvas) {
  const bool is_spectator = setup_.self == sim::kNobody;
  const bool is_podium = scene_.flow.phase == sim::Phase::kPodium && result_.is_known;
  const HudFacts facts{.scene = scene_,
                       .roster = roster_,
                       .ship = own_ship(),
                       .tick = own_tick(),
                       .camera = camera_.centre(),
                       .pointer = pointer_,
                       .shows_crosshair = hands_on_ && !is_spectator && !is_podium,
                       .crosshair = settings_.crosshair,
                       .watching = is_spectator ? spectator_.words(roster_) : std::string(),
                       .ping_ms = ping_ms_,
                       .always_shows_ping = settings_.always_shows_ping,
                       .is_reconnecting = is_reconnecting_,
                       .is_covered = !hands_on_,
                       .trouble = refused_.words(now_s_)};
  if (is_podium) {
    const double left = scene_.flow.phase_end_tick == 0 ? 0 : scene_.flow.phase_end_tick - scene_.tick;
    draw_podium(canvas, art_,
                {.roster = roster_,
                 .result = result_,
                 .self = setup_.self,
                 .age_s = podium_age_s_,
                 .next_in_s = std::max(0, static_cast<int>(std::ceil(left / 60))),
                 .our_vote = our_vote_,
                 .vote_key = is_spectator ? std::string() : vote_key_});
  } else {
    hud_.draw(canvas, art_, facts);
    feed_.draw(canvas, art_);
  }
  if (shows_scores_) draw_scoreboard(canvas, art_, {.roster = roster_, .self = setup_.self, .note = setup_.note});
  chat_.draw(canvas, art_);
  marks_.draw_legend(canvas, art_);
}

}  // namespace game::client
