#include "server/directory.hpp"

#include <sys/random.h>

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"
#include "engine/core/hash.hpp"
#include "netcode/bytes.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

constexpr std::chrono::seconds kSeatHeld{10};
constexpr std::chrono::seconds kCreationWindow{60};

// FNV leaves the last letters of an id in the low bits alone: mixed once more (the finaliser of MurmurHash3) each
// letter reaches every bit.
std::uint64_t mixed(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33U)) * 0xFF51AFD7ED558CCDULL;
  hash = (hash ^ (hash >> 33U)) * 0xC4CEB9FE1A85EC53ULL;
  return hash ^ (hash >> 33U);
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

// --- where matches are

std::uint32_t Directory::spread(std::string_view name) const {
  engine::Hasher hasher;
  hasher.add(BytesView(reinterpret_cast<const std::uint8_t*>(name.data()), name.size()));
  return static_cast<std::uint32_t>(mixed(hasher.value()) % shards_);
}

std::uint32_t Directory::shard_of_match(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  return shard_of_match_locked(id);
}

std::optional<std::uint32_t> Directory::home_of_match(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto known = matches_.find(id);
  if (known == matches_.end()) return std::nullopt;
  return known->second.shard;
}

std::uint32_t Directory::shard_of_match_locked(std::string_view id) const {
  const auto known = matches_.find(id);
  return known != matches_.end() ? known->second.shard : calmest();
}

// By what the ticks of its matches take; one that was not measured yet counts as the others do on average. Of equals
// the one with the fewest.
std::uint32_t Directory::calmest() const {
  struct Load {
    double share = 0;
    std::size_t matches = 0;
    auto operator<=>(const Load&) const = default;
  };
  double measured = 0;
  std::size_t count = 0;
  for (const auto& [id, entry] : matches_) {
    measured += entry.share.value_or(0);
    count += entry.share ? 1U : 0U;
  }
  const double usual = count == 0 ? 0 : measured / static_cast<double>(count);
  std::vector<Load> loads(shards_);
  for (const auto& [id, entry] : matches_) {
    loads[entry.shard].share += entry.share.value_or(usual);
    ++loads[entry.shard].matches;
  }
  return static_cast<std::uint32_t>(std::min_element(loads.begin(), loads.end()) - loads.begin());
}

Directory::Entry& Directory::entry_of(std::string_view id) {
  if (const auto known = matches_.find(id); known != matches_.end()) return known->second;
  const std::uint32_t shard = calmest();
  Entry& entry = matches_[std::string(id)];
  entry.shard = shard;
  return entry;
}

void Directory::drop_if_idle(std::string_view id) {
  const auto entry = matches_.find(id);
  if (entry == matches_.end() || entry->second.is_live || entry->second.is_placed || !entry->second.held.empty())
    return;
  matches_.erase(entry);
}

std::uint32_t Directory::place(std::string_view id) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(id);
  entry.is_placed = !entry.is_live;
  return entry.shard;
}

Directory::Approach Directory::approach(std::string_view id, const std::string& address, engine::TimePoint now) {
  const std::lock_guard lock(mutex_);
  drop_stale(now);
  const auto known = matches_.find(id);
  if (known != matches_.end() && (known->second.is_live || known->second.is_placed))
    return {.shard = known->second.shard};
  if (held_by(address) >= limits_.seats_held_per_address_max || matches_.size() >= limits_.matches_max)
    return {.shard = shard_of_match_locked(id)};
  Entry& entry = entry_of(id);
  entry.held.push_back({.number = next_hold_++, .until = now + kSeatHeld, .address = address});
  return {.shard = entry.shard, .hold = entry.held.back().number};
}

// --- matches

