#include "game/wire/action.hpp"

#include <gtest/gtest.h>

#include "mutate.hpp"

namespace game::wire {
namespace {

std::vector<std::uint8_t> move_bytes(const arena::MoveT& move) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(arena::Move::Pack(builder, &move));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

const arena::Move& move_in(const std::vector<std::uint8_t>& bytes) {
  return *flatbuffers::GetRoot<arena::Move>(bytes.data());
}

TEST(Action, goes_to_the_wire_and_back) {
  const sim::Action action{.thrust_x = -127, .thrust_y = 90, .aim = 65535, .fire = true, .rail = false, .dash = true};
  EXPECT_EQ(*read_action(move_in(move_bytes(to_wire(action)))), action);
  EXPECT_EQ(*read_action(move_in(move_bytes({}))), sim::Action{});
}

TEST(Action, a_thrust_out_of_range_is_refused_by_name) {
  arena::MoveT move;
  move.thrust_y = -128;
  const auto result = read_action(move_in(move_bytes(move)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().reason, "thrust_y is -128, at least -127");
}

TEST(Action, survives_truncated_and_mutated_bytes) {
  const auto bytes = move_bytes(
      to_wire(sim::Action{.thrust_x = 5, .thrust_y = 6, .aim = 7, .fire = true, .rail = true, .dash = true}));
  const auto accepted = test::for_each_mutation(bytes, 4000, [](const test::AlignedBytes& broken) {
    flatbuffers::Verifier verifier(broken.data(), broken.size(), 8, 4096);
    if (!verifier.VerifyBuffer<arena::Move>(nullptr)) return false;
    return read_action(*flatbuffers::GetRoot<arena::Move>(broken.data())).has_value();
  });
  EXPECT_GT(accepted, 0);  // some of them are moves
}

}  // namespace
}  // namespace game::wire
