#include "replication/snapshot_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/rng.hpp"
#include "packed_stream.hpp"
#include "protocol/packed_envelope.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

using testing::PackedStream;
using testing::TextSchema;

constexpr engine::Duration kInterval = std::chrono::nanoseconds(33'333'333);

// --- the bucket alone

class Bucket : public ::testing::Test {
 protected:
  void wait(engine::Duration time, double rate = 1000) { budget_.refill(rate, now_ += time); }
  /// Of a World in which so many entities changed; returns how many of them are told.
  std::size_t choose(std::size_t changed) {
    auto handed = std::make_shared<LaneWorld>();
    auto now = std::make_shared<LaneWorld>();
    for (LaneWorld* world : {handed.get(), now.get()}) world->groups.resize(1);
    for (std::uint32_t key = 1; key <= changed; ++key) {
      for (LaneWorld* world : {handed.get(), now.get()}) world->groups[0].keys.push_back(key);
      handed->groups[0].values.push_back(0);
      now->groups[0].values.push_back(1);
    }
    const LaneWorldPtr chosen = budget_.choose(*layout_, handed, now, kNoPlayer);
    return static_cast<std::size_t>(
        std::count(chosen->groups[0].values.begin(), chosen->groups[0].values.end(), std::int64_t{1}));
  }

  LaneLayoutPtr layout_ = TextSchema("struct Dot { id:ushort (key); x:int; } table World { dots:[Dot]; }").layout();
  engine::TimePoint now_{};
  SnapshotBudget budget_{1000, now_};
};

TEST_F(Bucket, lets_a_snapshot_wait_while_more_than_a_quarter_second_was_sent_too_early) {
  budget_.spend(100);
  budget_.spend(1400);  // 1000 more than there was
  EXPECT_FALSE(budget_.may_send());
  wait(740ms);
  EXPECT_FALSE(budget_.may_send());
  wait(20ms);
  EXPECT_TRUE(budget_.may_send());
}

TEST_F(Bucket, holds_nothing_against_the_client_that_the_first_snapshot_took_beyond_what_was_there) {
  budget_.spend(1'000'000);
  EXPECT_TRUE(budget_.may_send());
  EXPECT_TRUE(budget_.is_short());
  budget_.spend(300);
  EXPECT_FALSE(budget_.may_send());
  budget_.begin();
  budget_.spend(1'000'000);
  EXPECT_FALSE(budget_.may_send()) << "nor is an older debt forgotten";
  wait(100ms);
  EXPECT_TRUE(budget_.may_send());
}

TEST_F(Bucket, saves_up_no_more_than_a_second) {
  budget_.spend(0);
  wait(1h);
  budget_.spend(1240);
  EXPECT_TRUE(budget_.may_send());
  budget_.spend(20);
  EXPECT_FALSE(budget_.may_send());
}

TEST_F(Bucket, follows_the_rate) {
  budget_.spend(0);
  wait(1h, 500);
  budget_.spend(620);
  EXPECT_TRUE(budget_.may_send());
  budget_.spend(10);
  EXPECT_FALSE(budget_.may_send());
}

TEST_F(Bucket, makes_snapshots_fit_from_when_a_whole_one_does_not_until_half_of_it_is_full_again) {
  budget_.spend(100);
  budget_.spend(150);  // a whole one
  EXPECT_EQ(choose(50), 50U);
  EXPECT_FALSE(budget_.is_short()) << "250 are there";
  budget_.spend(150);
  EXPECT_LT(choose(200), 200U) << "100 are there";
  EXPECT_TRUE(budget_.is_short());
  budget_.spend(100);
  wait(450ms);
  EXPECT_EQ(choose(1), 1U);
  EXPECT_TRUE(budget_.is_short()) << "something waited, and 450 are there";
  wait(100ms);
  EXPECT_EQ(choose(200), 200U);
  EXPECT_FALSE(budget_.is_short());
}

TEST_F(Bucket, stays_as_it_is_while_something_waits) {
  budget_.spend(1'000'000);
  EXPECT_EQ(choose(200), 1U);
  budget_.spend(50);
  wait(10s);
  EXPECT_GT(choose(200), 1U);
  EXPECT_TRUE(budget_.is_short());
}

