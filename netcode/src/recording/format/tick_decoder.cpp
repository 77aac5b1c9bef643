#include <algorithm>
#include <limits>

#include "netcode/limits.hpp"
#include "recording/format/body_diff.hpp"
#include "recording/format/tick_codec.hpp"

namespace netcode::recording {

namespace {

constexpr std::uint64_t kIdMax = std::numeric_limits<std::uint32_t>::max();

engine::Error broken() { return engine::error("the record does not say what its format asks for"); }

engine::Result<TickSpan> read_span(VarintReader& reader) {
  const auto first = static_cast<Tick>(reader.varint(std::numeric_limits<Tick>::max()));
  // A tick takes a byte at least.
  const auto count = static_cast<std::uint32_t>(reader.varint(reader.left()));
  if (!reader.ok() || first == 0 || count == 0 || count > reader.left() ||
      count - 1 > std::numeric_limits<Tick>::max() - 1 - first) {
    return broken();
  }
  return TickSpan{.first = first, .count = count};
}

}  // namespace

engine::Result<TickSpan> tick_span(BytesView body) {
  VarintReader reader(body);
  return read_span(reader);
}

void TickDecoder::reset() { forget(); }

engine::Result<void> TickDecoder::begin(BytesView body) {
  reader_ = VarintReader(body);
  auto span = read_span(reader_);
  if (!span) return span.error();
  next_ = span->first;
  last_ = span->last();
  return {};
}

engine::Result<void> TickDecoder::tick(TickSink& sink) {
  auto done = one_tick(sink);
  // At the end whatever is left over is an error too.
  if (done && next_ > last_ && !reader_.at_end()) done = broken();
  // What was refused must not be repeated.
  if (!done) forget();
  return done;
}

engine::Result<void> TickDecoder::one_tick(TickSink& sink) {
  turn_ = 0;
  const std::uint64_t head = reader_.varint((std::uint64_t{2 * kTickInputsMax} << 1U) | 1U);
  std::size_t inputs = 0;
  for (std::uint64_t i = 0; i < head >> 1U; ++i) {
    if (auto done = op(sink, inputs); !done) return done;
    if (inputs > kTickInputsMax) return engine::error("more than {} inputs for one tick", kTickInputsMax);
  }
  if (!reader_.ok()) return broken();
  const Tick tick = next_++;
  if (auto ran = sink.run(tick); !ran) return ran;
  if ((head & 1U) != 0) {
    if (auto done = events(sink); !done) return done;
  }
  std::optional<std::uint64_t> hash;
  if (tick % hash_interval_ticks_ == 0) hash = reader_.fixed<std::uint64_t>();
  if (!reader_.ok()) return broken();
  return sink.end_of_tick(tick, hash);
}

engine::Result<void> TickDecoder::op(TickSink& sink, std::size_t& inputs) {
  const std::uint64_t code = reader_.varint((kIdMax << 3U) | 7U);  // also of a long one: numbers take 32 bits
  if (!reader_.ok()) return broken();
  const std::uint64_t argument = code >> 3U;
  const PlayerId player{static_cast<std::uint32_t>(argument)};
  ++inputs;  // or less: a skip is none
  switch (static_cast<Op>(code & 7U)) {
    case Op::kRepeat:
      inputs += static_cast<std::size_t>(argument);
      return repeat(sink, argument + 1);
    case Op::kSkip:
      if (argument >= actors_.size() - turn_) return broken();
      turn_ += static_cast<std::size_t>(argument) + 1;
      --inputs;
      return {};
    case Op::kAct:
    case Op::kActSeeing:
      return act(sink, argument, (code & 7U) == static_cast<std::uint64_t>(Op::kActSeeing));
    case Op::kJoin:
      scratch_ = {.kind = InputKind::kJoin, .player = player, .text = {}, .body = {}};
      scratch_.is_bot = reader_.fixed<std::uint8_t>() != 0;
      scratch_.text = reader_.text(limits::kNameBytesMax);
      break;
    case Op::kLeave:
      drop_actor(player);
      scratch_ = {.kind = InputKind::kLeave, .player = player, .text = {}, .body = {}};
      break;
    case Op::kEvent: {
      const std::string* table = name(limits::kMessageFromClientBytesMax);
      if (table == nullptr) return broken();
      scratch_ = {.kind = InputKind::kEvent, .player = player, .text = *table, .body = body_};
      break;
    }
    case Op::kLong:
      return long_op(sink, argument, inputs);
    default:
      return broken();
  }
  if (!reader_.ok()) return broken();
  return sink.input(scratch_, true);
}

engine::Result<void> TickDecoder::long_op(TickSink& sink, std::uint64_t number, std::size_t& inputs) {
  const BytesView bytes = reader_.bytes(static_cast<std::size_t>(reader_.varint(kLongOpBytesMax)));
  if (!reader_.ok()) return broken();
  if (number >= kNotesFrom) {
    --inputs;
    return {};
  }
  VarintReader from(bytes);
  scratch_ = {};
  if (number != static_cast<std::uint64_t>(Op::kEnd))
    scratch_.player = PlayerId{static_cast<std::uint32_t>(from.varint(kIdMax))};
  switch (static_cast<Op>(number)) {
    case Op::kEnd:
      scratch_.kind = InputKind::kEnd;
      scratch_.text = from.text(kResultBytesMax);
      break;
    case Op::kAway:
      scratch_.kind = InputKind::kAway;
      break;
    case Op::kBack:
      scratch_.kind = InputKind::kBack;
      break;
    case Op::kJoinWithTicket: {
      scratch_.kind = InputKind::kJoin;
      scratch_.is_bot = from.fixed<std::uint8_t>() != 0;
      scratch_.text = from.text(limits::kNameBytesMax);
      scratch_.ticket_table = from.text(kNameTextBytesMax);
      const BytesView ticket = from.bytes(from.left());
      scratch_.ticket.assign(ticket.begin(), ticket.end());
      if (scratch_.ticket_table.empty() || ticket.size() > limits::kTicketBytesMax) return broken();
      break;
    }
    default:
      return engine::error("operation {}, which this program does not know: it was recorded by a newer one", number);
  }
  if (!from.at_end()) return broken();
  return sink.input(scratch_, true);
}

engine::Result<void> TickDecoder::repeat(TickSink& sink, std::uint64_t count) {
  if (count > actors_.size() - turn_) return broken();
  for (; count > 0; --count) {
    Actor& actor = actors_[turn_++];
    actor.last.ticks_late = 0;
    if (auto done = act_again(sink, actor, actor.view_age_before, {}, false); !done) return done;
  }
  return {};
}

engine::Result<void> TickDecoder::act_again(TickSink& sink, Actor& actor, std::uint64_t view_age,
                                            std::optional<Interval> interval, bool is_new) {
  // From the whole of tick 1 to the last 256th before the tick that it is an action of.
  const std::uint64_t now = std::uint64_t{next_} << 8U;
  if (view_age >= now || (view_age != 0 && now - view_age < 256)) return broken();
  const std::uint64_t moment = view_age == 0 ? 0 : now - view_age;
  ViewTime view{.tick = static_cast<Tick>(moment >> 8U), .fraction = static_cast<std::uint8_t>(moment & 255U)};
  if (!interval) view = with_expected_interval(actor.view_span, view);
  if (interval && interval->span != 0) {
    if (interval->back >= std::min(interval->span, view.tick)) return broken();
    view.from = view.tick - interval->back;
    view.to = view.from + interval->span;
  }
  if (view.to >= next_) return broken();
  see(actor, view_age, view);
  actor.last.view = view;
  actor.last.kind = actor.last.body.empty() ? InputKind::kRelease : InputKind::kAction;
  return sink.input(actor.last, is_new);
}

engine::Result<void> TickDecoder::act(TickSink& sink, std::uint64_t player, bool is_seeing) {
  std::size_t index = turn_;
  if (player == 0) {
    if (turn_ == actors_.size()) return broken();
    ++turn_;
  } else {
    const PlayerId id{static_cast<std::uint32_t>(player)};
    index = find_actor(id);
    if (index == actors_.size()) {
      if (actors_.size() >= limits::kPlayersPerMatchMax) return broken();
      actors_.push_back({.last = {.kind = InputKind::kAction, .player = id, .text = {}, .body = {}}});
      turn_ = actors_.size();
    }
  }
  Actor& actor = actors_[index];
  std::uint64_t view_age = actor.view_age_before;
  std::optional<Interval> interval;
  actor.last.ticks_late = 0;
  if (is_seeing) {
    const std::uint64_t seen = reader_.varint(~std::uint64_t{0});
    view_age += unzigzag(seen >> 2U);
    if ((seen & 1U) != 0) actor.last.ticks_late = static_cast<std::uint32_t>(reader_.varint(kTicksLateMax));
    if ((seen & 2U) != 0) {
      interval.emplace().span = static_cast<Tick>(reader_.varint(kViewSpanTicksMax));
      if (interval->span != 0) interval->back = static_cast<Tick>(reader_.varint(kViewSpanTicksMax));
    }
  }
  if (!decode_diff(reader_, actor.last.body, limits::kActionBytesMax)) return broken();
  return act_again(sink, actor, view_age, interval, true);
}

const std::string* TickDecoder::name(std::size_t body_bytes_max) {
  const auto number = static_cast<std::size_t>(reader_.varint(names_.size()));
  if (!reader_.ok()) return nullptr;
  Name& name = number == names_.size() ? add_name(reader_.text(kNameTextBytesMax)) : names_[number];
  body_.assign(name.last_body.begin(), name.last_body.end());
  if (!decode_diff(reader_, body_, body_bytes_max)) return nullptr;
  remember(name, body_);
  return &name.name;
}

bool TickDecoder::recipients() {
  using Who = Recipients::Who;
  to_ = {};
  const std::uint64_t first = reader_.varint(kRecipientForms + (kVolatileForm | static_cast<unsigned>(Who::kViewers)));
  if (first < kRecipientForms) {
    if (first != 0) to_ = Recipients::player({static_cast<std::uint32_t>(first)});
    return reader_.ok();
  }
  const std::uint64_t form = first - kRecipientForms;
  const std::uint64_t who = form & 3U;
  if (who > static_cast<std::uint64_t>(Who::kViewers)) return false;
  to_.who = static_cast<Who>(who);
  to_.is_volatile = (form & kVolatileForm) != 0;
  if (to_.who == Who::kPlayers) {
    const std::uint64_t count = reader_.varint(limits::kPlayersPerMatchMax);
    for (std::uint64_t i = 0; i < count && reader_.ok(); ++i) {
      const PlayerId player{static_cast<std::uint32_t>(reader_.varint(limits::kPlayerIdMax))};
      if (player <= (to_.players.empty() ? kNoPlayer : to_.players.back())) return false;  // rising, each once
      to_.players.push_back(player);
    }
  }
  if (to_.who == Who::kViewers) {
    const std::uint64_t count = reader_.varint(kEmittedEntitiesMax);
    for (std::uint64_t i = 0; i < count && reader_.ok(); ++i) {
      std::string vector(reader_.text(kEntityVectorBytesMax));
      to_.entities.push_back({.vector = std::move(vector), .key = static_cast<std::uint32_t>(reader_.varint(kIdMax))});
    }
  }
  return reader_.ok();
}

engine::Result<void> TickDecoder::events(TickSink& sink) {
  const std::uint64_t count = reader_.varint(kTickEventsMax);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!recipients()) return broken();
    const std::string* event = name(limits::kMessageFromServerBytesMax);
    if (event == nullptr) return broken();
    if (auto done = sink.event(to_, *event, body_); !done) return done;
  }
  if (!reader_.ok()) return broken();
  return {};
}

}  // namespace netcode::recording
