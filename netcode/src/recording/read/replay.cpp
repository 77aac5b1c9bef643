#include "recording/read/recording_reader.hpp"
#include "recording/read/resimulation.hpp"

namespace netcode {

using recording::RecordingReader;
using recording::Resimulation;

struct Replay::Impl {
  Impl(std::unique_ptr<RecordingReader> from, std::unique_ptr<Resimulation> with)
      : reader(std::move(from)), played(std::move(with)), decoder(reader->info().hash_interval_ticks) {}

  std::unique_ptr<RecordingReader> reader;
  std::unique_ptr<Resimulation> played;
  recording::TickDecoder decoder;
  std::optional<engine::Error> failed;  // the state is of no tick; seek can leave it

  static engine::Result<std::unique_ptr<Impl>> open(engine::Result<std::unique_ptr<recording::InputFile>> file,
                                                    const RulesTypes& types) {
    if (!file) return file.error();
    auto reader = RecordingReader::open(std::move(*file));
    if (!reader) return reader.error();
    auto played = Resimulation::create((*reader)->info(), types);
    if (!played) return played.error();
    auto impl = std::make_unique<Impl>(std::move(*reader), std::move(*played));
    if (auto restored = impl->restore(); !restored) return restored.error();
    return impl;
  }

  // From the keyframe that comes next.
  engine::Result<void> restore() {
    auto kind = reader->next();
    if (!kind) return kind.error();
    if (*kind != RecordingReader::Kind::kKeyframe) return reader->here("a keyframe should be here");
    auto keyframe = reader->keyframe();
    if (!keyframe) return keyframe.error();
    if (auto restored = played->simulation().restore(keyframe->keyframe); !restored) {
      return reader->here(restored.error().reason);
    }
    decoder = recording::TickDecoder(reader->info().hash_interval_ticks);
    failed.reset();
    return {};
  }

  engine::Result<bool> step() {
    if (failed) return *failed;
    auto stepped = try_step();
    if (!stepped) failed = stepped.error();
    return stepped;
  }

  engine::Result<bool> try_step() {
    while (decoder.at_end()) {
      auto kind = reader->next();
      if (!kind) return kind.error();
      if (*kind == RecordingReader::Kind::kEnd) return false;
      if (*kind == RecordingReader::Kind::kKeyframe) decoder.reset();
      if (*kind != RecordingReader::Kind::kTicks) continue;
      if (auto begun = decoder.begin(reader->ticks_body()); !begun) return reader->here(begun.error().reason);
    }
    if (auto done = decoder.tick(*played); !done) {
      return engine::error("offset {}, tick {}: {}", reader->offset(), played->simulation().current_tick() + 1,
                           done.error().reason);
    }
    return true;
  }
};

Replay::Replay(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Replay::~Replay() = default;

engine::Result<std::unique_ptr<Replay>> Replay::open(const std::string& path, const RulesTypes& types) {
  auto impl = Impl::open(recording::open_input_file(path), types);
  if (!impl) return impl.error();
  return std::unique_ptr<Replay>(new Replay(std::move(*impl)));
}

engine::Result<std::unique_ptr<Replay>> Replay::open_bytes(Bytes bytes, const RulesTypes& types) {
  auto impl = Impl::open(recording::memory_input_file(std::move(bytes)), types);
  if (!impl) return impl.error();
  return std::unique_ptr<Replay>(new Replay(std::move(*impl)));
}

const RecordingInfo& Replay::info() const { return impl_->reader->info(); }
Tick Replay::tick() const { return impl_->played->simulation().current_tick(); }
engine::Result<bool> Replay::step() { return impl_->step(); }
const std::optional<RecordingEnd>& Replay::end() const { return impl_->reader->end(); }
std::span<const Player> Replay::players() const { return impl_->played->simulation().players(); }
std::uint64_t Replay::state_hash() const { return impl_->played->simulation().state_hash(); }
const Rules& Replay::rules() const { return impl_->played->simulation().rules(); }

engine::Result<void> Replay::seek(Tick wanted) {
  const Tick keyframe_interval = info().keyframe_interval_ticks;
  // Onwards if no keyframe lies between here and there.
  if (impl_->failed || wanted < tick() || wanted / keyframe_interval != tick() / keyframe_interval) {
    if (auto found = impl_->reader->seek(wanted); !found) return found;
    if (auto restored = impl_->restore(); !restored) {
      impl_->failed = restored.error();
      return restored;
    }
  }
  while (tick() < wanted) {
    auto stepped = step();
    if (!stepped) return stepped.error();
    if (!*stepped) return engine::error("tick {} is beyond the recording's end, tick {}", wanted, tick());
  }
  return {};
}

Bytes Replay::world() const {
  flatbuffers::FlatBufferBuilder builder(4096);
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(rules().write_snapshot(builder).o));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

}  // namespace netcode
