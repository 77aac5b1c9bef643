#include "game/apps/scrim/flags.hpp"

#include <CLI/CLI.hpp>

#include <stdexcept>

#include "game/apps/seconds_within.hpp"
#include "game/client/menu/screen.hpp"

namespace game::apps {

std::optional<Flags> parse_flags(int argc, char** argv) {
  Flags flags;
  std::string simulate;
  CLI::App app("The arena: a game of small ships for up to 16. Without flags it opens at its menu.", "scrim");
  auto* connect =
      app.add_option("--connect", flags.connect, "Straight into a match of this server: host:port, host or a URL")
          ->type_name("ADDRESS");
  app.add_option("--name", flags.name, "What you are called, this time")->type_name("N");
  app.add_option("--match", flags.match, "With --connect: this match, made if there is none")
      ->type_name("ID")
      ->needs(connect);
  app.add_flag("--spectate", flags.spectate, "With --connect: watch, without a seat")->needs(connect);
  auto* replay = app.add_option("--replay", flags.replay, "Watch a recording")->type_name("FILE")->excludes(connect);
  app.add_flag("--offline", flags.offline, "Straight into a match against bots, without a network")
      ->excludes(connect)
      ->excludes(replay);
  app.add_option("--screenshot", flags.screenshot, "Write a picture of the window here, as PNG, and quit")
      ->type_name("FILE");
  app.add_option("--after", flags.after_s, "Quit, or take the --screenshot, after so many seconds")
      ->type_name("SECONDS")
      ->check(SecondsWithin(0, 86'400));
  app.add_option("--keys", flags.keys, "Press keys as a script says: \"1.5 W down; 2 Space; 3 W up; 3 'hello'\"")
      ->type_name("SCRIPT");
  app.add_option("--config", flags.config, "Keep the settings in this folder")->type_name("DIR");
  app.add_option("--frame-rate", flags.frame_rate, "At most so many frames a second")
      ->type_name("HZ")
      ->check(CLI::Range(10, 1'000));
  app.add_option("--simulate", simulate, "As if over such a network: lan, good, fair, poor, spikes or outage")
      ->type_name("PROFILE");
  app.add_flag("--software", flags.software, "Draw without a graphics card, even if there is one");
  app.add_flag("--fullscreen", flags.fullscreen, "Fill the screen");
  app.add_flag("--mute", flags.mute, "Make no sound");
  app.add_flag("--report", flags.report, "End with a line of JSON on stdout: frames and how long they took");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    app.exit(help);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw std::runtime_error(error.what());
  }
  if (connect->count() > 0) {
    flags.connect = client::full_address(flags.connect);
    if (flags.connect.empty()) throw std::runtime_error("--connect: a server's address is expected");
  }
  if (!simulate.empty()) {
    const auto profile = netcode::network_profile(simulate);
    if (!profile) throw std::runtime_error("--simulate: " + profile.error().reason);
    flags.simulate = *profile;
  }
  if (!flags.screenshot.empty() && flags.after_s == 0) flags.after_s = 1;
  return flags;
}

}  // namespace game::apps
