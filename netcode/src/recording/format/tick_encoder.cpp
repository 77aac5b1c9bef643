#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "recording/format/body_diff.hpp"
#include "recording/format/tick_codec.hpp"

namespace netcode::recording {

namespace {

std::uint64_t age_of(ViewTime view, Tick tick) {
  if (view.tick == 0) return 0;
  ENGINE_ASSERT(view.tick < tick && view.to < tick, "nobody is shown what is still to come");
  return (std::uint64_t{tick} << 8U) - ((std::uint64_t{view.tick} << 8U) | view.fraction);
}

}  // namespace

void TickEncoder::op(Op op, std::uint64_t argument) {
  VarintWriter(inputs_).varint((argument << 3U) | static_cast<std::uint64_t>(op));
  ++ops_;
}

void TickEncoder::long_op(Op op) {
  this->op(Op::kLong, static_cast<std::uint64_t>(op));
  VarintWriter writer(inputs_);
  writer.varint(long_.size());
  writer.bytes(long_);
  fits_ = fits_ && long_.size() <= kLongOpBytesMax;
  long_.clear();
}

void TickEncoder::flush_turns() {
  if (repeats_ > 0) op(Op::kRepeat, repeats_ - 1);
  repeats_ = 0;
}

void TickEncoder::action(const Input& input) {
  const std::size_t index = find_actor(input.player);
  const bool in_turn = index < actors_.size() && index >= turn_;
  if (in_turn && index > turn_) {
    flush_turns();
    op(Op::kSkip, index - turn_ - 1);
  }
  if (in_turn) turn_ = index + 1;
  const std::uint64_t view_age = age_of(input.view, tick_);
  const bool is_known = index < actors_.size();
  const std::uint64_t expected_age = is_known ? actors_[index].view_age_before : 0;
  const bool is_between_others =
      with_expected_interval(is_known ? actors_[index].view_span : 0, input.view) != input.view;
  const bool is_plain = view_age == expected_age && input.ticks_late == 0 && !is_between_others;
  if (in_turn && is_plain && actors_[index].last.body == input.body) {
    see(actors_[index], view_age, input.view);
    ++repeats_;
    return;
  }
  flush_turns();
  op(is_plain ? Op::kAct : Op::kActSeeing, in_turn ? 0 : input.player.value);
  if (index == actors_.size()) {
    actors_.push_back({.last = {.kind = InputKind::kAction, .player = input.player, .text = {}, .body = {}}});
    turn_ = actors_.size();
  }
  VarintWriter writer(inputs_);
  if (!is_plain) {
    writer.varint((zigzag(view_age - expected_age) << 2U) | (is_between_others ? 2U : 0U) |
                  (input.ticks_late != 0 ? 1U : 0U));
    if (input.ticks_late != 0) writer.varint(input.ticks_late);
    fits_ = fits_ && input.view.to - input.view.from <= kViewSpanTicksMax;
    if (is_between_others) writer.varint(input.view.to - input.view.from);
    if (is_between_others && input.view.to != 0) writer.varint(input.view.tick - input.view.from);
  }
  see(actors_[index], view_age, input.view);
  encode_diff(writer, input.body, actors_[index].last.body);
}

void TickEncoder::input(const Input& input) {
  ++inputs_count_;
  fits_ = fits_ && input.text.size() <= kResultBytesMax && input.body.size() <= limits::kMessageFromClientBytesMax;
  if (input.kind == InputKind::kAction || input.kind == InputKind::kRelease) return action(input);
  flush_turns();
  VarintWriter writer(inputs_);
  VarintWriter long_writer(long_);
  switch (input.kind) {
    case InputKind::kJoin: {
      const bool has_ticket = !input.ticket_table.empty();
      fits_ = fits_ && input.ticket_table.size() <= kNameTextBytesMax && input.ticket.size() <= limits::kTicketBytesMax;
      if (has_ticket) long_writer.varint(input.player.value);
      if (!has_ticket) op(Op::kJoin, input.player.value);
      VarintWriter& to = has_ticket ? long_writer : writer;
      to.fixed(static_cast<std::uint8_t>(input.is_bot));
      to.text(input.text);
      if (!has_ticket) break;
      long_writer.text(input.ticket_table);
      long_writer.bytes(input.ticket);
      long_op(Op::kJoinWithTicket);
      break;
    }
    case InputKind::kLeave:
      op(Op::kLeave, input.player.value);
      drop_actor(input.player);
      break;
    case InputKind::kEvent:
      op(Op::kEvent, input.player.value);
      name(writer, input.text, input.body);
      break;
    case InputKind::kAway:
    case InputKind::kBack:
      long_writer.varint(input.player.value);
      long_op(input.kind == InputKind::kAway ? Op::kAway : Op::kBack);
      break;
    case InputKind::kEnd:
      long_writer.text(input.text);
      long_op(Op::kEnd);
      break;
    case InputKind::kAction:
    case InputKind::kRelease:
      break;  // written above
  }
}

void TickEncoder::event(const Emitted& event) {
  VarintWriter writer(events_);
  recipients(writer, event.to);
  fits_ = fits_ && event.body.size() <= limits::kMessageFromServerBytesMax;
  name(writer, event.name, event.body);
  ++events_count_;
}

void TickEncoder::recipients(VarintWriter& writer, const Recipients& to) {
  using Who = Recipients::Who;
  if (to.who == Who::kEveryone && !to.is_volatile) return writer.varint(0);
  if (to.who == Who::kPlayers && to.players.size() == 1 && !to.is_volatile)
    return writer.varint(to.players.front().value);
  fits_ = fits_ && to.players.size() <= limits::kPlayersPerMatchMax && to.entities.size() <= kEmittedEntitiesMax;
  writer.varint(kRecipientForms + (static_cast<std::uint64_t>(to.who) | (to.is_volatile ? kVolatileForm : 0)));
  if (to.who == Who::kPlayers) {
    writer.varint(to.players.size());
    for (const PlayerId player : to.players) writer.varint(player.value);
  }
  if (to.who == Who::kViewers) {
    writer.varint(to.entities.size());
    for (const Recipients::Entity& entity : to.entities) {
      writer.text(entity.vector);
      writer.varint(entity.key);
    }
  }
}

// The first of a name: its number is the next one, and the text follows.
void TickEncoder::name(VarintWriter& writer, std::string_view text, const Bytes& body) {
  std::size_t number = 0;
  while (number < names_.size() && names_[number].name != text) ++number;
  writer.varint(number);
  const bool is_new = number == names_.size();
  if (is_new) writer.text(text);
  Name& name = is_new ? add_name(text) : names_[number];
  fits_ = fits_ && text.size() <= kNameTextBytesMax;
  encode_diff(writer, body, name.last_body);
  remember(name, body);
}

bool TickEncoder::end_tick(std::optional<std::uint64_t> hash) {
  flush_turns();
  VarintWriter writer(body_);
  writer.varint((std::uint64_t{ops_} << 1U) | (events_count_ > 0 ? 1U : 0U));
  writer.bytes(inputs_);
  if (events_count_ > 0) writer.varint(events_count_);
  writer.bytes(events_);
  if (hash) writer.fixed(*hash);
  const bool fits = fits_ && inputs_count_ <= kTickInputsMax && events_count_ <= kTickEventsMax;
  inputs_.clear();
  events_.clear();
  ops_ = inputs_count_ = events_count_ = turn_ = 0;
  fits_ = true;
  ++ticks_;
  ++tick_;
  return fits;
}

Bytes TickEncoder::take() {
  Bytes out;
  out.reserve(body_.size() + 8);
  VarintWriter writer(out);
  writer.varint(tick_ - ticks_);
  writer.varint(ticks_);
  writer.bytes(body_);
  body_.clear();
  ticks_ = 0;
  return out;
}

void TickEncoder::reset() {
  ENGINE_ASSERT(ticks_ == 0 && inputs_.empty() && events_.empty() && repeats_ == 0,
                "a keyframe stands between two ticks");
  forget();
}

}  // namespace netcode::recording
