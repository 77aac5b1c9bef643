#include "game/apps/scrim/program.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <utility>

#include "engine/app/assets.hpp"
#include "game/apps/scrim/installed.hpp"
#include "game/apps/scrim/match_options.hpp"
#include "game/apps/scrim/replay_controls.hpp"
#include "game/client/match_input.hpp"
#include "game/client/menu/menu_input.hpp"
#include "game/client/menu/recordings.hpp"

namespace game::apps {
namespace {

using engine::app::Canvas;
using engine::app::Input;
using SteadyClock = std::chrono::steady_clock;

/// A frame longer than this is a pause, not a step of an animation.
constexpr double kFrameSecondsMax = 0.1;

[[noreturn]] void fail(const std::string& words) { throw std::runtime_error(words); }

}  // namespace

Program::Program(Flags flags)
    : flags_(std::move(flags)), net_graph_(engine::app::assets_dir(kProgram) + "/fonts/B612-Regular.otf") {
  std::vector<std::string> complaints;
  settings_path_ = settings_file(flags_.config, complaints);
  if (!settings_path_.empty()) {
    auto loaded = client::load_settings(settings_path_);
    settings_ = std::move(loaded.settings);
    complaints.insert(complaints.end(), loaded.complaints.begin(), loaded.complaints.end());
  }
  kept_ = settings_;
  // Two newcomers in a match are to be told apart; whoever likes another name writes it into the menu.
  if (settings_.name == client::Settings::kNobodysName) settings_.name = client::call_sign(std::random_device()());
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
  online_ = std::make_unique<Online>(name(), flags_.simulate, online_handlers());
  apply_settings(false);
}

Online::Handlers Program::online_handlers() {
  Online::Handlers on;
  on.on_joined = [this] { open_match(); };
  on.on_snapshot = [this](const arena::World& world, const netcode::SnapshotInfo& info) {
    if (!match_) return;
    const double arrived_s = std::chrono::duration<double>(info.arrived.time_since_epoch()).count();
    // One that says nonsense is left out, which the screen itself says; the next one may do better.
    (void)match_->take_snapshot(world, info.tick, info.action_sequence, arrived_s);
  };
  on.on_event = [this](const netcode::EventView& event) {
    if (match_) match_->take_event(event);
  };
  on.on_failed = [this](std::string_view title, std::string_view words) {
    // A menu that waits knows what to try again; one that was left for a match does not.
    if (match_) {
      leave_match();
      menu_->show(client::ScreenId::kMain);
    }
    menu_->fail(std::string(title), std::string(words));
  };
  return on;
}

// What refers to others goes before them: the connection before the server that it is to. A server takes a second to
// end: nobody is to look at a window that stands still.
Program::~Program() {
  match_.reset();
  online_.reset();
  window_.reset();
  end_local();
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
    start_local({.match = played_alone(settings_.match)});
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
    report_.add_frame(std::chrono::duration<double>(began - last).count(), work.count());
    last = began;
  }
  // The window was closed, or a signal came, while something was being set.
  keep_settings();
  if (flags_.report) std::printf("%s\n", report_.json(window_->renderer()).c_str());
  return exit_code_;
}

int Program::top_layer() const { return shows_menu() ? kMenu : match_->wants_text() ? kTyping : kPlay; }

/// Above every layer: what fills the screen is for none of them, but where its key is a letter that is being written,
/// or is to be bound.
void Program::take_fullscreen(Input& input) {
  if (shows_menu() && menu_->waits_for_button()) return;
  const bool writes = shows_menu() ? menu_->wants_text() : match_->wants_text();
  const auto& bound = controls_.bound("fullscreen");
  const auto is_for_it = [&](const engine::app::ButtonChange& change) {
    return change.down && std::find(bound.begin(), bound.end(), change.button) != bound.end() &&
           !(writes && change.button.writes());
  };
  const bool is_pressed = std::any_of(input.buttons.begin(), input.buttons.end(),
                                      [&](const auto& change) { return is_for_it(change) && !change.repeated; });
  std::erase_if(input.buttons, is_for_it);
  if (!is_pressed) return;
  flags_.fullscreen = false;  // that was for the start
  settings_.fullscreen = !window_->is_fullscreen();
  apply_settings(true);
}

