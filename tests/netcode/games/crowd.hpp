// Matches of the test games with everything that can happen in one: players who come, act, repeat themselves, send
// events and go, all from one seed. What drives it is generated once and the same on every machine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/rng.hpp"
#include "netcode/rules.hpp"
#include "netcode/schema.hpp"
#include "simulation/simulation.hpp"

namespace test_games {

struct Kind {
  std::string name;
  netcode::RulesType type;
  netcode::MatchSetup setup;
  std::function<netcode::Bytes(engine::Rng&)> random_action;
  std::function<netcode::Input(engine::Rng&)> random_event;
};

Kind counter_kind();
Kind maze_kind();
std::map<std::string, netcode::RulesType> all_types();

/// Thinks of the inputs of each tick.
class Crowd {
 public:
  /// `with_views`: its players tell what they were shown. `with_presence`: their connections are lost and found, and
  /// some come with a ticket. The rest goes as without.
  Crowd(const Kind& kind, std::uint64_t seed, std::size_t players_max = 6, bool with_views = false,
        bool with_presence = false)
      : kind_(kind),
        rng_(seed),
        view_rng_(seed, 1),
        presence_rng_(seed, 2),
        players_max_(players_max),
        with_views_(with_views),
        with_presence_(with_presence) {}

  std::vector<netcode::Input> inputs(const netcode::Simulation& simulation);

 private:
  netcode::ViewTime view(netcode::Tick next, netcode::PlayerId player);
  void add_presence(std::vector<netcode::Input>& inputs);

  const Kind& kind_;
  engine::Rng rng_;
  engine::Rng view_rng_;
  engine::Rng presence_rng_;
  std::size_t players_max_;
  bool with_views_;
  bool with_presence_;
  std::vector<std::pair<netcode::PlayerId, netcode::Bytes>> last_;
};

/// A kind with its schema and a simulation of it that has started.
struct Match {
  explicit Match(Kind of, std::function<void(netcode::Emitted)> sink = {});
  Match(const Match&) = delete;  // the simulation refers to it
  Match& operator=(const Match&) = delete;

  Kind kind;
  std::unique_ptr<netcode::Schema> schema;
  std::unique_ptr<netcode::Simulation> simulation;
};

/// A simulation of `match`'s kind that has not started.
std::unique_ptr<netcode::Simulation> fresh_simulation(const Match& match);
/// Applies and fails the test at an error.
void apply(netcode::Simulation& simulation, const netcode::Input& input);

}  // namespace test_games
