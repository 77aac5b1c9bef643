#include "replication/packed_encoder.hpp"

#include <algorithm>
#include <iostream>
#include <string>

#include "packed_stream.hpp"
#include "replication/packed_frame.hpp"

namespace netcode {
namespace {

using testing::kStreamedWorld;
using testing::PackedStream;
using Client = PackedStream::Client;

TEST(PackedEncoder, shows_everybody_what_is_to_be_seen_with_what_is_his_own) {
  PackedStream stream(1, kStreamedWorld);
  std::vector<Client> clients{Client(stream), Client(stream, PlayerId{1}), Client(stream, PlayerId{2})};
  for (int i = 0; i < 300; ++i) {
    const WorldFramePtr frame = stream.next();
    for (Client& client : clients) {
      client.take(frame);
      ASSERT_EQ(client.shown, client.expected(frame)) << "snapshot " << i << ", player " << client.viewer.value;
    }
  }
}

TEST(PackedEncoder, encodes_once_for_all_who_were_handed_the_same) {
  PackedStream stream(2, kStreamedWorld);
  std::vector<Client> clients;
  for (std::uint16_t player = 0; player < 8; ++player) clients.emplace_back(stream, PlayerId{player});
  for (int i = 0; i < 50; ++i) {
    const WorldFramePtr frame = stream.next();
    int made = 0;
    for (Client& client : clients) made += client.take(frame) ? 1 : 0;
    EXPECT_EQ(made, 1);
  }
}

/// Sixteen at 30 snapshots a second, for 50 s.
class SixteenClients : public ::testing::Test {
 protected:
  /// `misses(client, snapshot)`: it is not handed that one. Returns how many encodings each snapshot took on average.
  template <class Misses>
  double encodings(Misses&& misses, int snapshots = 1500) {
    int made = 0;
    for (int i = 0; i < snapshots; ++i) {
      const WorldFramePtr frame = stream.next();
      for (std::size_t client = 0; client < clients.size(); ++client) {
        if (misses(client, i)) continue;
        made += clients[client].take(frame) ? 1 : 0;
        if ((client + static_cast<std::size_t>(i)) % 4 != 0) continue;  // what is wrong once stays so
        EXPECT_EQ(clients[client].shown, clients[client].expected(frame)) << "snapshot " << i << ", client " << client;
        if (HasFailure()) return 0;
      }
    }
    return static_cast<double>(made) / snapshots;
  }
  void print(double per_snapshot) const {
    std::cout << "encodings a snapshot: " << per_snapshot << "\n";
    RecordProperty("encodings_a_snapshot", std::to_string(per_snapshot));
  }

