#include "server/action_inbox.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/hash.hpp"
#include "simulation/simulation.hpp"

namespace netcode {
namespace {

using Recent = RecentSet<limits::kActionsRememberedMax>::Found;
using Named = RecentSet<limits::kNamedTicksRememberedMax>::Found;

// All that makes it this action; what its client has received may differ between the copies of twin connections.
std::uint32_t content_of(const ActionInbox::Arrival& arrival) {
  engine::Hasher hasher;
  hasher.add(arrival.tick);
  hasher.add(arrival.view.tick);
  hasher.add(arrival.view.fraction);
  hasher.add(arrival.view.from);
  hasher.add(arrival.view.to);
  hasher.add(arrival.body);
  return static_cast<std::uint32_t>(hasher.value());
}

/// Empty: it is taken, or refused, which its client is told.
std::string_view why_dropped(ActionInbox::Verdict verdict) {
  switch (verdict) {
    case ActionInbox::Verdict::kDuplicate:
      return "it came before";
    case ActionInbox::Verdict::kStale:
      return "it is late by more ticks than are remembered";
    case ActionInbox::Verdict::kFull:
      return "too many wait already";
    case ActionInbox::Verdict::kNoSeat:
      return "its player has no seat";
    default:
      return {};
  }
}

}  // namespace

void ActionInbox::remove_player(PlayerId id) {
  const auto found = players_.find(id);
  if (found == players_.end()) return;
  for (const Waiting& waiting : found->second.waiting) note_dropped(id, waiting, "its player has left");
  players_.erase(found);
}

void ActionInbox::note_dropped(PlayerId id, const Waiting& waiting, std::string_view why) const {
  if (!drop_sink_) return;
  drop_sink_({.player = id, .sequence = waiting.sequence, .tick = waiting.names_tick ? waiting.order : 0, .why = why});
}

// Remembers the action whatever is said of it later: its copy is to be answered no second time.
ActionInbox::Verdict ActionInbox::check_sequence(Player& player, const Arrival& arrival) {
  const std::uint32_t sequence = arrival.sequence;
  if (sequence == 0) return Verdict::kTaken;
  if (!player.contents) player.contents = std::make_unique<Contents>();
  std::uint32_t& remembered = (*player.contents)[sequence % limits::kActionsRememberedMax];
  const std::uint32_t content = content_of(arrival);
  switch (player.sequences.find(sequence)) {
    case Recent::kTooOld:
      return Verdict::kDuplicate;  // too long ago to know
    case Recent::kYes:
      return remembered == content ? Verdict::kDuplicate : Verdict::kAltered;
    case Recent::kNo:
      break;
  }
  player.sequences.add(sequence);
  remembered = content;
  return Verdict::kTaken;
}

ActionInbox::Verdict ActionInbox::check_times(const Arrival& arrival) const {
  const Tick next = arrival.next_tick;
  if (arrival.tick > next && arrival.tick - next > limits::kActionTicksAheadMax) return Verdict::kTooFarAhead;
  if (arrival.tick != 0 && arrival.tick < next && next - arrival.tick > bounds_.late_ticks_max)
    return Verdict::kTooFarBehind;
  if (!is_between_snapshots(arrival.view, next)) return Verdict::kViewBetweenNo;
  if (arrival.view.tick == 0) return Verdict::kTaken;
  if (arrival.view.tick >= next)
    return arrival.view.tick - next > limits::kActionTicksAheadMax ? Verdict::kViewOfFuture : Verdict::kTaken;
  if (next - arrival.view.tick > bounds_.view_ticks_max) return Verdict::kViewOfThePast;
  return Verdict::kTaken;
}

// A client that draws seldom goes on beyond its newest snapshot: what it aimed at is best told by the newest tick.
// After a stall two snapshots may lie so far apart that the straight line between them is nobody's way.
ViewTime ActionInbox::shown_by(const Arrival& arrival) const {
  if (arrival.view.tick == 0) return {};
  ViewTime view = std::min(arrival.view, ViewTime{.tick = arrival.next_tick - 1, .fraction = 0});
  if (view.to - view.from > bounds_.view_span_ticks_max) view.from = view.to = 0;
  return view;
}

// An odd one would let a player choose on which line the others stood.
bool ActionInbox::is_between_snapshots(const ViewTime& view, Tick next_tick) const {
  if (view.from == 0 && view.to == 0) return true;
  return view.from != 0 && view.from <= view.tick && view.tick < view.to && view.to < next_tick &&
         view.from % bounds_.snapshot_ticks == 0 && view.to % bounds_.snapshot_ticks == 0;
}

ActionInbox::Verdict ActionInbox::check_named(const Player& player, Tick tick) {
  if (tick == 0) return Verdict::kTaken;
  switch (player.named_ticks.find(tick)) {
    case Named::kTooOld:
      return Verdict::kStale;
    case Named::kYes:
      return Verdict::kStuffed;
    case Named::kNo:
      break;
  }
  return Verdict::kTaken;
}

ActionInbox::Verdict ActionInbox::put(PlayerId id, const Arrival& arrival) {
  const Verdict verdict = judge(id, arrival);
  const std::string_view why = why_dropped(verdict);
  if (drop_sink_ && !why.empty())
    drop_sink_({.player = id, .sequence = arrival.sequence, .tick = arrival.tick, .why = why});
  return verdict;
}

ActionInbox::Verdict ActionInbox::judge(PlayerId id, const Arrival& arrival) {
  const auto found = players_.find(id);
  if (found == players_.end()) return Verdict::kNoSeat;
  Player& player = found->second;
  for (const Verdict verdict : {check_sequence(player, arrival), check_times(arrival)})
    if (verdict != Verdict::kTaken) return verdict;
  if (const Verdict verdict = check_named(player, arrival.tick); verdict != Verdict::kTaken) return verdict;

  const Tick next = arrival.next_tick;
  if (player.waiting.size() >= limits::kInboxActionsMax) {
    // After a long stall the newest of the late ones are worth more than the oldest.
    const Waiting& oldest = player.waiting.front();
    if (arrival.tick == 0 || !oldest.names_tick || oldest.order >= std::min(next, arrival.tick)) return Verdict::kFull;
    note_dropped(id, oldest, "too many wait, and newer ones are worth more");
    player.waiting.erase(player.waiting.begin());
    ++stuffed_;
  }
  if (arrival.tick != 0) note_named(player, arrival.tick, next);
  const Tick order = arrival.tick != 0 ? arrival.tick : next;
  const auto later = std::upper_bound(player.waiting.begin(), player.waiting.end(), order,
                                      [](Tick value, const Waiting& waiting) { return value < waiting.order; });
  player.waiting.insert(later, {.order = order,
                                .names_tick = arrival.tick != 0,
                                .sequence = arrival.sequence,
                                .slack = arrival.slack,
                                .view = shown_by(arrival),
                                .body = Bytes(arrival.body.begin(), arrival.body.end())});
  return order < next ? Verdict::kLate : Verdict::kTaken;
}

engine::Result<void> ActionInbox::answer(Verdict verdict, const Arrival& arrival) {
  const Tick now = arrival.next_tick - 1;
  switch (verdict) {
    case Verdict::kTaken:
    case Verdict::kLate:
    case Verdict::kDuplicate:
    case Verdict::kStale:
    case Verdict::kFull:
    case Verdict::kNoSeat:
      return {};
    case Verdict::kAltered:
      return engine::error("action {} came twice, with other content", arrival.sequence);
    case Verdict::kStuffed:
      return engine::error("a second action for tick {}: one a tick", arrival.tick);
    case Verdict::kTooFarAhead:
    case Verdict::kTooFarBehind:
      return engine::error("an action for tick {}, but the match is at {}", arrival.tick, now);
    case Verdict::kViewOfFuture:
    case Verdict::kViewOfThePast:
      return engine::error("an action that was shown tick {}, but the match is at {}", arrival.view.tick, now);
    case Verdict::kViewBetweenNo:
      return engine::error("an action that was shown tick {} between {} and {}, which are no two snapshots around it",
                           arrival.view.tick, arrival.view.from, arrival.view.to);
  }
  return {};
}

// Ticks that were computed after the newest named one are known to be missing once a later one is named: until then the
// player may just have stopped.
void ActionInbox::note_named(Player& player, Tick tick, Tick next_tick) {
  const Tick newest = player.named_ticks.newest();
  player.named_ticks.add(tick);
  if (player.first_named == 0) player.first_named = tick;
  if (tick <= newest) return;
  const Tick computed = std::min(tick, next_tick - 1);
  if (newest != 0 && computed > newest) note_missing(player, computed - newest);
}

void ActionInbox::note_missing(Player& player, std::uint64_t ticks) {
  player.progress.missing += ticks;
  missing_ += ticks;
}

std::vector<ActionInbox::Due> ActionInbox::take(Tick tick) {
  std::vector<Due> out;
  for (auto& [id, player] : players_) {
    const auto end = std::find_if(player.waiting.begin(), player.waiting.end(),
                                  [tick](const Waiting& waiting) { return waiting.order > tick; });
    const bool is_named = player.named_ticks.find(tick) == Named::kYes;
    if (!is_named && player.first_named != 0 && player.first_named < tick && tick < player.named_ticks.newest())
      note_missing(player, 1);
    if (end == player.waiting.begin()) {
      if (lets_go(player, tick)) out.push_back({.player = id, .view = {}, .is_release = true});
      continue;
    }
    player.holds = true;
    player.acted = tick;
    const auto unnamed = std::count_if(player.waiting.begin(), end, [](const Waiting& one) { return !one.names_tick; });
    std::size_t to_skip = static_cast<std::size_t>(unnamed) -
                          std::min<std::size_t>(static_cast<std::size_t>(unnamed), limits::kActionsPerTickMax);
    stuffed_ += to_skip;
    for (auto waiting = player.waiting.begin(); waiting != end; ++waiting) {
      if (!waiting->names_tick && to_skip > 0) {
        --to_skip;
        note_dropped(id, *waiting, "enough newer ones are for the same tick");
        continue;
      }
      const Tick late = waiting->names_tick ? tick - waiting->order : 0;
      out.push_back({.player = id,
                     .view = waiting->view,
                     .ticks_late = std::min(late, kTicksLateMax),
                     .body = std::move(waiting->body)});
    }
    const Waiting& newest = *std::prev(end);
    player.progress.sequence = std::max(newest.sequence, player.progress.sequence);
    player.progress.tick = tick;
    player.progress.slack = newest.slack;
    player.waiting.erase(player.waiting.begin(), end);
  }
  return out;
}

bool ActionInbox::lets_go(Player& player, Tick tick) const {
  const bool is_silent = !player.is_bot && tick - player.acted > bounds_.held_ticks_max;
  if (!std::exchange(player.is_letting_go, false) && !is_silent) return false;
  return std::exchange(player.holds, false);
}

void ActionInbox::let_go(PlayerId id) {
  const auto found = players_.find(id);
  if (found == players_.end()) return;
  for (const Waiting& waiting : found->second.waiting) note_dropped(id, waiting, "its player's connection is lost");
  found->second.waiting.clear();
  found->second.is_letting_go = true;
}

ActionInbox::Progress ActionInbox::progress(PlayerId player) const {
  const auto found = players_.find(player);
  return found == players_.end() ? Progress{} : found->second.progress;
}

}  // namespace netcode
