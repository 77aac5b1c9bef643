// Who is told what of a match whose players see no more than their screens: each event's receivers, and the whole
// stream of one client.
#include "game/server/arena_telling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "arranged.hpp"
#include "game/server/arena.hpp"
#include "game/server/arena_bot.hpp"
#include "netcode/recording.hpp"
#include "netcode/testing.hpp"
#include "protocol/messages.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/connector.hpp"

namespace game::server {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using Lines = std::vector<std::string>;

// --- each event's receivers ------------------------------------------------------------------------------------------

// Ada and Eve stand beside each other, Bob hears them, Cat is too far away, and Sam watches.
const std::map<std::string, sim::Vec> kPlaces = {
    {"ada", test::u(2000, 500)}, {"eve", test::u(2200, 500)}, {"bob", test::u(3400, 500)}, {"cat", test::u(7000, 500)}};

struct Listener {
  Listener(netcode::testing::TestBench& bench, const std::string& name, bool spectates = false)
      : client(bench.client<ArenaRules>(name)) {
    client->on<arena::RailFired>([this](const arena::RailFired& rail) {
      lines.push_back(fmt::format("rail of {} to {}", who(rail.player()), rail.end_x() / sim::kUnit));
    });
    client->on<arena::Hit>([this](const arena::Hit& hit) {
      lines.push_back(fmt::format("hit of {} at {}", who(hit.shooter()), hit.x() / sim::kUnit));
    });
    client->on<arena::Kill>([this](const arena::Kill& kill) {
      lines.push_back(kill.unseen() ? fmt::format("kill of {} unseen at {}, health {}", who(kill.killer()), kill.x(),
                                                  kill.killer_health())
                                    : fmt::format("kill of {} at {}, health {}", who(kill.killer()),
                                                  kill.x() / sim::kUnit, kill.killer_health()));
    });
    client->on<arena::Judged>([this](const arena::Judged& judged) {
      lines.push_back(fmt::format("judged of {}", judged.targets() ? judged.targets()->size() : 0));
    });
    client->on<arena::Heard>([this](const arena::Heard& heard) {
      lines.push_back(fmt::format("heard {} from {}, {}", arena::EnumNameHeardKind(heard.kind()), heard.octant(),
                                  heard.near() ? "near" : "far"));
    });
    client->join("m", {.spectate = spectates});
  }
  std::string who(std::uint16_t id) const { return id == 0 ? "somebody" : id == shooter ? "the shooter" : "another"; }
  std::set<std::uint16_t> ships() const {
    std::set<std::uint16_t> out;
    for (const arena::Ship* ship : *client->world()->ships()) out.insert(ship->id());
    return out;
  }
  std::uint16_t id() const { return static_cast<std::uint16_t>(client->player().value); }