  PackedStream stream{3, kStreamedWorld};
  std::vector<Client> clients = [this] {
    std::vector<Client> out;
    for (std::uint16_t player = 1; player <= 16; ++player) out.emplace_back(stream, PlayerId{player});
    return out;
  }();
};

TEST_F(SixteenClients, of_which_four_stall_in_turn_take_one_encoding_a_snapshot) {
  // One after the other stalls for 1.5 s, once all are there.
  const double made =
      encodings([](std::size_t client, int i) { return i > 0 && client == static_cast<std::size_t>(i / 45 % 4); });
  print(made);
  EXPECT_EQ(made, 1);
}

TEST_F(SixteenClients, of_which_four_miss_more_than_half_take_one) {
  engine::Rng rng(5);
  const double made =
      encodings([&rng](std::size_t client, int i) { return i > 0 && client < 4 && testing::chance(rng, 60); });
  print(made);
  EXPECT_EQ(made, 1);
}

TEST_F(SixteenClients, of_which_four_stall_for_longer_than_is_kept_are_one_chain_again_in_time) {
  const double made = encodings([](std::size_t client, int i) {
    const int turn = i / 200;
    return i % 200 < 100 && client == static_cast<std::size_t>(turn % 4);
  });
  print(made);
  EXPECT_LE(made, 4.0);
}

TEST_F(SixteenClients, with_two_links_each_take_two_encodings_at_most_and_one_in_time) {
  for (std::uint16_t player = 1; player <= 16; ++player) clients.emplace_back(stream, PlayerId{player});
  const double made = encodings([](std::size_t client, int i) { return client >= 16 && i < 100; });
  print(made);
  EXPECT_LE(made, 2.0);
  EXPECT_LE(encodings([](std::size_t, int) { return false; }, 100), 1.0);
}

TEST_F(SixteenClients, that_come_as_the_match_begins_are_one_chain_two_seconds_later) {
  encodings([](std::size_t client, int i) { return i < static_cast<int>(client); }, 16);
  encodings([](std::size_t, int) { return false; }, static_cast<int>(PackedEncoder::kSettleTicks) / 2);
  EXPECT_EQ(encodings([](std::size_t, int) { return false; }, 50), 1.0);
}

TEST_F(SixteenClients, that_join_one_after_the_other_are_one_chain_in_time) {
  const double made = encodings([](std::size_t client, int i) { return i < static_cast<int>(client) * 20; });
  print(made);
  EXPECT_LE(made, 6.0);
  EXPECT_LE(encodings([](std::size_t, int) { return false; }, 100), 1.0);
}

TEST(PackedEncoder, encodes_once_for_each_set_of_what_is_seen) {
  PackedStream stream(8, kStreamedWorld);
  std::vector<Client> clients;
  for (std::uint16_t player = 1; player <= 16; ++player) clients.emplace_back(stream, PlayerId{player});
  int made = 0;
  int sets = 0;
  for (int i = 0; i < 300; ++i) {
    const WorldFramePtr frame = stream.next();
    std::vector<VisibleSetPtr> seen;  // four see the same, now these and then those
    for (int set = 0; set < 4; ++set) seen.push_back(stream.some_of(frame, 70));
    for (std::size_t client = 0; client < clients.size(); ++client) {
      const VisibleSetPtr& set = seen[client / 4];
      made += clients[client].take(frame, set) ? 1 : 0;
      ASSERT_EQ(clients[client].shown, clients[client].expected(frame, set)) << "snapshot " << i;
    }
    sets += 4;
  }
  EXPECT_EQ(made, sets);
}

TEST(PackedEncoder, sends_nobody_what_others_were_sent_where_not_all_see_everything) {
  PackedStream stream(9, kStreamedWorld);
  Client watcher(stream);
  Client player(stream, PlayerId{1});
  for (int i = 0; i < 200; ++i) {
    const WorldFramePtr frame = stream.next();
    const VisibleSetPtr seen = i % 50 < 25 ? nullptr : stream.some_of(frame, 50);
    if (i % 3 != 0) watcher.take(frame);
    player.take(frame, seen);
    const auto read = PackedFrame::read(player.packed);
    ASSERT_TRUE(read);
    if (seen) {
      EXPECT_TRUE(read->earlier.empty());
    }
    ASSERT_EQ(player.shown, player.expected(frame, seen)) << "snapshot " << i;
  }
}

TEST(PackedEncoder, keeps_a_bounded_number_of_snapshots_for_who_is_behind) {
  PackedStream stream(10, kStreamedWorld);
  Client stalled(stream);
  Client other(stream);
  WorldFramePtr frame = stream.next();
  stalled.take(frame);
  other.take(frame);
  const auto chain = std::static_pointer_cast<const PackedChain>(stalled.handed.chain);
  for (std::size_t i = 0; i < PackedChain::kBehindMax; ++i) other.take(stream.next());
  EXPECT_NE(chain->next, nullptr);
  other.take(stream.next());
  EXPECT_EQ(chain->next, nullptr);
  frame = stream.next();
  stalled.take(frame);
  EXPECT_EQ(stalled.shown, stalled.expected(frame));
}

TEST(PackedEncoder, packs_for_each_set_of_what_is_seen) {
  PackedStream stream(4, kStreamedWorld);
  std::vector<Client> clients;
  for (std::uint16_t player = 1; player <= 5; ++player) clients.emplace_back(stream, PlayerId{player});
  for (int i = 0; i < 200; ++i) {
    const WorldFramePtr frame = stream.next();
    for (Client& client : clients) {
      const VisibleSetPtr seen = stream.some_of(frame, 70);
      client.take(frame, seen);
      ASSERT_EQ(client.shown, client.expected(frame, seen)) << "snapshot " << i;
    }
  }
}

bool is_hidden(std::uint32_t key) { return key % 3 == 0; }

/// The same World, but for what is hidden: some of it is gone, and the rest is as it may be.
LaneWorld with_other_hidden(const LaneLayout& layout, engine::Rng& rng, LaneWorld world) {
  for (std::size_t i = 0; i < world.groups.size(); ++i) {
    const LaneGroup& group = layout.groups()[i];
    GroupLanes other;
    for (std::size_t entity = 0; entity < world.groups[i].keys.size(); ++entity) {
      const std::uint32_t key = world.groups[i].keys[entity];
      if (is_hidden(key) && testing::chance(rng, 30)) continue;
      other.keys.push_back(key);
      for (std::size_t lane = 0; lane < group.lanes.size(); ++lane) {
        const std::int64_t value = world.groups[i].values[entity * group.lanes.size() + lane];
        const bool is_other = is_hidden(key) && lane < group.public_lanes;
        other.values.push_back(is_other ? testing::random_value(group.lanes[lane], rng) : value);
      }
    }
    world.groups[i] = std::move(other);
  }
  for (std::size_t i = 0; i < world.slow.size(); ++i)
    std::erase_if(world.slow.edit()[i], [&](const SlowElement& element) {
      return layout.slow()[i].key && is_hidden(element.key) && testing::chance(rng, 30);
    });
  return world;
}

TEST(PackedEncoder, writes_the_same_bytes_whatever_becomes_of_what_is_hidden) {
  PackedStream stream(8, kStreamedWorld);
  Client client(stream, PlayerId{1});
  Client elsewhere(stream, PlayerId{1});
  engine::Rng rng(8);
  const auto is_shown = [](const EntityRef& entity) { return !is_hidden(entity.key); };
  int differing = 0;
  for (int i = 0; i < 300; ++i) {
    const WorldFramePtr frame = stream.next();
    const WorldFramePtr other = stream.frame_of(with_other_hidden(stream.layout(), rng, stream.world()));
    differing +=
        std::equal(frame->world().begin(), frame->world().end(), other->world().begin(), other->world().end()) ? 0 : 1;
    client.take(frame, stream.set_of(frame, is_shown));
    elsewhere.take(other, stream.set_of(other, is_shown));
    ASSERT_EQ(client.packed, elsewhere.packed) << "snapshot " << i;
  }
  EXPECT_GT(differing, 100);
}

TEST(PackedEncoder, keeps_a_bounded_number_of_chains_and_packs_without_one_beyond) {
  PackedStream stream(5, kStreamedWorld);
  std::vector<Client> clients;
  for (std::size_t i = 0; i < PackedEncoder::kChainsMax + 20; ++i) clients.emplace_back(stream);
  for (int i = 0; i < 10; ++i) {
    const WorldFramePtr frame = stream.next();
    std::size_t learn = 0;
    for (Client& client : clients) {
      const VisibleSetPtr seen = stream.some_of(frame, 50);  // another for each, so that none shares another's chain
      client.take(frame, seen);
      ASSERT_EQ(client.shown, client.expected(frame, seen));
      learn += std::static_pointer_cast<const PackedChain>(client.handed.chain)->state ? 1 : 0;
    }
    EXPECT_EQ(learn, PackedEncoder::kChainsMax);
  }
}

TEST(PackedEncoder, makes_far_fewer_bytes_than_the_world_has) {
  PackedStream stream(6, kStreamedWorld);
  Client client(stream);
  std::size_t packed = 0;
  std::size_t plain = 0;
  for (int i = 0; i < 200; ++i) {
    const WorldFramePtr frame = stream.next();
    client.take(frame);
    packed += client.packed.size();
    plain += frame->world().size();
  }
  EXPECT_LT(packed, plain / 2);
}

TEST(PackedEncoder, gives_a_world_with_one_key_twice_as_it_is) {
  PackedStream stream(7, kStreamedWorld);
  Client client(stream);
  client.take(stream.next());
  LaneWorld& world = stream.world();
  const std::size_t lanes = stream.layout().groups()[0].lanes.size();
  world.groups[0] = {.keys = {4, 4}, .values = std::vector<std::int64_t>(2 * lanes)};
  const WorldFramePtr frame = stream.frame_of(world);
  const auto encoded = frame->encoder(stream.layout().hash()).encode({.frame = frame}, {.tick = 9}, client.handed);
  EXPECT_EQ(encoded.chain, nullptr);
  Bytes message = encoded.message.head;
  message.insert(message.end(),
                 encoded.message.body->begin() + static_cast<std::ptrdiff_t>(encoded.message.body_offset),
                 encoded.message.body->end());
  EXPECT_TRUE(std::holds_alternative<protocol::SnapshotView>(*protocol::decode(message)));
}

}  // namespace
}  // namespace netcode
