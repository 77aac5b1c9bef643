// Makes streams of Worlds, always the same, for codec_bench to pack: a fight of the arena's bots, or what a random
// number generator makes of the Worlds of a schema.
//
//   snapshot_frames arena COUNT FILE
//   snapshot_frames SCHEMA.bfbs COUNT FILE
//
// FILE: FlatBuffers of the schema's root type, each after its size (4 bytes, little-endian).
#include <flatbuffers/flatbuffers.h>
#include <flatbuffers/reflection.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/core/rng.hpp"
#include "game/wire/world.hpp"
#include "netcode/bytes.hpp"
#include "netcode/schema.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"
#include "tests/game/crowd.hpp"
#include "tests/netcode/replication/random_worlds.hpp"

namespace {

using namespace netcode;

void put(std::ofstream& file, BytesView world) {
  const auto size = static_cast<std::uint32_t>(world.size());
  for (unsigned i = 0; i < 4; ++i) file.put(static_cast<char>(static_cast<std::uint8_t>(size >> (8 * i))));
  file.write(reinterpret_cast<const char*>(world.data()), static_cast<std::streamsize>(world.size()));
}

// Of every second tick, as a server sends them.
void write_arena(int count, std::ofstream& file) {
  game::test::Crowd crowd({1, 2, 3, 4, 5}, 11);
  flatbuffers::FlatBufferBuilder builder;
  for (int i = 0; i < count; ++i) {
    crowd.step();
    crowd.step();
    builder.Clear();
    builder.Finish(game::wire::write_world(crowd.state, "foundry", builder));
    put(file, BytesView(builder.GetBufferPointer(), builder.GetSize()));
  }
}

// What testing::move_on leaves alone: who owns an entity that has a player for its owner, and what is for owners alone.
void move_owned(const LaneLayout& layout, engine::Rng& rng, std::uint32_t tick, LaneWorld& world) {
  std::vector<std::uint32_t> players;
  for (std::size_t i = 0; i < layout.groups().size(); ++i)
    if (layout.groups()[i].owner < 0) players = world.groups[i].keys;
  for (std::size_t i = 0; i < layout.groups().size(); ++i) {
    const LaneGroup& group = layout.groups()[i];
    std::int64_t* values = world.groups[i].values.data();
    for (std::size_t entity = 0; entity < world.groups[i].keys.size(); ++entity, values += group.lanes.size()) {
      if (group.owner >= 0 && !players.empty() && values[group.owner] > 12)
        values[group.owner] = players[rng.below(static_cast<std::uint32_t>(players.size()))];
      for (std::size_t lane = group.public_lanes; lane < group.lanes.size(); ++lane) {
        if (!testing::chance(rng, 30)) continue;
        const bool is_time = group.lanes[lane].bits == 32 && testing::chance(rng, 70);
        values[lane] = is_time ? std::int64_t{tick} + rng.below(90) : testing::random_value(group.lanes[lane], rng);
      }
    }
  }
}

void write_changing(const std::string& schema_path, int count, std::ofstream& file) {
  std::ifstream schema_file(schema_path, std::ios::binary);
  const Bytes bfbs{std::istreambuf_iterator<char>(schema_file), {}};
  if (bfbs.empty()) throw std::runtime_error(schema_path + " cannot be read");
  const auto* root = reflection::GetSchema(bfbs.data())->root_table();
  if (!root) throw std::runtime_error(schema_path + " has no root type");
  const auto schema = Schema::load(bfbs, root->name()->string_view());
  if (!schema) throw std::runtime_error(schema.error().reason);
  const auto layout = LaneLayout::load(*schema, root->name()->string_view());
  if (!layout) throw std::runtime_error(layout.error().reason);

  engine::Rng rng(5);
  LaneWorld world = testing::first_world(**layout, rng);
  for (int i = 0; i < count; ++i) {
    testing::move_on(**layout, rng, 2, world);
    move_owned(**layout, rng, static_cast<std::uint32_t>(2 * i), world);
    const auto bytes = write_world(**layout, world);
    if (!bytes) throw std::runtime_error(bytes.error().reason);
    put(file, *bytes);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("wants \"arena\" or a schema, how many frames, and a file for them");
  std::ofstream file(argv[3], std::ios::binary);
  const int count = std::stoi(argv[2]);
  if (std::string(argv[1]) == "arena")
    write_arena(count, file);
  else
    write_changing(argv[1], count, file);
  file.close();
  if (!file) throw std::runtime_error(std::string(argv[3]) + " cannot be written");
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "snapshot_frames: %s\n", error.what());
  return 2;
}
