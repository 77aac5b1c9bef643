// A client that stops reading, at the level of connections: what the server keeps for it, and what it wakes up to.
#include <gtest/gtest.h>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "replication/plain_encoder.hpp"

using namespace std::chrono_literals;
using namespace netcode;

namespace {

/// Reads snapshots and says nothing, like a plain spectator.
class Reader final : public transport::ConnectionHandler {
 public:
  explicit Reader(transport::ManualLoop& loop) : loop_(loop) {}
  void on_message(transport::MessageKind, BytesView bytes) override {
    const auto message = protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    if (const auto* welcome = std::get_if<protocol::Welcome>(&*message)) token = welcome->token;
    if (const auto* snapshot = std::get_if<protocol::SnapshotView>(&*message))
      snapshots.push_back({snapshot->head.tick, loop_.now()});
  }
  void on_writable() override {}
  void on_closed(const transport::CloseInfo& info) override { closed = info; }

  struct Seen {
    Tick tick;
    engine::TimePoint at;
  };
  std::shared_ptr<transport::Connection> connection;
  std::vector<Seen> snapshots;
  std::string token;
  std::optional<transport::CloseInfo> closed;

 private:
  transport::ManualLoop& loop_;
  protocol::AlignedBuffer buffer_;
};

/// Says, as encoders do, that it builds on what was handed before.
class DeltaEncoder final : public SnapshotEncoder {
 public:
  Encoded encode(const FrameView& view, const FrameView&) override {
    return {.snapshot = std::make_shared<const protocol::SharedSnapshot>(view.frame->world()), .is_new = true};
  }
};

class SlowClient : public CoreTest {
 protected:
  SlowClient() {
    core_.define("field", rules_type<field::Rules>(), {.options = options_});
    start();
  }
  void watch(const std::string& target) {
    connect(reader_, target);
    ASSERT_TRUE(loop_.run_until([&] { return !reader_.snapshots.empty(); }, 1s));
  }

  /// Writes a frame of this encoder's to the one session there is.
  std::weak_ptr<const WorldFrame> write_frame(std::shared_ptr<SnapshotEncoder> encoder) {
    const Shard& shard = *core_.shards()[0];
    auto frame = std::make_shared<const WorldFrame>(shard.match("m")->current_tick(), Bytes(64), std::move(encoder));
    const std::weak_ptr<const WorldFrame> watched = frame;
    shard.session(core_.directory().find_session(reader_.token)->session)
        ->offer_frame({.frame = std::move(frame), .visible = nullptr});
    loop_.run_for(1ms);
    return watched;
  }

  std::map<std::string, std::string> options_{{"numbered", "1"}};
  Reader reader_{loop_};
};

}  // namespace

TEST_F(SlowClient, wakes_up_to_the_present_after_eight_seconds) {
  watch("/match/m?name=slow&spectate=1");
  loop_.run_for(1s);
  const Tick before = reader_.snapshots.back().tick;
  transport::MemoryNetwork::pause_reading(*reader_.connection, true);
  loop_.run_for(8s);
  const std::size_t seen = reader_.snapshots.size();
  const auto woke_at = loop_.now();
  transport::MemoryNetwork::pause_reading(*reader_.connection, false);
  loop_.run_for(250ms);

  ASSERT_FALSE(reader_.closed) << reader_.closed->reason;
  const Tick present = core_.shards()[0]->match("m")->current_tick();
  EXPECT_LE(present - reader_.snapshots.back().tick, 2U) << "within 250 ms it sees the present";
  std::size_t stale = 0;
  for (std::size_t i = seen; i < reader_.snapshots.size(); ++i) {
    const auto age_ticks = present - reader_.snapshots[i].tick;
    const auto ticks_ago = static_cast<Tick>((loop_.now() - reader_.snapshots[i].at) / 16666667ns);
    if (age_ticks > ticks_ago + 15) ++stale;  // older than 250 ms when it arrived
  }
  EXPECT_LE(stale, limits::kSnapshotsUnacknowledgedMax);
  EXPECT_GT(reader_.snapshots.size(), seen);
  EXPECT_LT(before, present);
  EXPECT_LT(woke_at, loop_.now());
}

TEST_F(SlowClient, that_never_reads_its_events_is_closed_and_costs_a_bounded_outbox) {
  watch("/match/m?name=slow&spectate=1");
  transport::MemoryNetwork::pause_reading(*reader_.connection, true);
  for (int second = 0; second < 60 && core_.directory().sessions() == 1; ++second) loop_.run_for(1s);
  EXPECT_EQ(core_.directory().sessions(), 0U) << "60 numbered events a second do not pile up for ever";
}

TEST_F(SlowClient, costs_a_frame_that_was_written_to_it_only_where_the_next_builds_on_it) {
  watch("/match/m?name=slow&spectate=1");
  EXPECT_TRUE(write_frame(std::make_shared<PlainEncoder>(nullptr)).expired());
  EXPECT_FALSE(write_frame(std::make_shared<DeltaEncoder>()).expired());
}

TEST_F(SlowClient, that_resumes_from_what_was_never_sent_is_told_so) {
  watch("/match/m?name=first&spectate=1");
  Reader second(loop_);
  connect(second, "/match/m?received=4000000&token=" + reader_.token);
  ASSERT_TRUE(loop_.run_until([&] { return second.closed.has_value(); }, 1s));
  EXPECT_EQ(second.closed->code, transport::CloseCode::kRefused);
  EXPECT_EQ(second.closed->reason, "more was received than was sent: join again without the token");
}
