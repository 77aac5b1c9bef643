#include "client/send_queue.hpp"

#include <gtest/gtest.h>

#include <variant>

#include "protocol/messages.hpp"
#include "protocol/packed_action.hpp"

namespace netcode::client {
namespace {

Bytes event() { return protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = {}}); }

std::size_t frames(SendQueue& queue, std::uint8_t link = 0) { return queue.take(link).size(); }

SendQueue opened() {
  SendQueue queue;
  EXPECT_TRUE(queue.resume_from(0));
  return queue;
}

protocol::ActionView action(std::uint32_t sequence, BytesView body) {
  return {.tick = 100 + sequence, .sequence = sequence, .body = body};
}

/// The server's end of one link: the sequences of the actions that came over it.
class ServersEnd {
 public:
  void take(const std::vector<transport::OutgoingMessage>& frames) {
    for (const auto& frame : frames) {
      const auto message = protocol::decode(buffer_.copy(frame.head));
      ASSERT_TRUE(message) << message.error().reason;
      const auto unpacked = unpacker_.unpack(std::get<protocol::PackedView>(*message).packed);
      ASSERT_TRUE(unpacked) << unpacked.error().reason;
      EXPECT_EQ(unpacked->tick, 100 + unpacked->sequence);
      sequences.push_back(unpacked->sequence);
      bodies.emplace_back(unpacked->body.begin(), unpacked->body.end());
      bytes += frame.size();
    }
  }

  std::vector<std::uint32_t> sequences;
  std::vector<Bytes> bodies;
  std::size_t bytes = 0;

 private:
  protocol::AlignedBuffer buffer_;
  protocol::ActionUnpacker unpacker_;
};

TEST(SendQueue, hands_out_what_waits_once) {
  SendQueue queue = opened();
  ASSERT_TRUE(queue.push_reliable(event()));
  queue.push_loose({1, 2, 3});
  const auto taken = queue.take(0);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_TRUE(taken[0].body);
  EXPECT_EQ(*taken[1].body, (Bytes{1, 2, 3}));
  EXPECT_EQ(frames(queue), 0U);
  EXPECT_EQ(queue.reliable_size(), 1U) << "but keeps the reliable one";
}

TEST(SendQueue, keeps_the_order_of_what_may_be_lost_and_what_may_not) {
  SendQueue queue = opened();
  queue.push_loose_over(0, {1});
  ASSERT_TRUE(queue.push_reliable(event()));
  queue.push_loose({2});
  ASSERT_TRUE(queue.push_reliable(event()));
  const auto taken = queue.take(0);
  ASSERT_EQ(taken.size(), 4U);
  EXPECT_EQ(*taken[0].body, (Bytes{1}));
  EXPECT_EQ(taken[1].body->size(), event().size());
  EXPECT_EQ(*taken[2].body, (Bytes{2}));
  EXPECT_EQ(taken[3].body->size(), event().size());
}

TEST(SendQueue, resumes_after_what_the_server_has) {
  SendQueue queue = opened();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queue.push_reliable(event()));
  EXPECT_EQ(frames(queue), 5U);
  ASSERT_TRUE(queue.resume_from(2));
  EXPECT_EQ(frames(queue), 3U);
  EXPECT_EQ(queue.reliable_size(), 3U);
}

TEST(SendQueue, drops_what_was_meant_for_the_lost_connection) {
  SendQueue queue = opened();
  queue.push_loose({1});
  ASSERT_TRUE(queue.resume_from(0));
  EXPECT_EQ(frames(queue), 0U);
}

TEST(SendQueue, believes_no_word_of_what_was_never_written) {
  SendQueue queue = opened();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.push_reliable(event()));
  EXPECT_FALSE(queue.acknowledge(1)) << "it waits here";
  EXPECT_FALSE(queue.resume_from(1));
  (void)queue.take(0);
  EXPECT_TRUE(queue.acknowledge(2));
  EXPECT_FALSE(queue.acknowledge(4));
  EXPECT_FALSE(queue.resume_from(1)) << "the server has said to have 2";
  EXPECT_TRUE(queue.resume_from(2));
}

TEST(SendQueue, prefers_the_newest_of_what_may_be_lost) {
  SendQueue queue = opened();
  for (std::uint32_t i = 0; i < 1000; ++i) queue.push_loose({static_cast<std::uint8_t>(i % 256)});
  const auto taken = queue.take(0);
  EXPECT_EQ(taken.size(), limits::kInboxActionsMax);
  EXPECT_EQ(*taken.back().body, Bytes{999 % 256});
}

