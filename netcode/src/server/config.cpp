#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "netcode/server_config.hpp"
#include "server/config_file.hpp"

namespace netcode {
namespace {

// "HOST:PORT", "[::1]:PORT"; what is wrong with it, or nothing.
std::optional<std::string> listen_problem(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) return "--listen " + listen + ": HOST:PORT, please";
  const std::string port = listen.substr(colon + 1);
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), value);
  if (problem != std::errc() || end != port.data() + port.size() || value > 65535)
    return "--listen " + listen + ": the port is 0 to 65535";
  return std::nullopt;
}

engine::Result<Fields> split_options(const std::vector<std::string>& settings) {
  Fields out;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) return engine::error("--set {}: KEY=VALUE, please", setting);
    out[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return out;
}

}  // namespace

std::optional<std::string> ServerConfig::problem() const {
  if (listen.empty()) return "--listen: at least one HOST:PORT";
  for (const std::string& address : listen)
    if (auto problem = listen_problem(address)) return problem;
  if (threads == 0 || threads > 256) return "--threads: 1 to 256";
  if (tick_hz > limits::kTickHzMax) return "--tick-rate: at most " + std::to_string(limits::kTickHzMax);
  if (tick_hz != 0 && snapshot_hz != 0 && tick_hz % snapshot_hz != 0)
    return "--snapshot-rate " + std::to_string(snapshot_hz) + " does not divide --tick-rate " + std::to_string(tick_hz);
  if (rewind_ms_max && *rewind_ms_max > limits::kRewindMax.count())
    return "--rewind-ms: at most " + std::to_string(limits::kRewindMax.count());
  if (bots && *bots > limits::kPlayersPerMatchMax)
    return "--bots: at most " + std::to_string(limits::kPlayersPerMatchMax);
  if (!record_dir.empty()) {
    struct stat status {};
    if (mkdir(record_dir.c_str(), 0777) != 0 && errno != EEXIST)
      return "--record " + record_dir + ": cannot be made: " + std::string(std::strerror(errno));
    if (stat(record_dir.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
      return "--record " + record_dir + ": is not a directory";
  }
  return std::nullopt;
}

engine::Result<Arguments> parse_arguments(const std::string& program, const std::vector<std::string>& arguments,
                                          const std::string& description, const std::vector<ExtraFlag>& extra) {
  Arguments out;
  ServerConfig& config = out.config;
  CLI::App app(description, program);
  std::string config_file;
  std::vector<std::string> listen, settings;
  std::int64_t duration_s = 0;
  std::uint32_t bots = 0, rewind_ms = 0;
  const auto* listen_flag =
      app.add_option("--listen", listen, "Listen here; repeatable; port 0 picks one (127.0.0.1:8787)")
          ->type_name("HOST:PORT");
  app.add_option("--config", config_file, "A TOML file with the same names; flags win")->type_name("FILE");
  app.add_flag("--check-config", out.check_config, "Check the configuration and leave");
  const auto* bots_flag = app.add_option("--bots", bots, "Fill matches with bots up to N players")->type_name("N");
  auto* threads_flag = app.add_option("--threads", config.threads, "Shards: a match lives on one (1)")->type_name("N");
  auto* record_flag =
      app.add_option("--record", config.record_dir, "Record every match into this directory")->type_name("DIR");
  const auto* duration_flag =
      app.add_option("--duration", duration_s, "Stop after S seconds (0: when told to)")->type_name("S");
  auto* tick_flag = app.add_option("--tick-rate", config.tick_hz, "Ticks a second (60)")->type_name("HZ");
  auto* snapshot_flag =
      app.add_option("--snapshot-rate", config.snapshot_hz, "Snapshots a second (30)")->type_name("HZ");
  const auto* rewind_flag =
      app.add_option("--rewind-ms", rewind_ms, "Judge shots by what was shown, up to so long ago; 0: never (400)")
          ->type_name("MS");
  auto* seed_flag = app.add_option("--seed", config.seed, "Of the matches; 0: another every time (0)")->type_name("N");
  app.add_option("--set", settings, "An option for the rules; repeatable")->type_name("KEY=VALUE");
  auto* json_flag = app.add_flag("--json", config.json, "End with a line of JSON on stdout");
  auto* quiet_flag = app.add_flag("--quiet", config.quiet, "Log warnings and errors only");
  auto* log_json_flag = app.add_flag("--log-json", config.log_json, "Log lines as JSON");
  std::vector<std::string> extra_values(extra.size());
  std::vector<const CLI::Option*> extra_flags;
  for (std::size_t i = 0; i < extra.size(); ++i)
    extra_flags.push_back(
        app.add_option("--" + extra[i].name, extra_values[i], extra[i].help)->type_name(extra[i].value_name));
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 wants them last first
  } catch (const CLI::CallForHelp&) {
    out.help = app.help();
    return out;
  } catch (const CLI::ParseError& error) {
    return engine::error("{}", error.what());
  }

  if (!config_file.empty()) {
    // The file is read into a config of its own: only what no flag has said is taken from it.
    ServerConfig file;
    if (auto ok = read_config_file(config_file, file, extra); !ok) return ok.error();
    const ServerConfig flags = config;
    config = file;
    if (*threads_flag) config.threads = flags.threads;
    if (*record_flag) config.record_dir = flags.record_dir;
    if (*tick_flag) config.tick_hz = flags.tick_hz;
    if (*snapshot_flag) config.snapshot_hz = flags.snapshot_hz;
    if (*seed_flag) config.seed = flags.seed;
    if (*json_flag) config.json = flags.json;
    if (*quiet_flag) config.quiet = flags.quiet;
    if (*log_json_flag) config.log_json = flags.log_json;
  }
  for (std::size_t i = 0; i < extra.size(); ++i)
    if (*extra_flags[i]) *extra[i].value = extra_values[i];
  if (*listen_flag) config.listen = listen;
  if (*bots_flag) config.bots = bots;
  if (*rewind_flag) config.rewind_ms_max = rewind_ms;
  if (*duration_flag) {
    if (duration_s < 0) return engine::error("--duration {}: a number of seconds, not negative", duration_s);
    config.duration = std::chrono::seconds(duration_s);
  }
  auto options = split_options(settings);
  if (!options) return options.error();
  for (auto& [key, value] : *options) config.options[key] = value;
  if (auto problem = config.problem()) return engine::error("{}", *problem);
  return out;
}

ServerConfig ServerConfig::from_args(int argc, char** argv, const std::string& description,
                                     const std::vector<ExtraFlag>& extra) {
  auto parsed = parse_arguments(argv[0], std::vector<std::string>(argv + 1, argv + argc), description, extra);
  if (!parsed) {
    std::fprintf(stderr, "%s\n", parsed.error().reason.c_str());
    std::exit(2);
  }
  if (parsed->help) {
    std::fputs(parsed->help->c_str(), stdout);
    std::exit(0);
  }
  if (parsed->check_config) {
    std::puts("the configuration is fine");
    std::exit(0);
  }
  return std::move(parsed->config);
}

}  // namespace netcode
