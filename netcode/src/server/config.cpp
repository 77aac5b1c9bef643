#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "engine/core/utf8.hpp"
#include "netcode/server_config.hpp"
#include "server/bcrypt.hpp"
#include "server/config_file.hpp"

namespace netcode {
namespace {

/// Of less there is no snapshot for seconds, whatever is left out of it.
constexpr std::uint32_t kSnapshotBytesPerSecondMin = 1000;

// "HOST:PORT", "[::1]:PORT"; what is wrong with it, or nothing.
std::optional<std::string> listen_problem(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) return "--listen " + listen + ": expected HOST:PORT";
  if (!whole_number(std::string_view(listen).substr(colon + 1), 0, 65'535))
    return "--listen " + listen + ": expected a port, 0 to 65535";
  return std::nullopt;
}

// Within a URL as it is, and nothing that a proxy or a client would resolve to another path.
std::optional<std::string> prefix_problem(const std::string& prefix) {
  constexpr std::size_t kBytesMax = 256;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '~' || c == '/';
  };
  const bool is_path = prefix.empty() || (prefix.front() == '/' && prefix.back() != '/');
  if (is_path && prefix.size() <= kBytesMax && std::ranges::all_of(prefix, fits) &&
      prefix.find("//") == std::string::npos && prefix.find("/.") == std::string::npos)
    return std::nullopt;
  return fmt::format("--path-prefix {}: expected a path as /games, of at most {} bytes of A-Z a-z 0-9 - _ . ~ and /",
                     engine::printable_utf8(prefix.substr(0, kBytesMax)), kBytesMax);
}

// Without the hash itself: who reads logs need not have it.
std::optional<std::string> admin_ui_problem(const AdminUiConfig& config, const SocketioConfig& socketio) {
  if (config.password_hash.empty()) return std::nullopt;
  if (!is_bcrypt_hash(config.password_hash))
    return fmt::format("--admin-ui-password-hash: expected a bcrypt hash, $2y$10$..., of a cost of at most {}",
                       kBcryptCostMax);
  if (config.user.empty()) return "--admin-ui-user: expected a name";
  if (!socketio.is_served) return "--admin-ui-password-hash: the Admin UI needs --socketio";
  return std::nullopt;
}

/// What the command line gave to each option, in the table's order.
using Words = std::vector<std::vector<std::string>>;

void add_to(CLI::App& app, const std::vector<Option>& options, Words& words) {
  words.resize(options.size());
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Option& option = options[i];
    const bool is_switch = std::holds_alternative<SwitchOption>(option.target);
    const std::string help = option.help + " (" + usual(option) + ")";
    if (is_switch) {
      app.add_flag("--" + option.flag, words[i], help);
    } else {
      app.add_option("--" + option.flag, words[i], help)->type_name(option.value)->expected(1)->take_all();
    }
  }
}

engine::Result<void> take_from(const std::vector<Option>& options, const Words& words) {
  for (std::size_t i = 0; i < options.size(); ++i)
    if (auto ok = set(options[i], words[i]); !ok) return ok;
  return {};
}

}  // namespace

std::optional<std::string> ServerConfig::problem() const {
  ServerConfig copy = *this;
  if (auto problem = bounds_problem(server_options(copy))) return problem;
  if (listen.empty()) return "--listen: expected at least one HOST:PORT";
  for (const std::string& address : listen)
    if (auto problem = listen_problem(address)) return problem;
  if (auto problem = prefix_problem(path_prefix)) return problem;
  if (tls_cert.empty() != tls_key.empty()) return "--tls-cert and --tls-key: expected both or neither";
  if (tick_hz != 0 && snapshot_hz != 0 && tick_hz % snapshot_hz != 0)
    return "--snapshot-rate " + std::to_string(snapshot_hz) + " does not divide --tick-rate " + std::to_string(tick_hz);
  if (snapshot_bytes_per_second != 0 && snapshot_bytes_per_second < kSnapshotBytesPerSecondMin)
    return fmt::format("--snapshot-bytes-per-second {}: expected 0, or at least {}", snapshot_bytes_per_second,
                       kSnapshotBytesPerSecondMin);
  if (auto problem = admin_ui_problem(admin_ui, socketio)) return problem;
  return std::nullopt;
}

engine::Result<Arguments> parse_arguments(const std::string& program, const std::vector<std::string>& arguments,
                                          const std::string& description, const std::vector<ExtraFlag>& extra) {
  Arguments out;
  std::string config_file;
  const std::vector<Option> first = command_line_options(config_file, out.config.check_only);
  const std::vector<Option> options = server_options(out.config, extra);
  CLI::App app(description, program);
  Words first_words, words;
  add_to(app, first, first_words);
  add_to(app, options, words);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 wants them last first
  } catch (const CLI::CallForHelp&) {
    out.help = app.help();
    return out;
  } catch (const CLI::ParseError& error) {
    return engine::error("{}", error.what());
  }
  if (auto ok = take_from(first, first_words); !ok) return ok.error();
  if (!config_file.empty())
    if (auto ok = read_config_file(config_file, options); !ok) return ok.error();
  if (auto ok = take_from(options, words); !ok) return ok.error();
  if (auto problem = out.config.problem()) return engine::error("{}", *problem);
  return Arguments{.config = std::move(out.config), .help = {}};
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
  return std::move(parsed->config);
}

}  // namespace netcode
