// Directory: sessions, by token and by id, and those that wait for their clients.
#include <utility>

#include "server/directory.hpp"

namespace netcode {
namespace {

constexpr std::size_t kTokenBytes = 16;  // 128 bits: not to be guessed in the lifetime of a session

}  // namespace

std::optional<Directory::Ticket> Directory::open_session(std::uint32_t shard) {
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= limits_.sessions_max) return std::nullopt;
  Ticket ticket{.id = SessionId{next_session_++}, .token = random_hex(kTokenBytes)};
  sessions_[ticket.token] = {.place = {.session = ticket.id, .shard = shard}};
  shards_of_sessions_[ticket.id] = shard;
  return ticket;
}

void Directory::move_session(const std::string& token, std::uint32_t shard) {
  const std::lock_guard lock(mutex_);
  const auto place = sessions_.find(token);
  if (place == sessions_.end()) return;
  place->second.place.shard = shard;
  shards_of_sessions_[place->second.place.session] = shard;
}

void Directory::close_session(const std::string& token) {
  const std::lock_guard lock(mutex_);
  const auto known = sessions_.find(token);
  if (known == sessions_.end()) return;
  come_back(known->second);
  shards_of_sessions_.erase(known->second.place.session);
  sessions_.erase(known);
}

std::optional<Directory::Place> Directory::session_away(const std::string& token, const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto known = sessions_.find(token);
  if (known == sessions_.end()) return std::nullopt;
  come_back(known->second);
  known->second.away_from = address;
  known->second.away_since = next_away_++;
  auto& away = away_[address];
  away[known->second.away_since] = token;
  if (away.size() <= limits_.sessions_away_per_address_max) return std::nullopt;
  return sessions_.at(away.begin()->second).place;
}

void Directory::session_back(const std::string& token) {
  const std::lock_guard lock(mutex_);
  const auto known = sessions_.find(token);
  if (known != sessions_.end()) come_back(known->second);
}

void Directory::come_back(Known& known) {
  if (known.away_since == 0) return;
  const auto away = away_.find(known.away_from);
  away->second.erase(std::exchange(known.away_since, 0));
  if (away->second.empty()) away_.erase(away);
}

std::optional<Directory::Place> Directory::find_session(const std::string& token) const {
  const std::lock_guard lock(mutex_);
  const auto place = sessions_.find(token);
  if (place == sessions_.end()) return std::nullopt;
  return place->second.place;
}

std::optional<Directory::Place> Directory::find_session(SessionId id) const {
  const std::lock_guard lock(mutex_);
  const auto shard = shards_of_sessions_.find(id);
  if (shard == shards_of_sessions_.end()) return std::nullopt;
  return Place{.session = id, .shard = shard->second};
}

std::size_t Directory::sessions() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace netcode
