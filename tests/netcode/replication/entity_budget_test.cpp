#include "replication/entity_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/rng.hpp"
#include "schema_text.hpp"

namespace netcode {
namespace {

using testing::TextSchema;

constexpr std::size_t kGroups = 3;
constexpr std::array<std::uint32_t, kGroups> kPriorities{1, 2, 5};
constexpr PlayerId kNobody = kNoPlayer;

/// Three groups of dots with one lane each, whose priorities are these.
LaneLayoutPtr dots_layout() {
  return TextSchema(R"(
    struct Dot { id:ushort (key); x:int; }
    table World { a:[Dot]; b:[Dot] (priority:"2"); c:[Dot] (priority:"5"); title:string; }
  )")
      .layout();
}

/// One connection: the World that it has been handed, and the one that there is.
class EntityBudgetTest : public ::testing::Test {
 protected:
  EntityBudgetTest() : handed_(std::make_shared<LaneWorld>()) {
    now_.groups.resize(kGroups);
    now_.slow.edit().resize(layout_->slow().size());
  }

  void add(std::size_t group, std::uint32_t key, std::int64_t x = 0) {
    GroupLanes& lanes = now_.groups[group];
    const auto at = std::lower_bound(lanes.keys.begin(), lanes.keys.end(), key);
    lanes.values.insert(lanes.values.begin() + (at - lanes.keys.begin()), x);
    lanes.keys.insert(at, key);
  }
  void remove(std::size_t group, std::uint32_t key) {
    GroupLanes& lanes = now_.groups[group];
    const auto at = std::find(lanes.keys.begin(), lanes.keys.end(), key);
    lanes.values.erase(lanes.values.begin() + (at - lanes.keys.begin()));
    lanes.keys.erase(at);
  }
  void move_all(std::int64_t by = 1) {
    for (GroupLanes& group : now_.groups)
      for (std::int64_t& x : group.values) x += by;
  }
  /// All that there is has been handed.
  void hand_all() { handed_ = std::make_shared<LaneWorld>(now_); }
  /// A snapshot of so many bytes. Returns whether it told all there was to tell.
  bool snapshot(double bytes = 0, PlayerId viewer = kNobody) {
    const auto now = std::make_shared<const LaneWorld>(now_);
    const LaneWorldPtr chosen = budget_.choose(*layout_, *handed_, now, viewer, bytes);
    EXPECT_EQ(chosen == now, !budget_.is_behind());
    EXPECT_EQ(*chosen == *now, !budget_.is_behind());
    handed_ = chosen;
    return chosen == now;
  }
  static std::int64_t x_of(const LaneWorld& world, std::size_t group, std::uint32_t key) {
    const GroupLanes& lanes = world.groups[group];
    const auto at = std::find(lanes.keys.begin(), lanes.keys.end(), key);
    return at == lanes.keys.end() ? INT64_MIN : lanes.values[static_cast<std::size_t>(at - lanes.keys.begin())];
  }
  bool is_new(std::size_t group, std::uint32_t key) const {
    return x_of(*handed_, group, key) == x_of(now_, group, key);
  }
  std::size_t count_new() const {
    std::size_t count = 0;
    for (std::size_t group = 0; group < kGroups; ++group)
      for (const std::uint32_t key : now_.groups[group].keys) count += is_new(group, key) ? 1U : 0U;
    return count;
  }

