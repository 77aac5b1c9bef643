// The contract between netcode and a game: the Rules of one match.
//
// A game derives one class from Rules; from TypedRules, which read and write flatc's tables in place of bytes; or from
// ObjectRules where its state is flatc's object type of its World. netcode makes one object a match and calls it on the
// thread of the match's shard (or of a tool that re-simulates a recording), never two calls at once. Rules change only
// in start, join, leave, away, back, action, release, event and tick: each call but tick is a recorded input, so that
// the recording of a match plays to the same state. Time, randomness and the way out are in the Context.
//
// Determinism is the game's part of the bargain: ctx.rng(), no clock, no unordered iteration, no addresses. Integers
// are safe everywhere. float and double are too, with + - * / and sqrt (IEEE 754 rounds them to one result), as long as
// nobody compiles with -ffast-math or lets the compiler contract a * b + c; netcode's targets pass -ffp-contract=off to
// all that link them. Not so sin, pow and their like, which differ between C libraries.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/core/rng.hpp"
#include "netcode/bytes.hpp"
#include "netcode/event.hpp"
#include "netcode/ids.hpp"
#include "netcode/recipients.hpp"
#include "netcode/view_time.hpp"

namespace netcode {

/// A seat as the rules see it.
struct Player {
  PlayerId id;
  std::string name;  // UTF-8, 1 to kNameBytesMax bytes, no control characters
  bool is_bot = false;
  /// In Rules::join, and nowhere else: what the player was let in with, a verified table of the game's schema, by name
  /// and bytes. Empty: there is none. What of it matters later the rules keep in their state.
  std::string ticket_table{};
  Bytes ticket{};
};

/// What a match was made with; recorded, so the same for every run of it.
struct MatchSetup {
  std::string match_id;
  std::uint64_t seed = 0;
  std::uint32_t tick_hz = 60;
  std::uint32_t snapshot_hz = 30;              // clients are shown the others between the snapshots of these ticks
  std::uint32_t rewind_ms_max = 400;           // how old a Context::view may be; 0: it is never told
  std::map<std::string, std::string> options;  // the game's own: "frag_limit" -> "20"
  SharedBytes map;                             // the game's own bytes: a compiled map; null if it has none
};

/// What the rules may ask for and do, during a call. Do not keep it.
class Context {
 public:
  virtual ~Context() = default;

  /// In tick: the tick being computed. In start, join, leave, action and event: the tick that they come before.
  virtual Tick tick() const = 0;
  virtual engine::Rng& rng() = 0;
  virtual const MatchSetup& setup() const = 0;
  /// By rising id.
  virtual std::span<const Player> players() const = 0;
  /// False when this tick was computed before and is only being re-simulated: emits go nowhere then.
  virtual bool first_time() const = 0;
  /// In action: the moment at which its player was shown the others when he did it, at most rewind_ms_max before this
  /// tick; {} if it was not told. Never after the newest tick. What he aimed at stood where it was then, as a client
  /// draws it: between the two snapshots that the view names, or else the two around that moment.
  virtual ViewTime view() const = 0;
  /// In action: how many ticks after the one that it was for it is taken; 0 if it is in time or names no tick.
  virtual std::uint32_t ticks_late() const = 0;
  /// Ends the match after this tick; every client is told `result`, a line of the game's own.
  void end(std::string result) { end_and_go_on(std::move(result), std::nullopt); }
  /// The same, and a match of the same id goes on in its place, made with these options over this one's: another map,
  /// say. Clients are told of it and join it; bots are made anew.
  void end(std::string result, std::map<std::string, std::string> next) {
    end_and_go_on(std::move(result), std::move(next));
  }

  /// Somebody to emit to. A value; do not keep it longer than the Context.
  class Emitter {
   public:
    Emitter(Context& ctx, Recipients to) : ctx_(&ctx), to_(std::move(to)) {}
    /// The same people, and who cannot take it now goes without.
    [[nodiscard]] Emitter as_volatile() const {
      Emitter out = *this;
      out.to_.is_volatile = true;
      return out;
    }
    /// With the tick, as `tick` says it: in order with all that the rules emit, and unless volatile exactly once. What
    /// no client would take (a number that is not finite, more than kEmittedBytesMax) goes nowhere, and the log says
    /// so.
    template <TableObject T>
    void emit(const T& event) const {
      if (ctx_->first_time()) ctx_->emit_bytes(to_, T::TableType::GetFullyQualifiedName(), encode(event));
    }

