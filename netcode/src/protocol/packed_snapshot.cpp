#include "protocol/packed_snapshot.hpp"

#include <cstdint>
#include <utility>

#include "protocol/near_numbers.hpp"
#include "protocol/packed_envelope.hpp"

namespace netcode::protocol {
namespace {

// The first byte: which numbers are not as guessed.
constexpr std::uint8_t kOtherTick = 1;
constexpr std::uint8_t kOtherSequence = 2;
constexpr std::uint8_t kOtherActionTick = 4;
constexpr std::uint8_t kOtherReceived = 8;
constexpr std::uint8_t kOtherSlack = 16;
constexpr std::uint8_t kAll = 31;

constexpr unsigned kSlackBits = 16;

/// As many ticks on as the one before, and as many actions taken as ticks went by, each in its own.
SnapshotHead guess_tick(const CarriedHead& carried) {
  SnapshotHead out = carried.last;
  out.tick += carried.ticks;
  return out;
}
void guess_rest(const CarriedHead& carried, SnapshotHead& head) {
  const Tick ticks = head.tick - carried.last.tick;
  const auto after = [ticks](std::uint32_t number) { return number == 0 ? 0 : number + ticks; };
  head.action_sequence = after(carried.last.action_sequence);
  head.action_tick = after(carried.last.action_tick);
}

std::uint64_t slack_of(const SnapshotHead& head) { return static_cast<std::uint16_t>(head.slack_ms); }

void carry(const SnapshotHead& head, CarriedHead& carried) {
  carried.ticks = head.tick - carried.last.tick;
  carried.last = head;
}

}  // namespace

OutgoingMessage SnapshotPacker::pack(const SnapshotHead& head, OutgoingMessage frame) {
  OutgoingMessage out;
  out.body = std::move(frame.body);
  out.body_offset = frame.body_offset;
  Bytes& to = out.head;
  to.reserve(kPackedEnvelopeBytes + kPackedHeadBytesMax + frame.head.size());
  to.resize(kPackedEnvelopeBytes + 1);
  std::uint8_t said = 0;
  const auto put = [&](std::uint8_t which, std::uint64_t steps) {
    if (steps == 0) return;
    said |= which;
    put_number(to, steps);
  };
  SnapshotHead guess = guess_tick(carried_);
  put(kOtherTick, steps_to(head.tick, guess.tick));
  guess.tick = head.tick;
  guess_rest(carried_, guess);
  put(kOtherSequence, steps_to(head.action_sequence, guess.action_sequence));
  put(kOtherActionTick, steps_to(head.action_tick, guess.action_tick));
  put(kOtherReceived, steps_to(head.received, guess.received));
  put(kOtherSlack, steps_to(slack_of(head), slack_of(guess), kSlackBits));
  to[kPackedEnvelopeBytes] = said;
  to.insert(to.end(), frame.head.begin(), frame.head.end());
  write_packed_envelope(to.size() - kPackedEnvelopeBytes + out.body_size(), to);
  carry(head, carried_);
  return out;
}

engine::Result<PackedSnapshotView> SnapshotUnpacker::unpack(BytesView packed) {
  NumberReader in(packed, "a packed snapshot");
  const std::uint8_t said = in.byte();
  const auto near = [&](std::uint8_t which, std::uint32_t guess) {
    return (said & which) != 0 ? value_at(in.number(), guess) : guess;
  };
  SnapshotHead head = guess_tick(carried_);
  head.tick = near(kOtherTick, head.tick);
  guess_rest(carried_, head);
  head.action_sequence = near(kOtherSequence, head.action_sequence);
  head.action_tick = near(kOtherActionTick, head.action_tick);
  head.received = near(kOtherReceived, head.received);
  if ((said & kOtherSlack) != 0)
    head.slack_ms = static_cast<std::int16_t>(value_at(in.number(kSlackBits), slack_of(head), kSlackBits));
  if (!in.is_good()) return engine::error("{}", in.problem());
  if ((said & ~kAll) != 0) return engine::error("a packed snapshot whose head says what nobody knows");
  carry(head, carried_);
  return PackedSnapshotView{.head = head, .frame = in.rest()};
}

}  // namespace netcode::protocol
