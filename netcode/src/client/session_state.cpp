// Where the client is: idle, connecting, in the lobby, in a match, reconnecting, closed; docs/protocol.md has the
// table.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <utility>

#include "client/client_loop.hpp"
#include "client/impl.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/rules.hpp"
#include "protocol/requests.hpp"
#include "simnet/simulated_connector.hpp"

namespace netcode {

using client::ConnectionManager;
using client::Goal;
using transport::CloseCode;

namespace {

ClientConfig checked(ClientConfig config) {
  const auto require = [](bool good, std::string_view what) {
    if (!good) throw std::invalid_argument("ClientConfig: " + std::string(what));
  };
  require(config.backoff_min.count() > 0, "backoff_min must be above 0");
  require(config.backoff_max >= config.backoff_min, "backoff_max must not be below backoff_min");
  require(config.connect_timeout.count() > 0, "connect_timeout must be above 0");
  require(config.give_up_after.count() >= 0, "give_up_after must not be below 0");
  return config;
}

Schema load_schema(const ClientCore::Game& game) {
  auto schema = Schema::load(game.schema, game.world_table);
  if (!schema) throw std::invalid_argument("the game's schema: " + schema.error().reason);
  return std::move(*schema);
}

std::uint64_t seed_of(const ClientConfig& config) {
  return config.jitter_seed != 0 ? config.jitter_seed : std::random_device()();
}

ConnectionManager::Config connections_config(const ClientConfig& config) {
  return {.reconnect = config.reconnect,
          .connect_timeout = config.connect_timeout,
          .backoff = {.min = config.backoff_min,
                      .max = config.backoff_max,
                      .give_up_after = config.give_up_after,
                      .seed = seed_of(config)}};
}

std::unique_ptr<transport::Connector> as_simulated(std::unique_ptr<transport::Connector> connector,
                                                   const ClientConfig& config) {
  if (!config.simulate) return connector;
  return std::make_unique<transport::SimulatedConnector>(std::move(connector), *config.simulate, seed_of(config));
}

}  // namespace

ClientCore::Impl::Impl(ClientConfig given, const Game& game, std::unique_ptr<transport::Connector> connector)
    : Impl(std::move(given), game, std::move(connector), nullptr, nullptr) {}

ClientCore::Impl::Impl(ClientConfig given, const Game& game, ClientLoop& loop, std::unique_ptr<ClientLoop> own_loop)
    : Impl(std::move(given), game, loop.impl_->connector(), &loop, std::move(own_loop)) {}

ClientCore::Impl::Impl(ClientConfig given, const Game& game, std::unique_ptr<transport::Connector> connector,
                       ClientLoop* loop, std::unique_ptr<ClientLoop> own_loop)
    : config(checked(std::move(given))),
      schema(load_schema(game)),
      world_table(game.world_table),
      name(config.name),
      rules_hash_(rules_hash(game.version)),
      layout_hash_(schema.layout_hash(game.world_table)),
      lanes_(LaneLayout::find(schema, game.world_table)),
      unpackers_{Unpacker(lanes_), Unpacker(lanes_)},
      own_loop_(std::move(own_loop)),
      loop_(loop),
      connector_(as_simulated(std::move(connector), config)),
      replies_(connector_->loop()),
      connections_(connections_config(config), *connector_, *this) {
  if (!config.auth) return;
  if (const auto good = check(*config.auth); !good) throw std::invalid_argument("ClientConfig: " + good.error().reason);
}

ClientCore::Impl::~Impl() { connector_->loop().cancel(beat_timer_); }

// Asked for ---------------------------------------------------------------------------------------

void ClientCore::Impl::go(Goal goal) {
  if (goal.kind == Goal::Kind::kLobby && has_session()) return leave();
  goal_ = std::move(goal);
  if (!has_session()) {
    set_state_by_caller(ClientState::kConnecting, "");
    connections_.go();
  } else if (!is_leaving_) {
    connections_.go();
  }
}

void ClientCore::Impl::leave() {
  if (!has_session()) return;
  goal_ = {};
  last_match_.clear();
  const bool was_inside = match || arriving_;
  out_of_match();
  arriving_.reset();
  if (was_inside) ask_to_leave();
  if (!connections_.is_up()) return connections_.go();
  connections_.drop_attempt();
  set_state_by_caller(ClientState::kConnected, "");
}

void ClientCore::Impl::ask_to_leave() {
  if (is_leaving_) return;
  is_leaving_ = true;
  const auto answered = [this, session = session_count_](const engine::Result<Reply>& /*reply*/) {
    if (session != session_count_) return;
    is_leaving_ = false;
    if (goal_.kind != Goal::Kind::kLobby) connections_.go();
  };
  // Without a timeout: until it is answered we may still be inside, and a join would then be left instead.
  emit({.space = protocol::kDefaultNamespace, .name = protocol::kLeaveEvent, .body = {}}, answered, std::nullopt,
       Asker::kNetcode);
}

void ClientCore::Impl::close(std::string_view why) {
  if (!has_session()) return;
  const std::string closing(why);
  connections_.stop(CloseCode::kNormal, closing);
  end_session(closing.empty() ? "closed" : closing);
  set_state_by_caller(ClientState::kClosed, closing);
}

void ClientCore::Impl::give_up(const std::string& why) {
  spdlog::warn("{}: {}", name, why);
  close(why);
}

// Connected ---------------------------------------------------------------------------------------

void ClientCore::Impl::welcomed(const protocol::Welcome& welcome) {
  const bool resumed = welcome.resumed && !token_.empty() && welcome.session == session_id;
  if (!resumed && !token_.empty()) end_session("the server began a new session");
  if (resumed && welcome.epoch != epoch_) begin_epoch();
  epoch_ = welcome.epoch;
  if (!send_queue_.resume_from(welcome.received)) {
    return misbehaved(CloseCode::kProtocolError,
                      engine::error("the server says to have received {} of our messages", welcome.received).reason);
  }
  take_missed(welcome);
  token_ = welcome.token;
  session_id = welcome.session;
  name = welcome.name;
  if (connections_.welcome() == ConnectionManager::Arrival::kReconnect) {
    ++stats.reconnects;
    stats.resumed += resumed ? 1 : 0;
  }
  told();  // by the URL
  connector_->loop().cancel(beat_timer_);
  beat();
  flush();  // what the old connection did not carry over, before anything that handlers add
  arriving_.reset();
  if (!welcome.refusal.empty()) return arrive_refused(welcome.refusal);
  if (!welcome.match) return arrive_in_lobby();
  if (is_leaving_ || goal_.kind == Goal::Kind::kLobby) {
    ask_to_leave();
    return arrive_in_lobby();
  }
  arrive(*welcome.match, resumed);
}

// Word of what was under way in the old numbering can come no more.
void ClientCore::Impl::begin_epoch() {
  spdlog::info("{}: the server numbers this session's messages anew", name);
  receiver_ = {};
  reliables_untold_ = 0;
  send_queue_.begin_epoch();
}

void ClientCore::Impl::forget_clock() {
  clock_.reset();
  rtt_.reset();
  is_due_ = false;
}

void ClientCore::Impl::slot_welcomed(std::uint8_t slot, const protocol::Welcome& welcome) {
  if (!welcome.resumed || welcome.session != session_id || welcome.link != slot)
    return connections_.refuse_slot(slot, "the server keeps one connection a session");
  unpackers_[slot].reset();
  heads_[slot] = {};
  if (!send_queue_.open(slot, welcome.received)) {
    return misbehaved(CloseCode::kProtocolError,
                      engine::error("the server says to have received {} of our messages", welcome.received).reason);
  }
  take_missed(welcome);
  newest_ticks_[slot] = 0;
  const bool won_race = connections_.welcome_slot(slot);
  stats.raced += won_race ? 1 : 0;
  stats.twin_opened += won_race ? 0 : 1;
  send_received();  // at once: with the first word over it the server takes it for the link
}

/// The second link is for matches.
void ClientCore::Impl::out_of_match() {
  match.reset();
  forget_clock();
  stalls_.reset();
  connections_.close_twin();
  if (!connections_.is_open(1)) send_queue_.close(1);
}

void ClientCore::Impl::match_ended(const protocol::EventMessage& event) {
  const auto ended = protocol::decode_match_ended(protocol::aligned(event.body, body_));
  if (!ended) return misbehaved(CloseCode::kBadPayload, "bad message from the server: " + ended.error().reason);
  if (arriving_ && arriving_->id == ended->match) arriving_.reset();
  if (match ? match->id != ended->match : last_match_ != ended->match) return;  // of one that we left before
  out_of_match();
  last_match_.clear();
  if (!connections_.is_moving()) goal_ = {};
  set_state(ClientState::kConnected, "the match is over");
  if (has_session()) on_ended(ended->result);
  const bool is_free = has_session() && !match && !connections_.is_moving() && goal_.kind == Goal::Kind::kLobby;
  if (ended->next.empty() || !config.follow || !is_free) return;
  Goal next = last_goal_;
  next.name = ended->next;
  go(std::move(next));
}

// Lost and over -----------------------------------------------------------------------------------

Goal ClientCore::Impl::here() const {
  if (!match) return {};
  return {.kind = Goal::Kind::kMatch, .name = match->id, .password = {}, .spectate = match->player == kNoPlayer};
}

void ClientCore::Impl::on_move_failed(std::string_view why) {
  ++stats.refused;
  goal_ = here();
  reason = engine::printable_utf8(why);
  tell_state(state, std::string(reason));
}

void ClientCore::Impl::on_link_lost(std::uint8_t slot, std::string_view why) {
  // The other one carries the session on: nobody else is told.
  if (links() != 0) spdlog::info("{}: connection {} is gone: {}", name, slot, engine::printable_utf8(why));
  send_queue_.close(slot);
  newest_ticks_[slot] = 0;
  stats.twin_lost += links() != 0 ? 1 : 0;
}

void ClientCore::Impl::on_twin_refused(std::string_view why) {
  spdlog::info("{}: no second connection: {}", name, engine::printable_utf8(why));
}

void ClientCore::Impl::on_lost(std::string_view why) {
  stats.disconnects = connections_.disconnects();
  arriving_.reset();
  connector_->loop().cancel(beat_timer_);
  set_state(ClientState::kReconnecting, why);
}

void ClientCore::Impl::on_down(std::string_view why, bool refused) {
  stats.disconnects = connections_.disconnects();
  stats.refused += refused ? 1 : 0;
  end_session(std::string(why));
  set_state(ClientState::kClosed, why);
}

void ClientCore::Impl::misbehaved(CloseCode code, const std::string& why) {
  spdlog::warn("{}: {}", name, why);
  connections_.stop(code, why);
  end_session(why);
  set_state(ClientState::kClosed, why);
}

void ClientCore::Impl::end_session(const std::string& why) {
  ++session_count_;
  token_.clear();
  session_id = {};
  send_queue_ = {};
  receiver_ = {};
  epoch_ = 0;
  is_leaving_ = false;
  match.reset();
  arriving_.reset();
  last_match_.clear();
  forget_clock();
  stalls_.reset();
  wants_twin_ = false;
  connector_->loop().cancel(beat_timer_);
  replies_.fail_all(why);
}

void ClientCore::Impl::set_state(ClientState next, std::string_view why) {
  const bool changed = next != state;
  state = next;
  reason = engine::printable_utf8(why);
  if (changed) tell_state(next, std::string(reason));
}

void ClientCore::Impl::set_state_by_caller(ClientState next, std::string_view why) {
  if (next == state) return;
  state = next;
  reason = engine::printable_utf8(why);
  connector_->loop().post([this, alive = std::weak_ptr(alive_), next, told = reason] {
    if (!alive.expired()) tell_state(next, told);
  });
}

void ClientCore::Impl::tell_state(ClientState told, const std::string& why) {
  if (loop_) loop_->impl_->wake();
  on_state(told, why);
}

}  // namespace netcode
