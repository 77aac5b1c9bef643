#include "recording/edit/edit_commands.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <set>
#include <system_error>

#include <spdlog/fmt/fmt.h>

#include "engine/core/utf8.hpp"
#include "recording/edit/failing_check.hpp"
#include "recording/edit/outcome.hpp"
#include "recording/edit/shell.hpp"
#include "recording/edit/shrink_recording.hpp"

namespace netcode::recording {
namespace {

constexpr int kOk = 0;
constexpr int kNotOk = 1;

volatile std::sig_atomic_t is_interrupted = 0;

int say_why_not(const std::string& file, const std::string& reason) {
  fmt::print(stderr, "{}: {}\n", file, engine::printable_utf8(reason));
  return kNotOk;
}

/// A line that is written over, for people; nothing for a file.
void show(const ShrinkProgress& smallest) {
  if (::isatty(STDERR_FILENO) != 1) return;
  fmt::print(stderr, "\r{} players, {} inputs, {} ticks; {} tried   ", smallest.players, smallest.inputs,
             smallest.ticks, smallest.tried);
}

engine::Result<Outcome> outcome_by(const std::string& program, const std::string& file, const OptionValues& options) {
  std::string line = shell_quoted(program) + " outcome " + shell_quoted(file);
  for (const auto& [name, value] : options)
    line.append(" --set ").append(shell_quoted(fmt::format("{}={}", name, value)));
  std::FILE* pipe = ::popen((line + " 2>&1").c_str(), "re");
  if (!pipe) return engine::error("{} cannot be started", program);
  std::string said;
  std::array<char, 512> some{};
  while (const std::size_t bytes = std::fread(some.data(), 1, some.size(), pipe)) said.append(some.data(), bytes);
  const int status = ::pclose(pipe);
  if (status != 0) return engine::error("{} says: {}", program, said.substr(0, said.find('\n')));
  return outcome_from_lines(said);
}

std::string words(const std::optional<std::string>& result) { return result ? "\"" + *result + "\"" : "no end"; }

std::set<std::string> names_of(const Outcome& a, const Outcome& b) {
  std::set<std::string> out;
  for (const auto& [name, count] : a.events) out.insert(name);
  for (const auto& [name, count] : b.events) out.insert(name);
  return out;
}

std::uint64_t count_of(const Outcome& outcome, const std::string& name) {
  const auto found = outcome.events.find(name);
  return found == outcome.events.end() ? 0 : found->second;
}

/// "hit 120 -> 98, kill 31 -> 25"
std::string differences(const Outcome& before, const Outcome& after) {
  std::string out;
  const auto add = [&out](const std::string& text) { out.append(out.empty() ? "" : ", ").append(text); };
  for (const std::string& name : names_of(before, after)) {
    const auto [was, is] = std::pair(count_of(before, name), count_of(after, name));
    if (was != is) add(fmt::format("{} {} -> {}", engine::printable_utf8(name), was, is));
  }
  if (before.ticks != after.ticks) add(fmt::format("ticks {} -> {}", before.ticks, after.ticks));
  if (before.result != after.result)
    add(engine::printable_utf8(fmt::format("result {} -> {}", words(before.result), words(after.result))));
  return out;
}

void add(Outcome& sum, const Outcome& one) {
  sum.ticks += one.ticks;
  for (const auto& [name, count] : one.events) sum.events[name] += count;
}

}  // namespace

int shrink(const ShrinkCommand& command, const RulesTypes& types) {
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond `ulimit -f` is an error like that of a full disk
  std::signal(SIGINT, [](int) { is_interrupted = 1; });
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(command.seconds);
  FailingCheck check(command.fails, types, std::chrono::seconds(command.check_seconds));
  const auto may_go_on = [until](const ShrinkProgress& smallest) {
    show(smallest);
    return is_interrupted == 0 && std::chrono::steady_clock::now() < until;
  };
  const auto done = shrink_recording(
      command.file,
      {.out = command.out, .fails = [&check](const std::string& path) { return check(path); }, .may_go_on = may_go_on});
  if (::isatty(STDERR_FILENO) == 1) fmt::print(stderr, "\n");
  if (!done) return say_why_not(command.file, done.error().reason);
  std::error_code none;
  fmt::print("{}: {} players, {} inputs, {} ticks, {} bytes; {} candidates tried\n", command.out, done->players,
             done->inputs, done->ticks, std::filesystem::file_size(command.out, none), done->tried);
  return kOk;
}

int outcome(const std::string& file, const OptionValues& options, const RulesTypes& types) {
  const auto found = outcome_of(file, types, options);
  if (!found) return say_why_not(file, found.error().reason);
  fmt::print("{}", as_lines(*found));
  return kOk;
}

int what_if(const WhatIfCommand& command, const RulesTypes& types) {
  Outcome before;
  Outcome after;
  std::size_t otherwise = 0;
  for (const std::string& file : command.files) {
    const auto was = outcome_of(file, types);
    if (!was) return say_why_not(file, was.error().reason);
    const auto is =
        command.by.empty() ? outcome_of(file, types, command.options) : outcome_by(command.by, file, command.options);
    if (!is) return say_why_not(file, is.error().reason);
    fmt::print("{}: {}\n", file, *was == *is ? "the same" : differences(*was, *is));
    add(before, *was);
    add(after, *is);
    otherwise += *was == *is ? 0U : 1U;
  }
  fmt::print("{} of {} otherwise", otherwise, command.files.size());
  if (const std::string all = differences(before, after); !all.empty()) fmt::print(", in all: {}", all);
  fmt::print("\n");
  if (otherwise > 0) fmt::print("Players would have acted otherwise: what they did is taken as it was.\n");
  return kOk;
}

}  // namespace netcode::recording
