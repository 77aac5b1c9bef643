// Snapshots as clients of Socket.IO are sent them: as bytes, and as objects that are made once.
#include "server/socketio_snapshot.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "field.hpp"
#include "protocol/messages.hpp"
#include "schema/table_json.hpp"
#include "socketio/packet.hpp"

namespace netcode {
namespace {

class SocketioSnapshot : public ::testing::Test {
 protected:
  SocketioSnapshot() {
    kind_.json = std::make_shared<const TableJson>(
        kind_.schema,
        AttachmentForm{.placeholder = socketio::placeholder, .attachments_max = socketio::kAttachmentsMax});
  }
  Bytes world(float wind) const {
    field::WorldT world;
    world.dots.emplace_back(7, -3, 2);
    world.wind = wind;
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(field::World::Pack(builder, &world));
    return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
  }
  void set_frame(const Bytes& world) {
    view_.frame = std::make_shared<const WorldFrame>(Tick{40}, world, SnapshotEncoders{});
    view_.head = {.tick = 40, .action_sequence = 5, .action_tick = 39, .slack_ms = -2};
    message_ = protocol::SharedSnapshot(world).frame({}).body;
  }

  const RulesType type_ = rules_type<field::Rules>();
  Kind kind_{.name = "field", .type = type_, .schema = Schema::load(type_.schema, type_.world_table).value()};
  FrameView view_;
  SharedBytes message_;
};

TEST_F(SocketioSnapshot, is_the_worlds_bytes) {
  const Bytes bytes = world(0.5F);
  set_frame(bytes);
  const auto messages = snapshot_messages(view_, message_, nullptr);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].data(), R"(51-["snapshot",{"_placeholder":true,"num":0},)"
                                R"({"tick":40,"action_sequence":5,"action_tick":39,"slack_ms":-2}])");
  EXPECT_TRUE(messages[1].is_binary());
  EXPECT_EQ(messages[1].data(), std::string(bytes.begin(), bytes.end()));
}

TEST_F(SocketioSnapshot, is_an_object_for_who_wants_that) {
  set_frame(world(0.5F));
  const auto messages = snapshot_messages(view_, message_, &kind_);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].data(),
            R"(2["snapshot",{"dots":[{"id":7,"x":-3,"actions":2}],"votes":0,"posted":0,"wind":0.5},)"
            R"({"tick":40,"action_sequence":5,"action_tick":39,"slack_ms":-2}])");
}

TEST_F(SocketioSnapshot, is_made_an_object_once_for_all_who_see_the_same) {
  set_frame(world(0.5F));
  ASSERT_EQ(snapshot_messages(view_, message_, &kind_).size(), 1U);
  const FrameNotes* made = view_.frame->json_notes().get();
  view_.head.tick = 41;  // the head is each receiver's own
  EXPECT_NE(snapshot_messages(view_, message_, &kind_).at(0).data().find(R"("tick":41)"), std::string::npos);
  EXPECT_EQ(view_.frame->json_notes().get(), made);
  const SharedBytes other = protocol::SharedSnapshot(world(2)).frame({}).body;  // of one who sees something else
  EXPECT_NE(snapshot_messages(view_, other, &kind_).at(0).data().find(R"("wind":2)"), std::string::npos);
  EXPECT_NE(snapshot_messages(view_, message_, &kind_).at(0).data().find(R"("wind":0.5)"), std::string::npos);
}

TEST_F(SocketioSnapshot, that_json_cannot_have_is_not_sent) {
  set_frame(world(std::nanf("")));
  EXPECT_TRUE(snapshot_messages(view_, message_, &kind_).empty());
  EXPECT_EQ(snapshot_messages(view_, message_, nullptr).size(), 2U);
}

}  // namespace
}  // namespace netcode
