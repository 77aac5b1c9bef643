#include "server/live_match.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "server/guarded.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

// 0 says "no map" on the wire.
std::uint64_t map_hash_of(const SharedBytes& map) { return map ? std::max<std::uint64_t>(hash_bytes(*map), 1) : 0; }

/// What the rules may tell each member of somebody's coming and going, as Outbox counts it; held against the visitor.
constexpr std::size_t kTellingBytes = 256;
constexpr std::size_t kTellingBytesMax = limits::kFanOutBurstBytesMax / 8;

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

  match->recorder_ = shard.record(*match);
  match->simulation_->set_emit_sink([raw = match.get()](const Emitted& emitted) { raw->deliver(emitted); });
  match->inbox_.set_drop_sink([raw = match.get()](const auto& dropped) { raw->note_dropped(dropped); });
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
      clock_(shard.loop(), options_.tick_hz, number_),
      inbox_(kind, options_, *simulation_),
      audience_(shard, kind, *simulation_),
      ticks_per_snapshot_(std::max(1U, options_.tick_hz / options_.snapshot_hz)),
      empty_since_(shard.now()) {}

LiveMatch::~LiveMatch() {
  if (recorder_) recorder_->finish(simulation_->result());
}

// --- who is in it

engine::Result<void> LiveMatch::admits(const JoinRequest& request) const {
  if (simulation_->result()) return engine::error("match {} is over", id());
  if (auto fits = check_layout(kind_, request.reads); !fits) return fits;
  if (is_locked_) return engine::error("match {} is locked", id());
  if (!options_.password.empty() && request.password.empty()) return engine::error("match {} needs a password", id());
  if (request.password != options_.password) return engine::error("match {}: wrong password", id());
  if (request.spectate && places_free() == 0)
    return engine::error("match {} has {} spectators, its limit", id(), options_.spectators_max);
  if (!request.spectate && people() + *reserved_seats_ >= options_.players_max)
    return engine::error("match {} is full: {} players", id(), options_.players_max);
  if (!request.spectate && seats_free() == 0)
    return engine::error("match {} has seen too many come and go: try again in a minute", id());
  if (inbox_.is_full()) return engine::error("match {} is too busy", id());
  return {};
}

// What may be taken now, by whoever has the password; ids that rest are no seats.
std::uint32_t LiveMatch::seats_free() const {
  const std::uint32_t reserved = *reserved_seats_;
  const std::uint32_t taken = people() + reserved;
  const std::uint32_t ids = inbox_.ids_free();
  return std::min(options_.players_max - std::min(options_.players_max, taken), ids - std::min(ids, reserved));
}

std::uint32_t LiveMatch::places_free() const {
  return options_.spectators_max - std::min(options_.spectators_max, audience_.spectators() + *reserved_places_);
}

LiveMatch::Reservation LiveMatch::reserve(bool spectate) {
  const auto count = spectate ? reserved_places_ : reserved_seats_;
  ++*count;
  publish();  // so that no quick join is promised it too
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
    const auto seat = inbox_.seat(session.identity().name, session.ticket());
    if (!seat) {
      publish();  // what was kept is free again
      return seat.error();
    }
    player = *seat;
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
  if (player != kNoPlayer) inbox_.unseat(player);
  audience_.tell_waiting_to(session.identity().id);  // while it is in the match: what is held is held for it too
  session.exit_match();
  audience_.remove(session.identity().id);
  if (audience_.members().empty()) empty_since_ = shard_.now();
  wake();
  publish();
  shard_.server().match_hooks().left(*this, session, player);
}

MatchInfo LiveMatch::info() const {
  const std::uint32_t bots = inbox_.bots_wanted(people());
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

// Who has a seat comes first, should there be more than are kept.
std::vector<recording::SessionRecord> LiveMatch::session_records() const {
  std::vector<recording::SessionRecord> records;
  for (const MatchAudience::Member& member : audience_.members()) {
    const SessionCore* session = shard_.session(member.session);
    if (!session) continue;
    records.push_back({.session = member.session,
                       .token_hash = session->token_hash(),
                       .player = member.player,
                       .sent = session->sent(),
                       .received = session->handled(),
                       .action = inbox_.progress(member.player).sequence});
  }
  std::stable_partition(records.begin(), records.end(), [](const auto& record) { return record.player != kNoPlayer; });
  return records;
}

void LiveMatch::publish() {
  has_ids_ = inbox_.ids_free() > *reserved_seats_;
  const bool is_open = !is_locked_ && options_.password.empty() && !simulation_->result();
  shard_.server().directory().publish({.info = info(),
                                       .is_private = options_.is_private,
                                       .seats_free = is_open ? seats_free() : 0,
                                       .places_free = is_open ? places_free() : 0,
                                       .people = people_here(),
                                       .made_by = made_by_});
}

std::vector<MatchPlayer> LiveMatch::people_here() const {
  std::vector<MatchPlayer> out;
  for (const auto& [session, player] : audience_.members())
    if (player != kNoPlayer) out.push_back({.player = player, .session = session, .name = inbox_.name_of(player)});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.player < b.player; });
  return out;
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

