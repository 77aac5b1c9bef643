#include "server/match_audience.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

constexpr std::size_t kNowhere = SIZE_MAX;

protocol::SnapshotHead head_of(Tick tick, const ActionInbox::Progress& progress) {
  const auto slack_ms = std::chrono::duration_cast<std::chrono::milliseconds>(progress.slack).count();
  return {.tick = tick,
          .action_sequence = progress.sequence,
          .action_tick = progress.tick,
          .slack_ms = static_cast<std::int16_t>(std::clamp<std::int64_t>(slack_ms, INT16_MIN, INT16_MAX))};
}

}  // namespace

MatchAudience::MatchAudience(Shard& shard, const Kind& kind, const Simulation& simulation)
    : shard_(shard), simulation_(simulation) {
  const auto world = std::make_shared<const VisibleWorld>(kind.schema, kind.type.world_table);
  if (simulation.rules().has_hidden_entities()) filter_ = world;
  encoders_.plain = std::make_shared<PlainEncoder>(world, kind.lanes);
  encoders_.packed = std::make_shared<PackedEncoder>(kind.lanes, world, encoders_.plain);
  encoders_.packs = kind.lanes->hash();
}

// --- who is in it

void MatchAudience::add(const Member& member) {
  if (!waiting_.empty()) joined_.push_back(member.session);
  members_.push_back(member);
}

void MatchAudience::remove(SessionId session) {
  if (open_) left_.push_back(session);
  // Who comes back may have another seat: it is not shown what this one was to be.
  for (Held& held : held_)
    std::erase_if(held.shares, [session](const Share& share) { return share.session == session; });
  std::erase_if(members_, [session](const Member& member) { return member.session == session; });
}

bool MatchAudience::is_member(SessionId session) const {
  return std::any_of(members_.begin(), members_.end(),
                     [session](const Member& member) { return member.session == session; });
}

const MatchAudience::Member& MatchAudience::member(SessionId session) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [session](const Member& member) { return member.session == session; });
  ENGINE_ASSERT(found != members_.end(), "only of those who are in it");
  return *found;
}

std::uint32_t MatchAudience::people() const {
  return static_cast<std::uint32_t>(
      std::count_if(members_.begin(), members_.end(), [](const Member& m) { return m.player != kNoPlayer; }));
}

void MatchAudience::add_sessions(std::vector<SessionId>& to, PlayerId player) const {
  for (const Member& member : members_)
    if (player == kNoPlayer || member.player == player) to.push_back(member.session);
}

// --- what they learn

void MatchAudience::tell(const Emitted& emitted, Outbox::Cause cause) {
  if (members_.empty()) return;
  const bool is_for_viewers = filter_ && emitted.to.who == Recipients::Who::kViewers;
  if (!is_for_viewers && waiting_.empty()) return send({.emitted = emitted, .cause = cause, .joined_before = 0});
  waiting_.push_back({.emitted = emitted, .cause = cause, .joined_before = joined_.size()});
}

void MatchAudience::tell_waiting() {
  for (const Waiting& event : std::exchange(waiting_, {})) send(event);
  joined_.clear();
}

// Not to all: who is shown what is new in this interval is known only at its end.
void MatchAudience::tell_waiting_to(SessionId leaver) {
  for (const Waiting& event : waiting_) send(event, leaver);
}

void MatchAudience::send(const Waiting& waiting, std::optional<SessionId> only) {
  const Emitted& emitted = waiting.emitted;
  const auto event = shard_.server().make_event({.name = emitted.name, .body = emitted.body, .tick = emitted.tick});
  if (!event) return;
  const bool is_for_viewers = filter_ && emitted.to.who == Recipients::Who::kViewers;
  const std::vector<Place> shown = is_for_viewers ? places_of(emitted.to.entities) : std::vector<Place>();
  const auto late = joined_.begin() + static_cast<std::ptrdiff_t>(waiting.joined_before);
  for (const Member& member : members_) {
    if (only && member.session != *only) continue;
    if (!is_for(member, emitted.to, shown) || std::find(late, joined_.end(), member.session) != joined_.end()) continue;
    if (SessionCore* session = shard_.session(member.session))
      session->send_event(protocol::kDefaultNamespace, event, emitted.to.is_volatile, waiting.cause);
  }
}