engine::Result<std::uint32_t> Directory::admit_match(const NewMatch& match, engine::TimePoint now) {
  const std::lock_guard lock(mutex_);
  drop_stale(now);
  const auto known = matches_.find(match.id);
  if (known != matches_.end() && known->second.is_live) return engine::error("there is a match {} already", match.id);
  if (known != matches_.end() && known->second.is_placed)
    return engine::error("match {} is being made: try again", match.id);
  if (known == matches_.end() && matches_.size() >= limits_.matches_max)
    return engine::error("the server has {} matches, its limit", limits_.matches_max);
  if (auto fits = admit_cost(match); !fits) return fits.error();
  if (!match.made_by.empty()) {
    std::deque<engine::TimePoint>& made = created_[std::string(match.made_by)];
    if (made.size() >= limits_.matches_created_per_minute)
      return engine::error("{} matches a minute is the limit, wait a little", limits_.matches_created_per_minute);
    made.push_back(now);
  }
  Entry& entry = entry_of(match.id);
  entry.is_placed = true;
  return entry.shard;
}

// What the new one will take is taken to be what others of its kind do; one that was not measured yet counts as well.
engine::Result<void> Directory::admit_cost(const NewMatch& match) const {
  const double usual = usual_share(match.kind);
  const std::uint32_t shard = shard_of_match_locked(match.id);
  double on_shard = usual;
  double of_maker = usual;
  std::size_t made = 0;
  for (const auto& [id, entry] : matches_) {
    if (!entry.is_live) continue;
    const double share = entry.share.value_or(usual);
    if (entry.shard == shard) on_shard += share;
    if (match.made_by.empty() || entry.listing.made_by != match.made_by) continue;
    of_maker += share;
    ++made;
  }
  if (on_shard > limits::kTickShareMax)
    return engine::error("the server has no time for another match: try again later, or join one that is there");
  if (made > 0 && of_maker > limits::kTickSharePerAddressMax * limits::kTickShareMax * shards_)
    return engine::error("the {} matches that were made from here take all of the server's time that one address may",
                         made);
  return {};
}

// Of those of the kind that do anything: one that sleeps takes nothing.
double Directory::usual_share(std::string_view kind) const {
  double sum = 0;
  std::size_t count = 0;
  for (const auto& [id, entry] : matches_) {
    if (entry.listing.info.kind != kind || entry.share.value_or(0) <= 0) continue;
    sum += *entry.share;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

void Directory::note_shares(const std::map<std::string, double, std::less<>>& shares) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, share] : shares)
    if (const auto entry = matches_.find(id); entry != matches_.end()) entry->second.share = share;
}

void Directory::publish(Listing listing) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(listing.info.id);
  entry.listing = std::move(listing);
  entry.is_live = true;
  entry.is_placed = false;
}

void Directory::suspend(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto known = matches_.find(id);
  if (known == matches_.end()) return;
  Entry& entry = known->second;
  entry = {.listing = {}, .shard = entry.shard, .is_placed = true};
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
  return entry->second.listing.info;
}

std::vector<MatchPlayer> Directory::players(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto entry = matches_.find(id);
  return entry == matches_.end() ? std::vector<MatchPlayer>() : entry->second.listing.people;
}

std::vector<MatchInfo> Directory::list(std::string_view kind) const {
  const std::lock_guard lock(mutex_);
  std::vector<MatchInfo> out;
  for (const auto& [id, entry] : matches_)
    if (entry.is_live && !entry.listing.is_private && (kind.empty() || entry.listing.info.kind == kind))
      out.push_back(entry.listing.info);
  return out;
}

protocol::MatchList Directory::page(const protocol::ListRequest& request) const {
  const std::lock_guard lock(mutex_);
  protocol::MatchList out;
  for (auto at = matches_.upper_bound(request.after); at != matches_.end(); ++at) {
    const Entry& entry = at->second;
    const MatchInfo& info = entry.listing.info;
    if (!entry.is_live || entry.listing.is_private || (!request.kind.empty() && info.kind != request.kind)) continue;
    if (out.matches.size() == limits::kListPageMatchesMax) {
      out.next = out.matches.back().id;
      break;
    }
    out.matches.push_back(info);
  }
  return out;
}

std::uint32_t Directory::seats_free(const Entry& entry) const {
  return entry.listing.seats_free -
         std::min(entry.listing.seats_free, static_cast<std::uint32_t>(std::min<std::size_t>(entry.held.size(), ~0U)));
}