engine::Result<void> LiveMatch::take_action(PlayerId player, const protocol::ActionView& action) {
  const BytesView body = protocol::aligned(action.body, shard_.body_buffer());
  if (auto fits = inbox_.check_action(body); !fits) return fits;

  const Tick next = current_tick() + 1;
  const Tick due = action.tick != 0 ? action.tick : next;
  const std::int64_t ticks_early = static_cast<std::int64_t>(due) - next;
  const engine::Duration slack =
      (clock_.next_due() - shard_.now()) + engine::Duration(ticks_early * 1'000'000'000 / options_.tick_hz);
  ShardStats& stats = shard_.stats();
  const ActionInbox::Arrival arrival{.tick = action.tick,
                                     .sequence = action.sequence,
                                     .view = {.tick = action.view_tick,
                                              .fraction = action.view_fraction,
                                              .from = action.view_from,
                                              .to = action.view_to},
                                     .body = body,
                                     .next_tick = next,
                                     .slack = slack};
  const ActionInbox::Verdict verdict = inbox_.put(player, arrival);
  const bool is_late = verdict == ActionInbox::Verdict::kLate;
  const bool is_taken = is_late || verdict == ActionInbox::Verdict::kTaken;
  stats.actions += is_taken ? 1 : 0;
  stats.actions_late += is_late ? 1 : 0;
  stats.actions_dropped += is_taken ? 0 : 1;
  return ActionInbox::answer(verdict, arrival);
}

void LiveMatch::note_dropped(const ActionInbox::Dropped& dropped) const {
  if (!SessionLog::tells_of_messages()) return;
  for (const MatchAudience::Member& member : audience_.members())
    if (const auto* session = member.player == dropped.player ? shard_.session(member.session) : nullptr)
      SessionLog::dropped(*session, dropped);
}

engine::Result<void> LiveMatch::post(PlayerId from, std::string_view table, BytesView body, Ack ack) {
  if (auto posted = inbox_.post(from, table, body, std::move(ack)); !posted) return posted;
  wake();
  return {};
}

void LiveMatch::end_now(std::string result) { apply({.kind = InputKind::kEnd, .text = fit_result(std::move(result))}); }

void LiveMatch::call_after(engine::Duration delay, std::function<void()> work) {
  shard_.loop().call_at(shard_.now() + delay, [alive = std::weak_ptr(is_alive_), work = std::move(work)] {
    if (!alive.expired()) work();
  });
}

void LiveMatch::request_end(std::string result) {
  inbox_.end(std::move(result));
  wake();
}

void LiveMatch::note_fault(const std::string& what) {
  if (const auto count = fault_line_.count(shard_.now()))
    spdlog::error("match {}, tick {}: {} ({} since the last line of this match)", id(), current_tick(), what, *count);
}

// --- the tick

void LiveMatch::schedule() {
  clock_.schedule([this] { on_due(); });
}

void LiveMatch::wake() {
  if (!clock_.is_asleep()) return;
  clock_.wake();
  empty_since_ = shard_.now();
  schedule();
}

void LiveMatch::on_due() {
  const engine::TimePoint began = shard_.now();
  const MatchClock::Due due = clock_.take();
  ShardStats& stats = shard_.stats();
  stats.ticks += due.ticks;
  stats.late_ticks += due.late;
  stats.skipped_ticks += due.skipped;
  if (due.overdue > 0) shard_.note_overdue(due.overdue);
  for (std::uint32_t i = 0; i < due.ticks && !simulation_->result(); ++i) run_tick();
  shard_.flush_all();
  clock_.note_work(began);

  const bool is_deserted = audience_.members().empty() && shard_.now() - empty_since_ >= limits::kMatchEmptyTimeout &&
                           *reserved_seats_ + *reserved_places_ == 0;
  if (is_deserted && !options_.keep_when_empty) end_now("empty");
  if (simulation_->result()) return finish();
  if (!is_deserted || options_.ticks_when_empty || !inbox_.is_empty()) return schedule();
  clock_.sleep();
  if (recorder_) recorder_->end_interval();
}

void LiveMatch::run_tick() {
  inbox_.apply_all(people(), [this](const Input& input) { return apply(input); });
  shard_.stats().actions_missing += inbox_.take_missing();
  simulation_->tick();
  const Tick tick = current_tick();
  if (recorder_) recorder_->tick(*simulation_);
  if (tick % ticks_per_snapshot_ == 0) {
    if (recorder_) recorder_->end_interval();
    if (auto sent = guarded("the snapshot of match ", id(), [this] { end_interval(); }); !sent)
      request_end("the match's rules failed");
  }
  think();
  if (!has_ids_) publish();  // ids have rested
}

Applied LiveMatch::apply(const Input& input) {
  if (recorder_) recorder_->input(input);
  // What somebody's coming, going or vote makes the rules emit is of that client; what play makes them, of the match.
  const bool is_play = input.kind == InputKind::kAction || input.kind == InputKind::kRelease;
  const bool is_of_client = !is_play && !input.is_bot && input.player != kNoPlayer;
  cause_ = is_of_client ? Outbox::Cause::kOthers : Outbox::Cause::kServer;
  auto applied = simulation_->apply(input);
  cause_ = Outbox::Cause::kServer;
  ENGINE_ASSERT(applied.has_value(), applied ? "" : applied.error().reason.c_str());
  return std::move(*applied);
}

// --- what goes out

void LiveMatch::deliver(const Emitted& emitted) {
  audience_.tell(emitted, cause_);
  if (recorder_) recorder_->event(emitted);
}

// A frame that the rules got wrong every client would refuse, and close for: it is kept back, and the next one may be
// good. Nobody is shown what nobody asks for.
void LiveMatch::end_interval() {
  const auto progress = [this](PlayerId player) { return inbox_.progress(player); };
  if (audience_.members().empty()) return audience_.end_interval(nullptr, progress);
  auto frame = audience_.make_frame(shard_.world_builder());
  if (!frame) note_fault("a snapshot is kept back that no client would take: " + frame.error().reason);
  audience_.end_interval(frame ? *frame : nullptr, progress);
}

// Bots act at every tick, as clients do, on the newest snapshot, which is all that clients have.
void LiveMatch::think() {
  if (!inbox_.has_bots() || !audience_.newest() || audience_.members().empty()) return;
  const Tick next = current_tick() + 1;
  inbox_.bots().think(
      next, [&](PlayerId bot, Bytes& scratch) { return audience_.seen_by(bot, scratch); },
      [&](PlayerId bot, BytesView action) { take_bot_action(bot, action, next); });
}

// Through the same door as a client's: what it gives is recorded, and read by rules that trust it.
void LiveMatch::take_bot_action(PlayerId bot, BytesView action, Tick next) {
  const BytesView body = protocol::aligned(action, shard_.body_buffer());
  if (auto fits = inbox_.check_action(body); !fits)
    return note_fault(fmt::format("what bot {} does is left out: {}", bot.value, fits.error().reason));
  inbox_.put(bot, {.view = {.tick = audience_.newest()->tick(), .fraction = 0}, .body = body, .next_tick = next});
  ++shard_.stats().actions;
}

std::optional<MatchOptions> LiveMatch::next_options() const {
  const auto& changed = simulation_->next_options();
  if (!changed) return std::nullopt;
  MatchOptions next = options_;
  for (const auto& [key, value] : *changed) next.options[key] = value;
  // Before anybody is told: what cannot be made is not to be waited for.
  if (auto prepared = prepare(kind_, next); !prepared) {
    spdlog::error("match {} does not go on: {}", id(), prepared.error().reason);
    return std::nullopt;
  }
  return next;
}

void LiveMatch::finish() {
  audience_.tell_waiting();
  const std::string result = *simulation_->result();
  std::optional<MatchOptions> next = next_options();
  const Bytes body =
      protocol::encode_match_ended({.match = id(), .result = result, .next = next ? id() : std::string()});
  const auto event = shard_.server().make_event({.name = protocol::kEndedEvent, .body = body, .tick = current_tick()});
  for (const MatchAudience::Member& member : std::vector(audience_.members())) {
    audience_.remove(member.session);
    SessionCore* session = shard_.session(member.session);
    if (!session) continue;
    session->send_event(protocol::kDefaultNamespace, event, false);
    session->exit_match();
  }
  spdlog::info("match {} ended: {}", id(), result);
  if (shard_.server().match_hooks().wants_ended()) {
    const auto last = audience_.make_frame(shard_.world_builder());
    shard_.server().match_hooks().ended(*this, result, last ? (*last)->world() : BytesView());
  }
  shard_.drop_match(*this, std::move(next));  // the last thing: it destroys this object on the loop's next turn
}

}  // namespace netcode
