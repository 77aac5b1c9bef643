// How many bytes the packed codec makes of a stream of Worlds, and how long that takes.
//
//   codec_bench --schema S.bfbs --frames F [--distance N] [--ticks N] [--viewer P] [--json]
//               [--packed-out O [--skip N] [--restart N]]
//
// F: FlatBuffers of the schema's root type, each after its size (4 bytes, little-endian), as `scrim-replay frames`
// writes them. Each is coded against the one N before it, decoded again and compared; --ticks says how many ticks lie
// between two of them: 0 finds out what suits them best. With --viewer it has, besides what all are sent, what is for
// player P alone. Bytes are those of the codec, without a message around them; those that are coded against nothing are
// left out of every figure. The bits of each field, last, are those against the frame before, whatever N is.
// O: what codec/packed_out.hpp says.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "codec/packed_out.hpp"
#include "netcode/schema.hpp"
#include "replication/own_part.hpp"
#include "replication/packed/packed_codec.hpp"

namespace {

using namespace netcode;

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

using codec_bench::Worlds;

struct Stream {
  Worlds shown;   // as the viewer has them
  Worlds shared;  // as everybody else has them
  PlayerId viewer = kNoPlayer;
  double plain_mean = 0;
};

Stream read_frames(const Schema& schema, const LaneLayout& layout, const std::string& path, PlayerId viewer) {
  const std::vector<std::uint8_t> all = read_file(path);
  Stream stream;
  stream.viewer = viewer;
  std::vector<std::uint64_t> aligned;
  double bytes = 0;
  for (std::size_t at = 0; at < all.size();) {
    if (all.size() - at < 4) throw std::runtime_error(path + " ends within a frame's size");
    const std::size_t size = flatbuffers::ReadScalar<std::uint32_t>(&all[at]);
    if (size > all.size() - at - 4) throw std::runtime_error(path + " ends within a frame");
    aligned.assign(size / 8 + 1, 0);
    std::copy_n(&all[at + 4], size, reinterpret_cast<std::uint8_t*>(aligned.data()));
    const BytesView world(reinterpret_cast<const std::uint8_t*>(aligned.data()), size);
    if (const auto good = schema.check(layout.world().name, world); !good)
      throw std::runtime_error(good.error().reason);
    auto lanes = read_world(layout, world);
    if (!lanes) throw std::runtime_error(lanes.error().reason);
    if (!stream.shown.empty()) bytes += static_cast<double>(size);
    hide_owner_only(layout, viewer, *lanes);
    stream.shown.push_back(std::make_shared<const LaneWorld>(*lanes));
    hide_owner_only(layout, kNoPlayer, *lanes);
    stream.shared.push_back(std::make_shared<const LaneWorld>(std::move(*lanes)));
    at += 4 + size;
  }
  stream.plain_mean = stream.shown.size() > 1 ? bytes / static_cast<double>(stream.shown.size() - 1) : 0;
  return stream;
}

double microseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

struct Figures {
  std::vector<double> bytes;
  double encode_us = 0;
  double decode_us = 0;
  bool lossless = true;
};

/// The part of frame `i` that is for the viewer alone; none if there is no viewer.
Bytes own_part(const LaneLayout& layout, const Stream& stream, std::size_t i, std::size_t distance, Tick tick) {
  if (stream.viewer == kNoPlayer) return {};
  const LaneWorld* before = i < distance ? nullptr : stream.shown[i - distance].get();
  return encode_own(layout, stream.viewer, before, *stream.shown[i], tick);
}

/// Does the World that was read from the shared part become, with the own part, what the viewer is shown?
bool gives_back(const LaneLayout& layout, const Stream& stream, std::size_t i, std::size_t distance, Tick tick,
                BytesView own, LaneWorld world) {
  const LaneWorld* before = i < distance ? nullptr : stream.shown[i - distance].get();
  if (stream.viewer != kNoPlayer && !decode_own(layout, stream.viewer, before, own, tick, world)) return false;
  return world == *stream.shown[i];
}

Figures run(const LaneLayout& layout, const Stream& stream, std::size_t distance, Tick ticks, std::size_t count) {
  // Each of the interleaved chains has a state of its own: that after the frame which its next is coded against.
  std::vector<packed::State> writers(distance, packed::State(layout));
  std::vector<packed::State> readers = writers;
  Figures figures;
  for (std::size_t i = 0; i < count; ++i) {
    Bytes bytes;
    const auto tick = static_cast<Tick>((i + 1) * ticks);
    // All that came before the baseline is known on both ends, too.
    if (distance > 1 && i >= distance)
      for (packed::State* state : {&writers[i % distance], &readers[i % distance]}) {
        state->past.erase(state->past.begin() + 1, state->past.end());
        for (std::size_t back = distance + 1; back <= i && state->past.size() < packed::kPastMax; ++back)
          state->past.push_back({.tick = static_cast<Tick>((i - back + 1) * ticks), .world = stream.shared[i - back]});
      }
    const auto encoding = std::chrono::steady_clock::now();
    packed::encode(layout, writers[i % distance], tick, stream.shared[i], bytes);
    const Bytes own = own_part(layout, stream, i, distance, tick);
    const auto decoding = std::chrono::steady_clock::now();
    const double encode_us = std::chrono::duration<double, std::micro>(decoding - encoding).count();
    const auto decoded = packed::decode(layout, readers[i % distance], tick, bytes);
    const double decode_us = microseconds_since(decoding);
    figures.lossless = figures.lossless && decoded &&
                       gives_back(layout, stream, i, distance, tick, own, readers[i % distance].world());
    if (!decoded) std::fprintf(stderr, "frame %zu: %s\n", i, decoded.error().reason.c_str());
    if (i < distance) continue;
    figures.bytes.push_back(static_cast<double>(bytes.size() + own.size()));
    figures.encode_us += encode_us;
    figures.decode_us += decode_us;
  }
  const auto n = static_cast<double>(std::max<std::size_t>(figures.bytes.size(), 1));
  figures.encode_us /= n;
  figures.decode_us /= n;
  return figures;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

Tick find_ticks(const LaneLayout& layout, const Stream& stream, std::size_t distance) {
  const std::size_t count = std::min<std::size_t>(stream.shared.size(), 60 * distance);
  Tick best = 1;
  double least = 0;
  for (const Tick ticks : {1U, 2U, 3U, 4U, 6U}) {
    const double bytes = mean(run(layout, stream, distance, ticks, count).bytes);
    if (ticks == 1 || bytes < 0.98 * least) {
      least = bytes;
      best = ticks;
    }
  }
  return best;
}

/// Of a frame, on average.
struct FieldFigures {
  std::string name;
  double bits;
  double decisions;
};

std::vector<FieldFigures> count_fields(const LaneLayout& layout, const Stream& stream, Tick ticks) {
  const std::vector<std::string> names = packed::field_names(layout);
  std::vector<packed::BitCounter::Field> fields(names.size());
  packed::State state(layout);
  double own_bits = 0;
  for (std::size_t i = 0; i < stream.shared.size(); ++i) {
    const auto tick = static_cast<Tick>((i + 1) * ticks);
    packed::count(layout, state, tick, stream.shared[i], fields);
    if (i == 0) {
      fields.assign(names.size(), {});
    } else {
      own_bits += 8 * static_cast<double>(own_part(layout, stream, i, 1, tick).size());
    }
  }
  const auto n = static_cast<double>(std::max<std::size_t>(stream.shared.size(), 2) - 1);
  std::vector<FieldFigures> out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out.push_back({names[i], fields[i].bits / n, static_cast<double>(fields[i].decisions) / n});
  if (stream.viewer != kNoPlayer) out.push_back({"owner_only", own_bits / n, 0});
  return out;
}

/// Names are those of a schema: nothing in them is to be escaped.
std::string json_of(const std::vector<FieldFigures>& fields) {
  std::string out;
  for (const FieldFigures& field : fields)
    fmt::format_to(std::back_inserter(out), R"({}"{}":{:.3f})", out.empty() ? "" : ",", field.name, field.bits);
  return out;
}

void print(const Stream& stream, Tick ticks, const Figures& figures, const std::vector<FieldFigures>& fields,
           bool is_json) {
  const std::size_t frames = stream.shown.size();
  const double p50 = percentile(figures.bytes, 0.5);
  const double p99 = percentile(figures.bytes, 0.99);
  const double most = percentile(figures.bytes, 1);
  if (is_json) {
    fmt::print(R"({{"frames":{},"ticks":{},"plain_mean":{:.1f},"packed_mean":{:.2f},"packed_p50":{},"packed_p99":{},)"
               R"("packed_max":{},"encode_us":{:.2f},"decode_us":{:.2f},"field_bits":{{{}}},"lossless":{}}})"
               "\n",
               frames, ticks, stream.plain_mean, mean(figures.bytes), p50, p99, most, figures.encode_us,
               figures.decode_us, json_of(fields), figures.lossless);
    return;
  }
  fmt::print(
      "frames {}  ticks {}  plain_mean {:.1f}  packed_mean {:.2f}  packed_p50 {}  packed_p99 {}  packed_max {}  "
      "encode_us {:.2f}  decode_us {:.2f}  lossless {}\n",
      frames, ticks, stream.plain_mean, mean(figures.bytes), p50, p99, most, figures.encode_us, figures.decode_us,
      figures.lossless);
  for (const FieldFigures& field : fields)
    fmt::print("{:30} {:8.2f} bits {:8.1f} decisions\n", field.name, field.bits, field.decisions);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("Codes a stream of Worlds as packed snapshots and says what they took.");
  std::string schema_path;
  std::string frames_path;
  std::size_t distance = 1;
  Tick ticks = 0;
  std::uint32_t viewer = 0;
  codec_bench::PackedOut out;
  bool is_json = false;
  app.add_option("--schema", schema_path, "the game's .bfbs")->required();
  app.add_option("--frames", frames_path, "FlatBuffers of its root type, each after its size of 4 bytes")->required();
  app.add_option("--distance", distance, "how many frames back the baseline is")->check(CLI::Range(1, 64));
  app.add_option("--ticks", ticks, "from one frame to the next; 0: what suits best, of 1, 2, 3, 4 and 6")
      ->check(CLI::Range(0, 1000));
  app.add_option("--viewer", viewer, "also what is for this player alone; 0: no one is");
  app.add_flag("--json", is_json, "one line of JSON");
  auto* to = app.add_option("--packed-out", out.path,
                            "write the packed frames into this file, as tests/bench/codec/packed_out.hpp says");
  app.add_option("--skip", out.skip_every, "each so-many-th frame is left out of it; 0: none")->needs(to);
  app.add_option("--restart", out.restart_every, "what was learned is forgotten with each so-many-th; 0: never")
      ->needs(to);
  CLI11_PARSE(app, argc, argv);

  const std::vector<std::uint8_t> bfbs = read_file(schema_path);
  const auto* root = reflection::GetSchema(bfbs.data())->root_table();
  if (!root) throw std::runtime_error(schema_path + " has no root type");
  const auto schema = Schema::load(bfbs, root->name()->string_view());
  if (!schema) throw std::runtime_error(schema.error().reason);
  const auto layout = LaneLayout::load(*schema, root->name()->string_view());
  if (!layout) throw std::runtime_error(layout.error().reason);

  const Stream stream = read_frames(*schema, **layout, frames_path, PlayerId{viewer});
  if (ticks == 0) ticks = find_ticks(**layout, stream, distance);
  const Figures figures = run(**layout, stream, distance, ticks, stream.shared.size());
  if (!out.path.empty()) codec_bench::write_packed(**layout, {stream.shown, stream.shared, stream.viewer, ticks}, out);
  print(stream, ticks, figures, count_fields(**layout, stream, ticks), is_json);
  return figures.lossless ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "codec_bench: %s\n", error.what());
  return 2;
}