const std::string* Directory::best_to_play(std::string_view kind) const {
  const std::string* best = nullptr;
  std::uint32_t best_free = 0;
  for (const auto& [id, entry] : matches_) {
    const std::uint32_t free = seats_free(entry);
    if (entry.listing.info.kind != kind || entry.listing.is_private || free == 0) continue;
    if (best && free >= best_free) continue;
    best = &id;
    best_free = free;
  }
  return best;
}

const std::string* Directory::best_to_watch(std::string_view kind) const {
  const auto people = [](const MatchInfo& info) { return info.players - std::min(info.players, info.bots); };
  const std::string* best = nullptr;
  std::pair<std::uint32_t, std::uint32_t> best_shows{};  // people, then everybody
  for (const auto& [id, entry] : matches_) {
    const MatchInfo& info = entry.listing.info;
    if (!entry.is_live || info.kind != kind || entry.listing.is_private || entry.listing.places_free == 0) continue;
    const std::pair shows{people(info), info.players};
    if (best && shows <= best_shows) continue;
    best = &id;
    best_shows = shows;
  }
  return best;
}

Directory::Pick Directory::pick(const Wish& wish, engine::TimePoint now) {
  const std::lock_guard lock(mutex_);
  drop_stale(now);
  const std::string* best = wish.spectate ? best_to_watch(wish.kind) : best_to_play(wish.kind);
  const bool is_promised = !wish.spectate && held_by(wish.address) < limits_.seats_held_per_address_max;
  if (!best && !wish.spectate && !is_promised) return {.match = gather(wish, now)};
  Pick pick{.match = best ? *best : free_id_locked()};
  if (!is_promised) return pick;
  Entry& entry = entry_of(pick.match);
  if (!best)
    entry.listing = {.info = {.id = pick.match, .kind = wish.kind, .players_max = wish.players_max, .metadata = {}},
                     .seats_free = wish.players_max};
  pick.hold = next_hold_++;
  entry.held.push_back({.number = pick.hold, .until = now + kSeatHeld, .address = wish.address});
  return pick;
}

// A place of nobody's keeps it on one shard until they come.
std::string Directory::gather(const Wish& wish, engine::TimePoint now) {
  Gathering& at = gatherings_[wish.address];
  if (at.places == 0 || at.kind != wish.kind || at.until <= now) {
    at = {.match = free_id_locked(), .kind = wish.kind, .places = wish.players_max, .until = now + kSeatHeld};
    entry_of(at.match).held.push_back({.number = next_hold_++, .until = at.until, .address = {}});
  }
  at.places -= std::min(at.places, 1U);
  return at.match;
}

void Directory::settle(std::string_view match, std::uint64_t hold) {
  const std::lock_guard lock(mutex_);
  const auto entry = matches_.find(match);
  if (entry == matches_.end()) return;
  std::erase_if(entry->second.held, [hold](const Hold& held) { return held.number == hold; });
  drop_if_idle(match);
}

std::size_t Directory::held_by(const std::string& address) const {
  std::size_t held = 0;
  for (const auto& [id, entry] : matches_)
    held += static_cast<std::size_t>(
        std::count_if(entry.held.begin(), entry.held.end(), [&](const Hold& hold) { return hold.address == address; }));
  return held;
}

std::string Directory::free_id() {
  const std::lock_guard lock(mutex_);
  return free_id_locked();
}

std::string Directory::free_id_locked() {
  for (;;)
    if (std::string id = random_hex(4); !matches_.contains(id)) return id;
}

void Directory::drop_stale(engine::TimePoint now) {
  std::erase_if(gatherings_, [now](const auto& one) { return one.second.until <= now; });
  for (auto entry = matches_.begin(); entry != matches_.end();) {
    std::list<Hold>& held = entry->second.held;
    while (!held.empty() && held.front().until <= now) held.pop_front();
    const bool is_idle = !entry->second.is_live && !entry->second.is_placed && held.empty();
    entry = is_idle ? matches_.erase(entry) : std::next(entry);
  }
  for (auto made = created_.begin(); made != created_.end();) {
    while (!made->second.empty() && made->second.front() + kCreationWindow <= now) made->second.pop_front();
    made = made->second.empty() ? created_.erase(made) : std::next(made);
  }
}

}  // namespace netcode