   private:
    Context* ctx_;
    Recipients to_;
  };
  /// Everyone in the match, spectators too.
  Emitter everyone() { return {*this, {}}; }
  /// One player, or some, at most kPlayersPerMatchMax: bots, absent players and kNoPlayer are nobody.
  Emitter to(PlayerId player) { return {*this, Recipients::player(player)}; }
  Emitter to(std::span<const PlayerId> players) { return {*this, Recipients::of(players)}; }
  /// The players who are shown one of these (at most kEmittedEntitiesMax) in the snapshot after this tick or, where it
  /// is gone by then, in the one before; and all spectators. An entity that is in neither is seen by nobody. Of rules
  /// that hide nothing: everyone. Such an event waits until that snapshot is made, and what is emitted after it waits
  /// behind it.
  Emitter to_viewers_of(std::span<const EntityRef> entities) { return {*this, Recipients::viewers_of(entities)}; }
  Emitter to_viewers_of(std::initializer_list<EntityRef> entities) {
    return to_viewers_of(std::span<const EntityRef>(entities.begin(), entities.size()));
  }
  Emitter to_viewers_of(EntityRef entity) { return to_viewers_of(std::span<const EntityRef>(&entity, 1)); }
  template <TableObject T>
  void emit(const T& event) {
    everyone().emit(event);
  }

 protected:
  virtual void emit_bytes(const Recipients& to, std::string_view table, Bytes body) = 0;
  virtual void end_and_go_on(std::string result, std::optional<std::map<std::string, std::string>> next) = 0;
};

class Rules {
 public:
  virtual ~Rules() = default;

  /// Once, before the first tick. Not called when a match is restored from a keyframe; `prepare` is.
  virtual void start(Context& /*ctx*/) {}
  /// Before start and before restore: what follows from the setup alone (the map's walls), and is not state. An error
  /// ends the making of the match, with its reason.
  virtual engine::Result<void> prepare(const MatchSetup& /*setup*/) { return {}; }

  virtual void join(Context& ctx, const Player& player) = 0;
  virtual void leave(Context& ctx, PlayerId player) = 0;
  /// A verified Action table of a seated player. Before a tick come those of earlier ticks that were late, in the order
  /// of their ticks, then its own; none at all when the network is late: rules then go on with the last one, until
  /// release. What is held in a late action is over, what was pressed in it still counts.
  virtual void action(Context& ctx, PlayerId player, BytesView table) = 0;
  /// The player holds nothing any more: the connection was lost, or no action came for half a second. `neutral` is an
  /// action with every field at its default; rules whose default is not "nothing" (an aim, a slot) do better. Until the
  /// next action, which may come at any time.
  virtual void release(Context& ctx, PlayerId player, BytesView neutral) { action(ctx, player, neutral); }
  /// The player's last connection is lost; the seat is kept, and what is held is released. `leave` follows if the
  /// client does not come back in time, `back` if it does. Not called for a client that says goodbye, nor for bots.
  virtual void away(Context& /*ctx*/, PlayerId /*player*/) {}
  virtual void back(Context& /*ctx*/, PlayerId /*player*/) {}
  /// An event marked `input` in the schema, from the server (`match.post`; kNoPlayer); marked `input:"client"`, from a
  /// player too.
  /// Its sender's ack is answered with what this returns: an error is for the sender, and should change nothing.
  virtual engine::Result<void> event(Context& /*ctx*/, PlayerId /*from*/, const EventView& /*event*/) { return {}; }
  virtual void tick(Context& ctx) = 0;

  /// Builds the World and returns its offset; netcode finishes the buffer.
  virtual flatbuffers::Offset<void> write_snapshot(flatbuffers::FlatBufferBuilder& builder) const = 0;
  /// Which of the newest World's entities may this player be told of? `shown` has a flag for each of them: whether the
  /// player was shown it in the snapshot before, so that what comes and goes at an edge can stay for a while; it is to
  /// say whether he is now. Asked once for each player and snapshot, and only if `has_hidden_entities`. Spectators see
  /// all.
  virtual void show(PlayerId /*viewer*/, std::span<const EntityRef> /*entities*/, std::vector<bool>& shown) const {
    shown.assign(shown.size(), true);
  }
  virtual bool has_hidden_entities() const { return false; }

