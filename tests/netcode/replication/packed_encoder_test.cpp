#include "replication/packed_encoder.hpp"

#include <algorithm>

#include "packed_stream.hpp"

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

TEST(PackedEncoder, goes_on_for_one_that_misses_frames_and_brings_all_together_at_the_next_epoch) {
  PackedStream stream(3, kStreamedWorld);
  std::vector<Client> clients;
  for (std::uint16_t player = 0; player < 6; ++player) clients.emplace_back(stream, PlayerId{player});
  engine::Rng rng(3);
  for (Tick end = stream.tick() + PackedEncoder::kEpochTicks + 300; stream.tick() < end;) {
    const WorldFramePtr frame = stream.next(20);
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (i >= 3 && stream.tick() < end - 500 && testing::chance(rng, 20)) continue;
      clients[i].take(frame);
      ASSERT_EQ(clients[i].shown, clients[i].expected(frame)) << "tick " << stream.tick() << ", client " << i;
    }
  }
  int made = 0;
  const WorldFramePtr frame = stream.next(20);
  for (Client& client : clients) made += client.take(frame) ? 1 : 0;
  EXPECT_EQ(made, 1);
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
    std::erase_if(world.slow[i], [&](const SlowElement& element) {
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
    ASSERT_EQ(client.message, elsewhere.message) << "snapshot " << i;
  }
  EXPECT_GT(differing, 100);
}

TEST(PackedEncoder, keeps_a_bounded_number_of_chains_and_packs_without_one_beyond) {
  PackedStream stream(5, kStreamedWorld);
  std::vector<Client> clients;
  for (std::size_t i = 0; i < 3 * PackedEncoder::kChainsMax; ++i) clients.emplace_back(stream);
  for (Client& client : clients) {  // each begins with another frame, so that none shares another's chain
    const WorldFramePtr frame = stream.next();
    client.take(frame);
  }
  for (int i = 0; i < 30; ++i) {
    const WorldFramePtr frame = stream.next();
    for (Client& client : clients) {
      client.take(frame);
      ASSERT_EQ(client.shown, client.expected(frame));
    }
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
    packed += client.message.size();
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
