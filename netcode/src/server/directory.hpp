// Who and what is where on a server: matches and their counts, sessions by token, and how many of each there may be.
//
// A match lives on the shard that had the least to do when it was made, and stays there for as long as its id is taken,
// anew or not.
//
// Threading: any; one mutex, held for a look-up. It is asked when somebody comes, goes, lists or creates, never on a
// tick.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
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
#include "netcode/limits.hpp"
#include "netcode/match.hpp"
#include "netcode/match_info.hpp"
#include "protocol/requests.hpp"

namespace netcode {

class Directory {
 public:
  struct Limits {
    std::size_t sessions_max;
    std::size_t matches_max;
    std::uint32_t matches_created_per_minute;  // by one address
    std::size_t seats_held_per_address_max = limits::kSeatsHeldPerAddressMax;
    std::size_t sessions_away_per_address_max = limits::kSessionsAwayPerAddressMax;
  };
  Directory(std::uint32_t shards, const Limits& limits);

  // --- where matches are
  /// Of one that is nowhere: where it would be made now.
  std::uint32_t shard_of_match(std::string_view id) const;
  /// Of one that is there or has a place; nothing: it is nowhere.
  std::optional<std::uint32_t> home_of_match(std::string_view id) const;
  /// Where the match is or, from now on, will be: until publish or remove nobody else may make it.
  std::uint32_t place(std::string_view id);
  struct Approach {
    std::uint32_t shard = 0;
    std::uint64_t hold = 0;  // 0: nothing is held
  };
  /// For a client on its way to a match that it names. If that is nowhere, its place is kept for ten seconds or until
  /// `settle`, so that others who name it meet there.
  Approach approach(std::string_view id, const std::string& address, engine::TimePoint now);
  /// For what belongs to no match: by its name.
  std::uint32_t spread(std::string_view name) const;

  // --- matches
  struct NewMatch {
    std::string_view id;
    std::string_view kind;
    std::string_view made_by{};  // the address that wants it; empty: none does, a quick join found no other
  };
  /// Room for one more? By what the ticks of those that are there take, on its shard and, of this address, on all. If
  /// so it is placed, on the shard that is returned. An error is for the client.
  engine::Result<std::uint32_t> admit_match(const NewMatch& match, engine::TimePoint now);
  /// Of a shard's time, what the ticks of each of its matches take at their full rate.
  void note_shares(const std::map<std::string, double, std::less<>>& shares);
  struct Listing {
    MatchInfo info;
    bool is_private = false;
    /// Whom it would take now without a password: people to play and to watch. 0 where it is locked or guarded.
    std::uint32_t seats_free = 0;
    std::uint32_t places_free = 0;
    std::vector<MatchPlayer> people{};
    std::string made_by{};  // the address that wanted it; empty: none did
  };
  /// The match stands (or has changed).
  void publish(Listing listing);
  /// It has ended, and may be made anew where it was.
  void suspend(std::string_view id);
  void remove(std::string_view id);
  std::optional<MatchInfo> find(std::string_view id) const;
  std::vector<MatchPlayer> players(std::string_view id) const;
  /// Public ones, by id.
  std::vector<MatchInfo> list(std::string_view kind) const;
  /// The part of it that one answer shows.
  protocol::MatchList page(const protocol::ListRequest& request) const;
  struct Wish {
    std::string kind;
    std::uint32_t players_max = 0;  // of a match that is made for it
    bool spectate = false;
    std::string address{};
  };
  struct Pick {
    std::string match;
    std::uint64_t hold = 0;  // 0: nothing is held
  };
  /// To play: the fullest public, open match of this kind with a seat that no person has, which is held for the caller
  /// for ten seconds or until `settle`. To watch: the one with the most people that takes a spectator. Else a new id.
  Pick pick(const Wish& wish, engine::TimePoint now);
  /// The promise was kept, or is given back. Any number of times.
  void settle(std::string_view match, std::uint64_t hold);
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
  std::optional<Place> find_session(SessionId id) const;
  /// Its client is gone, and may come back. If more sessions of this address wait than may: the one that has waited
  /// longest, which is to end.
  std::optional<Place> session_away(const std::string& token, const std::string& address);
  void session_back(const std::string& token);
  std::size_t sessions() const;

 private:
  struct Hold {
    std::uint64_t number;
    engine::TimePoint until;
    std::string address;
  };
  struct Entry {
    Listing listing;
    std::uint32_t shard = 0;
    bool is_live = false;
    bool is_placed = false;       // it is being made, or made anew
    std::optional<double> share;  // of its shard's time; none: it was not measured yet
    std::list<Hold> held;         // seats promised by pick, oldest first; mostly none
  };
  /// Where quick joins of one address meet that are promised no seat any more and find no match.
  struct Gathering {
    std::string match;
    std::string kind;
    std::uint32_t places = 0;  // for so many more
    engine::TimePoint until{};
  };
  void drop_stale(engine::TimePoint now);
  Entry& entry_of(std::string_view id);
  void drop_if_idle(std::string_view id);
  std::uint32_t calmest() const;
  std::uint32_t shard_of_match_locked(std::string_view id) const;
  engine::Result<void> admit_cost(const NewMatch& match) const;
  double usual_share(std::string_view kind) const;
  std::size_t held_by(const std::string& address) const;
  std::uint32_t seats_free(const Entry& entry) const;
  const std::string* best_to_play(std::string_view kind) const;
  const std::string* best_to_watch(std::string_view kind) const;
  std::string free_id_locked();
  /// One new match for as many as it takes, not one for each of them.
  std::string gather(const Wish& wish, engine::TimePoint now);

  const std::uint32_t shards_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> matches_;
  std::map<std::string, Gathering, std::less<>> gatherings_;                   // by address
  std::map<std::string, std::deque<engine::TimePoint>, std::less<>> created_;  // by address, the last minute's
  struct Known {
    Place place;
    std::string away_from{};       // the address, while it is away
    std::uint64_t away_since = 0;  // counts; 0: it is not
  };
  void come_back(Known& known);
  std::unordered_map<std::string, Known> sessions_;
  std::map<std::string, std::map<std::uint64_t, std::string>, std::less<>> away_;  // by address, since: the token
  std::uint64_t next_away_ = 1;
  std::unordered_map<SessionId, std::uint32_t> shards_of_sessions_;
  std::uint64_t next_session_ = 1;
  std::uint64_t next_hold_ = 1;
};

/// `bytes` from the system's random source, as lower-case hex.
std::string random_hex(std::size_t bytes);

}  // namespace netcode