  std::unique_ptr<netcode::Client<ArenaRules>> client;
  std::uint16_t shooter = 0;
  Lines lines;
};

class Receivers : public testing::Test {
 protected:
  void play(const std::string& visibility) {
    spdlog::set_level(spdlog::level::warn);
    const Arranged::Arrange arrange = [](sim::State& state, bool) {
      for (sim::Player& player : state.players)
        if (const auto place = kPlaces.find(player.name); place != kPlaces.end()) put(player, place->second);
    };
    bench_.server().define<Arranged>(
        "arena", {.bots = 0, .options = {{"mode", "instarail"}, {"visibility", visibility}}, .map = long_field()},
        [arrange] { return std::make_unique<Arranged>(arrange); });
    bench_.start();
    for (const auto& [name, place] : kPlaces) players_[name] = std::make_unique<Listener>(bench_, name);
    sam_ = std::make_unique<Listener>(bench_, "sam", true);
    ASSERT_TRUE(bench_.run_until([&] { return sam_->client->world() && sam_->ships().size() == 4; }, 2s));
    bench_.run_for(500ms);
    for (Listener* listener : all()) {
      listener->shooter = player("ada").id();
      listener->lines.clear();
    }
  }
  void fire() {
    arena::MoveT rail;
    rail.rail = true;
    player("ada").client->act(rail);
    bench_.run_for(300ms);
  }
  Listener& player(const std::string& name) { return *players_.at(name); }
  std::vector<Listener*> all() {
    std::vector<Listener*> out{sam_.get()};
    for (const auto& [name, one] : players_) out.push_back(one.get());
    return out;
  }
  netcode::testing::TestBench bench_;
  std::map<std::string, std::unique_ptr<Listener>> players_;
  std::unique_ptr<Listener> sam_;
};

TEST_F(Receivers, of_a_kill_by_rail_are_told_what_each_of_them_sees) {
  play("screen");
  EXPECT_EQ(player("ada").ships(), (std::set{player("ada").id(), player("eve").id()}));
  EXPECT_EQ(player("bob").ships(), (std::set{player("bob").id()}));
  EXPECT_EQ(sam_->ships().size(), 4U);
  fire();
  const Lines seen = {"rail of the shooter to 2186", "hit of the shooter at 2186",
                      "kill of the shooter at 2200, health 100"};
  EXPECT_THAT(player("ada").lines, ElementsAre(seen[0], "judged of 1", seen[1], seen[2]));
  EXPECT_EQ(player("eve").lines, seen);
  EXPECT_EQ(sam_->lines, seen);
  const std::string elsewhere = "kill of the shooter unseen at 0, health 0";
  EXPECT_THAT(player("bob").lines, UnorderedElementsAre(elsewhere, "heard Rail from 4, far", "heard Hit from 4, far",
                                                        "heard Kill from 4, far"));
  EXPECT_EQ(player("cat").lines, Lines{elsewhere});
}

TEST_F(Receivers, are_all_where_everybody_sees_everything) {
  play("all");
  for (Listener* listener : all()) EXPECT_EQ(listener->ships().size(), 4U);
  fire();
  for (Listener* listener : all()) {
    std::erase_if(listener->lines, [](const std::string& line) { return line.starts_with("judged"); });
    EXPECT_THAT(listener->lines, ElementsAre("rail of the shooter to 2186", "hit of the shooter at 2186",
                                             "kill of the shooter at 2200, health 100"));
  }
}

// --- all that one client is sent -------------------------------------------------------------------------------------

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

/// A client that looks into every frame that it is handed, for a player whom it may not see.
class Watch final : public netcode::transport::ConnectionHandler {
 public:
  ~Watch() override {
    if (connection) connection->detach();
  }
  void on_message(netcode::MessageKind, netcode::BytesView bytes) override {
    ++frames;
    places += holds_the_ghosts_place(bytes) ? 1 : 0;
    const auto message = netcode::protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    if (const auto* welcome = std::get_if<netcode::protocol::Welcome>(&*message)) {
      self = welcome->match ? static_cast<sim::PlayerId>(welcome->match->player.value) : sim::kNobody;
    } else if (const auto* snapshot = std::get_if<netcode::protocol::SnapshotView>(&*message)) {
      look_at(*flatbuffers::GetRoot<arena::World>(netcode::protocol::aligned(snapshot->world, body_).data()));
      answer({.snapshot_tick = snapshot->head.tick});
    } else if (const auto* event = std::get_if<netcode::protocol::EventMessage>(&*message)) {
      look_at(*event);
      received_ = std::max(received_, event->sequence);
      answer({.received = received_});
    } else {
      EXPECT_FALSE(std::holds_alternative<netcode::protocol::PackedView>(*message)) << "cannot be read here";
    }
  }
  void on_writable() override {}
  void on_closed(const netcode::transport::CloseInfo& info) override { closed = info.reason; }

  std::shared_ptr<netcode::transport::Connection> connection;
  sim::PlayerId self = sim::kNobody;
  sim::PlayerId ghost = sim::kNobody;   // as soon as it is known
  std::set<std::uint32_t> not_apart{};  // ticks after which the two were where ships come in
  int frames = 0;
  int places = 0;  // frames in which its place stands
  int ships = 0;   // snapshots that have the ship, or a shot of its
  int listed = 0;  // snapshots that have its name and its score
  Lines named;     // events that name it, but for what is public
  int unseen_kills = 0;
  std::set<std::string> events;
  std::string closed;

 private:
  void answer(netcode::protocol::Received received) {
    received.received = received_;
    if (connection->writable())
      connection->write({netcode::transport::OutgoingMessage{.head = netcode::protocol::encode(received)}});
  }
  void look_at(const arena::World& world) {
    bool is_in = false;
    for (const arena::Ship* ship : *world.ships()) is_in = is_in || ship->id() == ghost;
    for (const arena::Shot* shot : *world.shots()) is_in = is_in || shot->owner() == ghost;
    ships += is_in && ghost != sim::kNobody ? 1 : 0;
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
        named.push_back("an unseen kill with more than its names");
    }
    if (std::find(who.begin(), who.end(), ghost) != who.end()) named.push_back(name);
  }

  netcode::protocol::AlignedBuffer buffer_, body_;
  std::uint32_t received_ = 0;
};