  /// All that `tick` reads and that prepare does not make, as a FlatBuffer of keyframe_table(). The rng and the seats
  /// are kept by netcode.
  virtual flatbuffers::Offset<void> write_keyframe(flatbuffers::FlatBufferBuilder& builder) const = 0;
  /// From verified bytes of write_keyframe. An error's reason names the field.
  virtual engine::Result<void> restore(BytesView keyframe) = 0;
  /// Equal states, equal hashes; on every compiler and machine.
  virtual std::uint64_t state_hash() const = 0;
};

/// A kind of rules, without its types: what the server, the recorder and the replay tools need to know of a game.
struct RulesType {
  BytesView schema;            // the .bfbs
  std::string world_table;     // "tag.World"
  std::string action_table;    // "tag.Move"
  std::string keyframe_table;  // "tag.World" for ObjectRules
  std::string version;         // raised by the game when the same inputs lead to other states
  bool (*verify_action)(flatbuffers::Verifier&) = nullptr;
  /// The rules of a new match, before prepare. Called on the thread of any shard, on several at once. Where it throws
  /// or gives null, the match is not made, with a reason.
  std::function<std::unique_ptr<Rules>()> make;
};

/// What a class must name to be a game's rules.
template <class T>
concept RulesClass = std::derived_from<T, Rules> && requires {
  typename T::World;         // the table that snapshots hold
  typename T::Action;        // the table that clients act with
  typename T::Keyframe;      // the table that keyframes hold
  typename T::BinarySchema;  // flatc's --bfbs-gen-embed: WorldBinarySchema
  { T::kVersion } -> std::convertible_to<std::string_view>;
};

/// Makes the rules of each match, as RulesType::make says: with what they need of the game (tables, a service).
template <RulesClass T>
using RulesFactory = std::function<std::unique_ptr<T>()>;

template <RulesClass T>
RulesType rules_type(RulesFactory<T> factory) {
  return {.schema = BytesView(T::BinarySchema::data(), T::BinarySchema::size()),
          .world_table = T::World::GetFullyQualifiedName(),
          .action_table = T::Action::GetFullyQualifiedName(),
          .keyframe_table = T::Keyframe::GetFullyQualifiedName(),
          .version = std::string(T::kVersion),
          .verify_action =
              [](flatbuffers::Verifier& verifier) { return verifier.VerifyBuffer<typename T::Action>(nullptr); },
          .make = std::move(factory)};
}

template <RulesClass T>
requires std::default_initializable<T> RulesType rules_type() {
  return rules_type<T>([] { return std::make_unique<T>(); });
}

/// FNV-1a 64 of a buffer: what ObjectRules hashes its packed state with.
std::uint64_t hash_bytes(BytesView bytes);

/// What both ends tell each other of RulesType::version: a client whose hash is another does not predict.
std::uint64_t rules_hash(std::string_view version);

/// Rules that read and write flatc's tables instead of bytes, with a state of their own making.
/// `class Game : public TypedRules<chess::World, chess::Move, chess::WorldBinarySchema, chess::Keyframe>`, then join,
/// leave, act, tick, the three below and state_hash. Without a Keyframe of its own, its World has to hold all the
/// state.
template <Table WorldTable, Table ActionTable, class Schema, Table KeyframeTable = WorldTable>
class TypedRules : public Rules {
 public:
  using World = WorldTable;
  using Action = ActionTable;
  using Keyframe = KeyframeTable;
  using BinarySchema = Schema;
  static constexpr std::string_view kVersion = "1";

  /// As Rules::action.
  virtual void act(Context& ctx, PlayerId player, const ActionTable& action) = 0;
  /// As Rules::write_snapshot: what clients see.
  virtual flatbuffers::Offset<WorldTable> write_world(flatbuffers::FlatBufferBuilder& builder) const = 0;
  /// As Rules::write_keyframe: all that `tick` reads.
  virtual flatbuffers::Offset<KeyframeTable> write_state(flatbuffers::FlatBufferBuilder& builder) const = 0;
  /// As Rules::restore. The table is verified, but what its numbers mean is not: an error's reason names the field.
  virtual engine::Result<void> read_state(const KeyframeTable& from) = 0;

  void action(Context& ctx, PlayerId player, BytesView table) final {
    act(ctx, player, *flatbuffers::GetRoot<ActionTable>(table.data()));
  }
  flatbuffers::Offset<void> write_snapshot(flatbuffers::FlatBufferBuilder& builder) const override {
    return write_world(builder).Union();
  }
  flatbuffers::Offset<void> write_keyframe(flatbuffers::FlatBufferBuilder& builder) const override {
    return write_state(builder).Union();
  }
  engine::Result<void> restore(BytesView keyframe) override {
    return read_state(*flatbuffers::GetRoot<KeyframeTable>(keyframe.data()));
  }
};

/// Rules whose state is the object type of World: snapshot, keyframe, restore and hash are given.
/// `class Game : public ObjectRules<tag::World, tag::Move, tag::WorldBinarySchema>`, then join, leave, act and tick on
/// `state`. It is packed anew for each snapshot and hash: rules with a large state are faster as TypedRules.
template <Table WorldTable, Table ActionTable, class Schema>
class ObjectRules : public TypedRules<WorldTable, ActionTable, Schema> {
 public:
  flatbuffers::Offset<WorldTable> write_world(flatbuffers::FlatBufferBuilder& builder) const override {
    return WorldTable::Pack(builder, &state);
  }
  flatbuffers::Offset<WorldTable> write_state(flatbuffers::FlatBufferBuilder& builder) const override {
    return WorldTable::Pack(builder, &state);
  }
  engine::Result<void> read_state(const WorldTable& from) override {
    state = {};  // UnPackTo leaves alone what the buffer does not have, such as an empty vector
    from.UnPackTo(&state);
    return {};
  }
  std::uint64_t state_hash() const override {
    flatbuffers::FlatBufferBuilder builder(1024);
    builder.Finish(WorldTable::Pack(builder, &state));
    return hash_bytes({builder.GetBufferPointer(), builder.GetSize()});
  }

 protected:
  typename WorldTable::NativeTableType state;
};

}  // namespace netcode
