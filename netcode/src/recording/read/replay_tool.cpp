#include "netcode/replay_tool.hpp"

#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <limits>

#include "engine/core/utf8.hpp"
#include "recording/edit/edit_commands.hpp"
#include "recording/read/diff_recordings.hpp"
#include "recording/read/dump_recording.hpp"
#include "recording/read/export_frames.hpp"

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

std::string json(const recording::RecordingDifference& found) {
  const auto texts = [](const std::vector<std::string>& all) {
    std::string out;
    for (const std::string& one : all) out += (out.empty() ? "" : ",") + quoted(one);
    return out;
  };
  std::string out =
      fmt::format(R"({{"same":{},"ticks":{},"setup":[{}])", found.are_same(), found.ticks, texts(found.setup));
  if (found.tick) out += fmt::format(R"(,"tick":{},"what":{})", *found.tick, quoted(found.what));
  if (found.state_tick)
    out += fmt::format(R"(,"state_tick":{},"is_first_state":{},"field":{})", *found.state_tick, found.is_first_state,
                       quoted(shown(found.field)));
  return out + fmt::format(R"(,"remarks":[{}]}})", texts(found.remarks));
}

int diff(const std::string& left, const std::string& right, bool as_json, const RulesTypes& types) {
  const auto found = recording::diff_recordings(left, right, types);
  if (!found) {
    fmt::print(stderr, "{}\n", shown(found.error().reason));
    return kNotOk;
  }
  if (as_json) {
    fmt::print("{}\n", json(*found));
    return found->are_same() ? kOk : kNotOk;
  }
  for (const std::string& one : found->setup) fmt::print("{}\n", one);
  if (found->tick) fmt::print("tick {}: {}\n", *found->tick, found->what);
  if (found->state_tick)
    fmt::print("{} tick {}: {}\n", found->is_first_state ? "the states part after" : "the keyframes differ at",
               *found->state_tick, shown(found->field));
  for (const std::string& one : found->remarks) fmt::print("{}\n", shown(one));
  if (found->are_same()) fmt::print("the same: {} ticks\n", found->ticks);
  return found->are_same() ? kOk : kNotOk;
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
  const HostingOptions& hosting = of.hosting;
  line("seats", fmt::format("{} players, {} spectators{}{}{}{}{}", hosting.players_max, hosting.spectators_max,
                            hosting.bots ? fmt::format(", bots up to {}", *hosting.bots) : "",
                            hosting.is_private ? ", private" : "", hosting.has_password ? ", with a password" : "",
                            hosting.keep_when_empty ? ", standing" : "",
                            hosting.ticks_when_empty ? ", ticking when empty" : ""));
  for (const auto& [key, value] : of.setup.options) line("option", fmt::format("{} = {}", key, value));
  for (const auto& [key, value] : hosting.metadata) line("metadata", fmt::format("{} = {}", key, value));
  line("length", fmt::format("{} ticks ({:.1f} s), {} records, {} bytes", end.last_tick,
                             static_cast<double>(end.last_tick) / of.setup.tick_hz, end.records, end.bytes));
  if (of.inputs_alone) line("holds", "inputs alone: what comes of them is not recorded");
  line("result", end.result.value_or("(none: the match was not ended)"));
  if (end.truncated) line("no end", end.truncated_reason);
  if (end.incomplete) line("incomplete", "its end is missing: the server could not write it");
  return kOk;
}

// "A" or "A-B".
bool parse_ticks(const std::string& text, recording::DumpOptions& options) {
  const std::size_t dash = text.find('-');
  const auto number = [](std::string_view part, Tick& into) {
    const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), into);
    return problem == std::errc() && end == part.data() + part.size();
  };
  const std::string_view all = text;
  if (!number(all.substr(0, dash), options.first)) return false;
  options.last = options.first;
  return dash == std::string::npos || (number(all.substr(dash + 1), options.last) && options.last >= options.first);
}

int dump(const std::string& file, const recording::DumpOptions& options) {
  const auto done = recording::dump_recording(file, options, [](const std::string& line) { fmt::print("{}\n", line); });
  if (done) return kOk;
  std::fflush(stdout);
  fmt::print(stderr, "{}: {}\n", file, shown(done.error().reason));
  return kNotOk;
}

int frames(const std::string& file, const recording::ExportOptions& options, const RulesTypes& types) {
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond `ulimit -f` is an error like that of a full disk
  const auto done = recording::export_frames(file, types, options);
  if (!done) {
    fmt::print(stderr, "{}: {}\n", file, shown(done.error().reason));
    return kNotOk;
  }
  fmt::print("{}: {} frames, {} bytes, one every {} ticks of {}\n", options.frames_path, done->frames, done->bytes,
             done->every_ticks, done->last_tick);
  if (!done->truncated_reason.empty()) fmt::print("it has no end: {}\n", shown(done->truncated_reason));
  return kOk;
}

