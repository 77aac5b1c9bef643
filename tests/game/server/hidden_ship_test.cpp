// All that one client is sent of a match whose players see no more than their screens, in either format: it holds
// nothing of a ship out of sight, and does not change by a byte with what that ship does.
// Tests also: arena_telling.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "arranged.hpp"
#include "game/server/arena.hpp"
#include "game/server/arena_bot.hpp"
#include "netcode/testing.hpp"
#include "protocol/connect_request.hpp"
#include "protocol/messages.hpp"
#include "protocol/packed_snapshot.hpp"
#include "replication/unpacker.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/connector.hpp"

namespace game::server {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

constexpr sim::Vec kGhostAt{7'300 * sim::kUnit + 55, 500 * sim::kUnit + 77};

/// Wherever two numbers that follow each other, in either order, are about where the ghost is.
bool holds_the_ghosts_place(netcode::BytesView bytes) {
  const auto is_near = [](std::int64_t a, std::int64_t b) { return std::abs(a - b) < 20 * sim::kUnit; };
  for (std::size_t i = 0; i + 8 <= bytes.size(); ++i) {
    std::int32_t pair[2];
    std::memcpy(pair, bytes.data() + i, sizeof pair);
    if (is_near(pair[0], kGhostAt.x) && is_near(pair[1], kGhostAt.y)) return true;
    if (is_near(pair[1], kGhostAt.x) && is_near(pair[0], kGhostAt.y)) return true;
  }
  return false;
}

netcode::LaneLayoutPtr arena_lanes() {
  const auto game = netcode::Client<ArenaRules>::game();
  const auto schema = netcode::Schema::load(game.schema, game.world_table);
  return schema ? netcode::LaneLayout::find(*schema, game.world_table) : nullptr;
}

/// A client that keeps every frame that it is handed, and looks into it for a player whom it may not see.
class Watch final : public netcode::transport::ConnectionHandler {
 public:
  /// `packs`: what it says that it can unpack; null: nothing.
  explicit Watch(netcode::LaneLayoutPtr packs) {
    if (packs) unpacker_.emplace(std::move(packs));
  }
  ~Watch() override {
    if (connection) connection->detach();
  }
  void on_message(netcode::MessageKind, netcode::BytesView bytes) override {
    const auto message = netcode::protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    if (const auto* welcome = std::get_if<netcode::protocol::Welcome>(&*message)) {
      self = welcome->match ? welcome->match->player : netcode::kNoPlayer;
      return;  // it is not kept: its token is random
    }
    frames.emplace_back(bytes.begin(), bytes.end());
    places += holds_the_ghosts_place(bytes) ? 1 : 0;
    if (const auto* snapshot = std::get_if<netcode::protocol::SnapshotView>(&*message)) {
      ++plain;
      look_at(snapshot->head.tick, netcode::protocol::aligned(snapshot->world, body_));
      answer({.snapshot_tick = snapshot->head.tick});
    } else if (const auto* packed = std::get_if<netcode::protocol::PackedView>(&*message)) {
      ASSERT_TRUE(unpacker_) << "nobody asked for it";
      const auto told = heads_.unpack(packed->packed);
      ASSERT_TRUE(told) << told.error().reason;
      const auto world = unpacker_->unpack(told->head.tick, self, told->frame);
      ASSERT_TRUE(world) << world.error().reason;
      places += holds_the_ghosts_place(*world) ? 1 : 0;
      look_at(told->head.tick, body_.copy(*world));
      answer({.snapshot_tick = told->head.tick});
    } else if (const auto* event = std::get_if<netcode::protocol::EventMessage>(&*message)) {
      look_at(*event);
      received_ = std::max(received_, event->sequence);
      answer({.received = received_});
    }
  }
  void on_writable() override {}
  void on_closed(const netcode::transport::CloseInfo& info) override { closed = info.reason; }

  std::shared_ptr<netcode::transport::Connection> connection;
  netcode::PlayerId self = netcode::kNoPlayer;
  sim::PlayerId ghost = sim::kNobody;   // as soon as it is known
  std::set<std::uint32_t> not_apart{};  // ticks after which the two were where ships come in
  std::vector<netcode::Bytes> frames;
  int plain = 0;               // snapshots in the plain format
  int places = 0;              // frames, and Worlds that were packed, in which its place stands
  int ships = 0;               // snapshots that have the ship, or a shot of its
  std::size_t first_seen = 0;  // of these, in `frames`
  netcode::Tick first_tick = 0, last_tick = 0;
  int listed = 0;                  // snapshots that have its name and its score
  std::vector<std::string> named;  // events that name it, but for what is public
  int unseen_kills = 0;
  std::set<std::string> events;
  std::string closed;

 private:
  void answer(netcode::protocol::Received received) {
    received.received = received_;
    if (connection->writable())
      connection->write({netcode::transport::OutgoingMessage{.head = netcode::protocol::encode(received)}});
  }
  void look_at(netcode::Tick tick, netcode::BytesView bytes) {
    const auto& world = *flatbuffers::GetRoot<arena::World>(bytes.data());
    bool is_in = false;
    for (const arena::Ship* ship : *world.ships()) is_in = is_in || ship->id() == ghost;
    for (const arena::Shot* shot : *world.shots()) is_in = is_in || shot->owner() == ghost;
    if (is_in && ghost != sim::kNobody) {
      if (ships++ == 0) {
        first_seen = frames.size() - 1;
        first_tick = tick;
      }
      last_tick = tick;
    }
    if (world.players() == nullptr) return;
    for (const arena::PlayerInfo* player : *world.players()) listed += player->id() == ghost ? 1 : 0;
  }
  template <class T>
  const T& table(const netcode::protocol::EventMessage& event) {
    return *flatbuffers::GetRoot<T>(netcode::protocol::aligned(event.body, body_).data());
  }
  void look_at(const netcode::protocol::EventMessage& event) {
    const std::string name(event.name);
    events.insert(name);
    if (ghost == sim::kNobody || not_apart.contains(event.tick)) return;
    std::vector<std::uint16_t> who;
    if (name == "spawned") who = {table<arena::Spawned>(event).player()};
    if (name == "hit") who = {table<arena::Hit>(event).shooter(), table<arena::Hit>(event).victim()};
    if (name == "rail_fired") who = {table<arena::RailFired>(event).player()};
    if (name == "pickup_taken") who = {table<arena::PickupTaken>(event).player()};
    if (name == "judged") {
      const auto* targets = table<arena::Judged>(event).targets();
      for (flatbuffers::uoffset_t i = 0; targets != nullptr && i < targets->size(); ++i)
        who.push_back(targets->Get(i)->player());
    }
    if (name == "kill") {
      const auto& kill = table<arena::Kill>(event);
      if (!kill.unseen()) who = {kill.killer(), kill.victim()};
      unseen_kills += kill.unseen() && kill.victim() == ghost ? 1 : 0;
      if (kill.unseen() && (kill.x() != 0 || kill.y() != 0 || kill.killer_health() != 0))
        named.emplace_back("an unseen kill with more than its names");
    }
    if (std::find(who.begin(), who.end(), ghost) != who.end()) named.push_back(name);
  }

  netcode::protocol::AlignedBuffer buffer_, body_;
  netcode::protocol::SnapshotUnpacker heads_;
  std::optional<netcode::Unpacker> unpacker_;
  std::uint32_t received_ = 0;
};

/// From when on the ghost does what it does, long after the round has begun; and when it comes into view and goes.
constexpr std::uint32_t kBeginTick = 300, kComesTick = 500, kGoesTick = 560;

/// Flies, dashes and fires its rail, or does nothing. It fires no shots: they are numbered over the whole match, so
/// that the next one in sight tells how many there were.
class Ghost final : public netcode::Bot {
 public:
  explicit Ghost(bool is_wild) : is_wild_(is_wild) {}
  std::optional<netcode::Bytes> act(netcode::BytesView, netcode::PlayerId, netcode::Tick tick) override {
    if (!is_wild_ || tick < kBeginTick) return std::nullopt;
    arena::MoveT move;
    move.thrust_x = tick / 40 % 2 == 0 ? 127 : -127;
    move.thrust_y = tick / 25 % 2 == 0 ? 127 : -127;
    move.aim = static_cast<std::uint16_t>(tick * 300);
    move.rail = tick % 20 < 10;
    move.dash = tick % 100 < 10;
    return netcode::encode(move);
  }

 private:
  bool is_wild_;
};

struct FightSetup {
  enum class Does : std::uint8_t {
    kFights,  // with two others at its end of the field; who dies comes in in the middle
    kStands,  // alone, as in those below, where nobody dies
    kMoves,   // whatever else it can, out of sight
    kComes,   // stands, but for a second at the other end
  };
  std::string visibility = "screen";
  bool is_packed = false;
  Does ghost = Does::kStands;
};
using Does = FightSetup::Does;

/// Ada and two bots at one end of the field, who fight; the ghost is at the other end.
class Fight {
 public:
  explicit Fight(const FightSetup& setup) : watch(setup.is_packed ? arena_lanes() : nullptr), setup_(setup) {}
  Fight(const Fight&) = delete;
  Fight& operator=(const Fight&) = delete;
  ~Fight() {
    if (watch.connection) std::exchange(watch.connection, nullptr)->detach();
  }

  void run() {
    spdlog::set_level(spdlog::level::warn);
    define();
    bench_.start();
    connector_ = bench_.connector();
    const std::string path =
        netcode::protocol::format({.goal = netcode::protocol::ConnectRequest::Goal::kMatch,
                                   .match = "m",
                                   .name = "ada",
                                   .packs = setup_.is_packed ? std::optional(arena_lanes()->hash()) : std::nullopt});
    connector_->connect("ws://bench:1" + path, "scrim.v1", [this](auto result) {
      ASSERT_TRUE(result) << result.error().reason;
      watch.connection = *result;
      watch.connection->start(watch);
    });
    ASSERT_TRUE(
        bench_.run_until([this] { return watch.self != netcode::kNoPlayer && watch.ghost != sim::kNobody; }, 2s));
    bench_.run_for(fights() ? 25s : 12s);
    EXPECT_EQ(watch.closed, "");
    EXPECT_GT(watch.frames.size(), (fights() ? 25U : 12U) * 20);
    EXPECT_EQ(watch.plain == 0, setup_.is_packed);
    if (!fights()) {
      EXPECT_THAT(watch.events, Not(Contains("kill"))) << "who comes in goes where the others are not";
    }
  }

  Watch watch;                   // the rules look at it up to their end
  std::set<std::int32_t> moved;  // where the ghost was, along the field
  std::uint32_t rails = 0;       // its

 private:
  bool fights() const { return setup_.ghost == Does::kFights; }
  void define() {
    const auto map = long_field();
    const auto grid = make_nav_grid(*map);
    ASSERT_TRUE(grid) << grid.error().reason;
    const auto brains = arena_bots(4, [grid = *grid](const netcode::SharedBytes&) { return grid; });
    const auto maker = [this, brains](const netcode::BotSetup& bot) -> std::unique_ptr<netcode::Bot> {
      if (bot.index != 1 || fights()) return brains(bot);
      return std::make_unique<Ghost>(setup_.ghost == Does::kMoves);
    };
    const Arranged::Arrange arrange = [this](sim::State& state, bool is_after) {
      for (sim::Player& player : state.players)
        fights() ? part(state, player, is_after) : lead(state, player, is_after);
    };
    std::vector<std::string> names = {"near 1", "ghost", "near 2"};
    if (fights()) names = {"near 1", "ghost", "far 1", "near 2", "far 2"};
    const auto players = static_cast<std::uint32_t>(names.size() + 1);
    bench_.server()
        .define<Arranged>("arena",
                          {.bots = players,
                           .options = {{"visibility", setup_.visibility}, {"warmup_s", fights() ? "10" : "0"}},
                           .map = map},
                          [arrange] { return std::make_unique<Arranged>(arrange); })
        .bots(maker, {.fill_to = players, .names = std::move(names)});
  }
  void stay_near(sim::Player& player) {
    if (player.ship.position.x > test::u(1300, 0).x) put(player, test::u(750, player.name == "near 1" ? 300 : 700));
  }
  void part(const sim::State& state, sim::Player& player, bool is_after) {
    const sim::Vec at = player.ship.position;
    if (player.name == "ghost" || player.name == "ada") {
      const sim::Vec place = player.name == "ghost" ? kGhostAt : test::u(500, 500);
      if (is_after && sim::distance(at, place) > 100 * sim::kUnit) watch.not_apart.insert(state.tick);
      if (player.name == "ghost") watch.ghost = player.id();
      put(player, place);
    } else if (player.name.starts_with("near")) {
      stay_near(player);
    } else if (at.x < test::u(6900, 0).x) {
      put(player, test::u(7500, player.name == "far 1" ? 300 : 700));
    }
  }
  void lead(const sim::State& state, sim::Player& player, bool is_after) {
    player.ship.health = sim::kHealthMax;
    // They come in somewhere, and are put apart only then.
    const bool is_put = player.name == "ada" || (player.name == "ghost" && state.tick < kBeginTick);
    const sim::Vec place = player.name == "ada" ? test::u(500, 500) : kGhostAt;
    if (is_after && is_put && sim::distance(player.ship.position, place) > 100 * sim::kUnit)
      watch.not_apart.insert(state.tick);
    if (player.name == "ada") return put(player, place);
    if (player.name != "ghost") return stay_near(player);
    watch.ghost = player.id();
    if (setup_.ghost != Does::kMoves || state.tick < kBeginTick) {
      const bool is_here = setup_.ghost == Does::kComes && state.tick >= kComesTick && state.tick < kGoesTick;
      return put(player, is_here ? test::u(900, 500) : kGhostAt);
    }
    if (player.ship.position.x < test::u(6900, 0).x) put(player, kGhostAt);
    player.ship.health = static_cast<std::int32_t>(1 + state.tick % 100);
    player.ship.energy = sim::kEnergyMax;
    moved.insert(player.ship.position.x);
    rails = player.shots_fired;
  }

  FightSetup setup_;
  netcode::testing::TestBench bench_{netcode::ServerConfig{.seed = 5}};
  netcode::ConnectorPtr connector_;
};

/// The first frame in which two streams differ; none: they are equal.
std::optional<std::size_t> first_difference(const Fight& a, const Fight& b) {
  const auto& left = a.watch.frames;
  const auto& right = b.watch.frames;
  const auto at = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (at.first == left.end() && at.second == right.end()) return std::nullopt;
  return static_cast<std::size_t>(at.first - left.begin());
}

enum class Format : std::uint8_t { kPlain, kPacked };
std::string name_of(Format format) { return format == Format::kPacked ? "packed" : "plain"; }
// As the test is called: ctest takes its names from what is printed.
void PrintTo(Format format, std::ostream* out) { *out << name_of(format); }

class HiddenShip : public testing::TestWithParam<Format> {
 protected:
  bool is_packed() const { return GetParam() == Format::kPacked; }
};

TEST_P(HiddenShip, changes_not_a_byte_of_all_that_a_client_is_sent_by_what_it_does) {
  Fight stands({.is_packed = is_packed(), .ghost = Does::kStands});
  Fight moves({.is_packed = is_packed(), .ghost = Does::kMoves});
  stands.run();
  moves.run();
  EXPECT_EQ(first_difference(stands, moves), std::nullopt);
  for (const Fight* fight : {&stands, &moves}) {
    EXPECT_EQ(fight->watch.ships, 0);
    EXPECT_EQ(fight->watch.places, 0);
    EXPECT_THAT(fight->watch.named, IsEmpty());
    EXPECT_THAT(fight->watch.events, Contains("hit")) << "of those who are seen";
  }
  EXPECT_GT(moves.moved.size(), 100U);
  EXPECT_GE(moves.rails, 3U);
}

TEST_P(HiddenShip, changes_the_stream_where_everybody_sees_everything) {
  Fight stands({.visibility = "all", .is_packed = is_packed(), .ghost = Does::kStands});
  Fight moves({.visibility = "all", .is_packed = is_packed(), .ghost = Does::kMoves});
  stands.run();
  moves.run();
  EXPECT_NE(first_difference(stands, moves), std::nullopt);
}

TEST_P(HiddenShip, changes_the_stream_with_the_first_snapshot_in_which_it_is_seen) {
  Fight stands({.is_packed = is_packed(), .ghost = Does::kStands});
  Fight comes({.is_packed = is_packed(), .ghost = Does::kComes});
  stands.run();
  comes.run();
  EXPECT_EQ(first_difference(stands, comes), comes.watch.first_seen);
  EXPECT_GE(comes.watch.first_tick, kComesTick);
  EXPECT_LE(comes.watch.first_tick, kComesTick + 1);
  EXPECT_LT(comes.watch.last_tick, kGoesTick) << "it is in no World any more once it is gone";
  EXPECT_EQ(comes.watch.ships, static_cast<int>(kGoesTick - kComesTick) / 2);
  EXPECT_EQ(comes.watch.places, 0);
}

TEST_P(HiddenShip, has_not_a_byte_in_all_that_a_client_is_sent_through_a_fight) {
  Fight fight({.is_packed = is_packed(), .ghost = Does::kFights});
  fight.run();
  EXPECT_EQ(fight.watch.places, 0);
  EXPECT_EQ(fight.watch.ships, 0);
  EXPECT_THAT(fight.watch.named, IsEmpty());
  EXPECT_GT(fight.watch.unseen_kills, 0) << "that it was shot down is public";
  EXPECT_GT(fight.watch.listed, 5) << "so is its score, with each snapshot in which one has changed";
  EXPECT_THAT(fight.watch.events, Contains("hit")) << "of those who are seen";
  EXPECT_THAT(fight.watch.events, Contains("kill"));
}

TEST_P(HiddenShip, is_found_by_the_same_look_where_everybody_sees_everything) {
  Fight fight({.visibility = "all", .is_packed = is_packed(), .ghost = Does::kFights});
  fight.run();
  EXPECT_GT(fight.watch.places, 25 * 20);
  EXPECT_GT(fight.watch.ships, 25 * 20);
  EXPECT_THAT(fight.watch.named, Contains("hit"));
  EXPECT_THAT(fight.watch.named, Contains("kill"));
  EXPECT_EQ(fight.watch.unseen_kills, 0);
}

INSTANTIATE_TEST_SUITE_P(Formats, HiddenShip, testing::Values(Format::kPlain, Format::kPacked),
                         [](const auto& format) { return name_of(format.param); });

}  // namespace
}  // namespace game::server
