#include "server/live_match.hpp"

#include <algorithm>
#include <utility>

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
                                                             MatchOptions options, std::string made_by) {
  MatchSetup setup{.match_id = std::move(id),
                   .seed = shard.next_seed(),
                   .tick_hz = options.tick_hz,
                   .snapshot_hz = options.snapshot_hz,
                   .rewind_ms_max = options.rewind_ms_max,
                   .options = options.options,
                   .map = options.map};
  auto simulation = Simulation::create(kind.type, kind.schema, std::move(setup));
  if (!simulation) return simulation.error();
  std::unique_ptr<LiveMatch> match(
      new LiveMatch(shard, kind, std::move(options), std::move(made_by), std::move(*simulation)));

  match->recorder_ = shard.record(*match->simulation_, kind);
  match->simulation_->set_emit_sink([raw = match.get()](const Emitted& emitted) { raw->deliver(emitted); });
  match->simulation_->set_fault_sink([raw = match.get()](const std::string& what) { raw->note_fault(what); });
  match->simulation_->start();
  if (match->recorder_) match->recorder_->start(*match->simulation_);
  match->publish();
  match->schedule();
  return match;
}

LiveMatch::LiveMatch(Shard& shard, const Kind& kind, MatchOptions options, std::string made_by,
                     std::unique_ptr<Simulation> simulation)
    : shard_(shard),
      kind_(kind),
      options_(std::move(options)),
      made_by_(std::move(made_by)),
      number_(shard.matches_made()),
      map_hash_(map_hash_of(options_.map)),
      simulation_(std::move(simulation)),
      step_config_{.tick_hz = options_.tick_hz,
                   .phase = phase_of(number_, options_.tick_hz),
                   .catch_up_ticks_max = limits::kCatchUpTicksMax},
      step_(step_config_, shard.now()),
      ticks_per_snapshot_(std::max(1U, options_.tick_hz / options_.snapshot_hz)),
      rewind_ticks_max_(ticks_in(std::chrono::milliseconds(options_.rewind_ms_max), options_.tick_hz)),
      audience_(shard, kind, *simulation_),
      ids_(ticks_in(limits::kPlayerIdRest, options_.tick_hz)),
      bots_(kind.make_bot, kind.bots, options_.bots, setup()),
      actions_({.late_ticks_max = ticks_in(limits::kActionLateMax, options_.tick_hz),
                .view_ticks_max = ticks_in(limits::kViewAgeMax, options_.tick_hz),
                .held_ticks_max = ticks_in(limits::kActionHeldMax, options_.tick_hz)}),
      empty_since_(shard.now()) {}

LiveMatch::~LiveMatch() {
  shard_.loop().cancel(timer_);
  if (recorder_) recorder_->finish(simulation_->result());
}

// --- who is in it

engine::Result<void> LiveMatch::admits(const JoinRequest& request) const {
  if (simulation_->result()) return engine::error("match {} is over", id());
  if (request.schema_hash && *request.schema_hash != kind_.schema.hash())
    return engine::error("this client's schema is {:016x}, the server's {} has {:016x}: another version of the game",
                         *request.schema_hash, kind_.name, kind_.schema.hash());
  if (is_locked_) return engine::error("match {} is locked", id());
  if (!options_.password.empty() && request.password.empty()) return engine::error("match {} needs a password", id());
  if (request.password != options_.password) return engine::error("match {}: wrong password", id());
  if (request.spectate && places_free() == 0)
    return engine::error("match {} has {} spectators, its limit", id(), options_.spectators_max);
  if (!request.spectate && people() + *reserved_seats_ >= options_.players_max)
    return engine::error("match {} is full: {} players", id(), options_.players_max);
  if (!request.spectate && seats_free() == 0)
    return engine::error("match {} has seen too many come and go: try again in a minute", id());
  if (inputs_.size() >= limits::kInboxInputsMax) return engine::error("match {} is too busy", id());
  return {};
}

// What may be taken now, by whoever has the password; ids that rest are no seats.
std::uint32_t LiveMatch::seats_free() const {
  const std::uint32_t reserved = *reserved_seats_;
  const std::uint32_t taken = people() + reserved;
  const std::uint32_t ids = ids_.available(current_tick());
  return std::min(options_.players_max - std::min(options_.players_max, taken), ids - std::min(ids, reserved));
}

std::uint32_t LiveMatch::places_free() const {
  return options_.spectators_max - std::min(options_.spectators_max, audience_.spectators() + *reserved_places_);
}

LiveMatch::Reservation LiveMatch::reserve(bool spectate) {
  const auto count = spectate ? reserved_places_ : reserved_seats_;
  ++*count;
  return {count.get(), [count](void*) { --*count; }};
}

engine::Result<void> LiveMatch::join(SessionCore& session, const JoinRequest& request, Reservation reserved) {
  ENGINE_ASSERT(!session.match());
  if (simulation_->result()) return engine::error("match {} is over", id());
  const bool is_admitted = reserved != nullptr;
  reserved.reset();
  if (!is_admitted)
    if (auto admitted = admits(request); !admitted) return admitted;
  PlayerId player = kNoPlayer;
  if (!request.spectate) {
    const auto taken = ids_.take(current_tick());
    if (!taken) return engine::error("match {} has seen too many come and go: try again in a minute", id());
    player = *taken;
    const std::string& name = names_.take(player, session.identity().name);
    push_input({.kind = InputKind::kJoin, .player = player, .is_bot = false, .text = name, .body = {}});
    actions_.add_player(player);
  }
  session.fan_out()->charge(std::min(audience_.members().size() * 2 * kTellingBytes, kTellingBytesMax));
  audience_.add({session.identity().id, player});
  session.enter_match(*this, player);
  wake();
  publish();
  return {};
}

