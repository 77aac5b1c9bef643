#include "server/match_inbox.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

Tick ticks_in(std::chrono::milliseconds time, std::uint32_t tick_hz) {
  return static_cast<Tick>(time.count() * tick_hz / 1000);
}

ActionInbox::Bounds bounds_of(const MatchOptions& options) {
  const std::uint32_t tick_hz = options.tick_hz;
  return {.late_ticks_max = ticks_in(limits::kActionLateMax, tick_hz),
          .view_ticks_max = ticks_in(limits::kViewAgeMax, tick_hz),
          .view_span_ticks_max = std::max(ticks_in(limits::kViewSpanMax, tick_hz), 2 * tick_hz / options.snapshot_hz),
          .snapshot_ticks = std::max(1U, tick_hz / options.snapshot_hz),
          .held_ticks_max = ticks_in(limits::kActionHeldMax, tick_hz)};
}

}  // namespace

MatchInbox::MatchInbox(const Kind& kind, const MatchOptions& options, const Simulation& simulation)
    : kind_(kind),
      options_(options),
      simulation_(simulation),
      rewind_ticks_max_(ticks_in(std::chrono::milliseconds(options.rewind_ms_max), options.tick_hz)),
      ids_(ticks_in(limits::kPlayerIdRest, options.tick_hz)),
      bots_(kind.make_bot, kind.bots, options.bots, simulation.setup()),
      actions_(bounds_of(options)) {}

MatchInbox::~MatchInbox() {
  for (Waiting& waiting : inputs_) waiting.ack.fail("the match is over");
}

// --- people

engine::Result<PlayerId> MatchInbox::seat(std::string_view name, const std::optional<Ticket>& ticket) {
  const bool has_ticket = ticket && kind_.schema.supports(ticket->table).has_value();  // it may be for another game
  if (has_ticket) {
    if (ticket->body.size() > limits::kTicketBytesMax)
      return engine::error("{} of {} bytes, {} is the limit of a ticket", ticket->table, ticket->body.size(),
                           limits::kTicketBytesMax);
    if (auto fits = kind_.schema.check(ticket->table, ticket->body); !fits) return fits.error();
  }
  const auto player = ids_.take(now());
  if (!player)
    return engine::error("match {} has seen too many come and go: try again in a minute", simulation_.setup().match_id);
  inputs_.push_back({.input = {.kind = InputKind::kJoin,
                               .player = *player,
                               .text = names_.take(*player, name),
                               .ticket_table = has_ticket ? ticket->table : std::string(),
                               .ticket = has_ticket ? ticket->body : Bytes()}});
  actions_.add_player(*player);
  return *player;
}

void MatchInbox::unseat(PlayerId player) {
  actions_.remove_player(player);
  away_.erase(player);
  names_.release(player);
  const auto is_of_player = [player](const Waiting& waiting) { return waiting.input.player == player; };
  const auto first = std::find_if(inputs_.begin(), inputs_.end(), is_of_player);
  if (first != inputs_.end() && first->input.kind == InputKind::kJoin) {
    // Came and went between two ticks: the rules need not hear of it.
    for (Waiting& waiting : inputs_)
      if (is_of_player(waiting)) waiting.ack.fail("its sender has left the match");
    std::erase_if(inputs_, is_of_player);
    return ids_.give_back_unused(player);
  }
  // Beyond the bound on purpose: a seat that is not given up would be worse than one input too many.
  inputs_.push_back({.input = {.kind = InputKind::kLeave, .player = player}});
  ids_.give_back(player, now());
}

bool MatchInbox::take_back(PlayerId player, InputKind kind) {
  return std::erase_if(inputs_, [&](const Waiting& waiting) {
           return waiting.input.player == player && waiting.input.kind == kind;
         }) > 0;
}

// A client whose connections come and go in every tick has one input waiting at most.
void MatchInbox::note_away(PlayerId player) {
  actions_.let_go(player);
  if (!away_.insert(player).second || take_back(player, InputKind::kBack)) return;
  inputs_.push_back({.input = {.kind = InputKind::kAway, .player = player}});
}

void MatchInbox::note_back(PlayerId player) {
  if (away_.erase(player) == 0 || take_back(player, InputKind::kAway)) return;
  inputs_.push_back({.input = {.kind = InputKind::kBack, .player = player}});
}

// --- what they do

// What is kept of a client's bytes is recorded, so padding would have others store what nobody reads.
BytesView MatchInbox::without_padding(std::string_view table, BytesView body) {
  packed_ = kind_.schema.packed(table, body);
  return packed_.size() < body.size() ? BytesView(packed_) : body;
}

engine::Result<void> MatchInbox::check_action(BytesView body) const {
  if (body.size() > limits::kActionBytesMax)
    return engine::error("an action of {} bytes, {} is the limit", body.size(), limits::kActionBytesMax);
  flatbuffers::Verifier verifier(body.data(), body.size(), limits::kVerifyDepthMax, limits::kVerifyTablesMax);
  if (!kind_.type.verify_action(verifier)) return engine::error("not a valid {}", kind_.type.action_table);
  return kind_.schema.check_values(kind_.type.action_table, body);
}

