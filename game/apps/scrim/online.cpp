#include "game/apps/scrim/online.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <utility>

#include "game/apps/scrim/match_options.hpp"
#include "game/server/arena.hpp"
#include "game/wire/action.hpp"

namespace game::apps {
namespace {

using netcode::ClientState;

constexpr std::chrono::milliseconds kAnswerWait{3};

client::MatchRow row_of(const netcode::MatchInfo& info) {
  const auto said = [&info](const char* key) {
    const auto found = info.metadata.find(key);
    return found == info.metadata.end() ? std::string() : found->second;
  };
  return {.id = info.id,
          .map = said("map"),
          .mode = said("mode"),
          .players = info.players,
          .bots = info.bots,
          .players_max = info.players_max,
          .spectators = info.spectators,
          .has_password = info.has_password,
          .is_locked = info.is_locked};
}

}  // namespace

Online::Online(std::string name, std::optional<netcode::NetworkProfile> simulate, Handlers handlers)
    : name_(std::move(name)), simulate_(std::move(simulate)), handlers_(std::move(handlers)) {
  client_ = std::make_unique<Client>(netcode::ClientConfig{.name = name_});
}

void Online::start(const std::string& url, Goal goal) {
  goal_ = goal;
  was_in_match_ = false;
  list_under_way_ = false;
  wants_list_ = goal == Goal::kLobby;
  to_create_.reset();
  if (view_.url != url) view_ = {};
  view_.url = url;
  view_.words.clear();
  const bool is_there = client_->name() == name_ && client_->state() == ClientState::kConnected &&
                        view_.state == client::ServerView::State::kConnected;
  if (is_there) return;
  view_.state = client::ServerView::State::kConnecting;
  // A client is of one server: another one gets another client. We may be in a handler of the old one's.
  old_client_ = std::move(client_);
  client_ = std::make_unique<Client>(netcode::ClientConfig{.url = url, .name = name_, .simulate = simulate_});
  client_->on_state([this](ClientState state, std::string_view reason) { on_state(state, reason); });
  client_->on_joined([this](const netcode::JoinedMatch& match) {
    was_in_match_ = true;
    if (!match.resumed && handlers_.on_joined) handlers_.on_joined();
  });
  client_->on_snapshot([this](const arena::World& world, const netcode::SnapshotInfo& info) {
    if (handlers_.on_snapshot) handlers_.on_snapshot(world, info);
  });
  client_->on_any([this](const netcode::EventView& event) {
    if (handlers_.on_event) handlers_.on_event(event);
  });
  client_->on_ended([this](std::string_view result) {
    if (handlers_.on_ended) handlers_.on_ended(result);
  });
}

void Online::connect(const std::string& url) {
  start(url, Goal::kLobby);
  client_->connect();
}

void Online::join(const std::string& url, const std::string& id, const netcode::JoinOptions& options) {
  start(url, Goal::kMatch);
  client_->join(id, options);
}

void Online::quick_play(const std::string& url, const netcode::JoinOptions& options) {
  start(url, Goal::kMatch);
  client_->quick_join(server::kArenaKind, options);
}

void Online::create(const std::string& url, const client::MatchSetup& match, const std::string& password) {
  start(url, Goal::kMatch);
  netcode::MatchRequest request{
      .kind = std::string(server::kArenaKind), .password = password, .is_private = match.is_private};
  request.options = match_options(match);
  to_create_ = std::move(request);
  if (client_->state() != ClientState::kConnected) return client_->connect();
  on_state(ClientState::kConnected, {});
}

void Online::leave() {
  goal_ = Goal::kLobby;
  wants_list_ = true;
  was_in_match_ = false;
  client_->leave();
}

void Online::disconnect() {
  goal_ = Goal::kNone;
  was_in_match_ = false;
  client_->close("left");
  view_ = {};
}

std::uint32_t Online::act(const sim::Action& action, netcode::ViewTime view) {
  return client_->act(wire::to_wire(action), view);
}

void Online::say(const std::string& text) {
  arena::ChatT chat;
  chat.text = text;
  client_->emit(chat);
}

void Online::vote(const std::string& map) {
  arena::VoteT vote;
  vote.map = map;
  client_->emit(vote);
}

bool Online::is_in_match() const { return was_in_match_; }
bool Online::is_reconnecting() const { return client_->state() == ClientState::kReconnecting; }

void Online::on_state(ClientState state, std::string_view reason) {
  using State = client::ServerView::State;
  if (goal_ == Goal::kNone) return;  // we went: it is late
  switch (state) {
    case ClientState::kConnected:
      view_.state = State::kConnected;
      if (to_create_) {
        const netcode::MatchRequest request = *std::exchange(to_create_, std::nullopt);
        client_->create(request, [this, password = request.password](const engine::Result<netcode::MatchInfo>& made) {
          if (made) return client_->join(made->id, {.password = password});
          goal_ = Goal::kLobby;
          if (handlers_.on_failed) handlers_.on_failed("The match was not made", made.error().reason);
        });
      } else if (goal_ == Goal::kMatch && !was_in_match_ && !reason.empty()) {
        // A join that was refused leaves us in the lobby.
        goal_ = Goal::kLobby;
        if (handlers_.on_failed) handlers_.on_failed("You could not join", reason);
      }
      return;
    case ClientState::kInMatch:
      view_.state = State::kConnected;
      return;
    case ClientState::kConnecting:
      view_.state = State::kConnecting;
      return;
    case ClientState::kReconnecting:
      view_.words = reason;
      return;
    case ClientState::kClosed: {
      const bool was_there = view_.state == State::kConnected;
      view_.state = was_there ? State::kLost : State::kRefused;
      view_.words = reason;
      const Goal goal = std::exchange(goal_, Goal::kNone);
      const bool was_in_match = std::exchange(was_in_match_, false);
      if (goal == Goal::kLobby && !was_in_match) return;  // the list of matches says it
      if (handlers_.on_failed)
        handlers_.on_failed(was_in_match ? "The match is over for you" : "No match at " + view_.url, reason);
      return;
    }
    case ClientState::kIdle:
      return;
  }
}

int Online::ping_ms() const {
  const auto rtt = client_->network().rtt_smooth;
  // Who watches sends no actions that could be timed: what the list's answer took will do.
  if (rtt == engine::Duration::zero()) return view_.ping_ms.value_or(0);
  return static_cast<int>(std::lround(std::chrono::duration<double, std::milli>(rtt).count()));
}

void Online::poll() {
  client_->poll();
  old_client_.reset();
  // In a match nobody looks at the list.
  if (!wants_list_ || list_under_way_ || client_->state() != ClientState::kConnected || goal_ != Goal::kLobby) return;
  wants_list_ = false;
  list_under_way_ = true;
  const auto asked = std::chrono::steady_clock::now();
  client_->list(server::kArenaKind, [this, asked](const engine::Result<std::vector<netcode::MatchInfo>>& list) {
    list_under_way_ = false;
    if (!list && goal_ == Goal::kNone) return;  // we went
    if (!list) {
      // Of another connection, or what the server says of this one: the matches shown are not the server's any more.
      if (view_.list_problem.empty()) spdlog::warn("no list of matches from {}: {}", view_.url, list.error().reason);
      view_.list_problem = list.error().reason;
      return;
    }
    view_.list_problem.clear();
    const std::chrono::duration<double, std::milli> round_trip = std::chrono::steady_clock::now() - asked;
    view_.ping_ms = static_cast<int>(std::lround(round_trip.count()));
    view_.matches.clear();
    for (const netcode::MatchInfo& info : *list) view_.matches.push_back(row_of(info));
  });
  // A near server answers within this: its ping is not one of waiting for the next frame.
  client_->wait(kAnswerWait);
}

}  // namespace game::apps
