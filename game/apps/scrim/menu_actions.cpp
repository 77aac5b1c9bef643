// Where the program goes as the menu says: into matches and recordings, and back.
#include <spdlog/spdlog.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "game/apps/scrim/installed.hpp"
#include "game/apps/scrim/match_options.hpp"
#include "game/apps/scrim/program.hpp"

namespace game::apps {
namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

std::string note_of(const netcode::JoinedMatch& match, std::string_view url) {
  const std::string_view version = match.rules_differ ? " (another version of the game: controls lag)" : "";
  return fmt::format("match {} at {}{}", match.id, url, version);
}

}  // namespace

void Program::open_match() {
  const auto& joined = online_->match();
  if (!joined) return;
  auto screen = client::MatchScreen::open(art(), sounds_.get(), match_settings(),
                                          {.map = online_->map(),
                                           .self = static_cast<sim::PlayerId>(joined->player.value),
                                           .note = note_of(*joined, online_->view().url),
                                           .predicts = !joined->rules_differ});
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
}

void Program::leave_match() {
  old_match_ = std::exchange(match_, nullptr);
  player_.reset();
  over_match_ = false;
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

void Program::start_local(LocalServer::Config config) {
  online_->disconnect();
  end_local();
  config.record_dir = recordings_folder();
  wanted_local_ = std::move(config);
  tend_local();
}

void Program::end_local() {
  wanted_local_.reset();
  if (!local_) return;
  local_->stop();
  ending_.push_back(std::move(local_));
}

void Program::tend_local() {
  std::erase_if(ending_, [](const auto& server) { return server->is_over(); });
  if (!wanted_local_ || !ending_.empty()) return;
  const LocalServer::Config config = *std::exchange(wanted_local_, std::nullopt);
  auto local = LocalServer::start(config);
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
  keep_at_s_.reset();
  client::Settings settings = settings_;
  settings.tidy_name(kept_.name);  // the field may be empty for the moment
  if (settings_path_.empty() || settings == kept_) return;
  auto saved = client::save_settings(settings, settings_path_);
  if (!saved) {
    spdlog::error("settings are not kept: {}", saved.error().reason);
    return menu_->set_complaints({"settings are not kept: " + saved.error().reason});
  }
  kept_ = std::move(settings);
}

void Program::keep_settings_in_time(double now_s) {
  constexpr double kAfterSeconds = 1;
  if (settings_ != seen_) {
    seen_ = settings_;
    keep_at_s_ = now_s + kAfterSeconds;
  }
  if (keep_at_s_ && now_s >= *keep_at_s_) keep_settings();
}

void Program::follow(const client::MenuChoice& choice) {
  std::visit(Overload{
                 [&](const client::QuickPlay& one) { online_->quick_play(one.url); },
                 [&](const client::PlayOffline& one) { start_local({.match = played_alone(one.match)}); },
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
                 [&](const client::CancelWait&) {
                   online_->disconnect();
                   end_local();
                 },
                 [&](const client::ResumeMatch&) { over_match_ = false; },
                 [&](const client::LeaveMatch&) {
                   if (!player_) online_->leave();
                   leave_match();
                   if (local_) {
                     online_->disconnect();
                     end_local();
                   }
                   menu_->show(client::ScreenId::kMain);
                 },
                 [&](const client::Quit&) { quits_ = true; },
             },
             choice);
}

}  // namespace game::apps
