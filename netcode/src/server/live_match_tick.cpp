// A match's tick: its inputs in order, the rules, and what goes out.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "protocol/requests.hpp"
#include "server/guarded.hpp"
#include "server/live_match.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {

// --- the tick

void LiveMatch::schedule() {
  timer_ = shard_.loop().call_at(step_.next_due(), [this] { on_due(); });
}

void LiveMatch::wake() {
  if (!std::exchange(is_asleep_, false)) return;
  step_ = engine::FixedStep(step_config_, shard_.now());  // no tick was due meanwhile
  empty_since_ = shard_.now();
  schedule();
}

// A match that is slowed down leaves out all ticks but one of slowdown_.
std::uint32_t LiveMatch::ticks_to_run(const engine::FixedStep::Due& due) {
  if (slowdown_ == 1) return due.ticks;
  ticks_left_out_ += due.ticks;
  const std::uint32_t ticks = ticks_left_out_ / slowdown_;
  ticks_left_out_ %= slowdown_;
  return ticks;
}

void LiveMatch::on_due() {
  const engine::TimePoint began = shard_.now();
  const engine::FixedStep::Due due = step_.take(began);
  const std::uint32_t ticks = ticks_to_run(due);
  ShardStats& stats = shard_.stats();
  stats.ticks += ticks;
  stats.late_ticks += due.late;
  stats.skipped_ticks += due.skipped + due.ticks - ticks;
  if (due.ticks > 1) shard_.note_overdue(due.ticks - 1 + due.skipped);
  for (std::uint32_t i = 0; i < ticks && !simulation_->result(); ++i) run_tick();
  shard_.flush_all();
  share_.add(shard_.now() - began);

  const bool is_deserted = audience_.members().empty() && shard_.now() - empty_since_ >= limits::kMatchEmptyTimeout &&
                           *reserved_seats_ + *reserved_places_ == 0;
  if (is_deserted && !options_.keep_when_empty) end_now("empty");
  if (simulation_->result()) return finish();
  is_asleep_ = is_deserted && !options_.ticks_when_empty && inputs_.empty();
  if (!is_asleep_) return schedule();
  if (recorder_) recorder_->end_interval();
}

void LiveMatch::run_tick() {
  apply_inputs();
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

// Bots make room for the most people that there are at any moment while `inputs` are applied.
void LiveMatch::unseat_bots(const std::vector<Input>& inputs) {
  std::uint32_t seated = static_cast<std::uint32_t>(simulation_->players().size()) - bots_.size();
  std::uint32_t most = seated;
  for (const Input& input : inputs) {
    seated += input.kind == InputKind::kJoin ? 1 : 0;
    seated -= input.kind == InputKind::kLeave ? 1 : 0;
    most = std::max(most, seated);
  }
  while (bots_.size() > bots_.wanted(most, options_.players_max)) {
    const PlayerId player = bots_.remove_last();
    actions_.remove_player(player);
    names_.release(player);
    ids_.give_back(player, current_tick());
    apply({.kind = InputKind::kLeave, .player = player, .is_bot = true, .text = {}, .body = {}});
  }
}

void LiveMatch::seat_bots() {
  const std::uint32_t wanted = bots_.wanted(people(), options_.players_max);
  while (bots_.size() < wanted) {
    const auto player = ids_.take(current_tick());
    if (!player) return;  // all rest: at a later tick
    actions_.add_player(*player, true);
    const std::string& name = names_.take(*player, bots_.add(*player));
    apply({.kind = InputKind::kJoin, .player = *player, .is_bot = true, .text = name, .body = {}});
  }
}

void LiveMatch::apply_inputs() {
  const std::vector<Input> inputs = std::exchange(inputs_, {});
  unseat_bots(inputs);
  for (const Input& input : inputs) apply(input);
  seat_bots();
  const Tick tick = current_tick() + 1;
  for (ActionInbox::Due& due : actions_.take(tick)) {
    // A player who joined is seated by now; one who left has no actions left.
    apply({.kind = due.is_release ? InputKind::kRelease : InputKind::kAction,
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
  const bool is_play = input.kind == InputKind::kAction || input.kind == InputKind::kRelease;
  const bool is_of_client = !is_play && !input.is_bot && input.player != kNoPlayer;
  cause_ = is_of_client ? Outbox::Cause::kOthers : Outbox::Cause::kServer;
  const auto applied = simulation_->apply(input);
  cause_ = Outbox::Cause::kServer;
  ENGINE_ASSERT(applied.has_value(), applied ? "" : applied.error().reason.c_str());
}

// --- what goes out

void LiveMatch::deliver(const Emitted& emitted) {
  audience_.tell(emitted, cause_);
  if (recorder_) recorder_->event(emitted);
}

// A frame that the rules got wrong every client would refuse, and close for: it is kept back, and the next one may be
// good. Nobody is shown what nobody asks for.
void LiveMatch::end_interval() {
  const auto progress = [this](PlayerId player) { return actions_.progress(player); };
  if (audience_.members().empty()) return audience_.end_interval(nullptr, progress);
  auto frame = audience_.make_frame(shard_.world_builder());
  if (!frame) note_fault("a snapshot is kept back that no client would take: " + frame.error().reason);
  audience_.end_interval(frame ? *frame : nullptr, progress);
}

// Bots act at every tick, as clients do, on the newest snapshot, which is all that clients have.
void LiveMatch::think() {
  if (bots_.size() == 0 || !audience_.newest() || audience_.members().empty()) return;
  const Tick next = current_tick() + 1;
  bots_.think(
      next, [&](PlayerId bot, Bytes& scratch) { return audience_.seen_by(bot, scratch); },
      [&](PlayerId bot, BytesView action) { take_bot_action(bot, action, next); });
}

// Through the same door as a client's: what it gives is recorded, and read by rules that trust it.
void LiveMatch::take_bot_action(PlayerId bot, BytesView action, Tick next) {
  const BytesView body = protocol::aligned(action, shard_.body_buffer());
  if (auto fits = check_action(body); !fits)
    return note_fault(fmt::format("what bot {} does is left out: {}", bot.value, fits.error().reason));
  actions_.put(bot, {.view = {.tick = audience_.newest()->tick(), .fraction = 0}, .body = body, .next_tick = next});
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
  shard_.drop_match(*this, std::move(next));  // the last thing: it destroys this object on the loop's next turn
}

}  // namespace netcode
