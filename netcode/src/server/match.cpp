#include "server/match.hpp"

#include <algorithm>
#include <map>

#include <spdlog/spdlog.h>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

// Matches of one shard start at different phases of the tick, so that their work does not fall on the same instant.
// Steps of the golden ratio spread any number of them evenly.
engine::Duration phase_of(std::uint64_t match_number, std::uint32_t tick_hz) {
  const double turn = static_cast<double>(match_number) * 0.61803398875;
  const double fraction = turn - static_cast<double>(static_cast<std::uint64_t>(turn));
  return engine::Duration(static_cast<std::int64_t>(fraction * 1e9 / tick_hz));
}

// 0 says "no map" on the wire.
std::uint64_t map_hash_of(const SharedBytes& map) { return map ? std::max<std::uint64_t>(hash_bytes(*map), 1) : 0; }

/// What the rules may tell each member of somebody's coming and going, as Outbox counts it; held against the visitor.
constexpr std::size_t kTellingBytes = 256;
constexpr std::size_t kTellingBytesMax = limits::kFanOutBurstBytesMax / 8;

Tick ticks_in(std::chrono::milliseconds time, std::uint32_t tick_hz) {
  return static_cast<Tick>(time.count() * tick_hz / 1000);
}

}  // namespace

engine::Result<std::unique_ptr<LiveMatch>> LiveMatch::create(Shard& shard, const Kind& kind, std::string id,
                                                             MatchOptions options) {
  MatchSetup setup{.match_id = std::move(id),
                   .seed = shard.next_seed(),
                   .tick_hz = options.tick_hz,
                   .snapshot_hz = options.snapshot_hz,
                   .rewind_ms_max = options.rewind_ms_max,
                   .options = options.options,
                   .map = options.map};
  auto simulation = Simulation::create(kind.type, kind.schema, std::move(setup));
  if (!simulation) return simulation.error();
  std::unique_ptr<LiveMatch> match(new LiveMatch(shard, kind, std::move(options), std::move(*simulation)));

  match->recorder_ = shard.record(*match->simulation_, kind);
  match->simulation_->set_emit_sink([raw = match.get()](const Emitted& emitted) { raw->deliver(emitted); });
  match->simulation_->start();
  if (match->recorder_) match->recorder_->start(*match->simulation_);
  match->balance_bots();
  match->publish();
  match->schedule();
  return match;
}

LiveMatch::LiveMatch(Shard& shard, const Kind& kind, MatchOptions options, std::unique_ptr<Simulation> simulation)
    : shard_(shard),
      kind_(kind),
      options_(std::move(options)),
      map_hash_(map_hash_of(options_.map)),
      simulation_(std::move(simulation)),
      step_({.tick_hz = options_.tick_hz,
             .phase = phase_of(shard.matches_made(), options_.tick_hz),
             .catch_up_ticks_max = limits::kCatchUpTicksMax},
            shard.now()),
      ticks_per_snapshot_(std::max(1U, options_.tick_hz / options_.snapshot_hz)),
      rewind_ticks_max_(ticks_in(std::chrono::milliseconds(options_.rewind_ms_max), options_.tick_hz)),
      bots_(kind.make_bot, kind.bots, setup().seed, setup().map),
      next_player_(simulation_->next_player().value),
      actions_({.late_ticks_max = ticks_in(limits::kActionLateMax, options_.tick_hz),
                .view_ticks_max = ticks_in(limits::kViewAgeMax, options_.tick_hz)}),
      empty_since_(shard.now()) {
  if (simulation_->rules().has_hidden_entities()) visible_world_.emplace(kind.schema, kind.type.world_table);
}

LiveMatch::~LiveMatch() {
  shard_.loop().cancel(timer_);
  if (recorder_) recorder_->finish(simulation_->result());
}

// --- who is in it

std::uint32_t LiveMatch::people() const {
  return static_cast<std::uint32_t>(
      std::count_if(members_.begin(), members_.end(), [](const Member& m) { return m.player != kNoPlayer; }));
}

engine::Result<void> LiveMatch::admits(const JoinRequest& request) const {
  if (simulation_->result()) return engine::error("match {} is over", id());
  if (request.schema_hash && *request.schema_hash != kind_.schema.hash())
    return engine::error("this client's schema is {:016x}, the server's {} has {:016x}: another version of the game",
                         *request.schema_hash, kind_.name, kind_.schema.hash());
  if (is_locked_) return engine::error("match {} is locked", id());
  if (!options_.password.empty() && request.password.empty()) return engine::error("match {} needs a password", id());
  if (request.password != options_.password) return engine::error("match {}: wrong password", id());
  if (request.spectate && members_.size() - people() >= options_.spectators_max)
    return engine::error("match {} has {} spectators, its limit", id(), options_.spectators_max);
  if (!request.spectate && next_player_ > limits::kSeatsPerMatchMax)
    return engine::error("match {} has had {} players, its limit: join another", id(), limits::kSeatsPerMatchMax);
  if (!request.spectate && people() >= options_.players_max)
    return engine::error("match {} is full: {} players", id(), options_.players_max);
  return {};
}

