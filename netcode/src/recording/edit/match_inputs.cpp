#include "recording/edit/match_inputs.hpp"

#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "recording/format/tick_codec.hpp"
#include "recording/read/recording_reader.hpp"
#include "recording/write/output_file.hpp"
#include "recording/write/record_writer.hpp"

namespace netcode::recording {
namespace {

class InputCollector final : public TickSink {
 public:
  explicit InputCollector(MatchInputs& into) : into_(into) {}

  engine::Result<void> input(const Input& input, bool /*is_new*/) override {
    if (into_.inputs.size() >= kInputsInMemoryMax)
      return engine::error("more than {} inputs, which is what may be held at once", kInputsInMemoryMax);
    into_.inputs.push_back({.tick = next_, .input = shared(input), .view = input.view});
    return {};
  }
  engine::Result<void> run(Tick tick) override {
    next_ = tick + 1;
    return {};
  }
  engine::Result<void> event(const Recipients&, std::string_view, BytesView) override { return {}; }
  engine::Result<void> end_of_tick(Tick, std::optional<std::uint64_t>) override { return {}; }

 private:
  /// Who goes on doing the same shares one input for it.
  std::shared_ptr<const Input> shared(const Input& input) {
    Input without_view = input;
    without_view.view = {};
    std::shared_ptr<const Input>& last = last_[input.player];
    if (!last || *last != without_view) last = std::make_shared<const Input>(std::move(without_view));
    return last;
  }

  MatchInputs& into_;
  Tick next_ = 1;
  std::map<PlayerId, std::shared_ptr<const Input>> last_;
};

/// In memory, then written at once: a candidate of many is no file that has to survive a power cut.
class BytesFile final : public OutputFile {
 public:
  explicit BytesFile(Bytes& bytes) : bytes_(bytes) {}
  engine::Result<void> append(BytesView bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return {};
  }
  engine::Result<void> truncate(std::uint64_t bytes) override {
    bytes_.resize(bytes);
    return {};
  }
  engine::Result<void> sync() override { return {}; }

 private:
  Bytes& bytes_;
};

engine::Result<Bytes> encode(const MatchInputs& of) {
  Bytes out;
  RecordWriter writer(std::make_unique<BytesFile>(out), random_file_id());
  RecordingInfo info = of.info;
  info.schema.clear();
  info.inputs_alone = true;
  info.keyframe_interval_ticks = info.hash_interval_ticks = std::numeric_limits<std::uint32_t>::max();
  if (auto done = writer.append(RecordType::kHeader, 0, encode_header(info)); !done) return done.error();
  const Bytes start = compress_keyframe(encode_keyframe(of.start.keyframe, of.start.hash));
  if (auto done = writer.append(RecordType::kKeyframe, 0, start); !done) return done.error();
  TickEncoder encoder;
  auto next = of.inputs.begin();
  Input scratch;
  for (Tick tick = 1; tick <= of.last_tick; ++tick) {
    for (; next != of.inputs.end() && next->tick <= tick; ++next) {
      scratch = *next->input;
      scratch.view = next->view;
      encoder.input(scratch);
    }
    if (!encoder.end_tick({})) return engine::error("tick {} has more inputs than a recording takes", tick);
    if (tick < of.last_tick && encoder.bytes() < kTicksBytesMax) continue;
    if (auto done = writer.append(RecordType::kTicks, tick, encoder.take()); !done) return done.error();
  }
  if (auto done = writer.finish({}); !done) return done.error();
  return out;
}

}  // namespace

engine::Result<MatchInputs> read_match_inputs(const std::string& path) {
  auto reader = RecordingReader::open_file(path);
  if (!reader) return reader.error();
  MatchInputs out{.info = (*reader)->info(), .start = {}, .inputs = {}};
  TickDecoder decoder(out.info.hash_interval_ticks);
  InputCollector collector(out);
  bool has_start = false;
  for (;;) {
    const auto kind = (*reader)->next();
    if (!kind) return kind.error();
    if (*kind == RecordingReader::Kind::kEnd) break;
    if (*kind == RecordingReader::Kind::kKeyframe) {
      decoder.reset();
      if (has_start) continue;
      auto start = (*reader)->keyframe();
      if (!start) return start.error();
      out.start = std::move(*start);
      has_start = true;
    }
    if (*kind != RecordingReader::Kind::kTicks) continue;
    auto done = decoder.begin((*reader)->ticks_body());
    while (done && !decoder.at_end()) done = decoder.tick(collector);
    if (!done) return (*reader)->here(done.error().reason);
  }
  if (!has_start) return engine::error("it does not even hold the match's start");
  out.last_tick = (*reader)->tick();
  return out;
}

engine::Result<void> write_match_inputs(const MatchInputs& inputs, const std::string& path) {
  const auto bytes = encode(inputs);
  if (!bytes) return bytes.error();
  std::error_code none;
  std::filesystem::remove(path, none);  // if it cannot be, making it says why
  auto file = create_output_file(path);
  if (!file) return file.error();
  return (*file)->append(*bytes);
}

}  // namespace netcode::recording
