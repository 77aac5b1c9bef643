#include "game/apps/scrim/program.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "engine/app/assets.hpp"
#include "game/client/hands.hpp"
#include "game/client/menu/map_picture.hpp"
#include "game/client/menu/menu_hands.hpp"
#include "game/client/menu/recordings.hpp"
#include "game/server/arena.hpp"
#include "game/wire/map.hpp"

namespace game::apps {
namespace {

using engine::app::Canvas;
using engine::app::Input;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kProgram = "scrim";
/// A frame longer than this is a pause, not a step of an animation.
constexpr double kFrameSecondsMax = 0.1;

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

[[noreturn]] void fail(const std::string& words) { throw std::runtime_error(words); }

std::string settings_file(const Flags& flags, std::vector<std::string>& complaints) {
  if (!flags.config.empty()) return flags.config + "/settings.toml";
  const auto dir = engine::app::config_dir(kProgram);
  if (dir) return *dir + "/settings.toml";
  complaints.push_back("settings are not kept: " + dir.error().reason);
  return {};
}

/// What matches can be made of here: the maps that are installed, each with its picture.
client::MatchKinds kinds_here() {
  client::MatchKinds kinds;
  for (auto& map : kinds.maps) {
    const auto bytes = server::read_map_file(server::maps_dir() + "/" + map.id + ".map");
    const auto loaded = bytes ? wire::load_map(**bytes) : engine::Result<sim::Map>(bytes.error());
    if (loaded)
      map.sketch = client::sketch_of(*loaded);
    else
      map.id.clear();
  }
  std::erase_if(kinds.maps, [](const auto& map) { return map.id.empty(); });
  return kinds;
}

/// Where matches played here are recorded: among the recordings that the menu lists.
std::string recordings_folder() {
  const auto folders = client::default_recording_folders();
  return folders.empty() ? std::string() : folders.back();
}

}  // namespace

Program::Program(Flags flags) : flags_(std::move(flags)) {
  std::vector<std::string> complaints;
  settings_path_ = settings_file(flags_, complaints);
  if (!settings_path_.empty()) {
    auto loaded = client::load_settings(settings_path_);
    settings_ = std::move(loaded.settings);
    complaints.insert(complaints.end(), loaded.complaints.begin(), loaded.complaints.end());
  }
  auto script = KeyScript::parse(flags_.keys);
  if (!script) fail("--keys: " + script.error().reason);
  script_ = std::move(*script);

  const std::string assets = engine::app::assets_dir(kProgram);
  auto art = client::MenuArt::open(assets + "/fonts");
  if (!art) fail(art.error().reason);
  menu_art_ = std::make_unique<client::MenuArt>(std::move(*art));

  auto window = engine::app::Window::open(
      {.title = "Scrim",
       .fullscreen = flags_.fullscreen || settings_.fullscreen,
       .software = flags_.software,
       .frame_rate_max = flags_.frame_rate != 0 ? flags_.frame_rate : settings_.frame_rate_max});
  if (!window) fail(window.error().reason);
  window_ = std::move(*window);

  if (!flags_.mute) {
    sounds_ = std::make_unique<client::Sounds>(audio_);
    if (!audio_.silence().empty())
      complaints.push_back("no sound: " + audio_.silence());
    else if (auto loaded = sounds_->load(assets + "/sounds"); !loaded)
      complaints.push_back(loaded.error().reason);
  }
  client::define_match_controls(controls_);
  client::define_menu_controls(controls_);
  client::apply_keys(settings_, controls_);
  menu_ = std::make_unique<client::Menu>(*menu_art_, settings_, controls_);
  menu_->set_complaints(std::move(complaints));
  menu_->set_recording_folders(client::default_recording_folders());
  menu_->set_kinds(kinds_here());
  online_ = std::make_unique<Online>(
      name(), flags_.simulate,
      Online::Handlers{
          .on_joined = [this] { open_match(); },
          .on_snapshot =
              [this](const arena::World& world, const netcode::SnapshotInfo& info) {
                if (!match_) return;
                const double arrived_s = std::chrono::duration<double>(info.arrived.time_since_epoch()).count();
                // One that says nonsense is left out; the next one may do better.
                (void)match_->take_snapshot(world, info.tick, info.action_sequence, arrived_s);
              },
          .on_event =
              [this](const netcode::EventView& event) {
                if (match_) match_->take_event(event);
              },
          .on_ended = nullptr,
          .on_failed =
              [this](std::string_view title, std::string_view words) {
                // A menu that waits knows what to try again; one that was left for a match does not.
                if (match_) {
                  leave_match();
                  menu_->show(client::ScreenId::kMain);
                }
                menu_->fail(std::string(title), std::string(words));
              },
      });
  apply_settings(false);
}

// What refers to others goes before them: the connection before the server that it is to.
Program::~Program() {
  match_.reset();
  online_.reset();
  local_.reset();
}

client::Art Program::art() const {
  return {.title = menu_art_->title,
          .text = menu_art_->text,
          .numbers = menu_art_->strong,
          .colors = client::sides_of(settings_.colors)};
}

client::MatchSettings Program::match_settings() const {
  return {.shake = settings_.shake,
          .flashes = settings_.flashes,
          .always_shows_ping = settings_.show_ping,
          .crosshair = settings_.crosshair,
          .colors = client::sides_of(settings_.colors)};
}

client::PauseWords Program::pause_words() const {
  if (player_) return {.title = "Paused", .words = player_->words(), .leave = "Stop watching"};
  if (local_) return {.title = "Menu", .words = "the match goes on behind it", .leave = "End the match"};
  return {.title = "Menu", .words = "the match goes on behind it", .leave = "Leave the match"};
}

std::string Program::name() const { return flags_.name.empty() ? settings_.name : flags_.name; }

// --- the loop --------------------------------------------------------------------------------------------------------

void Program::begin() {
  if (!flags_.connect.empty()) {
    const netcode::JoinOptions options{.password = {}, .spectate = flags_.spectate};
    menu_->wait_for("Connecting", flags_.connect);
    if (flags_.match.empty())
      online_->quick_play(flags_.connect, options);
    else
      online_->join(flags_.connect, flags_.match, options);
  } else if (!flags_.replay.empty()) {
    watch(flags_.replay);
  } else if (flags_.offline) {
    start_local({.match = settings_.match});
  }
}

int Program::run() {
  begin();
  const auto start = SteadyClock::now();
  auto last = start;
  while (!quits_) {
    const auto began = SteadyClock::now();
    const double now_s = std::chrono::duration<double>(began.time_since_epoch()).count();
    frame(now_s, std::min(std::chrono::duration<double>(began - last).count(), kFrameSecondsMax));
    const double age_s = std::chrono::duration<double>(began - start).count();
    if (flags_.after_s > 0 && age_s >= flags_.after_s) {
      if (!flags_.screenshot.empty()) {
        if (auto saved = window_->frame().save_png(flags_.screenshot); !saved) fail(saved.error().reason);
      }
      quits_ = true;
    }
    const std::chrono::duration<double> work = SteadyClock::now() - began;
    window_->present();
    times_.add(std::chrono::duration<double>(began - last).count(), work.count());
    last = began;
  }
  if (flags_.report) std::printf("%s\n", times_.json(window_->renderer()).c_str());
  return exit_code_;
}

void Program::frame(double now_s, double dt_s) {
  old_match_.reset();
  Input input = window_->poll();
  static const double start_s = now_s;
  script_.play(now_s - start_s, window_->frame().width(), window_->frame().height(), input);
  controls_.update(input);
  if (input.wants_quit) quits_ = true;
  if (controls_.was_pressed("fullscreen")) {
    flags_.fullscreen = false;  // that was for the start
    settings_.fullscreen = !window_->is_fullscreen();
    apply_settings(true);
  }

  online_->poll(now_s);
  menu_->set_server(online_->view());
  if (player_ && match_)
    update_replay(input, now_s, dt_s);
  else if (match_)
    update_match(input, now_s, dt_s);
  // What opened the menu is not also its first key.
  const bool was_shown = shows_menu();
  if (match_ && !over_match_ && controls_.was_pressed("pause") && !match_->wants_text()) {
    over_match_ = true;
    menu_->set_pause(pause_words());
    menu_->show(client::ScreenId::kPause);
  }
  if (was_shown) {
    menu_->update(input, dt_s);
    for (const client::MenuSound sound : menu_->sounds()) play(sound);
    while (const auto choice = menu_->take_choice()) follow(*choice);
  }
  window_->take_text(shows_menu() ? menu_->wants_text() : match_->wants_text());
  window_->show_cursor(shows_menu());

  Canvas canvas(window_->frame());
  if (match_) match_->draw(canvas);
  if (player_ && match_) draw_replay_words(canvas);
  canvas.set_view({.centre = {static_cast<float>(canvas.picture().width()) / 2,
                              static_cast<float>(canvas.picture().height()) / 2}});
  if (shows_menu()) menu_->draw(canvas);
}

void Program::update_match(const Input& input, double now_s, double dt_s) {
  match_->set_connection(online_->is_reconnecting(), online_->ping_ms());
  match_->update({.input = input,
                  .controls = controls_,
                  .now_s = now_s,
                  .dt_s = static_cast<float>(dt_s),
                  .width = window_->frame().width(),
                  .height = window_->frame().height(),
                  .hands_on = !over_match_},
                 online_.get());
  if (flags_.report) measure_step(now_s);
  if (const auto line = match_->take_chat()) online_->say(*line);
  if (const auto map = match_->take_vote()) online_->vote(*map);
}

void Program::measure_step(double now_s) {
  const auto before = std::exchange(flight_, std::nullopt);
  const client::SceneShip* own = match_->scene().ship(match_->scene().self);
  if (own == nullptr || !own->is_own) return;
  flight_ = Flight{.at = own->at, .velocity = own->velocity, .now_s = now_s};
  constexpr float kFast = 6.8F;  // units a tick: slower it gathers speed
  // A wall that the next tick meets shows before that tick, at whatever rate pictures are drawn: it is no uneven step.
  constexpr std::size_t kFramesBeforeWall = 12;
  if (!before || length(before->velocity) < kFast || length(own->velocity - before->velocity) > 0.05F)
    return new_steps_.clear();
  const double expected = static_cast<double>(length(own->velocity)) * (now_s - before->now_s) * 60;
  new_steps_.push_back(static_cast<double>(length(own->at - before->at)) / expected);
  if (new_steps_.size() <= kFramesBeforeWall) return;
  times_.add_step(new_steps_.front());
  new_steps_.pop_front();
}

void Program::update_replay(const Input& input, double, double dt_s) {
  if (!over_match_) {
    if (controls_.was_pressed("replay_pause")) player_->toggle_pause();
    if (controls_.was_pressed("replay_slower")) player_->change_speed(-1);
    if (controls_.was_pressed("replay_faster")) player_->change_speed(1);
  }
  if (!over_match_) player_->update(dt_s, *match_);
  match_->update({.input = input,
                  .controls = controls_,
                  .now_s = player_->clock_s(),
                  .dt_s = player_->is_paused() || over_match_ ? 0 : static_cast<float>(dt_s),
                  .width = window_->frame().width(),
                  .height = window_->frame().height(),
                  .hands_on = !over_match_},
                 nullptr);
}

void Program::draw_replay_words(Canvas& canvas) {
  canvas.text(menu_art_->strong, player_->words(), {28, 692}, 18, client::palette::kText);
  canvas.text(menu_art_->text, "Space pause    - / = speed    1-9 follow    F free    R director", {1252, 692}, 13,
              client::palette::kMuted, engine::app::Align::kRight);
}

void Program::play(client::MenuSound sound) {
  if (!sounds_) return;
  const auto which = sound == client::MenuSound::kMove     ? client::Sound::kMenuMove
                     : sound == client::MenuSound::kAccept ? client::Sound::kMenuAccept
                                                           : client::Sound::kMenuBack;
  sounds_->play(which, client::Importance::kOwn);
}

// --- the way between -------------------------------------------------------------------------------------------------

void Program::open_match() {
  const auto& joined = online_->match();
  if (!joined) return;
  auto screen = client::MatchScreen::open(art(), sounds_.get(), match_settings(),
                                          {.map = online_->map(),
                                           .self = static_cast<sim::PlayerId>(joined->player.value),
                                           .note = "match " + joined->id + " at " + online_->view().url});
  if (!screen) {
    online_->leave();
    leave_match();
    menu_->show(client::ScreenId::kMain);
    return menu_->fail("This match cannot be shown", screen.error().reason);
  }
  old_match_ = std::exchange(match_, std::move(*screen));
  player_.reset();
  over_match_ = false;
  if (!local_) {
    settings_.remember_server(online_->view().url);
    keep_settings();
  }
  controls_.release();
}

void Program::leave_match() {
  old_match_ = std::exchange(match_, nullptr);
  player_.reset();
  over_match_ = false;
  controls_.release();
}

void Program::watch(const std::string& path) {
  auto player = RecordingPlayer::open(path);
  auto screen = player ? client::MatchScreen::open(art(), sounds_.get(), match_settings(),
                                                   {.map = (*player)->map(), .delay_s = 0})
                       : engine::Result<std::unique_ptr<client::MatchScreen>>(player.error());
  if (!screen) {
    menu_->show(client::ScreenId::kMain);
    return menu_->fail("This recording cannot be watched", screen.error().reason);
  }
  player_ = std::move(*player);
  match_ = std::move(*screen);
  over_match_ = false;
}

void Program::start_local(const LocalServer::Config& config) {
  online_->disconnect();
  local_.reset();
  auto with_folder = config;
  with_folder.record_dir = recordings_folder();
  auto local = LocalServer::start(with_folder);
  if (!local) {
    menu_->show(client::ScreenId::kMain);
    return menu_->fail("The match could not be started", local.error().reason);
  }
  local_ = std::move(*local);
  online_->join(local_->url(), std::string(LocalServer::kMatchId), {.password = config.password});
}

void Program::apply_settings(bool keep) {
  client::apply_keys(settings_, controls_);
  if (sounds_) {
    sounds_->set_volume(settings_.volume);
    sounds_->set_shares(settings_.volume_effects, settings_.volume_interface);
  }
  const bool fullscreen = settings_.fullscreen || flags_.fullscreen;
  if (window_->is_fullscreen() != fullscreen) window_->set_fullscreen(fullscreen);
  window_->set_frame_rate_max(flags_.frame_rate != 0 ? flags_.frame_rate : settings_.frame_rate_max);
  if (match_) match_->set_settings(match_settings());
  online_->set_name(name());
  if (keep) keep_settings();
}

void Program::keep_settings() {
  if (settings_path_.empty()) return;
  if (auto saved = client::save_settings(settings_, settings_path_); !saved)
    menu_->set_complaints({"settings are not kept: " + saved.error().reason});
}

void Program::follow(const client::MenuChoice& choice) {
  std::visit(Overload{
                 [&](const client::QuickPlay& one) { online_->quick_play(one.url); },
                 [&](const client::PlayOffline& one) { start_local({.match = one.match}); },
                 [&](const client::HostMatch& one) {
                   start_local({.match = one.match, .password = one.password, .for_friends = true});
                 },
                 [&](const client::Connect& one) { online_->connect(one.url); },
                 [&](const client::RefreshMatches&) { online_->refresh(); },
                 [&](const client::Disconnect&) { online_->disconnect(); },
                 [&](const client::JoinMatch& one) {
                   online_->join(one.url, one.id, {.password = one.password, .spectate = one.spectate});
                 },
                 [&](const client::CreateMatch& one) { online_->create(one.url, one.match, one.password); },
                 [&](const client::WatchRecording& one) { watch(one.path); },
                 [&](const client::ApplySettings& one) { apply_settings(one.keep); },
                 [&](const client::CancelWait&) { online_->disconnect(); },
                 [&](const client::ResumeMatch&) {
                   over_match_ = false;
                   controls_.release();
                 },
                 [&](const client::LeaveMatch&) {
                   if (!player_) online_->leave();
                   leave_match();
                   if (local_) {
                     online_->disconnect();
                     local_.reset();
                   }
                   menu_->show(client::ScreenId::kMain);
                 },
                 [&](const client::Quit&) { quits_ = true; },
             },
             choice);
}

}  // namespace game::apps