  LaneLayoutPtr layout_ = dots_layout();
  LaneWorld now_;
  LaneWorldPtr handed_;
  EntityBudget budget_;
};

}  // namespace

TEST_F(EntityBudgetTest, tells_all_there_is_where_there_is_room) {
  for (std::uint32_t key = 1; key <= 50; ++key) add(key % kGroups, key);
  hand_all();
  for (int i = 0; i < 10; ++i) {
    move_all();
    EXPECT_TRUE(snapshot(1e6));
  }
}

TEST_F(EntityBudgetTest, tells_at_once_of_the_clients_own_of_what_is_new_and_of_what_is_gone) {
  for (std::uint32_t key = 1; key <= 50; ++key) add(0, key);
  hand_all();
  for (std::uint32_t i = 0; i < 40; ++i) {
    move_all();
    add(1, 100 + i);
    if (i > 0) remove(1, 100 + i - 1);
    EXPECT_FALSE(snapshot(0, PlayerId{7}));
    EXPECT_TRUE(is_new(0, 7)) << "snapshot " << i;
    EXPECT_EQ(handed_->groups[1].keys, now_.groups[1].keys);
  }
}

TEST_F(EntityBudgetTest, tells_of_one_that_the_client_owns_no_more_at_once) {
  const TextSchema schema(R"(
    struct Shot (owner:"by") { id:ushort (key); by:ushort; x:int; }
    table World { shots:[Shot]; }
  )");
  const auto layout = schema.layout();
  LaneWorld handed, now;
  handed.slow.edit().resize(1);
  handed.groups = {{.keys = {1, 2, 3, 4}, .values = {9, 0, 9, 0, 7, 0, 9, 0}}};  // by, x
  now = handed;
  now.groups[0].values = {9, 1, 9, 1, 9, 1, 7, 1};
  const auto chosen = budget_.choose(*layout, handed, std::make_shared<const LaneWorld>(now), PlayerId{7}, 0);
  EXPECT_EQ(chosen->groups[0].values, (std::vector<std::int64_t>{9, 1, 9, 0, 9, 1, 7, 1}))
      << "one that waits, the one that was its own and the one that is";
}

TEST_F(EntityBudgetTest, keeps_what_it_holds_back_as_it_was_handed) {
  for (std::uint32_t key = 1; key <= 10; ++key) add(0, key, key);
  hand_all();
  move_all(100);
  EXPECT_FALSE(snapshot());
  for (std::uint32_t key = 1; key <= 10; ++key) {
    const std::int64_t x = x_of(*handed_, 0, key);
    EXPECT_TRUE(x == key || x == key + 100) << x;
  }
  EXPECT_EQ(count_new(), 1U);
}

TEST_F(EntityBudgetTest, tells_of_slow_state_at_once) {
  for (std::uint32_t key = 1; key <= 10; ++key) add(0, key);
  hand_all();
  move_all();
  now_.slow.edit().back().push_back({.key = 0, .run = {1, 2, 3}});
  EXPECT_FALSE(snapshot());
  EXPECT_EQ(handed_->slow, now_.slow);
}

TEST_F(EntityBudgetTest, brings_everything_up_to_date_once_nothing_changes_any_more) {
  for (std::uint32_t key = 1; key <= 60; ++key) add(key % kGroups, key);
  hand_all();
  for (int i = 0; i < 25; ++i) {
    move_all();
    snapshot();
  }
  int more = 0;
  while (!snapshot() && more < 60) ++more;
  EXPECT_LT(more, 60) << "one more in each";
  EXPECT_EQ(*handed_, now_);
}

// As it stands at the top of entity_budget.hpp.
TEST_F(EntityBudgetTest, lets_nothing_wait_for_longer_than_it_says_with_one_in_each_snapshot) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t group = 0; group < kGroups; ++group)
    for (std::uint32_t key = 1; key <= 5 + 3 * group; ++key, ++count) {
      add(group, key);
      sum += kPriorities[group];
    }
  hand_all();
  std::vector<std::vector<int>> waits(kGroups, std::vector<int>(20));
  std::vector<int> longest(kGroups);
  for (int i = 0; i < 3000; ++i) {
    move_all();
    snapshot();
    ASSERT_EQ(count_new(), 1U);
    for (std::size_t group = 0; group < kGroups; ++group)
      for (const std::uint32_t key : now_.groups[group].keys) {
        int& wait = waits[group][key];
        wait = is_new(group, key) ? 0 : wait + 1;
        longest[group] = std::max(longest[group], wait);
      }
  }
  for (std::size_t group = 0; group < kGroups; ++group) {
    const double priority = kPriorities[group];
    const double bound = 2 * (static_cast<double>(count - 1) + (sum - priority) / priority) + 1;
    EXPECT_LT(longest[group], bound) << "priority " << priority;
    EXPECT_GT(longest[group], 0);
  }
}