// "frag_limit=5", more than one; false: one is none.
bool parse_options(const std::vector<std::string>& texts, recording::OptionValues& into) {
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) return false;
    into[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return true;
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
  std::string ticks;
  std::uint32_t player = 0;
  CLI::App* dump_command =
      app.add_subcommand("dump", "its inputs, events, hashes, keyframes and sessions, a line each");
  recording::ExportOptions exported;
  CLI::App* frames_command =
      app.add_subcommand("frames", "play it, and write the World of every snapshot into a file, for other programs");
  std::string other;
  CLI::App* diff_command =
      app.add_subcommand("diff", "where two recordings part: the first tick, and the field in which it shows");
  recording::ShrinkCommand shrunk;
  CLI::App* shrink_command = app.add_subcommand(
      "shrink", "the fewest players, inputs and ticks of it with which something still fails, as a recording");
  for (CLI::App* command : {info_command, verify_command, dump_command, frames_command, diff_command, shrink_command}) {
    command->add_option("FILE", file, "a recording")->required();
  }
  diff_command->add_option("OTHER", other, "another one of the same game")->required();
  for (CLI::App* command : {verify_command, diff_command}) command->add_flag("--json", as_json, "one line of JSON");
  CLI::Option* ticks_option = dump_command->add_option("--tick", ticks, "only of this tick, or of these: A-B");
  CLI::Option* player_option =
      dump_command->add_option("--player", player, "only what this player did, or was told alone");
  frames_command
      ->add_option("--out", exported.frames_path, "for each frame: its size (u32, little-endian), and a FlatBuffer")
      ->required();
  frames_command->add_option("--schema-out", exported.schema_path, "the schema that the recording embeds, as .bfbs");
  frames_command->add_option("--every", exported.every_ticks, "ticks between two frames; else as snapshots were sent")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{std::numeric_limits<Tick>::max()}));
  shrink_command->add_option("--out", shrunk.out, "the recording to write, of inputs alone")->required();
  shrink_command
      ->add_option("--fails", shrunk.fails,
                   "a command that is given a recording, for {} or behind it, and exits with 0 where all is well; or "
                   "verify")
      ->capture_default_str();
  shrink_command->add_option("--seconds", shrunk.seconds, "then what is smallest by now is it")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  shrink_command->add_option("--check-seconds", shrunk.check_seconds, "a check that takes longer does not fail")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  CLI::App* outcome_command =
      app.add_subcommand("outcome", "what comes of its inputs: events by name, and the result, a line each");
  std::vector<std::string> set;
  outcome_command->add_option("FILE", file, "a recording")->required();
  recording::WhatIfCommand asked;
  CLI::App* what_if_command =
      app.add_subcommand("whatif", "what would have come of recorded matches by other options or rules");
  what_if_command->add_option("FILES", asked.files, "recordings")->required();
  what_if_command->add_option("--by", asked.by, "another build of this program, whose rules play them");
  for (CLI::App* command : {outcome_command, what_if_command})
    command->add_option("--set", set, "NAME=VALUE: an option of the match, in place of the recorded one; repeatable")
        ->take_all()
        ->expected(1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& wrong) {
    fmt::print(stderr, "{}\n", wrong.what());
    return kUsage;
  }
  recording::DumpOptions dumped;
  if (player_option->count() > 0) dumped.player = PlayerId{player};
  if (ticks_option->count() > 0 && !parse_ticks(ticks, dumped)) {
    fmt::print(stderr, "--tick {}: expected A or A-B, with A at most B\n", shown(ticks));
    return kUsage;
  }
  recording::OptionValues options;
  if (!parse_options(set, options)) {
    fmt::print(stderr, "--set: expected NAME=VALUE\n");
    return kUsage;
  }
  asked.options = options;
  if (what_if_command->parsed() && options.empty() && asked.by.empty()) {
    fmt::print(stderr, "whatif: expected --set or --by, or nothing comes out otherwise\n");
    return kUsage;
  }
  std::vector<std::string> files{file};
  if (diff_command->parsed()) files.push_back(other);
  if (what_if_command->parsed()) files = asked.files;
  for (const std::string& needed : files) {
    if (is_file(needed)) continue;
    fmt::print(stderr, "{}: no such file\n", needed);
    return kUsage;
  }
  if (diff_command->parsed()) return diff(file, other, as_json, types);
  if (dump_command->parsed()) return dump(file, dumped);
  if (frames_command->parsed()) return frames(file, exported, types);
  shrunk.file = file;
  if (shrink_command->parsed()) return recording::shrink(shrunk, types);
  if (outcome_command->parsed()) return recording::outcome(file, options, types);
  if (what_if_command->parsed()) return recording::what_if(asked, types);
  return info_command->parsed() ? info(file) : verify(file, as_json, types);
}

}  // namespace netcode