// Games' actions are shorter than this, and a player has one in every tick: those are not written anew.
constexpr std::size_t kLongActionBytes = 128;

ActionInbox::Verdict MatchInbox::put(PlayerId player, const ActionInbox::Arrival& arrival) {
  if (arrival.body.size() <= kLongActionBytes) return actions_.put(player, arrival);
  ActionInbox::Arrival kept = arrival;
  kept.body = without_padding(kind_.type.action_table, arrival.body);
  return actions_.put(player, kept);
}

std::uint64_t MatchInbox::take_missing() {
  return actions_.missing() - std::exchange(missing_told_, actions_.missing());
}

// --- other inputs

bool MatchInbox::is_full() const { return inputs_.size() >= limits::kInboxInputsMax; }

engine::Result<void> MatchInbox::post(PlayerId from, std::string_view table, BytesView body, Ack ack) {
  const EventInfo* event = kind_.schema.event_of_table(table);
  if (!event || !event->is_input) return engine::error("{} is no event that is an input", table);
  if (from != kNoPlayer && !event->is_of_clients)
    return engine::error("{} is for the server alone to post", event->name);
  if (body.size() > limits::kMessageFromClientBytesMax)
    return engine::error("{}: {} bytes, {} is the limit", event->name, body.size(), limits::kMessageFromClientBytesMax);
  if (auto fits = kind_.schema.check(table, body); !fits) return fits;
  if (is_full()) return engine::error("{}: too many at once", event->name);
  if (from != kNoPlayer) body = without_padding(table, body);
  inputs_.push_back({.input = {.kind = InputKind::kEvent,
                               .player = from,
                               .text = std::string(table),
                               .body = Bytes(body.begin(), body.end())},
                     .ack = std::move(ack)});
  return {};
}

void MatchInbox::end(std::string result) {
  inputs_.push_back({.input = {.kind = InputKind::kEnd, .text = fit_result(std::move(result))}});
}

// --- bots

std::uint32_t MatchInbox::bots_wanted(std::uint32_t people) const { return bots_.wanted(people, options_.players_max); }

// Bots make room for the most people that there are at any moment while `inputs` are applied.
void MatchInbox::unseat_bots(const std::vector<Waiting>& inputs, const Apply& apply) {
  std::uint32_t seated = static_cast<std::uint32_t>(simulation_.players().size()) - bots_.size();
  std::uint32_t most = seated;
  for (const Waiting& waiting : inputs) {
    seated += waiting.input.kind == InputKind::kJoin ? 1 : 0;
    seated -= waiting.input.kind == InputKind::kLeave ? 1 : 0;
    most = std::max(most, seated);
  }
  while (bots_.size() > bots_.wanted(most, options_.players_max)) {
    const PlayerId player = bots_.remove_last();
    actions_.remove_player(player);
    names_.release(player);
    ids_.give_back(player, now());
    apply({.kind = InputKind::kLeave, .player = player, .is_bot = true});
  }
}

void MatchInbox::seat_bots(std::uint32_t people, const Apply& apply) {
  const std::uint32_t wanted = bots_wanted(people);
  while (bots_.size() < wanted) {
    const auto player = ids_.take(now());
    if (!player) return;  // all rest: at a later tick
    actions_.add_player(*player, true);
    const std::string& name = names_.take(*player, bots_.add(*player));
    apply({.kind = InputKind::kJoin, .player = *player, .is_bot = true, .text = name});
  }
}

// --- the tick

// After a stall an honest view may be older than what is granted: it is judged as near to it as may be.
ViewTime MatchInbox::bounded(ViewTime view, Tick tick) const {
  if (view.tick == 0 || rewind_ticks_max_ == 0) return {};
  const Tick oldest = tick > rewind_ticks_max_ ? tick - rewind_ticks_max_ : 1;
  return view.tick < oldest ? ViewTime{.tick = oldest, .fraction = 0} : view;
}

void MatchInbox::apply_all(std::uint32_t people, const Apply& apply) {
  std::vector<Waiting> inputs = std::exchange(inputs_, {});
  unseat_bots(inputs, apply);
  for (Waiting& waiting : inputs) {
    Applied applied = apply(waiting.input);
    applied.refusal ? waiting.ack.fail(std::move(*applied.refusal)) : waiting.ack();
  }
  seat_bots(people, apply);
  const Tick tick = now() + 1;
  for (ActionInbox::Due& due : actions_.take(tick)) {
    // A player who joined is seated by now; one who left has no actions left.
    apply({.kind = due.is_release ? InputKind::kRelease : InputKind::kAction,
           .player = due.player,
           .body = std::move(due.body),
           .view = bounded(due.view, tick),
           .ticks_late = due.ticks_late});
  }
}

}  // namespace netcode
