// Who and what is where on a server: matches and their counts, sessions by token, and how many of each there may be.
//
// Threading: any; one mutex, held for a look-up. It is asked when somebody comes, goes, lists or creates, never on a
// tick. A match's shard needs no table: it follows from the match's id, so that any door can find it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/core/clock.hpp"
#include "engine/core/result.hpp"
#include "engine/core/rng.hpp"
#include "netcode/ids.hpp"
#include "netcode/match_info.hpp"
#include "protocol/requests.hpp"

namespace netcode {

class Directory {
 public:
  struct Limits {
    std::size_t sessions_max;
    std::size_t matches_max;
    std::uint32_t matches_created_per_minute;  // by one address
  };
  Directory(std::uint32_t shards, const Limits& limits);

  std::uint32_t shard_of_match(std::string_view id) const;

  // --- matches
  /// Room for one more, made by this address? An error is for the client.
  engine::Result<void> admit_match(std::string_view id, const std::string& address, engine::TimePoint now);
  /// The match stands (or has changed).
  void publish(const MatchInfo& info, bool is_private);
  void remove(std::string_view id);
  std::optional<MatchInfo> find(std::string_view id) const;
  /// Public ones, by id.
  std::vector<MatchInfo> list(std::string_view kind) const;
  /// The part of it that one answer shows.
  protocol::MatchList page(const protocol::ListRequest& request) const;
  /// The fullest public, open match of this kind with a seat that no person has, or a new id. The seat is held for the
  /// caller for ten seconds, or until `settle`.
  std::string pick(std::string_view kind, std::uint32_t players_max, engine::TimePoint now);
  void settle(std::string_view id);
  /// A free id whose match will live on the shard with the fewest matches.
  std::string free_id();

  // --- sessions
  struct Place {
    SessionId session;
    std::uint32_t shard = 0;
  };
  /// A new session's id and token, or nothing when the server is full.
  struct Ticket {
    SessionId id;
    std::string token;
  };
  std::optional<Ticket> open_session(std::uint32_t shard);
  void move_session(const std::string& token, std::uint32_t shard);
  void close_session(const std::string& token);
  std::optional<Place> find_session(const std::string& token) const;
  std::size_t sessions() const;

 private:
  struct Entry {
    MatchInfo info;
    bool is_private = false;
    bool is_live = false;
    std::deque<engine::TimePoint> held;  // seats promised by pick
  };
  void drop_stale(engine::TimePoint now);
  std::string free_id_locked();

  const std::uint32_t shards_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> matches_;
  std::map<std::string, std::deque<engine::TimePoint>, std::less<>> created_;  // by address, the last minute's
  std::unordered_map<std::string, Place> sessions_;
  std::uint64_t next_session_ = 1;
};

/// `bytes` from the system's random source, as lower-case hex.
std::string random_hex(std::size_t bytes);

}  // namespace netcode
