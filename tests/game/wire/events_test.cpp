#include "game/wire/events.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <variant>

#include "crowd.hpp"

namespace game::wire {
namespace {

// Through its bytes and back, as its receiver gets it.
template <class T>
T received(const T& object) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(T::TableType::Pack(builder, &object));
  flatbuffers::Verifier verifier(builder.GetBufferPointer(), builder.GetSize(), 8, 4096);
  EXPECT_TRUE(verifier.VerifyBuffer<typename T::TableType>(nullptr));
  T back;
  flatbuffers::GetRoot<typename T::TableType>(builder.GetBufferPointer())->UnPackTo(&back);
  return back;
}

template <std::size_t... I>
std::vector<sim::Event> one_of_each(std::index_sequence<I...>) {
  return {sim::Event(std::variant_alternative_t<I, sim::Event>{})...};
}

TEST(Events, each_kind_has_a_table_of_its_own) {
  std::set<std::string> tables;
  for (const sim::Event& event : one_of_each(std::make_index_sequence<std::variant_size_v<sim::Event>>())) {
    std::visit(
        [&tables](const auto& one) {
          using Wire = decltype(to_wire(one));
          tables.insert(Wire::TableType::GetFullyQualifiedName());
          (void)received(to_wire(one));
        },
        event);
  }
  EXPECT_EQ(tables.size(), std::variant_size_v<sim::Event>);
}

TEST(Events, a_kill_keeps_all_its_fields) {
  const auto kill = received(to_wire(sim::Kill{.killer = 3,
                                               .victim = 65535,
                                               .weapon = sim::Weapon::kRail,
                                               .killer_health = 200,
                                               .streak = 5,
                                               .revenge = true,
                                               .at = {-7, 650000}}));
  EXPECT_EQ(kill.killer, 3);
  EXPECT_EQ(kill.victim, 65535);
  EXPECT_EQ(kill.weapon, arena::Weapon::Rail);
  EXPECT_EQ(kill.killer_health, 200);
  EXPECT_EQ(kill.streak, 5);
  EXPECT_TRUE(kill.revenge);
  EXPECT_EQ(kill.x, -7);
  EXPECT_EQ(kill.y, 650000);
}

TEST(Events, only_awards_that_were_given_are_sent) {
  sim::RoundEnded ended{.round = 1, .winner = 2, .score = 20, .awards = {}};
  ended.awards[2] = {4, sim::AwardKind::kRampage, 6};
  const auto wire = received(to_wire(ended));
  ASSERT_EQ(wire.awards.size(), 1U);
  EXPECT_EQ(wire.awards[0].player(), 4);
  EXPECT_EQ(wire.awards[0].kind(), arena::AwardKind::Rampage);
  EXPECT_EQ(wire.awards[0].value(), 6);
}

TEST(Events, all_that_a_match_of_bots_has_to_tell_can_be_sent) {
  test::Crowd crowd(8, 3, 31);
  std::set<std::size_t> kinds;
  for (int i = 0; i < 5000; ++i) {
    crowd.step();
    for (const sim::Event& event : crowd.events) {
      kinds.insert(event.index());
      std::visit([](const auto& one) { (void)received(to_wire(one)); }, event);
    }
  }
  EXPECT_GE(kinds.size(), 8U);
}

}  // namespace
}  // namespace game::wire