/// Ada and two bots at one end of the field, who fight; two others and the ghost at the other end, who do as well.
class HiddenShip : public testing::Test {
 protected:
  void play(const std::string& visibility) {
    spdlog::set_level(spdlog::level::warn);
    const auto map = long_field();
    const auto grid = make_nav_grid(*map);
    ASSERT_TRUE(grid) << grid.error().reason;
    const Arranged::Arrange arrange = [this](sim::State& state, bool is_after) {
      for (sim::Player& player : state.players) arrange_one(state, player, is_after);
    };
    bench_.server()
        .define<Arranged>("arena", {.bots = 6, .options = {{"visibility", visibility}}, .map = map},
                          [arrange] { return std::make_unique<Arranged>(arrange); })
        .bots(arena_bots(4, [grid = *grid](const netcode::SharedBytes&) { return grid; }),
              {.fill_to = 6, .names = {"near 1", "ghost", "far 1", "near 2", "far 2"}});
    bench_.start();
    connector_ = bench_.connector();
    connector_->connect("ws://bench:1/match/m?name=ada", "scrim.v1", [this](auto result) {
      ASSERT_TRUE(result) << result.error().reason;
      watch_.connection = *result;
      watch_.connection->start(watch_);
    });
    ASSERT_TRUE(bench_.run_until([this] { return watch_.self != sim::kNobody && watch_.ghost != sim::kNobody; }, 2s));
    bench_.run_for(25s);
    EXPECT_EQ(watch_.closed, "");
    EXPECT_GT(watch_.frames, 25 * 20);
  }

  void TearDown() override {
    if (watch_.connection) std::exchange(watch_.connection, nullptr)->detach();
  }

  Watch watch_;  // the rules look at it up to their end
  netcode::testing::TestBench bench_;
  netcode::ConnectorPtr connector_;

 private:
  void arrange_one(const sim::State& state, sim::Player& player, bool is_after) {
    const sim::Vec at = player.ship.position;
    if (player.name == "ghost" || player.name == "ada") {
      const sim::Vec place = player.name == "ghost" ? kGhostAt : test::u(500, 500);
      if (is_after && sim::distance(at, place) > 100 * sim::kUnit) watch_.not_apart.insert(state.tick);
      if (player.name == "ghost") watch_.ghost = player.id();
      put(player, place);
    } else if (player.name.starts_with("near")) {
      if (at.x > test::u(1300, 0).x) put(player, test::u(750, player.name == "near 1" ? 300 : 700));
    } else if (at.x < test::u(6900, 0).x) {
      put(player, test::u(7500, player.name == "far 1" ? 300 : 700));
    }
  }
};

TEST_F(HiddenShip, has_not_a_byte_in_all_that_a_client_is_sent_through_a_fight) {
  play("screen");
  EXPECT_EQ(watch_.places, 0);
  EXPECT_EQ(watch_.ships, 0);
  EXPECT_EQ(watch_.named, Lines());
  EXPECT_GT(watch_.unseen_kills, 0) << "that it was shot down is public";
  EXPECT_GT(watch_.listed, 5) << "so is its score, with each snapshot in which one has changed";
  EXPECT_THAT(watch_.events, Contains("hit")) << "of those who are seen";
  EXPECT_THAT(watch_.events, Contains("kill"));
}

TEST_F(HiddenShip, is_found_by_the_same_look_where_everybody_sees_everything) {
  play("all");
  EXPECT_GT(watch_.places, 25 * 20);
  EXPECT_GT(watch_.ships, 25 * 20);
  EXPECT_THAT(watch_.named, Contains("hit"));
  EXPECT_THAT(watch_.named, Contains("kill"));
  EXPECT_EQ(watch_.unseen_kills, 0);
}

// --- and recorded ----------------------------------------------------------------------------------------------------

TEST(Telling, is_the_same_when_a_recording_is_played_again) {
  spdlog::set_level(spdlog::level::warn);
  const std::string folder = testing::TempDir() + "scrim_telling_" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  netcode::ServerConfig config;
  config.seed = 3;
  config.record_dir = folder;
  {
    netcode::testing::TestBench bench(std::move(config));
    const auto map = std::make_shared<const netcode::Bytes>(test::map_bytes("large"));
    const auto grid = make_nav_grid(*map);
    ASSERT_TRUE(grid) << grid.error().reason;
    bench.server()
        .define<ArenaRules>(std::string(kArenaKind), {.bots = 6, .options = {{"visibility", "screen"}}, .map = map})
        .bots(arena_bots(4, [grid = *grid](const netcode::SharedBytes&) { return grid; }),
              {.fill_to = 6, .names = arena_bot_names()});
    bench.start();
    const auto ada = bench.client<ArenaRules>("ada");
    int heard = 0;
    ada->on<arena::Heard>([&](const arena::Heard&) { ++heard; });
    ada->join("m");
    bench.run_for(30s);
    EXPECT_GT(heard, 0);
    bench.stop();
    const auto recordings = bench.server().stats().recordings;
    ASSERT_EQ(recordings.size(), 1U);
    const auto report = netcode::verify_recording(recordings.front(), arena_rules_types());
    EXPECT_TRUE(report.ok) << report.reason << report.difference;
    EXPECT_GT(report.events_checked, 50U);
    EXPECT_GT(report.keyframes_checked, 0U);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace game::server
