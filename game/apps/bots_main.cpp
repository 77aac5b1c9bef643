// scrim-bots: plays a server's matches with bots over real connections, and measures what they are served.
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "engine/core/log.hpp"
#include "game/apps/bots/swarm.hpp"
#include "game/apps/seconds_within.hpp"
#include "netcode/limits.hpp"

namespace {

volatile bool g_should_stop = false;

int run(int argc, char** argv) {
  CLI::App app("Plays the arena with bots over real connections, and measures what they are served.", "scrim-bots");
  game::apps::SwarmConfig config;
  config.url = "ws://127.0.0.1:8787";
  bool json = false;
  std::string simulate;
  app.add_option("--connect", config.url, "The server (ws://127.0.0.1:8787)")->type_name("URL");
  app.add_option("--count", config.count, "How many bots (8)")->type_name("N")->check(CLI::Range(1, 15'000));
  app.add_option("--match", config.match, "The match to join; none: whichever has room")->type_name("ID");
  app.add_option("--duration", config.duration_s, "Stop after S seconds (0: when told to)")
      ->type_name("S")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{netcode::limits::kServerDurationMax.count()}));
  app.add_option("--bot-level", config.bot_level, "How good they are; 0: of every level in turn (0)")
      ->type_name("1-5")
      ->check(CLI::Range(0, 5));
  app.add_option("--cut-every", config.cut_every_s, "Cut each connection every S seconds, to see it resume")
      ->type_name("S")
      ->check(game::apps::SecondsWithin(0, 86'400));
  app.add_option("--record-actions", config.record_actions, "Write each action's message here, in hex, a line each")
      ->type_name("FILE");
  app.add_option("--seed", config.seed, "Of the bots' brains (1)")->type_name("N");
  app.add_option("--simulate", simulate, "As if over such a network: lan, good, fair, poor, spikes or outage")
      ->type_name("PROFILE");
  app.add_flag("--scores", config.shows_scores, "Show the match's scores, live on a terminal");
  app.add_flag("--json", json, "End with a line of JSON on stdout");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw std::runtime_error(error.what());
  }
  if (!simulate.empty()) {
    const auto profile = netcode::network_profile(simulate);
    if (!profile) throw std::runtime_error("--simulate: " + profile.error().reason);
    config.simulate = *profile;
  }
  engine::log_setup({.format = engine::LogFormat::kText, .level = "warn"});
  std::signal(SIGINT, [](int) { g_should_stop = true; });
  std::signal(SIGTERM, [](int) { g_should_stop = true; });
  if (std::signal(SIGHUP, [](int) { g_should_stop = true; }) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);  // nohup
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond `ulimit -f` fails, and that is all

  game::apps::Swarm swarm(config);
  swarm.run(g_should_stop);
  const std::string failure = swarm.failure();
  if (!failure.empty()) std::fprintf(stderr, "%s: %s\n", config.url.c_str(), failure.c_str());
  if (json) std::printf("%s\n", swarm.report().c_str());
  return failure.empty() ? 0 : 1;
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