engine::Result<void> LiveMatch::join(SessionCore& session, const JoinRequest& request) {
  ENGINE_ASSERT(!session.match());
  if (auto admitted = admits(request); !admitted) return admitted;
  PlayerId player = kNoPlayer;
  if (!request.spectate) {
    player = PlayerId{next_player_};
    if (inputs_.size() >= limits::kInboxInputsMax) return engine::error("match {} is too busy", id());
    const std::string& name = names_.take(player, session.identity().name);
    inputs_.push_back({.kind = InputKind::kJoin, .player = player, .is_bot = false, .text = name, .body = {}});
    ++next_player_;
    actions_.add_player(player);
  }
  session.fan_out()->charge(std::min(members_.size() * 2 * kTellingBytes, kTellingBytesMax));
  members_.push_back({session.identity().id, player});
  session.enter_match(*this, player);
  balance_bots();
  publish();
  return {};
}

void LiveMatch::leave(SessionCore& session) {
  const auto member = std::find_if(members_.begin(), members_.end(),
                                   [&](const Member& m) { return m.session == session.identity().id; });
  ENGINE_ASSERT(member != members_.end());
  if (member->player != kNoPlayer) {
    actions_.remove_player(member->player);
    names_.release(member->player);
    // Beyond the bound on purpose: a seat that is not given up would be worse than one input too many.
    inputs_.push_back({.kind = InputKind::kLeave, .player = member->player, .is_bot = false, .text = {}, .body = {}});
  }
  members_.erase(member);
  session.exit_match();
  if (members_.empty()) empty_since_ = shard_.now();
  balance_bots();
  publish();
}

void LiveMatch::balance_bots() {
  const std::uint32_t wanted = bots_.wanted(people(), options_.players_max);
  while (bots_.size() > wanted) {
    const PlayerId player = bots_.remove_newest();
    actions_.remove_player(player);
    names_.release(player);
    inputs_.push_back({.kind = InputKind::kLeave, .player = player, .is_bot = true, .text = {}, .body = {}});
  }
  while (bots_.size() < wanted && next_player_ <= limits::kSeatsPerMatchMax) {
    const PlayerId player{next_player_++};
    actions_.add_player(player);
    const std::string& name = names_.take(player, bots_.add(player));
    inputs_.push_back({.kind = InputKind::kJoin, .player = player, .is_bot = true, .text = name, .body = {}});
  }
}

MatchInfo LiveMatch::info() const {
  return {.id = id(),
          .kind = kind_.name,
          .players = people() + bots_.size(),
          .bots = bots_.size(),
          .spectators = static_cast<std::uint32_t>(members_.size()) - people(),
          .players_max = options_.players_max,
          .is_locked = is_locked_,
          .has_password = !options_.password.empty(),
          .metadata = options_.metadata};
}

void LiveMatch::publish() const { shard_.server().directory().publish(info(), options_.is_private); }

void LiveMatch::set_locked(bool locked) {
  is_locked_ = locked;
  publish();
}

void LiveMatch::set_metadata(std::string key, std::string value) {
  Fields changed = options_.metadata;
  changed[std::move(key)] = std::move(value);
  if (auto ok = check_metadata(changed); !ok) return spdlog::error("match {}: {}", id(), ok.error().reason);
  options_.metadata = std::move(changed);
  publish();
}

// --- what comes in