void Program::frame(double now_s, double dt_s) {
  old_match_.reset();
  Input all = window_->poll();
  if (!start_s_) start_s_ = now_s;
  script_.play(now_s - *start_s_, window_->frame().width(), window_->frame().height(), all);
  if (all.wants_quit) quits_ = true;
  take_fullscreen(all);
  const Input input = layers_.route(all, top_layer());
  controls_.update(input);

  online_->poll();
  tend_local();
  menu_->set_server(online_->view());
  if (player_ && match_)
    update_replay(input, now_s, dt_s);
  else if (match_)
    update_match(input, now_s, dt_s);
  if (input.layer == kPlay && match_ && !over_match_ && controls_.was_pressed("pause")) {
    over_match_ = true;
    menu_->set_pause(pause_words());
    menu_->show(client::ScreenId::kPause);
  }
  if (shows_menu()) update_menu(input, dt_s);
  keep_settings_in_time(now_s);
  set_window();

  Canvas canvas(window_->frame());
  if (match_) match_->draw(canvas);
  if (player_ && match_) draw_replay_words(canvas, *player_, controls_, input.device, *menu_art_);
  if (match_ && !player_) net_graph_.draw(window_->frame(), match_settings().colors);
  canvas.set_view({.centre = {static_cast<float>(canvas.picture().width()) / 2,
                              static_cast<float>(canvas.picture().height()) / 2}});
  if (shows_menu()) menu_->draw(canvas);
}

void Program::update_menu(const Input& input, double dt_s) {
  // In the frame that it appears in, presses are still for what was there before.
  Input for_menu = input;
  if (input.layer != kMenu) {
    for_menu.buttons.clear();
    for_menu.text.clear();
  }
  menu_->update(for_menu, dt_s);
  for (const client::MenuSound sound : menu_->sounds()) play(sound);
  if (const auto copied = menu_->take_copied()) window_->set_clipboard(*copied);
  while (const auto choice = menu_->take_choice()) follow(*choice);
}

/// The window as the top layer wants it.
void Program::set_window() {
  const bool is_menu = shows_menu();
  window_->take_text(is_menu ? menu_->wants_text() : match_->wants_text());
  window_->show_cursor(is_menu);
  window_->confine_pointer(!is_menu);
}

void Program::update_match(const Input& input, double now_s, double dt_s) {
  match_->set_connection(online_->is_reconnecting(), online_->ping_ms());
  match_->update({.input = input,
                  .controls = controls_,
                  .now_s = now_s,
                  .dt_s = static_cast<float>(dt_s),
                  .width = window_->frame().width(),
                  .height = window_->frame().height(),
                  .hands_on = !over_match_ && input.layer != kMenu},
                 online_.get());
  if (flags_.report) report_.add_picture(match_->scene(), now_s);
  if (input.layer == kPlay && controls_.was_pressed("net_graph")) net_graph_.toggle();
  net_graph_.add(now_s, online_->network(), online_->stats(), online_->snapshot(), match_->motion());
  online_->measure_fields(net_graph_.is_on());
  net_graph_.add_fields(now_s, online_->field_costs());
  if (const auto copied = match_->take_copied()) window_->set_clipboard(*copied);
  if (const auto line = match_->take_chat()) online_->say(*line);
  if (const auto map = match_->take_vote()) online_->vote(*map);
}

void Program::update_replay(const Input& input, double, double dt_s) {
  if (input.layer == kPlay) control_replay(*player_, controls_);
  if (!over_match_) player_->update(dt_s, *match_);
  match_->update({.input = input,
                  .controls = controls_,
                  .now_s = player_->clock_s(),
                  .dt_s = player_->is_paused() || over_match_ ? 0 : static_cast<float>(dt_s),
                  .width = window_->frame().width(),
                  .height = window_->frame().height(),
                  .hands_on = !over_match_ && input.layer != kMenu},
                 nullptr);
}

void Program::play(client::MenuSound sound) {
  if (!sounds_) return;
  const auto which = sound == client::MenuSound::kMove     ? client::Sound::kMenuMove
                     : sound == client::MenuSound::kAccept ? client::Sound::kMenuAccept
                                                           : client::Sound::kMenuBack;
  sounds_->play(which, client::Importance::kOwn);
}

}  // namespace game::apps
