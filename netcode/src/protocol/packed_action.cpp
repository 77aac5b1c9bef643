#include "protocol/packed_action.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <span>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"

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

constexpr unsigned kNumberBits = 32;
constexpr unsigned kViewBits = 40;  // a tick and 256ths of it
/// Of two numbers in one byte: the number itself follows.
constexpr std::uint64_t kEscape = 15;
/// What it takes at most to say how much of the last body stays.
constexpr std::size_t kKeptBytesMax = 5;

/// How far `value` is from what was guessed, round the end of its bits or not: 0 for the same, then 1 for one less, 2
/// for one more and so on, so that near is small.
constexpr std::uint64_t steps_to(std::uint64_t value, std::uint64_t guess, unsigned bits) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  const std::uint64_t far = (value - guess) & mask;
  return ((far << 1U) ^ (std::uint64_t{0} - (far >> (bits - 1)))) & mask;
}

constexpr std::uint64_t value_at(std::uint64_t steps, std::uint64_t guess, unsigned bits) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  return (guess + ((steps >> 1U) ^ (std::uint64_t{0} - (steps & 1U)))) & mask;
}

std::uint64_t steps_to(std::uint32_t value, std::uint32_t guess) { return steps_to(value, guess, kNumberBits); }

/// What is not told stays so, as a rule.
std::uint32_t after(std::uint32_t number) { return number == 0 ? 0 : number + 1; }
std::uint64_t view_of(const ActionView& action) { return std::uint64_t{action.view_tick} << 8U | action.view_fraction; }
std::uint64_t view_after(std::uint64_t view) { return view == 0 ? 0 : view + 256; }
std::uint32_t span_of(const ActionView& action) { return action.view_to - action.view_from; }

void append(Bytes& out, BytesView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
void put_number(Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

/// Two in one byte, where they are small.
void put_pair(Bytes& out, std::uint64_t low, std::uint64_t high) {
  out.push_back(static_cast<std::uint8_t>(std::min(low, kEscape) | std::min(high, kEscape) << 4U));
  if (low >= kEscape) put_number(out, low);
  if (high >= kEscape) put_number(out, high);
}

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

/// Reads; what is wrong is kept until it is asked for, and everything after it is 0.
class Cursor {
 public:
  explicit Cursor(BytesView bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) problem_ = "a packed action that is cut off";
    if (!problem_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  std::uint64_t number(unsigned bits = kNumberBits) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < bits; shift += 7) {
      const std::uint8_t next = byte();
      value |= std::uint64_t{next & 0x7fU} << shift;
      if (next >= 0x80) continue;
      if (value >> bits != 0) break;
      return value;
    }
    if (problem_.empty()) problem_ = "a packed action with a number that is too large";
    return 0;
  }
  std::array<std::uint64_t, 2> pair() {
    const std::uint8_t both = byte();
    std::array<std::uint64_t, 2> out{both & kEscape, std::uint64_t{both} >> 4U};
    for (std::uint64_t& one : out)
      if (one == kEscape) one = number();
    return out;
  }
  BytesView rest() const { return rest_; }
  std::string_view problem() const { return problem_; }

 private:
  BytesView rest_;
  std::string_view problem_;
};

std::uint32_t value_at(std::uint64_t steps, std::uint32_t guess) {
  return static_cast<std::uint32_t>(value_at(steps, guess, kNumberBits));
}

/// All but the body. `last`: of the action before.
ActionView read_numbers(Cursor& in, std::uint8_t said, const ActionView& last) {
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
engine::Result<void> read_body(Cursor& in, std::uint8_t said, std::optional<Bytes>& last) {
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
  if (!in.problem().empty()) return engine::error("{}", in.problem());
  if (first > last->size() || end > last->size() - first)
    return engine::error("an action that keeps {} bytes and {} of the {} of the one before", first, end, last->size());
  if (auto fits = check_size(first + in.rest().size() + end); !fits) return fits;
  const auto begin = last->begin() + static_cast<std::ptrdiff_t>(first);
  const auto at = last->erase(begin, last->end() - static_cast<std::ptrdiff_t>(end));
  last->insert(at, in.rest().begin(), in.rest().end());
  return {};
}

}  // namespace

// Laid out by hand: flatc's builder takes 24 bytes, and up to 3 behind. It is a FlatBuffer as any other, but that the
// place of `packed` in the table, which is the vtable's last entry, and the table's way to its vtable, which comes
// next, are both 4 and share their bytes.
Bytes ActionPacker::pack(const ActionView& action) {
  ENGINE_ASSERT(action.body.size() <= limits::kActionBytesMax, "no server takes an action of this size");
  static constexpr std::array<std::uint8_t, kPackedActionEnvelopeBytes> kEnvelope = {
      8, 0, 0, 0,  // Message is at 8
      6, 0, 8, 0,  // its vtable has 6 bytes, itself 8
      4, 0, 0, 0,  // `packed` is at 4 of it; and as Message's first bytes: the vtable is 4 before
      4, 0, 0, 0,  // the vector is 4 further on
      0, 0, 0, 0,  // its size
  };
  Bytes out(kEnvelope.begin(), kEnvelope.end());
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
  out[kPackedActionEnvelopeBytes] = said;

  const std::size_t size = out.size() - kPackedActionEnvelopeBytes;
  for (std::size_t i = 0; i < 4; ++i)
    out[kPackedActionEnvelopeBytes - 4 + i] = static_cast<std::uint8_t>(size >> (8 * i) & 0xffU);
  last_.numbers = action;
  last_.numbers.body = {};
  if ((said & kBodyMask) != kRepeated) last_.body.emplace(action.body.begin(), action.body.end());
  return out;
}

engine::Result<ActionView> ActionUnpacker::unpack(BytesView packed) {
  Cursor in(packed);
  const std::uint8_t said = in.byte();
  const ActionView numbers = read_numbers(in, said, last_.numbers);
  if (!in.problem().empty()) return engine::error("{}", in.problem());
  if (auto good = read_body(in, said & kBodyMask, last_.body); !good) return good.error();
  last_.numbers = numbers;
  ActionView out = numbers;
  out.body = *last_.body;
  return out;
}

}  // namespace netcode::protocol
