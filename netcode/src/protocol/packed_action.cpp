#include "protocol/packed_action.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <span>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "protocol/near_numbers.hpp"
#include "protocol/packed_envelope.hpp"

namespace netcode::protocol {
namespace {

// The first byte: what the body is, and which numbers are not as guessed.
constexpr std::uint8_t kBodyMask = 3;
constexpr std::uint8_t kRepeated = 0;  // the body of the one before
constexpr std::uint8_t kWhole = 1;
constexpr std::uint8_t kChanged = 2;  // the one before, but for some of its middle
constexpr std::uint8_t kTick = 4;
constexpr std::uint8_t kSequence = 8;
constexpr std::uint8_t kSnapshots = 16;
constexpr std::uint8_t kReceived = 32;
constexpr std::uint8_t kView = 64;
constexpr std::uint8_t kBetween = 128;

constexpr unsigned kViewBits = 40;  // a tick and 256ths of it
/// What it takes at most to say how much of the last body stays.
constexpr std::size_t kKeptBytesMax = 5;

/// What is not told stays so, as a rule.
std::uint32_t after(std::uint32_t number) { return number == 0 ? 0 : number + 1; }
std::uint64_t view_of(const ActionView& action) { return std::uint64_t{action.view_tick} << 8U | action.view_fraction; }
std::uint64_t view_after(std::uint64_t view) { return view == 0 ? 0 : view + 256; }
std::uint32_t span_of(const ActionView& action) { return action.view_to - action.view_from; }

void append(Bytes& out, BytesView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

/// Returns what it is said as.
std::uint8_t put_body(Bytes& out, BytesView body, const std::optional<Bytes>& last) {
  if (!last) {
    append(out, body);
    return kWhole;
  }
  const auto differs = std::mismatch(body.begin(), body.end(), last->begin(), last->end());
  if (differs.first == body.end() && differs.second == last->end()) return kRepeated;
  const auto first = static_cast<std::size_t>(differs.first - body.begin());
  const std::size_t rest = std::min(body.size(), last->size()) - first;
  const auto same_end = std::mismatch(body.rbegin(), body.rbegin() + static_cast<std::ptrdiff_t>(rest), last->rbegin());
  const auto end = static_cast<std::size_t>(same_end.first - body.rbegin());
  if (first + end <= kKeptBytesMax) {
    append(out, body);
    return kWhole;
  }
  put_pair(out, first, end);
  append(out, body.subspan(first, body.size() - first - end));
  return kChanged;
}

/// All but the body. `last`: of the action before.
ActionView read_numbers(NumberReader& in, std::uint8_t said, const ActionView& last) {
  const auto near = [&](std::uint8_t which, std::uint32_t guess) {
    return (said & which) != 0 ? value_at(in.number(), guess) : guess;
  };
  const auto near_both = [&](std::uint8_t which) {
    return (said & which) != 0 ? in.pair() : std::array<std::uint64_t, 2>{};
  };
  ActionView out;
  out.tick = near(kTick, after(last.tick));
  out.sequence = near(kSequence, after(last.sequence));
  const auto snapshots = near_both(kSnapshots);
  out.snapshot_tick = value_at(snapshots[0], last.snapshot_tick);
  out.twin_snapshot_tick = value_at(snapshots[1], last.twin_snapshot_tick);
  out.received = near(kReceived, last.received);
  const std::uint64_t guess = view_after(view_of(last));
  const std::uint64_t view = value_at((said & kView) != 0 ? in.number(kViewBits) : 0, guess, kViewBits);
  out.view_tick = static_cast<Tick>(view >> 8U);
  out.view_fraction = static_cast<std::uint8_t>(view & 0xffU);
  const auto between = near_both(kBetween);
  out.view_from = value_at(between[0], last.view_from);
  out.view_to = out.view_from + value_at(between[1], span_of(last));
  return out;
}

engine::Result<void> check_size(std::size_t bytes) {
  if (bytes > limits::kActionBytesMax)
    return engine::error("an action of {} bytes, {} is the limit", bytes, limits::kActionBytesMax);
  return {};
}

/// Makes `last` the body of this action. `rest`: what follows its numbers.
engine::Result<void> read_body(NumberReader& in, std::uint8_t said, std::optional<Bytes>& last) {
  if (said == kWhole) {
    if (auto fits = check_size(in.rest().size()); !fits) return fits;
    last.emplace(in.rest().begin(), in.rest().end());
    return {};
  }
  if (said != kRepeated && said != kChanged) return engine::error("a packed action with a body of no kind");
  if (!last) return engine::error("an action that goes by the one before, and none came before over this connection");
  if (said == kRepeated) {
    if (!in.rest().empty()) return engine::error("{} bytes behind a packed action", in.rest().size());
    return {};
  }
  const auto [first, end] = in.pair();
  if (!in.is_good()) return engine::error("{}", in.problem());
  if (first > last->size() || end > last->size() - first)
    return engine::error("an action that keeps {} bytes and {} of the {} of the one before", first, end, last->size());
  if (auto fits = check_size(first + in.rest().size() + end); !fits) return fits;
  const auto begin = last->begin() + static_cast<std::ptrdiff_t>(first);
  const auto at = last->erase(begin, last->end() - static_cast<std::ptrdiff_t>(end));
  last->insert(at, in.rest().begin(), in.rest().end());
  return {};
}

}  // namespace

Bytes ActionPacker::pack(const ActionView& action) {
  ENGINE_ASSERT(action.body.size() <= limits::kActionBytesMax, "no server takes an action of this size");
  Bytes out(kPackedEnvelopeBytes);
  const ActionView& last = last_.numbers;
  std::uint8_t said = 0;
  out.push_back(said);
  const auto put = [&](std::uint8_t which, std::uint64_t steps) {
    if (steps == 0) return;
    said |= which;
    put_number(out, steps);
  };
  const auto put_both = [&](std::uint8_t which, std::uint64_t low, std::uint64_t high) {
    if (low == 0 && high == 0) return;
    said |= which;
    put_pair(out, low, high);
  };
  put(kTick, steps_to(action.tick, after(last.tick)));
  put(kSequence, steps_to(action.sequence, after(last.sequence)));
  put_both(kSnapshots, steps_to(action.snapshot_tick, last.snapshot_tick),
           steps_to(action.twin_snapshot_tick, last.twin_snapshot_tick));
  put(kReceived, steps_to(action.received, last.received));
  put(kView, steps_to(view_of(action), view_after(view_of(last)), kViewBits));
  put_both(kBetween, steps_to(action.view_from, last.view_from), steps_to(span_of(action), span_of(last)));
  said |= put_body(out, action.body, last_.body);
  out[kPackedEnvelopeBytes] = said;
  write_packed_envelope(out.size() - kPackedEnvelopeBytes, out);
  last_.numbers = action;
  last_.numbers.body = {};
  if ((said & kBodyMask) != kRepeated) last_.body.emplace(action.body.begin(), action.body.end());
  return out;
}

engine::Result<ActionView> ActionUnpacker::unpack(BytesView packed) {
  NumberReader in(packed, "a packed action");
  const std::uint8_t said = in.byte();
  const ActionView numbers = read_numbers(in, said, last_.numbers);
  if (!in.is_good()) return engine::error("{}", in.problem());
  if (auto good = read_body(in, said & kBodyMask, last_.body); !good) return good.error();
  last_.numbers = numbers;
  ActionView out = numbers;
  out.body = *last_.body;
  return out;
}

}  // namespace netcode::protocol