TEST_F(EntityBudgetTest, lets_nothing_wait_for_longer_though_others_come_and_go_and_change_now_and_then) {
  engine::Rng rng(5);
  add(0, 500);
  for (std::uint32_t key = 1; key <= 12; ++key) add(key % kGroups, key);
  hand_all();
  int wait = 0;
  for (int i = 0; i < 5000; ++i) {
    for (std::size_t group = 0; group < kGroups; ++group)
      for (std::size_t at = 0; at < now_.groups[group].keys.size(); ++at)
        if (now_.groups[group].keys[at] == 500 || rng.below(3) > 0) ++now_.groups[group].values[at];
    const std::uint32_t key = 20 + rng.below(5);
    if (x_of(now_, 2, key) == INT64_MIN) {
      add(2, key);
    } else if (rng.below(2) == 0) {
      remove(2, key);
    }
    snapshot();
    wait = is_new(0, 500) ? 0 : wait + 1;
    ASSERT_LE(wait, 2 * (17 + 17 * 5)) << "of no more than 17 others, of priority 5 at most";
  }
}

TEST_F(EntityBudgetTest, tells_more_often_of_what_has_a_higher_priority) {
  for (std::size_t group = 0; group < kGroups; ++group)
    for (std::uint32_t key = 1; key <= 10; ++key) add(group, key);
  hand_all();
  std::array<int, kGroups> told{};
  std::array<std::int64_t, kGroups> age{};
  for (int i = 0; i < 3000; ++i) {
    move_all();
    snapshot();
    for (std::size_t group = 0; group < kGroups; ++group)
      for (const std::uint32_t key : now_.groups[group].keys) {
        told[group] += is_new(group, key) ? 1 : 0;
        age[group] += x_of(now_, group, key) - x_of(*handed_, group, key);
      }
  }
  for (std::size_t group = 1; group < kGroups; ++group) {
    EXPECT_GT(told[group], told[group - 1]);
    EXPECT_LT(age[group], age[group - 1]);
    const double proportion = static_cast<double>(told[group]) / told[0];
    EXPECT_NEAR(proportion, kPriorities[group], kPriorities[group] / 4.0);
  }
}

TEST_F(EntityBudgetTest, learns_what_an_entity_costs) {
  for (std::uint32_t key = 1; key <= 100; ++key) add(0, key);
  hand_all();
  for (const double cost : {3.0, 0.5, 20.0}) {  // bytes of one entity
    std::size_t told = 0;
    for (int i = 0; i < 60; ++i) {
      move_all();
      snapshot(100);
      told = count_new();
      budget_.note(cost * static_cast<double>(told));
    }
    EXPECT_NEAR(static_cast<double>(told), std::clamp(100 / cost, 1.0, 100.0), 1) << cost;
  }
}

TEST_F(EntityBudgetTest, takes_any_measure_of_what_was_sent) {
  for (std::uint32_t key = 1; key <= 10; ++key) add(0, key);
  hand_all();
  budget_.note(1e9);
  for (const double bytes : {-1e9, 0.0, 1e9, 1e300}) {
    move_all();
    snapshot(bytes);
    EXPECT_GE(count_new(), 1U);
    budget_.note(bytes);
    budget_.note(bytes);
  }
  move_all();
  EXPECT_TRUE(snapshot(1e308)) << "it is an average that one measure moves only so far";
}

TEST_F(EntityBudgetTest, has_nothing_to_say_of_a_world_without_entities) {
  hand_all();
  EXPECT_TRUE(snapshot());
  budget_.note(10);
  EXPECT_TRUE(snapshot());
}

}  // namespace netcode
