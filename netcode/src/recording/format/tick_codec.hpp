// The body of a `ticks` record: what went into each tick and what came out of it (docs/recording.md, "Ticks").
//
// Both ends keep the same memory: who acts in which turn and how each acted last, the names met so far and the last
// body of each. A player who goes on doing the same costs nothing, one byte covers the whole turn. The
// memory is forgotten at every keyframe, so that decoding can start there.
//
// Threading: none; one owner each. Decoded bytes are from outside: errors, no asserts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/limits.hpp"
#include "recording/format/varint.hpp"
#include "simulation/simulation.hpp"

namespace netcode::recording {

/// Of one tick, so that a few bytes cannot ask for unbounded work: all that 1024 players can send, and as much again.
inline constexpr std::size_t kTickInputsMax = 16 * 1024;
inline constexpr std::size_t kTickEventsMax = 64 * 1024;
/// Names remembered between two keyframes, and the longest body that is remembered with one: 5 MiB at most.
inline constexpr std::size_t kNamesMax = 1024;
inline constexpr std::size_t kNameTextBytesMax = 256;
inline constexpr std::size_t kRememberedBodyBytesMax = 4096;
/// Ends a record early, far below what a reader accepts: the ticks of one interval of a lively match take some 100
/// bytes.
inline constexpr std::size_t kTicksBytesMax = 1024 * 1024;

/// An operation's kind is in the low three bits of its varint, its argument above them. What has no short kind of its
/// own is a long one: its number is the argument, and its bytes follow behind their count, so that numbers can be added
/// for ever and whoever does not know one can say so, or pass over it.
enum class Op : std::uint8_t {
  kRepeat = 0,
  kSkip = 1,
  kAct = 2,
  kActSeeing = 3,
  kJoin = 4,
  kLeave = 5,
  kEvent = 6,
  kLong = 7,
  // Numbers of long ones.
  kEnd = 8,
  kAway = 9,
  kBack = 10,
  kJoinWithTicket = 11,
  // 12 and 13 are spoken for (docs/recording.md): the next one is 14.
};
/// Long ones from this number on change nothing in the match: a reader that does not know one leaves it out. One below
/// that it does not know it refuses, since the match would go another way without.
inline constexpr std::uint64_t kNotesFrom = 64;
/// Of a long one, whatever its number.
inline constexpr std::size_t kLongOpBytesMax = limits::kMessageFromClientBytesMax;
/// Whom an event went to, in its first number: everyone is 0, one player its id. From here on it is a form, with
/// Recipients::Who in its two low bits and "volatile" in the third; the players or entities follow.
inline constexpr std::uint64_t kRecipientForms = limits::kPlayerIdMax + 1;
inline constexpr std::uint64_t kVolatileForm = 4;

/// Between the two snapshots that a view was drawn between: more than any match allows.
inline constexpr Tick kViewSpanTicksMax = 0xFFFF;

class TickMemory {
 protected:
  struct Actor {
    Input last;  // their last action; its view is not kept
    /// How old the views of their last action and of the one before were, in 256ths of a tick; 0: not told. Who sees
    /// every other tick sees now one, now two ticks old, so the next one is taken to be as old as the one before.
    std::uint64_t view_age = 0;
    std::uint64_t view_age_before = 0;
    /// From the earlier to the later of the two snapshots that their last view was drawn between; 0: not told.
    /// Snapshots are a multiple of it apart, as long as none is skipped.
    Tick view_span = 0;
  };
  struct Name {
    std::string name;
    Bytes last_body;
  };

  void forget();
  /// From `turn_` on, then from the start: players mostly act in one order. actors_.size() for a player who has not
  /// acted yet.
  std::size_t find_actor(PlayerId player) const;
  void drop_actor(PlayerId player);
  static void see(Actor& actor, std::uint64_t view_age, const ViewTime& view);
  /// The same view, drawn between the snapshots that are expected.
  static ViewTime with_expected_interval(Tick span, ViewTime view);
  /// A new name is remembered while there is room; what a number past the end stands for otherwise.
  Name& add_name(std::string_view text);
  void remember(Name& name, const Bytes& body);

