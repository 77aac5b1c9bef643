#include "recording/read/export_frames.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace netcode::recording {

namespace {

// A file that is there once it is whole, and not at all otherwise.
class WholeFile {
 public:
  static engine::Result<std::unique_ptr<WholeFile>> create(const std::string& path, const OpenOutputFile& open_file) {
    if (path.empty()) return engine::error("create: the path is empty");
    if (::access(path.c_str(), F_OK) == 0) return engine::error("create {}: it exists", path);
    const std::string part = path + ".part";
    auto file = open_file(part);
    if (!file) return file.error();
    return std::unique_ptr<WholeFile>(new WholeFile(path, part, std::move(*file)));
  }
  ~WholeFile() {
    if (!is_kept_) ::unlink(part_.c_str());
  }
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  engine::Result<void> append(BytesView bytes) { return file_->append(bytes); }

  /// Some file systems say only here that the disk is full.
  engine::Result<void> sync() { return file_->sync(); }

  engine::Result<void> keep() {
    if (std::rename(part_.c_str(), path_.c_str()) != 0)
      return engine::error("rename {} to {}: {}", part_, path_, std::generic_category().message(errno));
    is_kept_ = true;
    return {};
  }

 private:
  WholeFile(std::string path, std::string part, std::unique_ptr<OutputFile> file)
      : path_(std::move(path)), part_(std::move(part)), file_(std::move(file)) {}

  const std::string path_;
  const std::string part_;
  std::unique_ptr<OutputFile> file_;
  bool is_kept_ = false;
};

// One write for each frame: the file is left whole frames long, and a frame is some kilobytes.
engine::Result<void> append_frame(WholeFile& file, BytesView world, Bytes& scratch) {
  const auto size = static_cast<std::uint32_t>(world.size());  // flatbuffers makes none of 2 GiB
  scratch.clear();
  for (int shift = 0; shift < 32; shift += 8) scratch.push_back(static_cast<std::uint8_t>(size >> shift));
  scratch.insert(scratch.end(), world.begin(), world.end());
  return file.append(scratch);
}

engine::Result<void> write_worlds(Replay& replay, WholeFile& file, Exported& done) {
  Bytes scratch;
  for (;;) {
    const auto stepped = replay.step();
    if (!stepped) return stepped.error();
    if (!*stepped) return {};
    if (replay.tick() % done.every_ticks != 0) continue;
    const Bytes world = replay.world();
    if (auto written = append_frame(file, world, scratch); !written) return written;
    ++done.frames;
    done.bytes += scratch.size();
  }
}

// The recording's own, or that of the rules which play it, which is the same.
engine::Result<void> write_schema(const RecordingInfo& info, const RulesTypes& types, WholeFile& file) {
  const BytesView schema = info.schema.empty() ? types.at(info.kind).schema : BytesView(info.schema);
  if (auto written = file.append(schema); !written) return written;
  return file.sync();
}

}  // namespace

engine::Result<Exported> export_frames(const std::string& path, const RulesTypes& types, const ExportOptions& options) {
  auto opened = Replay::open(path, types);
  if (!opened) return opened.error();
  Replay& replay = **opened;
  const MatchSetup& setup = replay.info().setup;

  auto frames = WholeFile::create(options.frames_path, options.open_file);
  if (!frames) return frames.error();
  std::unique_ptr<WholeFile> schema;
  if (!options.schema_path.empty()) {
    auto made = WholeFile::create(options.schema_path, options.open_file);
    if (!made) return made.error();
    schema = std::move(*made);
    if (auto written = write_schema(replay.info(), types, *schema); !written) return written.error();
  }

  Exported done;
  done.every_ticks = options.every_ticks != 0 ? options.every_ticks : std::max(1U, setup.tick_hz / setup.snapshot_hz);
  if (auto written = write_worlds(replay, **frames, done); !written) return written.error();
  if (auto synced = (*frames)->sync(); !synced) return synced.error();
  done.last_tick = replay.tick();
  if (const auto& end = replay.end(); end && end->truncated) done.truncated_reason = end->truncated_reason;
  if (schema)
    if (auto kept = schema->keep(); !kept) return kept.error();
  if (auto kept = (*frames)->keep(); !kept) return kept.error();
  return done;
}

}  // namespace netcode::recording
