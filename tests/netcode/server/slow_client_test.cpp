// A client that stops reading, at the level of connections: what the server keeps for it, and what it wakes up to.
#include <gtest/gtest.h>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

/// Reads snapshots and says nothing, like a plain spectator.
class Reader final : public transport::ConnectionHandler {
 public:
  explicit Reader(transport::ManualLoop& loop) : loop_(loop) {}
  void on_message(transport::MessageKind, BytesView bytes) override {
    const auto message = protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    if (const auto* welcome = std::get_if<protocol::Welcome>(&*message)) token = welcome->token;
    const auto* snapshot = std::get_if<protocol::SnapshotView>(&*message);
    if (!snapshot) return;
    if (snapshot->head.tick == 0)
      return static_cast<void>(deltas.emplace_back(snapshot->world.begin(), snapshot->world.end()));
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
  std::vector<Bytes> deltas;  // of a test's own frames, which name no tick
  std::string token;
  std::optional<transport::CloseInfo> closed;

 private:
  transport::ManualLoop& loop_;
  protocol::AlignedBuffer buffer_;
};

/// What changes `from` into `to`, of the same size, and the other way round.
Bytes difference(BytesView from, BytesView to) {
  Bytes out(to.begin(), to.end());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(out[i] ^ from[i]);
  return out;
}

/// Writes what has changed since the frame that the same connection was handed last, and remembers both.
class DeltaEncoder final : public SnapshotEncoder {
 public:
  Encoded encode(const FrameView& view, const protocol::SnapshotHead& head, const HandedFrame& handed) override {
    const WorldFramePtr& baseline = handed.view.frame;
    const BytesView world = view.frame->world();
    const Bytes before = baseline ? copy(baseline->world()) : Bytes(world.size());
    made.push_back({.world = copy(world), .baseline = baseline ? std::optional(before) : std::nullopt});
    const Bytes changes = difference(before, world);
    return {.message = protocol::SharedSnapshot(changes).frame(head), .is_new = true, .chain = nullptr};
  }

  struct Made {
    Bytes world;
    std::optional<Bytes> baseline;
  };
  std::vector<Made> made;

 private:
  static Bytes copy(BytesView bytes) { return Bytes(bytes.begin(), bytes.end()); }
};

/// Writes each frame as it is.
class WholeEncoder final : public SnapshotEncoder {
 public:
  Encoded encode(const FrameView& view, const protocol::SnapshotHead& head, const HandedFrame& /*handed*/) override {
    return {.message = protocol::SharedSnapshot(view.frame->world()).frame(head), .is_new = true, .chain = nullptr};
  }
  bool needs_baseline() const override { return false; }
};

class SlowClient : public CoreTest {
 protected:
  explicit SlowClient(std::uint32_t snapshot_hz = 30) {
    core_.define("field", rules_type<field::Rules>(), {.snapshot_hz = snapshot_hz, .options = options_});
    start();
  }
  void watch(const std::string& target) {
    connect(reader_, target);
    ASSERT_TRUE(loop_.run_until([&] { return !reader_.snapshots.empty(); }, 3s));
  }

  /// Writes a frame of this encoder's to the one session there is.
  std::weak_ptr<const WorldFrame> write_frame(std::shared_ptr<SnapshotEncoder> encoder, Bytes world = Bytes(64)) {
    const Shard& shard = *core_.shards()[0];
    const Tick tick = shard.match("m")->current_tick() + ++frames_;
    auto frame =
        std::make_shared<const WorldFrame>(tick, std::move(world), SnapshotEncoders{.plain = std::move(encoder)});
    const std::weak_ptr<const WorldFrame> watched = frame;
    shard.session(core_.directory().find_session(reader_.token)->session)
        ->offer_frame({.frame = std::move(frame), .visible = nullptr});
    loop_.run_for(1ms);
    return watched;
  }

  std::map<std::string, std::string> options_{{"numbered", "1"}};
  Reader reader_{loop_};
  Tick frames_ = 0;
};

/// The match makes a snapshot a second: between two of them all that is written are the test's frames.
class DeltaClient : public SlowClient {
 protected:
  DeltaClient() : SlowClient(1) {}
  static Bytes world(std::size_t number) { return Bytes(64, static_cast<std::uint8_t>(number)); }
  void write(std::size_t number) { write_frame(encoder_, world(number)); }
  /// What a client makes of what came: each change is of what it had before.
  static std::vector<Bytes> rebuilt(const std::vector<Bytes>& deltas) {
    std::vector<Bytes> out;
    Bytes now(64);
    for (const Bytes& delta : deltas) out.push_back(now = difference(now, delta));
    return out;
  }

  std::shared_ptr<DeltaEncoder> encoder_ = std::make_shared<DeltaEncoder>();
  Reader again_{loop_};
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
  EXPECT_TRUE(write_frame(std::make_shared<WholeEncoder>()).expired());
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

TEST_F(DeltaClient, is_written_what_changed_since_the_frame_that_it_was_handed_last) {
  watch("/match/m?name=ada&spectate=1");
  std::vector<Bytes> worlds;
  for (std::size_t i = 1; i <= 5; ++i) {
    write(i);
    worlds.push_back(world(i));
    ASSERT_EQ(encoder_->made.size(), i);
    EXPECT_EQ(encoder_->made.back().baseline, i == 1 ? std::nullopt : std::optional(world(i - 1)));
  }
  loop_.run_for(10ms);
  EXPECT_EQ(rebuilt(reader_.deltas), worlds);
}

TEST_F(DeltaClient, that_stalls_is_written_nothing_that_builds_on_a_frame_which_was_dropped) {
  watch("/match/m?name=slow&spectate=1");
  constexpr std::size_t kWritten = 20;
  const std::uint64_t dropped_before = core_.stats().snapshots_dropped;
  transport::MemoryNetwork::pause_reading(*reader_.connection, true);
  for (std::size_t i = 1; i <= kWritten; ++i) write(i);
  const std::size_t taken = encoder_->made.size();
  ASSERT_GT(taken, 0U);
  ASSERT_LE(taken, limits::kSnapshotsUnacknowledgedMax) << "the others wait, each in place of the one before";
  EXPECT_EQ(core_.stats().snapshots_dropped - dropped_before, kWritten - taken - 1);

  transport::MemoryNetwork::pause_reading(*reader_.connection, false);
  loop_.run_for(100ms);
  ASSERT_EQ(encoder_->made.size(), taken + 1);
  EXPECT_EQ(encoder_->made.back().world, world(kWritten));
  EXPECT_EQ(encoder_->made.back().baseline, world(taken)) << "the last that was handed to it";
  ASSERT_EQ(reader_.deltas.size(), taken + 1);
  EXPECT_EQ(rebuilt(reader_.deltas).back(), world(kWritten));
}

TEST_F(DeltaClient, that_resumes_builds_on_nothing) {
  watch("/match/m?name=ada&spectate=1");
  for (std::size_t i = 1; i <= 3; ++i) write(i);
  connect(again_, "/match/m?resume=1&token=" + reader_.token);
  ASSERT_TRUE(loop_.run_until([&] { return !again_.token.empty() && reader_.closed; }, 100ms));
  for (std::size_t i = 4; i <= 5; ++i) write(i);
  loop_.run_for(10ms);
  ASSERT_EQ(encoder_->made.size(), 5U);
  EXPECT_EQ(encoder_->made[3].baseline, std::nullopt);
  EXPECT_EQ(encoder_->made[4].baseline, world(4));
  EXPECT_EQ(rebuilt(again_.deltas), (std::vector<Bytes>{world(4), world(5)}));
}

}  // namespace netcode