bool MatchAudience::is_for(const Member& member, const Recipients& to, const std::vector<Place>& shown) const {
  if (to.who == Recipients::Who::kEveryone) return true;
  if (to.who == Recipients::Who::kPlayers)
    return std::binary_search(to.players.begin(), to.players.end(), member.player);
  return !filter_ || member.player == kNoPlayer ||
         std::any_of(shown.begin(), shown.end(), [&](const Place& place) { return was_shown(member.player, place); });
}

std::vector<MatchAudience::Place> MatchAudience::places_of(const std::vector<Recipients::Entity>& entities) const {
  const auto index_in = [](const std::vector<EntityRef>& frame, const Recipients::Entity& entity) {
    const auto found = std::find_if(frame.begin(), frame.end(), [&](const EntityRef& other) {
      return other.key == entity.key && other.vector == entity.vector;
    });
    return found == frame.end() ? kNowhere : static_cast<std::size_t>(found - frame.begin());
  };
  std::vector<Place> places;
  for (const Recipients::Entity& entity : entities) {
    if (const std::size_t index = index_in(entities_, entity); index != kNowhere) {
      places.push_back({.is_in_newest = true, .index = index});
    } else if (const std::size_t before = index_in(entities_before_, entity); before != kNowhere) {
      places.push_back({.is_in_newest = false, .index = before});
    }
  }
  return places;
}

bool MatchAudience::was_shown(PlayerId viewer, const Place& place) const {
  const auto& frame = place.is_in_newest ? shown_ : shown_before_;
  const auto set = frame.find(viewer);  // none: no frame was made for him
  return set != frame.end() && (!set->second || (*set->second)[place.index]);
}

engine::Result<WorldFramePtr> MatchAudience::make_frame(flatbuffers::FlatBufferBuilder& builder) {
  newest_ = nullptr;
  builder.Clear();
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(simulation_.rules().write_snapshot(builder).o));
  Bytes world(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  if (auto fits = simulation_.check_world(world); !fits) return fits.error();
  newest_ = std::make_shared<const WorldFrame>(simulation_.current_tick(), std::move(world), encoders_);
  if (filter_) note_entities();
  return newest_;
}

void MatchAudience::note_entities() {
  entities_before_ = std::exchange(entities_, filter_->entities(newest_->world()));
  const std::vector<EntityRef>& before = entities_before_;
  shown_before_ = std::exchange(shown_, {});
  std::map<std::pair<std::string_view, std::uint32_t>, std::size_t> places;
  for (std::size_t i = 0; i < before.size(); ++i) places[{before[i].vector, before[i].key}] = i;
  places_before_.clear();
  for (const EntityRef& entity : entities_) {
    const auto place = places.find({entity.vector, entity.key});
    places_before_.push_back(place == places.end() ? kNowhere : place->second);
  }
}

VisibleSetPtr MatchAudience::shown_to(PlayerId viewer) {
  if (!filter_ || viewer == kNoPlayer) return nullptr;
  if (const auto asked = shown_.find(viewer); asked != shown_.end()) return asked->second;
  VisibleSet shown(entities_.size());
  if (const auto before = shown_before_.find(viewer); before != shown_before_.end())
    for (std::size_t i = 0; i < shown.size(); ++i)
      shown[i] = places_before_[i] != kNowhere && (!before->second || (*before->second)[places_before_[i]]);
  simulation_.rules().show(viewer, entities_, shown);
  ENGINE_ASSERT(shown.size() == entities_.size(), "Rules::show keeps a flag for each entity");
  const bool is_all = std::find(shown.begin(), shown.end(), false) == shown.end();
  return shown_[viewer] = is_all ? nullptr : std::make_shared<const VisibleSet>(std::move(shown));
}