engine::Result<void> LiveMatch::take_action(PlayerId player, const protocol::ActionView& action) {
  const BytesView body = protocol::aligned(action.body, shard_.body_buffer());
  flatbuffers::Verifier verifier(body.data(), body.size(), limits::kVerifyDepthMax, limits::kVerifyTablesMax);
  if (!kind_.type.verify_action(verifier)) return engine::error("not a valid {}", kind_.type.action_table);
  if (auto ok = kind_.schema.check_values(kind_.type.action_table, body); !ok) return ok.error();

  const Tick next = current_tick() + 1;
  const Tick due = action.tick != 0 ? action.tick : next;
  const std::int64_t ticks_early = static_cast<std::int64_t>(due) - next;
  const engine::Duration slack =
      (step_.next_due() - shard_.now()) + engine::Duration(ticks_early * 1'000'000'000 / options_.tick_hz);
  ServerStats& stats = shard_.stats();
  const ActionInbox::Arrival arrival{.tick = action.tick,
                                     .sequence = action.sequence,
                                     .view = {action.view_tick, action.view_fraction},
                                     .body = body,
                                     .next_tick = next,
                                     .slack = slack};
  const ActionInbox::Verdict verdict = actions_.put(player, arrival);
  const bool is_late = verdict == ActionInbox::Verdict::kLate;
  const bool is_taken = is_late || verdict == ActionInbox::Verdict::kTaken;
  stats.actions += is_taken ? 1 : 0;
  stats.actions_late += is_late ? 1 : 0;
  stats.actions_dropped += is_taken ? 0 : 1;
  return ActionInbox::answer(verdict, arrival);
}

bool LiveMatch::push_input(Input input) {
  if (inputs_.size() >= limits::kInboxInputsMax) return false;
  inputs_.push_back(std::move(input));
  return true;
}

bool LiveMatch::post(PlayerId from, std::string_view table, BytesView body) {
  return push_input({.kind = InputKind::kEvent,
                     .player = from,
                     .is_bot = false,
                     .text = std::string(table),
                     .body = Bytes(body.begin(), body.end())});
}

void LiveMatch::end_now(std::string result) {
  apply({.kind = InputKind::kEnd, .player = kNoPlayer, .is_bot = false, .text = std::move(result), .body = {}});
}

void LiveMatch::request_end(std::string result) {
  inputs_.push_back(
      {.kind = InputKind::kEnd, .player = kNoPlayer, .is_bot = false, .text = std::move(result), .body = {}});
}

// --- the tick

void LiveMatch::schedule() {
  timer_ = shard_.loop().call_at(step_.next_due(), [this] { on_due(); });
}

void LiveMatch::on_due() {
  const engine::FixedStep::Due due = step_.take(shard_.now());
  ServerStats& stats = shard_.stats();
  stats.ticks += due.ticks;
  stats.late_ticks += due.late;
  stats.skipped_ticks += due.skipped;
  if (due.ticks > 1) shard_.note_overdue(due.ticks - 1 + due.skipped);
  for (std::uint32_t i = 0; i < due.ticks && !simulation_->result(); ++i) run_tick();
  shard_.flush_all();

  const bool is_deserted =
      members_.empty() && !options_.keep_when_empty && shard_.now() - empty_since_ >= limits::kMatchEmptyTimeout;
  if (is_deserted) end_now("empty");
  if (simulation_->result()) return finish();
  schedule();
}

void LiveMatch::run_tick() {
  apply_inputs();
  simulation_->tick();
  const Tick tick = current_tick();
  if (recorder_) recorder_->tick(*simulation_);
  if (tick % ticks_per_snapshot_ == 0) {
    if (recorder_) recorder_->end_interval();
    send_snapshots();
  }
  think();
}

void LiveMatch::apply_inputs() {
  for (const Input& input : std::exchange(inputs_, {})) apply(input);
  const Tick tick = current_tick() + 1;
  for (ActionInbox::Due& due : actions_.take(tick)) {
    // A player who joined is seated by now; one who left has no actions left.
    apply({.kind = InputKind::kAction,
           .player = due.player,
           .is_bot = false,
           .text = {},
           .body = std::move(due.body),
           .view = bounded(due.view, tick),
           .ticks_late = due.ticks_late});
  }
  shard_.stats().actions_missing += actions_.missing() - std::exchange(missing_told_, actions_.missing());
}

// After a stall an honest view may be older than what is granted: it is judged as near to it as may be.
ViewTime LiveMatch::bounded(ViewTime view, Tick tick) const {
  if (view.tick == 0 || rewind_ticks_max_ == 0) return {};
  const Tick oldest = tick > rewind_ticks_max_ ? tick - rewind_ticks_max_ : 1;
  return view.tick < oldest ? ViewTime{.tick = oldest, .fraction = 0} : view;
}

void LiveMatch::apply(const Input& input) {
  if (recorder_) recorder_->input(input);
  // What somebody's coming, going or vote makes the rules emit is of that client; what play makes them, of the match.
  const bool is_of_client = input.kind != InputKind::kAction && !input.is_bot && input.player != kNoPlayer;
  cause_ = is_of_client ? Outbox::Cause::kOthers : Outbox::Cause::kServer;
  const auto applied = simulation_->apply(input);
  cause_ = Outbox::Cause::kServer;
  ENGINE_ASSERT(applied.has_value(), applied ? "" : applied.error().reason.c_str());
}

// --- what goes out

void LiveMatch::deliver(const Emitted& emitted) {
  const auto event = shard_.server().make_event({.sequence = 1, .name = emitted.name, .ack = 0, .body = emitted.body});
  for (const Member& member : members_) {
    if (!event || (emitted.to != kNoPlayer && member.player != emitted.to)) continue;
    if (SessionCore* session = shard_.session(member.session))
      session->send_event(protocol::kDefaultNamespace, event, false, cause_);
  }
  if (recorder_) recorder_->event(emitted);
}

void LiveMatch::add_members(std::set<SessionId>& to) const {
  for (const Member& member : members_) to.insert(member.session);
}

SnapshotPtr LiveMatch::encode_world() {
  world_.Clear();
  const auto root = simulation_->rules().write_snapshot(world_);
  world_.Finish(flatbuffers::Offset<flatbuffers::Table>(root.o));
  seen_tick_ = current_tick();
  ++shard_.stats().snapshots_encoded;
  return std::make_shared<const protocol::SharedSnapshot>(BytesView(world_.GetBufferPointer(), world_.GetSize()));
}

std::vector<bool> LiveMatch::visible_to(PlayerId viewer, const std::vector<EntityRef>& entities) const {
  std::vector<bool> out(entities.size(), true);
  if (viewer == kNoPlayer) return out;
  for (std::size_t i = 0; i < entities.size(); ++i) out[i] = simulation_->rules().visible(viewer, entities[i]);
  return out;
}

// Encoded once for all who may see the same.
void LiveMatch::send_snapshots() {
  if (members_.empty() && bots_.size() == 0) return;
  const Tick tick = current_tick();
  const SnapshotPtr whole = encode_world();
  if (!visible_world_) {
    for (const Member& member : members_)
      if (SessionCore* session = shard_.session(member.session)) session->offer_snapshot(tick, whole);
    return;
  }
  const BytesView world(world_.GetBufferPointer(), world_.GetSize());
  const auto entities = visible_world_->entities(world);
  std::map<std::vector<bool>, SnapshotPtr> by_visible_set;
  for (const Member& member : members_) {
    const auto keep = visible_to(member.player, entities);
    SnapshotPtr& snapshot = by_visible_set[keep];
    if (!snapshot) {
      snapshot = std::make_shared<const protocol::SharedSnapshot>(visible_world_->filtered(world, keep));
      ++shard_.stats().snapshots_encoded;
    }
    if (SessionCore* session = shard_.session(member.session)) session->offer_snapshot(tick, snapshot);
  }
}

// Bots act at every tick, as clients do, on the newest snapshot, which is all that clients have.
void LiveMatch::think() {
  if (bots_.size() == 0 || seen_tick_ == 0) return;
  const Tick next = current_tick() + 1;
  const BytesView world(world_.GetBufferPointer(), world_.GetSize());
  const auto entities = visible_world_ ? visible_world_->entities(world) : std::vector<EntityRef>();
  const auto seen_by = [&](PlayerId bot) {
    return visible_world_ ? visible_world_->filtered(world, visible_to(bot, entities)) : Bytes();
  };
  bots_.think(
      next, [&](PlayerId bot, Bytes& own) { return (own = seen_by(bot)).empty() ? world : BytesView(own); },
      [&](PlayerId bot, BytesView action) {
        actions_.put(bot, {.view = {.tick = seen_tick_, .fraction = 0}, .body = action, .next_tick = next});
        ++shard_.stats().actions;
      });
}

std::optional<MatchOptions> LiveMatch::next_options() const {
  const auto& changed = simulation_->next_options();
  if (!changed) return std::nullopt;
  MatchOptions next = options_;
  for (const auto& [key, value] : *changed) next.options[key] = value;
  // Before anybody is told: what cannot be made is not to be waited for.
  if (!kind_.prepare) return next;
  if (auto prepared = kind_.prepare(next); !prepared) {
    spdlog::error("match {} does not go on: {}", id(), prepared.error().reason);
    return std::nullopt;
  }
  return next;
}

void LiveMatch::finish() {
  const std::string result = *simulation_->result();
  std::optional<MatchOptions> next = next_options();
  const Bytes body =
      protocol::encode_match_ended({.match = id(), .result = result, .next = next ? id() : std::string()});
  const auto event = shard_.server().make_event({.sequence = 1, .name = protocol::kEndedEvent, .ack = 0, .body = body});
  for (const Member& member : std::exchange(members_, {})) {
    SessionCore* session = shard_.session(member.session);
    if (!session) continue;
    session->exit_match();
    session->send_event(protocol::kDefaultNamespace, event, false);
  }
  spdlog::info("match {} ended: {}", id(), result);
  shard_.drop_match(*this, std::move(next));  // the last thing: it destroys this object on the loop's next turn
}

}  // namespace netcode
