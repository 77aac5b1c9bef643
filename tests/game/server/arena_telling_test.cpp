// Who is told what of a match whose players see no more than their screens: each event's receivers. The whole stream of
// one client is in hidden_ship_test.cpp.
#include "game/server/arena_telling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

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

namespace game::server {
namespace {

using namespace std::chrono_literals;
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
