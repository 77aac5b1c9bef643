// feel_bench: what a match feels like over a bad network, measured. Bots play through the pieces that the game's window
// is made of, over netcode's client, server and simulated network, in virtual time: the same seed prints the same
// bytes.
#include <cstdio>
#include <stdexcept>
#include <string>

#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include "tests/bench/feel/model.hpp"
#include "tests/bench/feel/rig.hpp"

namespace {

using game::feel::Options;

struct Asked {
  std::string profile;
  std::string links = "auto";
  double fixed_interpolation_ms = -1;
  bool no_prediction = false;
  bool no_lag_compensation = false;
  bool json = false;
  bool with_model = false;
  Options options;
};

netcode::Links links_of(const std::string& text) {
  if (text == "1") return netcode::Links::kOne;
  if (text == "2") return netcode::Links::kTwo;
  return netcode::Links::kAuto;
}

void measure(const Asked& asked, const netcode::NetworkProfile& network) {
  Options options = asked.options;
  options.network = network;
  options.links = links_of(asked.links);
  options.predicts = !asked.no_prediction;
  options.compensates_lag = !asked.no_lag_compensation;
  if (asked.fixed_interpolation_ms >= 0) options.fixed_delay_s = asked.fixed_interpolation_ms / 1000;
  const auto figures = game::feel::measure(options);
  if (!figures) throw std::runtime_error(figures.error().reason);
  std::printf("%s\n", asked.json ? as_json(options, *figures).c_str() : as_table(options, *figures).c_str());
  if (asked.with_model) {
    const game::feel::Model model = game::feel::model_of(options, *figures);
    std::printf(asked.json ? "{\"model\":true,\"missing_actions\":%.5f,\"starved_frames\":%.5f}\n"
                           : "  TCP alone, at this slack and delay: missing %.4f, starved %.4f\n",
                model.missing_actions, model.starved_frames);
  }
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  CLI::App app("Measures what a match feels like over a simulated network.", "feel_bench");
  Asked asked;
  app.add_option("--profile", asked.profile, "lan, good, fair, poor, spikes or outage (all of them)")
      ->type_name("NAME");
  app.add_option("--links", asked.links, "Connections that carry a session (auto)")
      ->type_name("1|2|auto")
      ->check(CLI::IsMember({"1", "2", "auto"}));
  app.add_option("--seconds", asked.options.seconds, "How long (60)")->type_name("S")->check(CLI::Range(1, 3600));
  app.add_option("--seed", asked.options.seed, "Of everything that is random (1)")->type_name("N");
  app.add_option("--players", asked.options.players, "How many bots (16)")->type_name("N")->check(CLI::Range(2, 32));
  app.add_option("--level", asked.options.level, "How good they are; 0: 3 and 4 in turn (0)")
      ->type_name("1-5")
      ->check(CLI::Range(0, 5));
  app.add_option("--map", asked.options.map, "Where (large)")->type_name("NAME");
  app.add_option("--mode", asked.options.mode, "ffa, or instarail, or tdm for up to 8 (instarail)")->type_name("MODE");
  app.add_flag("--no-prediction", asked.no_prediction, "The own ship is drawn as the others are");
  app.add_flag("--no-lag-compensation", asked.no_lag_compensation, "Shots are judged where ships are");
  app.add_option("--fixed-interpolation", asked.fixed_interpolation_ms, "A buffer of this, whatever the network does")
      ->type_name("MS")
      ->check(CLI::Range(0, 1000));
  app.add_flag("--model", asked.with_model, "And what the network's model alone makes of the two streams");
  app.add_flag("--json", asked.json, "A line of JSON for each profile instead of a table");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw std::runtime_error(error.what());
  }
  spdlog::set_level(spdlog::level::warn);
  if (!asked.json) std::printf("%s\n", game::feel::table_head().c_str());
  if (asked.profile.empty()) {
    for (const netcode::NetworkProfile& network : netcode::network_profiles()) measure(asked, network);
    return 0;
  }
  const auto network = netcode::network_profile(asked.profile);
  if (!network) throw std::runtime_error("--profile: " + network.error().reason);
  measure(asked, *network);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
