// Recordings of matches: what is in one, playing it again, and the proof that the same inputs lead to the same state.
// docs/recording.md is the format.
//
// Threading: none of its own; an object belongs to one thread at a time. Ownership: a Replay holds its file open and
// copies the rules types it was given. Nothing here throws for what a file says: a damaged one gives an error with
// offset and tick.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "netcode/limits.hpp"
#include "netcode/rules.hpp"

namespace netcode {

/// Whose rules play which kind of match: the kind as the server named it.
using RulesTypes = std::map<std::string, RulesType>;

/// What a match was made with beside its setup: the rest of its MatchOptions, but for the password, which no recording
/// holds.
struct HostingOptions {
  std::uint32_t players_max = 16;
  std::uint32_t spectators_max = 16;
  std::optional<std::uint32_t> bots{};
  bool keep_when_empty = false;
  bool ticks_when_empty = false;
  bool is_private = false;
  bool has_password = false;
  std::map<std::string, std::string> metadata{};

  friend bool operator==(const HostingOptions&, const HostingOptions&) = default;
};

/// The start of a recording: what its match was made with.
struct RecordingInfo {
  std::string kind;           // as the server named it: "arena"
  std::string build;          // what made it: "scrim 0.1.0"
  std::string rules_version;  // RulesType::version
  std::uint64_t schema_hash = 0;
  Bytes schema;                       // the .bfbs; empty where `inputs_alone`
  std::string world_table;            // as in RulesType
  std::string action_table;           //
  std::string keyframe_table;         //
  std::uint64_t started_unix_ms = 0;  // by the wall clock: for people only
  std::uint32_t keyframe_interval_ticks = limits::kKeyframeIntervalTicks;
  std::uint32_t hash_interval_ticks = limits::kHashIntervalTicks;
  MatchSetup setup;
  HostingOptions hosting;
  /// Nothing that came of the inputs is recorded, no hash and no event: it is there to be played.
  bool inputs_alone = false;
};

/// The end of a recording.
struct RecordingEnd {
  Tick last_tick = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;            // of the file
  std::optional<std::string> result;  // as the rules or the server ended the match
  /// Its server stopped in the middle, or the file was cut: it plays to last_tick, its last whole record.
  bool truncated = false;
  std::string truncated_reason;  // "cut at offset 1234, after tick 56: ..."
  /// The writer could not keep up or could not write, and said so: ticks are missing at the end.
  bool incomplete = false;
};

/// Reads a recording through, every checksum of it, without playing it: needs no rules. An error names offset and tick.
struct RecordingSummary {
  RecordingInfo info;
  RecordingEnd end;
};
engine::Result<RecordingSummary> summarize_recording(const std::string& path);

struct VerifyReport {
  bool ok = false;
  Tick ticks = 0;  // played
  std::uint64_t hashes_checked = 0;
  std::uint64_t keyframes_checked = 0;
  std::uint64_t events_checked = 0;
  bool truncated = false;   // as in RecordingEnd: what is there is ok
  bool incomplete = false;  // likewise
  std::optional<std::string> result;
  /// If not ok: the first tick whose bytes or state are wrong (none if the file could not be opened), and why.
  std::optional<Tick> first_bad_tick;
  std::string reason;
  std::string difference;  // where a keyframe differs: "items[3].x: 12 != 13", recorded and played
};

/// Plays the whole recording from its first tick and compares every hash, keyframe and event with what was recorded.
/// From each keyframe a second match is restored and played on beside it: rules whose keyframe leaves out what later
/// ticks read are not ok.
VerifyReport verify_recording(const std::string& path, const RulesTypes& types);
VerifyReport verify_recording_bytes(BytesView bytes, const RulesTypes& types);
/// By these rules, whatever kind its server called it.
VerifyReport verify_recording_by(const std::string& path, const RulesType& type);

/// A recording played again, to any tick and onwards.
class Replay {
 public:
  static engine::Result<std::unique_ptr<Replay>> open(const std::string& path, const RulesTypes& types);
  static engine::Result<std::unique_ptr<Replay>> open_bytes(Bytes bytes, const RulesTypes& types);
  ~Replay();

  const RecordingInfo& info() const;
  /// The last tick played; 0 after open.
  Tick tick() const;
  /// Plays the next tick; false at the recording's end.
  engine::Result<bool> step();
  /// From the nearest keyframe, or onwards from here if that is nearer. A tick beyond the end is an error.
  engine::Result<void> seek(Tick tick);
  /// Known once the end was reached by step, or if the file has its index.
  const std::optional<RecordingEnd>& end() const;

  std::span<const Player> players() const;
  std::uint64_t state_hash() const;
  /// The state as a FlatBuffer of the game's World.
  Bytes world() const;
  const Rules& rules() const;

 private:
  struct Impl;
  explicit Replay(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace netcode