BytesView MatchAudience::seen_by(PlayerId viewer, Bytes& scratch) {
  const VisibleSetPtr visible = shown_to(viewer);
  if (!visible) return newest_->world();
  scratch = filter_->filtered(newest_->world(), visible.get());
  return scratch;
}

// Who may see the same shares one set, and with it one encoding.
std::vector<MatchAudience::Share> MatchAudience::shares_of(const WorldFramePtr& frame, const ProgressOf& progress) {
  std::vector<Share> shares;
  if (!frame) return shares;
  std::map<VisibleSet, VisibleSetPtr> sets;
  for (const Member& member : members_) {
    VisibleSetPtr visible = shown_to(member.player);
    if (visible) visible = sets.try_emplace(*visible, visible).first->second;
    const auto own = member.player == kNoPlayer ? ActionInbox::Progress{} : progress(member.player);
    shares.push_back({.session = member.session,
                      .view = {.frame = frame,
                               .visible = std::move(visible),
                               .viewer = member.player,
                               .head = head_of(frame->tick(), own)}});
  }
  return shares;
}

void MatchAudience::hand_out(const std::vector<Share>& shares) {
  for (const Share& share : shares)
    if (SessionCore* session = shard_.session(share.session)) session->offer_frame(share.view);
  if (!shares.empty()) shares.front().view.frame->forget_unshared();
}

void MatchAudience::end_interval(const WorldFramePtr& frame, const ProgressOf& progress) {
  const std::uint64_t ended = interval_++;
  std::vector<Share> shares = shares_of(frame, progress);
  tell_waiting();
  if (!open_) return hand_out(shares);
  Held& held = held_.emplace_back();
  held = {.number = ended,
          .tick = simulation_.current_tick(),
          .interval = std::exchange(open_, std::make_shared<Interval>()),
          .shares = std::move(shares),
          .sessions = std::exchange(left_, {})};
  for (const Member& member : members_) held.sessions.push_back(member.session);
  if (held_.size() <= limits::kIntervalsHeldMax) return;
  spdlog::error("match {}: more than {} intervals wait to be released: the oldest goes out as it is",
                simulation_.setup().match_id, limits::kIntervalsHeldMax);
  release(held_.front().number);
}

// --- when they learn it

ReleaseGate::~ReleaseGate() {
  try {
    release(UINT64_MAX);
  } catch (...) {  // there is no memory: whoever still waits is closed at its deadline
  }
}

void ReleaseGate::release(std::uint64_t interval) {
  if (audience_) return audience_->release(interval);
  std::erase_if(left_behind_, [interval](const auto& left) {
    if (left.first > interval) return false;
    left.second->release();
    return true;
  });
}

MatchAudience::~MatchAudience() {
  const auto gate = gate_.lock();
  if (!gate) return;
  gate->audience_ = nullptr;
  for (const Held& held : held_) gate->left_behind_.emplace_back(held.number, held.interval);
  gate->left_behind_.emplace_back(interval_, open_);
}

std::shared_ptr<ReleaseGate> MatchAudience::hold() {
  ENGINE_ASSERT(!open_, "one gate holds a match");
  open_ = std::make_shared<Interval>();
  released_tick_ = simulation_.current_tick();
  auto gate = std::make_shared<ReleaseGate>();
  gate->audience_ = this;
  gate_ = gate;
  return gate;
}

void MatchAudience::release(std::uint64_t interval) {
  while (!held_.empty() && held_.front().number <= interval) {
    const Held released = std::move(held_.front());
    held_.pop_front();
    released.interval->release();
    released_tick_ = released.tick;
    for (const Share& share : released.shares)
      if (SessionCore* session = shard_.session(share.session); session && is_member(share.session))
        session->offer_frame(share.view);
    for (const SessionId id : released.sessions) shard_.flush(id);
    if (!released.shares.empty()) released.shares.front().view.frame->forget_unshared();
  }
  if (interval == UINT64_MAX) std::exchange(open_, nullptr)->release();  // nobody holds it any more
}

}  // namespace netcode
