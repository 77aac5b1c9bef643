#include "server/options.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace netcode {
namespace {

constexpr std::int64_t kCountMax = 1'000'000;
/// More than any link takes.
constexpr std::int64_t kSnapshotBytesPerSecondMax = 1'000'000'000;

template <class T>
NumberOption number(T& field, std::int64_t min, std::int64_t max) {
  return {.min = min,
          .max = max,
          .get = [&field]() -> std::optional<std::int64_t> { return static_cast<std::int64_t>(field); },
          .set = [&field](std::int64_t value) { field = static_cast<T>(value); }};
}

// Of a field in which 0 says that it is unset.
template <class T>
NumberOption number_or_unset(T& field, std::int64_t min, std::int64_t max) {
  NumberOption option = number(field, min, max);
  option.get = [&field]() -> std::optional<std::int64_t> {
    return field == 0 ? std::nullopt : std::optional<std::int64_t>(field);
  };
  return option;
}

template <class T>
NumberOption number(std::optional<T>& field, std::int64_t min, std::int64_t max) {
  return {.min = min,
          .max = max,
          .get = [&field]() -> std::optional<std::int64_t> {
            return field ? std::optional<std::int64_t>(*field) : std::nullopt;
          },
          .set = [&field](std::int64_t value) { field = static_cast<T>(value); }};
}

template <class Period>
NumberOption number(std::chrono::duration<std::int64_t, Period>& field, std::int64_t min, std::int64_t max) {
  using Time = std::chrono::duration<std::int64_t, Period>;
  return {.min = min,
          .max = max,
          .get = [&field]() -> std::optional<std::int64_t> { return field.count(); },
          .set = [&field](std::int64_t value) { field = Time(value); }};
}

std::string key_of(std::string flag) {
  std::replace(flag.begin(), flag.end(), '-', '_');
  return flag;
}

OptionTarget target_of(const ExtraFlag& flag) {
  if (auto* const* text = std::get_if<std::string*>(&flag.value)) return TextOption{.out = *text, .choices = {}};
  if (auto* const* toggle = std::get_if<bool*>(&flag.value)) return SwitchOption{*toggle};
  return number(*std::get<int*>(flag.value), flag.min, flag.max);
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;  // clang 14 does not find it by itself

engine::Error not_expected(const Option& option, std::string_view given) {
  return engine::error("--{} {}: expected {}", option.flag, given, expected(option));
}

}  // namespace

std::vector<Option> server_options(ServerConfig& config, const std::vector<ExtraFlag>& extra) {
  std::vector<Option> options{
      {"listen", "listen", "HOST:PORT", "", "Listen here; repeatable. Port 0: a free one", TextsOption{&config.listen}},
      {"tls-cert", "tls_cert", "FILE", "plain", "Speak wss:// and https:// with this certificate and its chain (PEM)",
       TextOption{.out = &config.tls_cert, .choices = {}}},
      {"tls-key", "tls_key", "FILE", "plain", "The private key of --tls-cert (PEM)",
       TextOption{.out = &config.tls_key, .choices = {}}},
      {"path-prefix", "path_prefix", "PATH", "none", "Serve below this path alone: /games/match/ID, /games/healthz",
       TextOption{.out = &config.path_prefix, .choices = {}}},
      {"threads", "threads", "N", "", "Shards, each a thread; a match lives on one", number(config.threads, 1, 256)},
      {"record", "record", "DIR", "not recorded", "Record every match into this directory, made if there is none",
       TextOption{.out = &config.record_dir, .choices = {}}},
      {"duration", "duration", "S", "", "Stop after so many seconds; 0: when told to",
       number(config.duration, 0, limits::kServerDurationMax.count())},
      {"bots", "bots", "N", "as the game says", "Fill matches with bots up to so many players",
       number(config.bots, 0, static_cast<std::int64_t>(limits::kPlayersPerMatchMax))},
      {"tick-rate", "tick_rate", "HZ", "as the game says", "Ticks per second; the snapshot rate divides it",
       number_or_unset(config.tick_hz, 1, limits::kTickHzMax)},
      {"snapshot-rate", "snapshot_rate", "HZ", "as the game says", "Snapshots per second",
       number_or_unset(config.snapshot_hz, 1, limits::kTickHzMax)},
      {"rewind-ms", "rewind_ms", "MS", "as the game says", "Maximum lag compensation of shots; 0: none",
       number(config.rewind_ms_max, 0, limits::kRewindMax.count())},
      {"snapshot-bytes-per-second", "snapshot_bytes_per_second", "N", "",
       "What snapshots to one client may take; 0: all that they need",
       number(config.snapshot_bytes_per_second, 0, kSnapshotBytesPerSecondMax)},
      {"seed", "seed", "N", "", "Of the matches' random numbers; 0: another for each start",
       number(config.seed, 0, std::numeric_limits<std::int64_t>::max())},
      {"set", "options", "KEY=VALUE", "none", "An option for the rules of every match; repeatable. In the file a table",
       FieldsOption{&config.options}},
      {"sessions-max", "sessions_max", "N", "", "Sessions at once, those that may still resume included",
       number(config.sessions_max, 1, kCountMax)},
      {"matches-max", "matches_max", "N", "", "Matches at once", number(config.matches_max, 1, kCountMax)},
      {"matches-created-per-minute", "matches_created_per_minute", "N", "", "Matches that one address may create",
       number(config.matches_created_per_minute, 1, kCountMax)},
      {"create-by-url", "create_by_url", "", "", "A visit to /match/ID makes the match if there is none",
       SwitchOption{&config.create_by_url}},
      {"socketio", "socketio", "", "", "Clients of Socket.IO are served, below /socket.io/",
       SwitchOption{&config.socketio.is_served}},
      {"socketio-recovery-ms", "socketio_recovery_ms", "MS", "",
       "How long a lost client of Socket.IO may come back to where it was; 0: not at all",
       number(config.socketio.recovery_window, 0, limits::kResumeWindowMax.count())},
      {"admin-ui-password-hash", "admin_ui_password_hash", "HASH", "off",
       "Serve the Admin UI of Socket.IO to whoever has the password of this bcrypt hash",
       TextOption{.out = &config.admin_ui.password_hash, .choices = {}}},
      {"admin-ui-user", "admin_ui_user", "NAME", "", "The name to log in with there",
       TextOption{.out = &config.admin_ui.user, .choices = {}}},
      {"admin-ui-read-only", "admin_ui_read_only", "", "", "Its pages see, and change nothing",
       SwitchOption{&config.admin_ui.is_read_only}},
      {"twin-links", "twin_links", "", "", "A session may use two connections at once",
       SwitchOption{&config.twin_links}},
      {"resume-window-ms", "resume_window_ms", "MS", "", "How long a session without a connection keeps its seat",
       number(config.resume_window, 0, limits::kResumeWindowMax.count())},
      {"origin", "origins", "URL", "any", "Allow web pages of this origin only; repeatable",
       TextsOption{&config.origins}},
      {"json", "json", "", "", "End with a line of JSON on stdout", SwitchOption{&config.json}},
      {"log-level", "log_level", "LEVEL", "", "The least important lines that are logged",
       TextOption{.out = &config.log_level, .choices = {"trace", "debug", "info", "warn", "error", "off"}}},
      {"quiet", "quiet", "", "", "As --log-level warn", SwitchOption{&config.quiet}},
      {"log-json", "log_json", "", "", "Log lines as JSON", SwitchOption{&config.log_json}}};
  for (const ExtraFlag& flag : extra)
    options.push_back({flag.name, key_of(flag.name), flag.value_name, "", flag.help, target_of(flag)});
  return options;
}

std::vector<Option> command_line_options(std::string& config_file, bool& check_only) {
  return {
      {"config", "", "FILE", "none", "A TOML file with any of the keys; flags win",
       TextOption{.out = &config_file, .choices = {}}},
      {"check-config", "", "", "", "Check everything that a start needs, say so and leave", SwitchOption{&check_only}}};
}

std::string expected(const Option& option) {
  return std::visit(
      Overloaded{[](const NumberOption& number) {
                   return "a whole number, " + std::to_string(number.min) + " to " + std::to_string(number.max);
                 },
                 [](const TextOption& text) {
                   return text.choices.empty() ? std::string("text") : "one of " + joined(text.choices, ", ");
                 },
                 [](const TextsOption&) { return std::string("text, or a list of it"); },
                 [](const SwitchOption&) { return std::string("true or false"); },
                 [&](const FieldsOption&) { return option.value; }},
      option.target);
}

std::string usual(const Option& option) {
  if (!option.usual.empty()) return option.usual;
  return std::visit(Overloaded{[](const NumberOption& number) {
                                 const auto value = number.get();
                                 return value ? std::to_string(*value) : std::string("none");
                               },
                               [](const TextOption& text) { return *text.out; },
                               [](const TextsOption& texts) { return joined(*texts.out, ", "); },
                               [](const SwitchOption& toggle) { return std::string(*toggle.out ? "true" : "false"); },
                               [](const FieldsOption&) { return std::string("none"); }},
                    option.target);
}

engine::Result<void> set_number(const Option& option, std::int64_t value) {
  const auto* number = std::get_if<NumberOption>(&option.target);
  if (!number || value < number->min || value > number->max) return not_expected(option, std::to_string(value));
  number->set(value);
  return {};
}

engine::Result<void> set(const Option& option, std::span<const std::string> words) {
  if (words.empty()) return {};
  const std::string& last = words.back();
  if (auto* const texts = std::get_if<TextsOption>(&option.target)) {
    texts->out->assign(words.begin(), words.end());
    return {};
  }
  if (auto* const fields = std::get_if<FieldsOption>(&option.target)) {
    for (const std::string& word : words) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos || equals == 0) return not_expected(option, word);
      (*fields->out)[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return {};
  }
  if (words.size() > 1) return engine::error("--{} is given {} times, and takes one value", option.flag, words.size());
  if (auto* const text = std::get_if<TextOption>(&option.target)) {
    const bool is_one = text->choices.empty() || std::ranges::find(text->choices, last) != text->choices.end();
    if (!is_one) return not_expected(option, last);
    *text->out = last;
    return {};
  }
  if (auto* const toggle = std::get_if<SwitchOption>(&option.target)) {
    if (last != "true" && last != "false") return not_expected(option, last);
    *toggle->out = last == "true";
    return {};
  }
  const auto& number = std::get<NumberOption>(option.target);
  const auto value = whole_number(last, number.min, number.max);
  if (!value) return not_expected(option, last);
  number.set(*value);
  return {};
}

std::optional<std::string> bounds_problem(const std::vector<Option>& options) {
  for (const Option& option : options) {
    if (const auto* number = std::get_if<NumberOption>(&option.target)) {
      const auto value = number->get();
      if (value && (*value < number->min || *value > number->max))
        return not_expected(option, std::to_string(*value)).reason;
    }
    if (const auto* text = std::get_if<TextOption>(&option.target); text && !text->choices.empty())
      if (std::ranges::find(text->choices, *text->out) == text->choices.end())
        return not_expected(option, *text->out).reason;
  }
  return std::nullopt;
}

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || value < min || value > max) return std::nullopt;
  return value;
}

}  // namespace netcode
