// How many bytes the packed codec makes of a stream of Worlds, and how long that takes.
//
//   codec_bench --schema S.bfbs --frames F [--distance N] [--ticks N] [--json]
//               [--packed-out P [--viewer N] [--skip N] [--restart N]]
//
// F: FlatBuffers of the schema's root type, each after its size (4 bytes, little-endian), as `scrim-replay frames`
// writes them. Each is coded against the one N before it, decoded again and compared; --ticks says how many ticks lie
// between two of them: 0 finds out what suits them best. P: what codec/packed_out.hpp says.
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
#include "replication/packed/packed_codec.hpp"

namespace {

using namespace netcode;

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Stream {
  std::vector<std::shared_ptr<const LaneWorld>> worlds;
  double plain_mean = 0;
};

Stream read_frames(const Schema& schema, const LaneLayout& layout, const std::string& path) {
  const std::vector<std::uint8_t> all = read_file(path);
  Stream stream;
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
    if (!stream.worlds.empty()) bytes += static_cast<double>(size);
    stream.worlds.push_back(std::make_shared<const LaneWorld>(std::move(*lanes)));
    at += 4 + size;
  }
  stream.plain_mean = stream.worlds.size() > 1 ? bytes / static_cast<double>(stream.worlds.size() - 1) : 0;
  return stream;
}

// As it is sent to those who own nothing.
Stream without_owner_only(const LaneLayout& layout, Stream stream) {
  for (auto& world : stream.worlds) {
    LaneWorld shown = *world;
    hide_owner_only(layout, kNoPlayer, shown);
    world = std::make_shared<const LaneWorld>(std::move(shown));
  }
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

Figures run(const LaneLayout& layout, const std::vector<std::shared_ptr<const LaneWorld>>& worlds, std::size_t distance,
            Tick ticks, std::size_t count) {
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
          state->past.push_back({.tick = static_cast<Tick>((i - back + 1) * ticks), .world = worlds[i - back]});
      }
    const auto encoding = std::chrono::steady_clock::now();
    packed::encode(layout, writers[i % distance], tick, worlds[i], bytes);
    const auto decoding = std::chrono::steady_clock::now();
    const double encode_us = std::chrono::duration<double, std::micro>(decoding - encoding).count();
    const auto decoded = packed::decode(layout, readers[i % distance], tick, bytes);
    const double decode_us = microseconds_since(decoding);
    figures.lossless = figures.lossless && decoded && readers[i % distance].world() == *worlds[i];
    if (!decoded) std::fprintf(stderr, "frame %zu: %s\n", i, decoded.error().reason.c_str());
    if (i < distance) continue;
    figures.bytes.push_back(static_cast<double>(bytes.size()));
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

Tick find_ticks(const LaneLayout& layout, const std::vector<std::shared_ptr<const LaneWorld>>& worlds,
                std::size_t distance) {
  const std::size_t count = std::min<std::size_t>(worlds.size(), 60 * distance);
  Tick best = 1;
  double least = 0;
  for (const Tick ticks : {1U, 2U, 3U, 4U, 6U}) {
    const double bytes = mean(run(layout, worlds, distance, ticks, count).bytes);
    if (ticks == 1 || bytes < 0.98 * least) {
      least = bytes;
      best = ticks;
    }
  }
  return best;
}

void print_fields(const LaneLayout& layout, const std::vector<std::shared_ptr<const LaneWorld>>& worlds, Tick ticks) {
  const std::vector<std::string> names = packed::field_names(layout);
  std::vector<packed::BitCounter::Field> fields(names.size());
  packed::State state(layout);
  for (std::size_t i = 0; i < worlds.size(); ++i) {
    if (i == 1) fields.assign(names.size(), {});
    packed::count(layout, state, static_cast<Tick>((i + 1) * ticks), worlds[i], fields);
  }
  const auto n = static_cast<double>(worlds.size() - 1);
  for (std::size_t i = 0; i < names.size(); ++i)
    fmt::print("{:30} {:8.2f} bits {:8.1f} decisions\n", names[i], fields[i].bits / n,
               static_cast<double>(fields[i].decisions) / n);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("Codes a stream of Worlds as packed snapshots and says what they took.");
  std::string schema_path;
  std::string frames_path;
  std::size_t distance = 1;
  Tick ticks = 0;
  codec_bench::PackedOut out{.path = "", .ticks = 1};
  std::uint16_t viewer = 0;
  bool is_json = false;
  app.add_option("--schema", schema_path, "the game's .bfbs")->required();
  app.add_option("--frames", frames_path, "FlatBuffers of its root type, each after its size of 4 bytes")->required();
  app.add_option("--distance", distance, "how many frames back the baseline is")->check(CLI::Range(1, 64));
  app.add_option("--ticks", ticks, "from one frame to the next; 0: what suits best")->check(CLI::Range(0, 1000));
  app.add_flag("--json", is_json, "one line of JSON");
  auto* to =
      app.add_option("--packed-out", out.path,
                     "write the packed frames into this file, all numbers little-endian: the layout's hash (8 bytes), "
                     "and of each frame, each number of 4 bytes, its tick; 1 if it builds on nothing, 2 if what was "
                     "learned is forgotten, or their sum; its World's hash; and, each after its size: the bits, the "
                     "viewer's own part, and its World (a FlatBuffer)");
  app.add_option("--viewer", viewer, "whose own part that is; 0: nobody's")->needs(to);
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

  const Stream whole = read_frames(*schema, **layout, frames_path);
  const Stream stream = without_owner_only(**layout, whole);
  if (ticks == 0) ticks = find_ticks(**layout, stream.worlds, distance);
  const Figures figures = run(**layout, stream.worlds, distance, ticks, stream.worlds.size());
  if (!out.path.empty()) {
    out.ticks = ticks;
    out.viewer = PlayerId{viewer};
    codec_bench::write_packed(**layout, whole.worlds, out);
  }
  const char* format =
      is_json
          ? R"({{"frames":{},"ticks":{},"plain_mean":{:.1f},"packed_mean":{:.2f},"packed_p50":{},"packed_p99":{},)"
            R"("packed_max":{},"encode_us":{:.2f},"decode_us":{:.2f},"lossless":{}}})"
          : "frames {}  ticks {}  plain_mean {:.1f}  packed_mean {:.2f}  packed_p50 {}  packed_p99 {}  packed_max {}  "
            "encode_us {:.2f}  decode_us {:.2f}  lossless {}";
  fmt::print(fmt::runtime(format), stream.worlds.size(), ticks, stream.plain_mean, mean(figures.bytes),
             percentile(figures.bytes, 0.5), percentile(figures.bytes, 0.99), percentile(figures.bytes, 1),
             figures.encode_us, figures.decode_us, figures.lossless);
  fmt::print("\n");
  if (!is_json) print_fields(**layout, stream.worlds, ticks);
  return figures.lossless ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "codec_bench: %s\n", error.what());
  return 2;
}
