// How a lane's change follows from what is known: learned from a few hundred changes, to within a step or so.
#include "replication/packed/lane_learner.hpp"

#include <gtest/gtest.h>
#include <engine/core/rng.hpp>

#include <cstdlib>

namespace netcode::packed {
namespace {

using engine::Rng;

LaneLearner::Inputs inputs_of(std::initializer_list<std::int64_t> values) {
  LaneLearner::Inputs inputs;
  for (const std::int64_t value : values) inputs.add(value);
  return inputs;
}

}  // namespace

TEST(LaneLearner, expects_no_change_at_first) {
  EXPECT_EQ(LaneLearner().predict(inputs_of({100, -100, 30'000})), 0);
  EXPECT_EQ(LaneLearner().predict({}), 0);
}

// v' = v - 0.2 v + 2.5 t
TEST(LaneLearner, learns_drag_and_thrust_within_400_snapshots) {
  Rng rng(1);
  LaneLearner learner;
  std::int64_t v = 0;
  std::int64_t missed = 0;
  for (int i = 0; i < 500; ++i) {
    const std::int64_t thrust = rng.between(-100, 100);
    const std::int64_t change = (25 * thrust - 2 * v) / 10;
    const auto inputs = inputs_of({v, thrust});
    learner.prepare();
    const std::int64_t predicted = learner.predict(inputs);
    if (i >= 400) missed += std::abs(predicted - change);
    learner.learn(inputs, predicted, change);
    v += change;
  }
  EXPECT_LE(missed, 200);  // two steps each, of changes of 100 or so
}

TEST(LaneLearner, is_not_put_off_by_a_collision) {
  Rng rng(2);
  LaneLearner learner;
  std::int64_t missed = 0;
  for (int i = 0; i < 600; ++i) {
    const std::int64_t v = rng.between(-1000, 1000);
    const bool collides = i % 50 == 49;
    const std::int64_t change = collides ? -20'000 : v / 4;
    const auto inputs = inputs_of({v});
    learner.prepare();
    const std::int64_t predicted = learner.predict(inputs);
    if (i >= 400 && !collides) missed += std::abs(predicted - change);
    learner.learn(inputs, predicted, change);
  }
  EXPECT_LE(missed, 400);
}

TEST(LaneLearner, takes_no_more_inputs_than_it_has_room_for_and_none_beyond_its_range) {
  LaneLearner::Inputs inputs;
  for (int i = 0; i < 20; ++i) inputs.add(i % 2 == 0 ? INT64_MIN : INT64_MAX);
  EXPECT_EQ(inputs.count, LaneLearner::kInputsMax);
  for (const std::int64_t value : inputs.of) EXPECT_LE(std::abs(value), LaneLearner::kInputMax);
}

TEST(LaneLearner, of_equal_lessons_predicts_equally) {
  Rng rng(3);
  LaneLearner a;
  LaneLearner b;
  for (int i = 0; i < 200; ++i) {
    const auto inputs = inputs_of({rng.between(-40'000, 40'000), rng.between(-9, 9), 1});
    const std::int64_t change = rng.between(-50'000, 50'000);
    a.prepare();
    b.prepare();
    ASSERT_EQ(a.predict(inputs), b.predict(inputs));
    a.learn(inputs, a.predict(inputs), change);
    b.learn(inputs, b.predict(inputs), change);
  }
}

}  // namespace netcode::packed
