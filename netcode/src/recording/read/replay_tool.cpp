#include "netcode/replay_tool.hpp"

#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <ctime>
#include <iterator>

#include "engine/core/utf8.hpp"

namespace netcode {

namespace {

constexpr int kOk = 0;
constexpr int kNotOk = 1;
constexpr int kUsage = 2;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

// What a file says is shown, but does not get to steer the terminal.
std::string shown(const std::string& text) { return engine::printable_utf8(text); }

std::string json(const std::string& file, const VerifyReport& report) {
  std::string out = fmt::format(
      R"({{"file":{},"ok":{},"ticks":{},"hashes_checked":{},"keyframes_checked":{},"events_checked":{},"truncated":{},"incomplete":{})",
      quoted(file), report.ok, report.ticks, report.hashes_checked, report.keyframes_checked, report.events_checked,
      report.truncated, report.incomplete);
  if (report.result) out += ",\"result\":" + quoted(shown(*report.result));
  if (report.first_bad_tick) out += fmt::format(",\"first_bad_tick\":{}", *report.first_bad_tick);
  if (!report.reason.empty()) out += ",\"reason\":" + quoted(shown(report.reason));
  if (!report.difference.empty()) out += ",\"difference\":" + quoted(shown(report.difference));
  return out + "}";
}

int verify(const std::string& file, bool as_json, const RulesTypes& types) {
  const VerifyReport report = verify_recording(file, types);
  if (as_json) {
    fmt::print("{}\n", json(file, report));
    return report.ok ? kOk : kNotOk;
  }
  if (report.ok) {
    fmt::print("{}: ok: {} ticks, {} hashes, {} keyframes, {} events\n", file, report.ticks, report.hashes_checked,
               report.keyframes_checked, report.events_checked);
    if (report.truncated) fmt::print("it has no end: {}\n", shown(report.reason));
    if (report.incomplete) fmt::print("its end is missing: the server could not write it\n");
    return kOk;
  }
  const std::string where = report.first_bad_tick ? fmt::format(" at tick {}", *report.first_bad_tick) : "";
  fmt::print("{}: not ok{}: {}\n", file, where, shown(report.reason));
  if (!report.difference.empty()) fmt::print("recorded != played: {}\n", shown(report.difference));
  return kNotOk;
}

std::string utc(std::uint64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm parts{};
  char text[32] = "?";
  if (gmtime_r(&seconds, &parts) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text;
}

int info(const std::string& file) {
  const auto summary = summarize_recording(file);
  if (!summary) {
    fmt::print(stderr, "{}: {}\n", file, shown(summary.error().reason));
    return kNotOk;
  }
  const RecordingInfo& of = summary->info;
  const RecordingEnd& end = summary->end;
  const auto line = [](const char* what, const std::string& value) { fmt::print("{:<10} {}\n", what, shown(value)); };
  line("match", fmt::format("{} ({})", of.setup.match_id, of.kind));
  line("made by", fmt::format("{}, rules version {}, schema {:016x}", of.build, of.rules_version, of.schema_hash));
  line("started", utc(of.started_unix_ms));
  line("rates", fmt::format("{} ticks/s, {} snapshots/s", of.setup.tick_hz, of.setup.snapshot_hz));
  line("seed", std::to_string(of.setup.seed));
  for (const auto& [key, value] : of.setup.options) line("option", key + " = " + value);
  line("length", fmt::format("{} ticks ({:.1f} s), {} records, {} bytes", end.last_tick,
                             static_cast<double>(end.last_tick) / of.setup.tick_hz, end.records, end.bytes));
  line("result", end.result.value_or("(none: the match was not ended)"));
  if (end.truncated) line("no end", end.truncated_reason);
  if (end.incomplete) line("incomplete", "its end is missing: the server could not write it");
  return kOk;
}

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

int replay_tool(int argc, char** argv, const RulesTypes& types) {
  CLI::App app("Recordings of matches: what is in them, and whether they play to the same state.");
  app.require_subcommand(1);
  std::string file;
  bool as_json = false;
  CLI::App* info_command = app.add_subcommand("info", "what the recording is of, and where it ends");
  CLI::App* verify_command = app.add_subcommand("verify", "play it and compare every hash, keyframe and event");
  for (CLI::App* command : {info_command, verify_command}) {
    command->add_option("FILE", file, "a recording")->required();
  }
  verify_command->add_flag("--json", as_json, "one line of JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& wrong) {
    fmt::print(stderr, "{}\n", wrong.what());
    return kUsage;
  }
  if (!is_file(file)) {
    fmt::print(stderr, "{}: no such file\n", file);
    return kUsage;
  }
  return info_command->parsed() ? info(file) : verify(file, as_json, types);
}

}  // namespace netcode
