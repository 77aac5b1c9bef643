// A match's deterministic core: rules, rng, seats and the tick count, with nothing of sockets or time around them.
//
// The live match drives one from its inbox; verify, seek and resume drive one from a recording. The same inputs before
// the same ticks lead to the same state, hash for hash.
//
// Threading: none of its own; one caller at a time.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/core/rng.hpp"
#include "netcode/rules.hpp"
#include "netcode/schema.hpp"

namespace netcode {

enum class InputKind : std::uint8_t {
  kJoin = 0,
  kLeave = 1,
  kAction = 2,
  kEvent = 3,
  kEnd = 4,
  kRelease = 5,
  kAway = 6,  // the player's last connection is lost, and the seat waits for the client to come back
  kBack = 7,  // ... and it did
};

/// A result is a line that every client is told and every keyframe holds: what is longer is cut.
inline constexpr std::size_t kResultBytesMax = 1024;

/// A result as clients and recordings take it: UTF-8, and cut between letters where it is too long.
std::string fit_result(std::string result);

/// The game's own options, as a recording holds them: UTF-8 and at most kMatchOptionsBytesMax in all.
engine::Result<void> check_options(const std::map<std::string, std::string>& options);
/// What a match is made with, as a recording's reader takes it: one bound for those who write and those who read.
engine::Result<void> check_setup(const MatchSetup& setup);

/// How late an action can be said to be: far beyond what rules could make good.
inline constexpr std::uint32_t kTicksLateMax = 255;

/// What may change a match, besides its ticks. Recorded in the order in which it was applied.
struct Input {
  InputKind kind = InputKind::kAction;
  PlayerId player = kNoPlayer;   // kJoin: the new seat's
  bool is_bot = false;           // kJoin
  std::string text{};            // kJoin: the name; kEvent: the event's table, "arena.Vote"; kEnd: the result
  Bytes body{};                  // kAction, kEvent: the verified table
  ViewTime view{};               // kAction: what Context::view says
  std::uint32_t ticks_late = 0;  // kAction: what Context::ticks_late says; at most kTicksLateMax
  std::string ticket_table{};    // kJoin: the table of Player::ticket; empty: there is none
  Bytes ticket{};                // kJoin: the verified table, at most kTicketBytesMax

  friend bool operator==(const Input&, const Input&) = default;
};

/// Everything that the next tick reads. `tick` is the last tick computed.
struct Keyframe {
  Tick tick = 0;
  engine::Rng::State rng{};
  std::vector<Player> players{};
  std::uint32_t next_player = 1;  // above every id that somebody has had
  std::optional<std::string> result{};
  Bytes rules{};  // a FlatBuffer of the schema's keyframe table
};

/// One event names at most so many entities whose viewers it goes to, and a vector's name takes at most so many bytes:
/// a recording keeps them.
inline constexpr std::size_t kEmittedEntitiesMax = 256;
inline constexpr std::size_t kEntityVectorBytesMax = 256;

/// Where emits go: a name, the table's bytes, to whom, and the tick as Context::tick has it.
struct Emitted {
  Recipients to{};
  std::string name{};
  Bytes body{};
  Tick tick = 0;
};

/// What came of an input that could be applied.
struct Applied {
  std::optional<std::string> refusal{};  // kEvent: why the rules did not take it
};

class Simulation {
 public:
  /// `type` and `schema` must outlive it. An error is the rules' own, from prepare (a broken map), names a table of the
  /// type that its schema does not have, or what of the setup no recording takes.
  static engine::Result<std::unique_ptr<Simulation>> create(const RulesType& type, const Schema& schema,
                                                            MatchSetup setup);
  ~Simulation();

  /// Before the first tick of a new match.
  void start();
  /// Above every id that somebody has had. A kJoin carries an id that nobody has now: this one, one that is free again,
  /// or a higher one, where somebody who was given an id has left before the next tick.
  PlayerId next_player() const;
  /// An input that cannot be (a leave of nobody, an event of an unknown table) is an error and changes nothing: from a
  /// recording it means damage, in a live match it is a bug of ours. Bodies must have been checked against the schema.
  /// During Rules::join the seat is taken, during Rules::leave it is free again. The first result stands: a kEnd after
  /// it changes nothing.
  engine::Result<Applied> apply(const Input& input);
  void tick();

  /// The last tick computed; 0 before the first.
  Tick current_tick() const;
  std::span<const Player> players() const;
  const Player* player(PlayerId id) const;
  const MatchSetup& setup() const;
  const RulesType& type() const;
  const Schema& schema() const;
  const Rules& rules() const;
  /// Set once the rules have called ctx.end, or a kEnd was applied.
  const std::optional<std::string>& result() const;
  /// What the rules have ended the match with, if another is to go on in its place.
  const std::optional<std::map<std::string, std::string>>& next_options() const;

  /// Over the rules' state, the rng, the seats and the result.
  std::uint64_t state_hash() const;
  Keyframe keyframe() const;
  /// From a keyframe's fields; rules bytes are verified against the schema first. After an error the simulation is in
  /// no state to go on.
  engine::Result<void> restore(const Keyframe& keyframe);

  /// With no sink (re-simulation) ctx.first_time() is false.
  void set_emit_sink(std::function<void(Emitted)> sink);
  /// Hears of events that the rules emitted and that go nowhere, since no client would take them: a number that is not
  /// finite, text that is not UTF-8, more than kEmittedBytesMax; or for more recipients than there can be. With a sink
  /// alone.
  void set_fault_sink(std::function<void(const std::string& reason)> sink);
  /// The World as clients are sent it, and as they will check it; an error is what they would refuse it for.
  engine::Result<void> check_world(BytesView world) const;

 private:
  class Core;
  explicit Simulation(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace netcode