  std::vector<Actor> actors_;
  std::size_t turn_ = 0;
  std::vector<Name> names_;
  Name passing_;  // one that there was no room for
};

class TickEncoder : TickMemory {
 public:
  /// `first`: the tick that comes first.
  explicit TickEncoder(Tick first = 1) : tick_(first) {}

  void input(const Input& input);
  void event(const Emitted& event);
  /// False: there was more in this tick than a recording takes, so that it must not be written.
  bool end_tick(std::optional<std::uint64_t> hash);

  std::uint32_t ticks() const { return ticks_; }
  std::size_t bytes() const { return body_.size(); }
  /// The record's body with all ticks ended since the last call.
  Bytes take();
  /// A keyframe follows. No tick may be open.
  void reset();

 private:
  void op(Op op, std::uint64_t argument);
  /// Its bytes are those in long_.
  void long_op(Op op);
  void action(const Input& input);
  void flush_turns();
  void recipients(VarintWriter& writer, const Recipients& to);
  void name(VarintWriter& writer, std::string_view text, const Bytes& body);

  Tick tick_;     // the open one
  Bytes inputs_;  // of it
  Bytes events_;
  Bytes long_;
  std::size_t ops_ = 0;
  std::size_t inputs_count_ = 0;
  std::size_t events_count_ = 0;
  std::size_t repeats_ = 0;  // not written yet
  bool fits_ = true;         // ... what the decoder takes
  Bytes body_;               // ticks ended
  std::uint32_t ticks_ = 0;
};

/// Gets the ticks of a recording, each as inputs, run, events and, where it has one, a hash. An error stops the
/// decoding.
class TickSink {
 public:
  virtual ~TickSink() = default;
  /// Borrowed. `is_new`: this body has not passed here before, so it is to be checked against the schema.
  virtual engine::Result<void> input(const Input& input, bool is_new) = 0;
  virtual engine::Result<void> run(Tick tick) = 0;
  virtual engine::Result<void> event(const Recipients& to, std::string_view name, BytesView body) = 0;
  virtual engine::Result<void> end_of_tick(Tick tick, std::optional<std::uint64_t> hash) = 0;
};

struct TickSpan {
  Tick first = 0;
  std::uint32_t count = 0;

  Tick last() const { return first + count - 1; }
};

/// What a `ticks` record is about, from its first bytes.
engine::Result<TickSpan> tick_span(BytesView body);

class TickDecoder : TickMemory {
 public:
  explicit TickDecoder(std::uint32_t hash_interval_ticks) : hash_interval_ticks_(hash_interval_ticks) {}

  /// A keyframe was passed.
  void reset();
  /// `body` must live until the last of its ticks was decoded.
  engine::Result<void> begin(BytesView body);
  bool at_end() const { return next_ > last_; }
  /// Decodes one tick. Not when at_end, nor after an error.
  engine::Result<void> tick(TickSink& sink);

 private:
  engine::Result<void> one_tick(TickSink& sink);
  engine::Result<void> op(TickSink& sink, std::size_t& inputs);
  engine::Result<void> long_op(TickSink& sink, std::uint64_t number, std::size_t& inputs);
  engine::Result<void> repeat(TickSink& sink, std::uint64_t count);
  engine::Result<void> act(TickSink& sink, std::uint64_t player, bool is_seeing);
  /// The two snapshots that a view was drawn between, as written.
  struct Interval {
    Tick span = 0;  // from the one to the other; 0: not told
    Tick back = 0;  // from the earlier one to the view's tick
  };
  /// Passes on the actor's last action with a view so old; without an interval, drawn between the expected ones.
  engine::Result<void> act_again(TickSink& sink, Actor& actor, std::uint64_t view_age, std::optional<Interval> interval,
                                 bool is_new);
  engine::Result<void> events(TickSink& sink);
  /// Into to_. False if the bytes are broken.
  bool recipients();
  /// Its name; the body is in body_. Null if the bytes are broken.
  const std::string* name(std::size_t body_bytes_max);

  std::uint32_t hash_interval_ticks_;
  VarintReader reader_;
  Tick next_ = 1;
  Tick last_ = 0;
  Input scratch_;
  Recipients to_;
  Bytes body_;
};

}  // namespace netcode::recording