TEST(SendQueue, gives_each_link_everything_at_its_own_speed) {
  SendQueue queue = opened();
  ASSERT_TRUE(queue.push_reliable(event()));
  EXPECT_EQ(frames(queue, 0), 1U);
  ASSERT_TRUE(queue.open(1, 0));
  ASSERT_TRUE(queue.push_reliable(event()));
  queue.push_loose({1});
  EXPECT_EQ(frames(queue, 0), 2U);
  queue.push_loose({2});
  EXPECT_EQ(frames(queue, 1), 4U) << "both events and both loose ones";
  EXPECT_EQ(frames(queue, 0), 1U);
}

TEST(SendQueue, gives_a_new_link_nothing_that_the_server_has_said_to_have_over_the_other) {
  SendQueue queue = opened();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queue.push_reliable(event()));
  EXPECT_EQ(frames(queue, 0), 5U);
  ASSERT_TRUE(queue.acknowledge(4));
  ASSERT_TRUE(queue.open(1, 2)) << "its Welcome left earlier, and came later";
  EXPECT_EQ(frames(queue, 1), 1U);
  EXPECT_FALSE(queue.open(1, 6)) << "it was never sent so much";
}

TEST(SendQueue, packs_actions_for_each_link_by_what_that_one_has_carried) {
  SendQueue queue = opened();
  const Bytes body(20, 7);
  ServersEnd first, second;
  queue.push_action(action(1, body));
  first.take(queue.take(0));
  ASSERT_TRUE(queue.open(1, 0));
  for (std::uint32_t i = 2; i <= 9; ++i) {
    queue.push_action(action(i, i == 5 ? Bytes(20, 8) : body));
    first.take(queue.take(0));
    second.take(queue.take(1));
  }
  queue.push_action(action(10, body));
  queue.push_action(action(11, body));  // by now neither waits for its turn
  first.take(queue.take(0));
  second.take(queue.take(1));
  ASSERT_EQ(first.sequences.size(), 11U);
  ASSERT_EQ(second.sequences.size(), 10U) << "those since it was opened";
  for (std::uint32_t i = 0; i < 11; ++i) {
    EXPECT_EQ(first.sequences[i], i + 1);
    EXPECT_EQ(first.bodies[i], i == 4 ? Bytes(20, 8) : body);
    if (i > 0) {
      EXPECT_EQ(second.bodies[i - 1], first.bodies[i]);
    }
  }
  EXPECT_EQ(queue.take_action_bytes(), first.bytes + second.bytes);
  EXPECT_EQ(queue.take_action_bytes(), 0U);
}

TEST(SendQueue, packs_what_is_left_of_actions_that_waited_for_too_long) {
  SendQueue queue = opened();
  ServersEnd server;
  queue.push_action(action(1, Bytes(20, 1)));
  server.take(queue.take(0));
  for (std::uint32_t i = 2; i <= 1000; ++i) queue.push_action(action(i, Bytes(20, 2)));
  server.take(queue.take(0));
  ASSERT_EQ(server.sequences.size(), 1 + limits::kInboxActionsMax);
  EXPECT_EQ(server.sequences.back(), 1000U);
  EXPECT_EQ(server.bodies[1], Bytes(20, 2)) << "the first of those that are left says what it is";
}

TEST(SendQueue, packs_the_first_action_over_a_new_connection_whole) {
  SendQueue queue = opened();
  const Bytes body(20, 7);
  for (std::uint32_t i = 1; i <= 3; ++i) {
    ServersEnd server;
    queue.push_action(action(i, body));
    server.take(queue.take(0));
    EXPECT_EQ(server.bodies, std::vector<Bytes>{body});
    ASSERT_TRUE(queue.resume_from(0));
  }
}

TEST(SendQueue, sends_what_the_other_end_could_not_tell_from_a_copy_over_one_link) {
  SendQueue queue = opened();
  ASSERT_TRUE(queue.open(1, 0));
  queue.push_loose_over(1, {1});
  EXPECT_EQ(frames(queue, 0), 0U);
  EXPECT_EQ(frames(queue, 1), 1U);
}

}  // namespace
}  // namespace netcode::client
