#include "game/wire/map.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "map_generated.h"
#include "mutate.hpp"
#include "support.hpp"

namespace game::wire {
namespace {

namespace format = arena::map;

std::vector<std::uint8_t> bytes_of(const format::MapT& map) {
  flatbuffers::FlatBufferBuilder builder;
  format::FinishMapBuffer(builder, format::Map::Pack(builder, &map));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

format::MapT small() {
  format::MapT map;
  map.name = "small";
  map.width = 800;
  map.height = 600;
  map.players_max = 4;
  map.walls = {{100, 100, 200, 40}};
  map.spawns = {{50, 50}, {700, 500}};
  map.pads = {{400, 300, format::PadKind::Mega}};
  return map;
}

std::string reason_for(const std::function<void(format::MapT&)>& change) {
  format::MapT map = small();
  change(map);
  const auto result = load_map(bytes_of(map));
  return result ? "" : result.error().reason;
}

TEST(LoadMap, reads_what_flatc_wrote) {
  const auto map = load_map(bytes_of(small()));
  ASSERT_TRUE(map);
  EXPECT_EQ(map->name(), "small");
  EXPECT_EQ(map->size(), test::u(800, 600));
  EXPECT_EQ(map->players_max(), 4);
  ASSERT_EQ(map->walls().size(), 1U);
  EXPECT_EQ(map->walls()[0].right, test::u(300, 0).x);
  EXPECT_EQ(map->spawns()[1], test::u(700, 500));
  EXPECT_EQ(map->pads()[0].kind, sim::PickupKind::kMega);
}

TEST(LoadMap, reads_bytes_at_any_address) {
  std::vector<std::uint8_t> bytes = bytes_of(small());
  bytes.insert(bytes.begin(), 0);
  EXPECT_TRUE(load_map(std::span(bytes).subspan(1)));
}

TEST(LoadMap, names_what_is_wrong) {
  EXPECT_EQ(reason_for([](auto&) {}), "");
  EXPECT_EQ(reason_for([](auto& m) { m.name.clear(); }), "name has 0 bytes, 1 to 32");
  EXPECT_EQ(reason_for([](auto& m) { m.name = "\xFF"; }), "name is not UTF-8");
  EXPECT_EQ(reason_for([](auto& m) { m.width = 100; }), "width is 100, 320 to 8192");
  EXPECT_EQ(reason_for([](auto& m) { m.height = 60000; }), "height is 60000, 320 to 8192");
  EXPECT_EQ(reason_for([](auto& m) { m.players_max = 0; }), "players_max is 0, 2 to 64");
  EXPECT_EQ(reason_for([](auto& m) { m.spawns.clear(); }), "spawns is empty");
  EXPECT_EQ(reason_for([](auto& m) { m.spawns[1] = {120, 110}; }), "spawns[1] is in a wall or outside");
  EXPECT_EQ(reason_for([](auto& m) { m.spawns[0] = {-50, 50}; }), "spawns[0] is in a wall or outside");
  EXPECT_EQ(reason_for([](auto& m) {
              m.pads[0] = {795, 300, format::PadKind::Health};
            }),
            "pads[0] is in a wall or outside");
  EXPECT_EQ(reason_for([](auto& m) { m.walls[0] = {100, 100, 200, 20}; }), "walls[0] is 200 by 20, at least 32 thick");
  EXPECT_EQ(reason_for([](auto& m) {
              m.walls[0] = {100, 100, -200, 40};
            }),
            "walls[0] is -200 by 40, at least 32 thick");
  EXPECT_EQ(reason_for([](auto& m) { m.walls[0] = {700, 100, 200, 40}; }), "walls[0] is not inside the map");
  EXPECT_EQ(reason_for([](auto& m) { m.pads[0].mutate_kind(static_cast<format::PadKind>(9)); }),
            "pads[0].kind is 9, at most 2");
  EXPECT_EQ(reason_for([](auto& m) { m.walls.resize(2000, m.walls[0]); }), "walls has 2000 elements, at most 1024");
}

TEST(LoadMap, refuses_what_is_no_map) {
  EXPECT_EQ(load_map({}).error().reason, "the map is empty");
  const std::vector<std::uint8_t> big(kMapBytesMax + 1);
  EXPECT_EQ(load_map(big).error().reason, "the map has 1048577 bytes, at most 1048576");
  const std::vector<std::uint8_t> zeros(64);
  EXPECT_EQ(load_map(zeros).error().reason, "the map is not a whole FlatBuffer of arena.map.Map");
}

TEST(LoadMap, survives_truncated_and_mutated_bytes) {
  const auto bytes = bytes_of(small());
  test::for_each_mutation(bytes, 5000, [](const test::AlignedBytes& broken) {
    return load_map({broken.data(), broken.size()}).has_value();
  });
}

}  // namespace
}  // namespace game::wire
