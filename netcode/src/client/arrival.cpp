// Where a Welcome leads: into the lobby, or into a match once all is there that it needs, its schema and its map.
#include <algorithm>
#include <utility>

#include "client/impl.hpp"
#include "engine/core/hash.hpp"
#include "engine/core/utf8.hpp"

namespace netcode {

using client::Goal;
using transport::CloseCode;

namespace {

engine::Duration snapshot_interval_of(const JoinedMatch& match) {
  return engine::Duration(std::chrono::seconds(1)) / std::max(1U, match.snapshot_hz);
}

}  // namespace

engine::Result<void> ClientCore::Impl::check_welcome(const protocol::Welcome& welcome) const {
  if (welcome.protocol != protocol::kVersion) {
    return engine::error("the server speaks version {} of the protocol, we speak {}", welcome.protocol,
                         protocol::kVersion);
  }
  if (!welcome.match || is_converted(*welcome.match)) return {};
  // Another schema is no reason by itself: only where its structs lie otherwise would we misread them.
  if (welcome.match->unpacks != 0 && welcome.match->unpacks != layout_hash_) {
    return engine::error(
        "match {}: its {} is laid out otherwise than ours ({:016x}, not {:016x}): another game, or "
        "another version of it",
        welcome.match->id, world_table, welcome.match->unpacks, layout_hash_);
  }
  return {};
}

/// As the server sees it too: our URLs all say that we convert. One of an older make does not say what it packs by.
bool ClientCore::Impl::is_converted(const protocol::Welcome::InMatch& in) const {
  return in.packs != 0 && (!lanes_ || in.packs != lanes_->hash());
}

void ClientCore::Impl::arrive_in_lobby() {
  if (match) last_match_ = match->id;  // it ended while we were away; word of it is on its way
  out_of_match();
  if (!is_leaving_) goal_ = {};
  set_state(ClientState::kConnected, last_match_.empty() ? "" : "the match is over");
}

/// The match that was asked for took us no more when we had left the one before.
void ClientCore::Impl::arrive_refused(std::string_view why) {
  ++stats.refused;
  out_of_match();
  last_match_.clear();
  if (!is_leaving_) goal_ = {};
  state = ClientState::kConnected;
  reason = engine::printable_utf8(why);
  tell_state(state, std::string(reason));  // from the lobby too
}

void ClientCore::Impl::arrive(const protocol::Welcome::InMatch& in, bool resumed) {
  goal_.kind = Goal::Kind::kMatch;
  goal_.name = in.id;
  last_goal_ = goal_;
  arriving_ = JoinedMatch{.id = in.id,
                          .kind = in.kind,
                          .player = in.player,
                          .tick_hz = in.tick_hz,
                          .snapshot_hz = in.snapshot_hz,
                          .rules_differ = in.rules_hash != rules_hash_,
                          .schema_differs = in.schema_hash != schema.hash(),
                          .converted = is_converted(in),
                          .resumed = resumed && match && match->id == in.id};
  arriving_in_ = in;
  if (in.map_hash == 0) {
    map = {};
    map_hash_.reset();
  }
  awaits_schema_ = false;
  if (!arriving_->converted) {
    read_by(nullptr);
  } else if (held_schema_ && held_schema_->hash() == in.schema_hash) {
    if (!take_schema()) return;
  } else {
    awaits_schema_ = true;  // it comes next
  }
  arrive_when_all_is_there();
}

void ClientCore::Impl::read_by(client::ServerSchemaPtr theirs) {
  theirs_ = std::move(theirs);
  unpackers_.fill(Unpacker(layout()));
  for (Unpacker& unpacker : unpackers_) unpacker.measure(meter_.get());
}

/// The one that we hold is the match's. False: what its snapshots are packed by is not what it gives.
bool ClientCore::Impl::take_schema() {
  const std::uint64_t packs = held_schema_->layout()->hash();
  if (arriving_in_.is_packed && packs != arriving_in_.packs) {
    misbehaved(CloseCode::kProtocolError, engine::error("match {} is packed by {:016x}, and its schema gives {:016x}",
                                                        arriving_in_.id, arriving_in_.packs, packs)
                                              .reason);
    return false;
  }
  read_by(held_schema_);
  return true;
}

void ClientCore::Impl::handle(const protocol::SchemaView& view) {
  stats.other_bytes += message_bytes_;
  if (!arriving_ || !awaits_schema_) return;  // asked for by two connections at once, or we are gone already
  const auto refuse = [this](const std::string& why) {
    misbehaved(CloseCode::kBadPayload, engine::error("the schema of match {}: {}", arriving_in_.id, why).reason);
  };
  const auto loaded = client::ServerSchema::load(view.body, schema, world_table);
  if (!loaded) return refuse(loaded.error().reason);
  if (view.hash != arriving_in_.schema_hash || (*loaded)->hash() != view.hash)
    return refuse(
        engine::error("it has the hash {:016x}, not {:016x}", (*loaded)->hash(), arriving_in_.schema_hash).reason);
  held_schema_ = *loaded;
  awaits_schema_ = false;
  if (take_schema()) arrive_when_all_is_there();
}

void ClientCore::Impl::handle(const protocol::MapView& view) {
  stats.other_bytes += message_bytes_;
  if (!arriving_) return;  // ours is the same, or we are gone already
  engine::Hasher hasher;
  hasher.add(view.body);
  if (view.hash != arriving_in_.map_hash || hasher.value() != view.hash) {
    return misbehaved(CloseCode::kBadPayload,
                      engine::error("the match's map has the hash {:016x}, and the server sent one of {:016x}",
                                    arriving_in_.map_hash, hasher.value())
                          .reason);
  }
  map = map_.copy(view.body);
  map_hash_ = view.hash;
  arrive_when_all_is_there();
}

void ClientCore::Impl::arrive_when_all_is_there() {
  const bool awaits_map = arriving_in_.map_hash != 0 && arriving_in_.map_hash != map_hash_;
  if (!awaits_schema_ && !awaits_map) arrive_in_match();
}

void ClientCore::Impl::arrive_in_match() {
  match = std::exchange(arriving_, std::nullopt);
  last_match_.clear();
  if (!match->resumed) {
    snapshot.reset();
    world = {};
  }
  if (match->resumed && clock_) {
    clock_->resumed(now());
  } else {
    // The attempt took two round trips: TCP's handshake, and ours over it.
    clock_.emplace(match->tick_hz, now(), arriving_in_.tick, (now() - attempted_at_) / 2);
    rtt_.emplace();
  }
  newest_taken_ = 0;
  newest_ticks_ = {};
  if (config.links == Links::kAuto) stalls_.emplace(snapshot_interval_of(*match));
  if (config.links == Links::kTwo) wants_twin_ = true;
  if (wants_twin_) connections_.open_twin();
  set_state(ClientState::kInMatch, "");
  if (state == ClientState::kInMatch) on_joined(JoinedMatch(*match));
}

}  // namespace netcode