TEST_F(Bucket, keeps_to_the_rate_with_snapshots_of_one_size) {
  for (const std::size_t size : {20U, 100U, 800U, 5000U}) {
    SnapshotBudget budget(1000, now_);
    budget.spend(size);
    std::size_t sent = 0;
    std::size_t count = 0;
    const engine::TimePoint end = now_ + 20s;
    while ((now_ += kInterval) < end) {
      budget.refill(1000, now_);
      if (!budget.may_send()) continue;
      budget.spend(size);
      sent += size;
      ++count;
    }
    EXPECT_LE(sent, 1000 * 21.25 + static_cast<double>(size)) << size;
    EXPECT_GE(count, std::min<std::size_t>(590, 20'000 / size - 1)) << size;
  }
}

// --- streams of packed snapshots

std::string crowd_schema(const std::string& priority) {
  return "struct Dot { id:ushort (key); x:int; y:int; energy:ushort (owner_only); }\n"
         "struct Rock { id:ushort (key); x:int; }\n"
         "table World { dots:[Dot] " +
         priority + "; rocks:[Rock]; title:string; }\n";
}

/// About what goes over the connection.
std::size_t message_bytes(const PackedStream::Client& client) {
  return client.packed.size() + protocol::kPackedEnvelopeBytes + 4;
}

/// A hundred dots, with the ids of players, and a hundred rocks; all of them move.
class Crowd {
 public:
  static constexpr std::uint32_t kCount = 100;

  explicit Crowd(std::uint64_t seed = 1, const std::string& priority = "(priority:\"4\")")
      : stream(seed, crowd_schema(priority)), world_(stream.world()), rng_(seed) {
    for (GroupLanes& group : world_.groups) group = {};
    for (std::uint32_t i = 0; i < kCount; ++i) {
      world_.groups[0].keys.push_back(i + 1);
      world_.groups[1].keys.push_back(i + 1000);
    }
    world_.groups[0].values.resize(3 * kCount);
    world_.groups[1].values.resize(kCount);
  }

  WorldFramePtr next(Tick ticks = 2) {
    now += ticks * (kInterval / 2);
    if (is_moving)
      for (GroupLanes& group : world_.groups)
        for (std::int64_t& value : group.values)
          value = std::clamp<std::int64_t>(value + rng_.between(-900, 900), 0, 60'000);
    return stream.next_of(world_, ticks);
  }

  PackedStream stream;
  engine::TimePoint now{};
  bool is_moving = true;

 private:
  LaneWorld world_;
  engine::Rng rng_;
};

/// One connection with a budget.
struct Budgeted {
  Budgeted(Crowd& crowd, double bytes_per_second, PlayerId player = kNoPlayer)
      : of(&crowd),
        rate(bytes_per_second),
        budget(std::make_unique<SnapshotBudget>(rate, crowd.now)),
        client(crowd.stream, player) {
    client.handed.budget = budget.get();
  }

  /// Returns whether it was sent the frame.
  bool take(const WorldFramePtr& frame, const VisibleSetPtr& visible = nullptr) {
    budget->refill(rate, of->now);
    if (!budget->may_send()) return false;
    is_new = client.take(frame, visible);
    budget->spend(message_bytes(client));
    bytes += message_bytes(client);
    ++snapshots;
    return true;
  }
  bool shows_all(const WorldFramePtr& frame, const VisibleSetPtr& visible = nullptr) const {
    return client.shown == client.expected(frame, visible);
  }
  /// The lanes of one of its entities.
  static std::vector<std::int64_t> row(const LaneWorld& world, std::size_t group, std::uint32_t key) {
    const GroupLanes& lanes = world.groups[group];
    const std::size_t width = lanes.values.size() / lanes.keys.size();
    const auto at = static_cast<std::ptrdiff_t>(
        static_cast<std::size_t>(std::find(lanes.keys.begin(), lanes.keys.end(), key) - lanes.keys.begin()) * width);
    return {lanes.values.begin() + at, lanes.values.begin() + at + static_cast<std::ptrdiff_t>(width)};
  }
  bool shows_own(const WorldFramePtr& frame) const {
    return row(client.shown, 0, client.viewer.value) == row(client.expected(frame), 0, client.viewer.value);
  }
  /// Of a group, how many are shown as they were.
  std::size_t late(const WorldFramePtr& frame, std::size_t group) const {
    const LaneWorld expected = client.expected(frame);
    std::size_t count = 0;
    for (const std::uint32_t key : expected.groups[group].keys)
      count += row(client.shown, group, key) != row(expected, group, key) ? 1U : 0U;
    return count;
  }

  Crowd* of;
  double rate;
  std::unique_ptr<SnapshotBudget> budget;
  PackedStream::Client client;
  bool is_new = false;
  std::size_t bytes = 0;
  std::size_t snapshots = 0;
};

/// What snapshots of a crowd take in a second where nothing bounds them.
double bytes_needed() {
  Crowd crowd;
  PackedStream::Client client(crowd.stream, PlayerId{1});
  std::size_t bytes = 0;
  client.take(crowd.next());
  for (int i = 0; i < 150; ++i) {
    client.take(crowd.next());
    bytes += message_bytes(client);
  }
  return static_cast<double>(bytes) / 5;
}

TEST(SnapshotBudget, changes_no_byte_while_there_is_enough) {
  Crowd crowd;
  PackedStream::Client free(crowd.stream, PlayerId{1});
  Budgeted bounded(crowd, 1e6, PlayerId{1});
  for (int i = 0; i < 100; ++i) {
    const WorldFramePtr frame = crowd.next();
    free.take(frame);
    ASSERT_TRUE(bounded.take(frame));
    ASSERT_EQ(bounded.client.packed, free.packed) << "snapshot " << i;
    EXPECT_FALSE(bounded.is_new) << "it is the same encoding";
  }
}

TEST(SnapshotBudget, keeps_to_a_third_of_what_is_needed_and_never_delays_the_clients_own) {
  const double rate = bytes_needed() / 3;
  Crowd crowd;
  Budgeted player(crowd, rate, PlayerId{7});
  for (int i = 0; i < 60; ++i) player.take(crowd.next());
  player.bytes = 0;
  player.snapshots = 0;
  for (int i = 0; i < 300; ++i) {
    const WorldFramePtr frame = crowd.next();
    if (!player.take(frame)) continue;
    ASSERT_TRUE(player.shows_own(frame)) << "snapshot " << i;
    ASSERT_EQ(player.client.shown.groups[1].keys, player.client.expected(frame).groups[1].keys);
  }
  EXPECT_LE(static_cast<double>(player.bytes), 1.1 * 10 * rate);
  EXPECT_GE(static_cast<double>(player.bytes), 0.7 * 10 * rate) << "and uses what it may";
  EXPECT_GE(player.snapshots, 280U) << "made smaller, not left out";
}

TEST(SnapshotBudget, shows_more_often_what_has_a_higher_priority) {
  const double rate = bytes_needed() / 3;
  Crowd crowd;
  Budgeted player(crowd, rate, PlayerId{7});
  std::size_t late_dots = 0;
  std::size_t late_rocks = 0;
  for (int i = 0; i < 300; ++i) {
    const WorldFramePtr frame = crowd.next();
    if (!player.take(frame)) continue;
    late_dots += player.late(frame, 0);
    late_rocks += player.late(frame, 1);
  }
  EXPECT_LT(late_dots, late_rocks);
}

TEST(SnapshotBudget, follows_the_priorities_that_the_schema_says) {
  const double rate = bytes_needed() / 3;
  Crowd one(1, ""), other(1, "(priority:\"50\")");
  EXPECT_EQ(one.stream.layout().hash(), other.stream.layout().hash()) << "a client reads both";
  Budgeted first(one, rate), second(other, rate);
  PackedStream::Client first_free(one.stream), second_free(other.stream);
  bool is_other = false;
  for (int i = 0; i < 60; ++i) {
    const WorldFramePtr frame = one.next();
    const WorldFramePtr same = other.next();
    first_free.take(frame);
    second_free.take(same);
    ASSERT_EQ(first_free.packed, second_free.packed);
    first.take(frame);
    second.take(same);
    is_other = is_other || first.client.packed != second.client.packed;
  }
  EXPECT_TRUE(is_other);
}

TEST(SnapshotBudget, shows_all_as_it_is_soon_after_it_has_stopped_changing) {
  const double rate = bytes_needed() / 3;
  Crowd crowd;
  Budgeted player(crowd, rate, PlayerId{7});
  for (int i = 0; i < 90; ++i) player.take(crowd.next());
  crowd.is_moving = false;
  WorldFramePtr frame;
  for (int i = 0; i < 90; ++i) player.take(frame = crowd.next());
  EXPECT_TRUE(player.shows_all(frame));
}

TEST(SnapshotBudget, lets_a_client_go_with_the_others_again_once_it_has_room) {
  const double rate = bytes_needed() / 3;
  Crowd crowd;
  PackedStream::Client free(crowd.stream, PlayerId{1});
  Budgeted bounded(crowd, rate, PlayerId{1});
  bool was_behind = false;
  for (int i = 0; i < 60; ++i) {
    const WorldFramePtr frame = crowd.next();
    free.take(frame);
    was_behind = was_behind || (bounded.take(frame) && bounded.is_new);
  }
  EXPECT_TRUE(was_behind);
  crowd.is_moving = false;
  const Tick end = crowd.stream.tick() + PackedEncoder::kMeetTicks + PackedEncoder::kSettleTicks + 200;
  while (crowd.stream.tick() < end) {
    const WorldFramePtr frame = crowd.next(20);
    free.take(frame);
    ASSERT_TRUE(bounded.take(frame));
  }
  EXPECT_FALSE(bounded.is_new);
  EXPECT_FALSE(bounded.budget->is_short());
  EXPECT_EQ(bounded.client.packed, free.packed);
}

TEST(SnapshotBudget, is_each_connections_own_with_stalls_and_new_ones_in_the_middle) {
  const double rate = bytes_needed() / 3;
  Crowd crowd;
  std::vector<std::unique_ptr<Budgeted>> links;  // of one player: twins, then a third that comes later
  for (int i = 0; i < 2; ++i) links.push_back(std::make_unique<Budgeted>(crowd, rate / 2, PlayerId{7}));
  PackedStream::Client free(crowd.stream, PlayerId{8});
  for (int i = 0; i < 300; ++i) {
    const WorldFramePtr frame = crowd.next();
    free.take(frame);
    ASSERT_EQ(free.shown, free.expected(frame)) << "one without a budget is shown everything";
    if (i == 150) links.push_back(std::make_unique<Budgeted>(crowd, rate / 2, PlayerId{7}));
    for (std::size_t link = 0; link < links.size(); ++link) {
      const bool is_stalled = link == 1 && i >= 60 && i < 120;
      if (is_stalled || !links[link]->take(frame)) continue;
      ASSERT_TRUE(links[link]->shows_own(frame)) << "snapshot " << i << ", link " << link;
    }
  }
  crowd.is_moving = false;
  WorldFramePtr frame;
  for (int i = 0; i < 300; ++i) {
    frame = crowd.next();
    for (auto& link : links) link->take(frame);
  }
  for (auto& link : links) EXPECT_TRUE(link->shows_all(frame));
}

TEST(SnapshotBudget, does_for_more_connections_than_may_learn) {
  const double rate = bytes_needed() / 3;
  Crowd crowd;
  std::vector<std::unique_ptr<Budgeted>> links;
  for (std::uint16_t i = 1; i <= PackedEncoder::kChainsMax + 4; ++i)
    links.push_back(std::make_unique<Budgeted>(crowd, rate, PlayerId{i}));
  for (int i = 0; i < 30; ++i) {
    const WorldFramePtr frame = crowd.next();
    for (auto& link : links) {
      const bool is_sent = link->take(frame);
      ASSERT_TRUE(!is_sent || link->shows_own(frame)) << "player " << link->client.viewer.value;
    }
  }
  crowd.is_moving = false;
  WorldFramePtr frame;
  for (int i = 0; i < 120; ++i) {
    frame = crowd.next();
    for (auto& link : links) link->take(frame);
  }
  for (auto& link : links) EXPECT_TRUE(link->shows_all(frame));
}

TEST(SnapshotBudget, shows_nothing_that_is_hidden_and_at_once_what_comes_into_view) {
  const double rate = bytes_needed() / 3;
  Crowd crowd;
  Budgeted player(crowd, rate, PlayerId{7});
  for (int i = 0; i < 100; ++i) {
    const WorldFramePtr frame = crowd.next();
    const VisibleSetPtr seen = crowd.stream.some_of(frame, 90);
    if (!player.take(frame, seen)) continue;
    const LaneWorld expected = player.client.expected(frame, seen);
    for (std::size_t group = 0; group < 2; ++group)
      ASSERT_EQ(player.client.shown.groups[group].keys, expected.groups[group].keys) << "snapshot " << i;
  }
}

TEST(SnapshotBudget, begins_anew_with_a_stream_that_builds_on_nothing) {
  const double rate = bytes_needed() / 3;
  Crowd crowd;
  Budgeted player(crowd, rate, PlayerId{7});
  for (int i = 0; i < 60; ++i) player.take(crowd.next());
  player.budget->begin();
  player.client.handed = {.view = {}, .chain = nullptr, .budget = player.budget.get()};
  player.client.unpacker.reset();
  WorldFramePtr frame = crowd.next();
  while (!player.take(frame)) frame = crowd.next();
  EXPECT_TRUE(player.shows_all(frame));
}

}  // namespace
}  // namespace netcode
