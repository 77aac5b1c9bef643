// scenes_bench: five small scenes of 100 objects for 100 clients over real loopback sockets: what goes over each
// connection, and what the server's process takes. tests/bench/scenes/README.md says what is counted.
#include <cstdio>
#include <exception>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "engine/core/log.hpp"
#include "scenes/report.hpp"

namespace {

void run_scene(int number, const scenes::MeasureOptions& options, bool as_json) {
  const auto figures = scenes::measure(static_cast<scenes::Scene>(number), options);
  if (!figures) throw std::runtime_error(fmt::format("scene {}: {}", number, figures.error().reason));
  fmt::print("{}{}", as_json ? scenes::json_of(*figures) : scenes::text_of(*figures), as_json ? "\n" : "");
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  CLI::App app("Five scenes of 100 objects for clients over real sockets: bytes on the wire, and the server's CPU.",
               "scenes_bench");
  scenes::MeasureOptions options;
  int scene = 0;
  bool as_json = false;
  app.add_option("--scene", scene, "1: sine, 2: wander, 3: still, 4: spawn, 5: numbers; 0: one after the other (0)")
      ->type_name("N")
      ->check(CLI::Range(0, scenes::kScenes));
  app.add_option("--clients", options.clients, "How many connections (100)")->type_name("N")->check(CLI::Range(1, 900));
  app.add_option("--seconds", options.seconds, "How long each scene is measured (20)")
      ->type_name("S")
      ->check(CLI::Range(1, 3600));
  app.add_flag("--json", as_json, "A line of JSON for each scene");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
  engine::log_setup({.format = engine::LogFormat::kText, .level = "warn"});
  const int first = scene == 0 ? 1 : scene, last = scene == 0 ? scenes::kScenes : scene;
  for (int number = first; number <= last; ++number) run_scene(number, options, as_json);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