void LiveMatch::leave(SessionCore& session) {
  const PlayerId player = audience_.member(session.identity().id).player;
  if (player != kNoPlayer) {
    actions_.remove_player(player);
    names_.release(player);
    const auto is_of_player = [player](const Input& input) { return input.player == player; };
    const auto join = std::find_if(inputs_.begin(), inputs_.end(), is_of_player);
    if (join != inputs_.end() && join->kind == InputKind::kJoin) {
      // Came and went between two ticks: the rules need not hear of it.
      std::erase_if(inputs_, is_of_player);
      ids_.give_back_unused(player);
    } else {
      // Beyond the bound on purpose: a seat that is not given up would be worse than one input too many.
      push_input({.kind = InputKind::kLeave, .player = player, .is_bot = false, .text = {}, .body = {}});
      ids_.give_back(player, current_tick());
    }
  }
  session.exit_match();
  audience_.remove(session.identity().id);
  if (audience_.members().empty()) empty_since_ = shard_.now();
  publish();
}

MatchInfo LiveMatch::info() const {
  const std::uint32_t bots = bots_.wanted(people(), options_.players_max);  // from the next tick on
  return {.id = id(),
          .kind = kind_.name,
          .players = people() + bots,
          .bots = bots,
          .spectators = audience_.spectators(),
          .players_max = options_.players_max,
          .is_locked = is_locked_,
          .has_password = !options_.password.empty(),
          .metadata = options_.metadata};
}

void LiveMatch::publish() {
  has_ids_ = ids_.available(current_tick()) > *reserved_seats_;
  const bool is_open = !is_locked_ && options_.password.empty() && !simulation_->result();
  shard_.server().directory().publish({.info = info(),
                                       .is_private = options_.is_private,
                                       .seats_free = is_open ? seats_free() : 0,
                                       .places_free = is_open ? places_free() : 0,
                                       .made_by = made_by_});
}

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

engine::Result<void> LiveMatch::check_action(BytesView body) const {
  if (body.size() > limits::kActionBytesMax)
    return engine::error("an action of {} bytes, {} is the limit", body.size(), limits::kActionBytesMax);
  flatbuffers::Verifier verifier(body.data(), body.size(), limits::kVerifyDepthMax, limits::kVerifyTablesMax);
  if (!kind_.type.verify_action(verifier)) return engine::error("not a valid {}", kind_.type.action_table);
  return kind_.schema.check_values(kind_.type.action_table, body);
}

engine::Result<void> LiveMatch::take_action(PlayerId player, const protocol::ActionView& action) {
  const BytesView body = protocol::aligned(action.body, shard_.body_buffer());
  if (auto fits = check_action(body); !fits) return fits;

  const Tick next = current_tick() + 1;
  const Tick due = action.tick != 0 ? action.tick : next;
  const std::int64_t ticks_early = static_cast<std::int64_t>(due) - next;
  const engine::Duration slack =
      (step_.next_due() - shard_.now()) + engine::Duration(ticks_early * 1'000'000'000 / options_.tick_hz);
  ShardStats& stats = shard_.stats();
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

void LiveMatch::push_input(Input input) {
  inputs_.push_back(std::move(input));
  wake();
}

engine::Result<void> LiveMatch::post(PlayerId from, std::string_view table, BytesView body) {
  const EventInfo* event = kind_.schema.event_of_table(table);
  if (!event || !event->is_input) return engine::error("{} is no event that is an input", table);
  if (body.size() > limits::kMessageFromClientBytesMax)
    return engine::error("{}: {} bytes, {} is the limit", event->name, body.size(), limits::kMessageFromClientBytesMax);
  if (auto fits = kind_.schema.check(table, body); !fits) return fits;
  if (inputs_.size() >= limits::kInboxInputsMax) return engine::error("{}: too many at once", event->name);
  push_input({.kind = InputKind::kEvent,
              .player = from,
              .is_bot = false,
              .text = std::string(table),
              .body = Bytes(body.begin(), body.end())});
  return {};
}

void LiveMatch::end_now(std::string result) {
  apply({.kind = InputKind::kEnd,
         .player = kNoPlayer,
         .is_bot = false,
         .text = fit_result(std::move(result)),
         .body = {}});
}

void LiveMatch::request_end(std::string result) {
  push_input({.kind = InputKind::kEnd,
              .player = kNoPlayer,
              .is_bot = false,
              .text = fit_result(std::move(result)),
              .body = {}});
}

void LiveMatch::note_fault(const std::string& what) {
  constexpr std::chrono::seconds kAgainAfter{10};
  ++faults_untold_;
  if (fault_told_at_ && shard_.now() - *fault_told_at_ < kAgainAfter) return;
  fault_told_at_ = shard_.now();
  spdlog::error("match {}, tick {}: {} ({} since the last line of this match)", id(), current_tick(), what,
                std::exchange(faults_untold_, 0));
}

double LiveMatch::sample_share(engine::Duration elapsed) {
  share_.sample(elapsed);
  return share_.value();
}

}  // namespace netcode
