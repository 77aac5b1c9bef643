#include "server/directory.hpp"

#include <sys/random.h>

#include <algorithm>

#include "engine/core/assert.hpp"
#include "engine/core/hash.hpp"
#include "netcode/bytes.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

constexpr std::chrono::seconds kSeatHeld{10};
constexpr std::chrono::seconds kCreationWindow{60};
constexpr std::size_t kTokenBytes = 16;  // 128 bits: not to be guessed in the lifetime of a session

std::uint32_t free_seats(const MatchInfo& info, std::size_t held) {
  const std::size_t people = info.players - std::min(info.players, info.bots) + held;
  return people >= info.players_max ? 0 : info.players_max - static_cast<std::uint32_t>(people);
}

}  // namespace

std::string random_hex(std::size_t bytes) {
  std::string out;
  std::vector<unsigned char> raw(bytes);
  ENGINE_ASSERT(getrandom(raw.data(), raw.size(), 0) == static_cast<ssize_t>(raw.size()), "no random bytes");
  for (const unsigned char byte : raw) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

Directory::Directory(std::uint32_t shards, const Limits& limits) : shards_(shards), limits_(limits) {
  ENGINE_ASSERT(shards > 0);
}

std::uint32_t Directory::shard_of_match(std::string_view id) const {
  engine::Hasher hasher;
  hasher.add(BytesView(reinterpret_cast<const std::uint8_t*>(id.data()), id.size()));
  return static_cast<std::uint32_t>((hasher.value() >> 32) % shards_);
}

engine::Result<void> Directory::admit_match(std::string_view id, const std::string& address, engine::TimePoint now) {
  const std::lock_guard lock(mutex_);
  drop_stale(now);
  const auto known = matches_.find(id);
  if (known != matches_.end() && known->second.is_live) return engine::error("there is a match {} already", id);
  if (known == matches_.end() && matches_.size() >= limits_.matches_max)
    return engine::error("the server has {} matches, its limit", limits_.matches_max);
  if (!address.empty()) {
    std::deque<engine::TimePoint>& made = created_[address];
    if (made.size() >= limits_.matches_created_per_minute)
      return engine::error("{} matches a minute is the limit, wait a little", limits_.matches_created_per_minute);
    made.push_back(now);
  }
  return {};
}

void Directory::publish(const MatchInfo& info, bool is_private) {
  const std::lock_guard lock(mutex_);
  Entry& entry = matches_[info.id];
  entry.info = info;
  entry.is_private = is_private;
  entry.is_live = true;
}

void Directory::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto entry = matches_.find(id);
  if (entry != matches_.end()) matches_.erase(entry);
}

std::optional<MatchInfo> Directory::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto entry = matches_.find(id);
  if (entry == matches_.end() || !entry->second.is_live) return std::nullopt;
  return entry->second.info;
}

std::vector<MatchInfo> Directory::list(std::string_view kind) const {
  const std::lock_guard lock(mutex_);
  std::vector<MatchInfo> out;
  for (const auto& [id, entry] : matches_)
    if (entry.is_live && !entry.is_private && (kind.empty() || entry.info.kind == kind)) out.push_back(entry.info);
  return out;
}

protocol::MatchList Directory::page(const protocol::ListRequest& request) const {
  const std::lock_guard lock(mutex_);
  protocol::MatchList out;
  for (auto at = matches_.upper_bound(request.after); at != matches_.end(); ++at) {
    const Entry& entry = at->second;
    if (!entry.is_live || entry.is_private || (!request.kind.empty() && entry.info.kind != request.kind)) continue;
    if (out.matches.size() == limits::kListPageMatchesMax) {
      out.next = out.matches.back().id;
      break;
    }
    out.matches.push_back(entry.info);
  }
  return out;
}

std::string Directory::pick(std::string_view kind, std::uint32_t players_max, engine::TimePoint now) {
  const std::lock_guard lock(mutex_);
  drop_stale(now);
  Entry* best = nullptr;
  std::uint32_t best_free = 0;
  for (auto& [id, entry] : matches_) {
    const MatchInfo& info = entry.info;
    if (info.kind != kind || entry.is_private || info.is_locked || info.has_password) continue;
    const std::uint32_t free = free_seats(info, entry.held.size());
    if (free == 0 || (best && free >= best_free)) continue;
    best = &entry;
    best_free = free;
  }
  if (!best) {
    const std::string id = free_id_locked();
    best = &matches_[id];
    best->info.id = id;
    best->info.kind = kind;
    best->info.players_max = players_max;
  }
  best->held.push_back(now + kSeatHeld);
  return best->info.id;
}

void Directory::settle(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto entry = matches_.find(id);
  if (entry != matches_.end() && !entry->second.held.empty()) entry->second.held.pop_front();
}

std::string Directory::free_id() {
  const std::lock_guard lock(mutex_);
  return free_id_locked();
}

std::string Directory::free_id_locked() {
  std::vector<std::size_t> load(shards_, 0);
  for (const auto& [id, entry] : matches_) ++load[shard_of_match(id)];
  const auto calmest = static_cast<std::uint32_t>(std::min_element(load.begin(), load.end()) - load.begin());
  for (;;) {  // one draw in `shards_` fits
    std::string id = random_hex(4);
    if (shard_of_match(id) == calmest && !matches_.contains(id)) return id;
  }
}

void Directory::drop_stale(engine::TimePoint now) {
  for (auto entry = matches_.begin(); entry != matches_.end();) {
    std::deque<engine::TimePoint>& held = entry->second.held;
    while (!held.empty() && held.front() <= now) held.pop_front();
    entry = !entry->second.is_live && held.empty() ? matches_.erase(entry) : std::next(entry);
  }
  for (auto made = created_.begin(); made != created_.end();) {
    while (!made->second.empty() && made->second.front() + kCreationWindow <= now) made->second.pop_front();
    made = made->second.empty() ? created_.erase(made) : std::next(made);
  }
}

std::optional<Directory::Ticket> Directory::open_session(std::uint32_t shard) {
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= limits_.sessions_max) return std::nullopt;
  Ticket ticket{.id = SessionId{next_session_++}, .token = random_hex(kTokenBytes)};
  sessions_[ticket.token] = {.session = ticket.id, .shard = shard};
  return ticket;
}

void Directory::move_session(const std::string& token, std::uint32_t shard) {
  const std::lock_guard lock(mutex_);
  const auto place = sessions_.find(token);
  if (place != sessions_.end()) place->second.shard = shard;
}

void Directory::close_session(const std::string& token) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(token);
}

std::optional<Directory::Place> Directory::find_session(const std::string& token) const {
  const std::lock_guard lock(mutex_);
  const auto place = sessions_.find(token);
  if (place == sessions_.end()) return std::nullopt;
  return place->second;
}

std::size_t Directory::sessions() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace netcode
