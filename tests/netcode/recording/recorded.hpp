// Recordings for tests, made in memory by the writer and recorder that servers use.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "games/crowd.hpp"
#include "netcode/recording.hpp"
#include "recording/format/session_records.hpp"
#include "recording/write/output_file.hpp"
#include "recording/write/recorder.hpp"

namespace test_recordings {

/// What the file holds survives it.
struct Disk {
  netcode::Bytes bytes;
  bool synced = false;
};

/// A file in memory that can fail: `fail` is asked before each append with its number (1, 2 ...) and says how many of
/// its bytes are written before the error, or nothing for all of them.
class MemoryOutputFile final : public netcode::recording::OutputFile {
 public:
  using Fail = std::function<std::optional<std::size_t>(std::size_t append)>;
  explicit MemoryOutputFile(Disk& disk, Fail fail = {}, bool can_truncate = true)
      : disk_(disk), fail_(std::move(fail)), can_truncate_(can_truncate) {}

  engine::Result<void> append(netcode::BytesView bytes) override;
  engine::Result<void> truncate(std::uint64_t bytes) override;
  engine::Result<void> sync() override;

 private:
  Disk& disk_;
  Fail fail_;
  bool can_truncate_;
  std::size_t appends_ = 0;
};

netcode::recording::OpenOutputFile open_in_memory(Disk& disk, MemoryOutputFile::Fail fail = {},
                                                  bool can_truncate = true);

struct Options {
  std::size_t ticks = 700;
  std::uint64_t seed = 1;
  std::uint32_t ticks_per_record = 2;
  std::uint32_t keyframe_interval_ticks = netcode::limits::kKeyframeIntervalTicks;
  std::uint32_t hash_interval_ticks = netcode::limits::kHashIntervalTicks;
  std::size_t players_max = 6;
  bool finish = true;          // else: end and footer are missing, as after a kill
  bool with_views = false;     // actions tell what their players were shown
  bool with_presence = false;  // connections are lost and found, and some players come with a ticket
  bool with_sessions = false;  // a session for each player that is no bot
};

/// A recording and what was seen while it was made.
struct Recorded {
  netcode::Bytes bytes;
  std::vector<std::uint64_t> hashes;  // hashes[t]: after tick t
  std::vector<netcode::Bytes> worlds;
  std::size_t events = 0;
  std::size_t inputs = 0;
};

/// Of the players who are seated, as a server would have them: each session's id is its player's and 1000 more.
std::vector<netcode::recording::SessionRecord> sessions_of(const netcode::Simulation& simulation);

Recorded record(const test_games::Kind& kind, const Options& options = {});

}  // namespace test_recordings
