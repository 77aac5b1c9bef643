#include "recording/edit/outcome.hpp"

#include <charconv>

#include <spdlog/fmt/fmt.h>

#include "engine/core/utf8.hpp"
#include "recording/format/tick_codec.hpp"
#include "recording/read/recording_reader.hpp"
#include "recording/read/resimulation.hpp"

namespace netcode::recording {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), into);
  return problem == std::errc() && end == text.data() + text.size();
}

/// "hit 12"
bool read_event(std::string_view text, Outcome& into) {
  const std::size_t space = text.rfind(' ');
  std::uint64_t count = 0;
  if (space == std::string_view::npos || space == 0 || !read_number(text.substr(space + 1), count)) return false;
  into.events[std::string(text.substr(0, space))] = count;
  return true;
}

}  // namespace

engine::Result<Outcome> outcome_of(const std::string& path, const RulesTypes& types,
                                   const std::map<std::string, std::string>& options) {
  auto reader = RecordingReader::open_file(path);
  if (!reader) return reader.error();
  RecordingInfo info = (*reader)->info();
  if (const auto type = types.find(info.kind); type != types.end()) info.rules_version = type->second.version;
  for (const auto& [name, value] : options) info.setup.options[name] = value;
  auto played = Resimulation::create(info, types);
  if (!played) return played.error();

  Outcome out;
  Simulation& simulation = (*played)->simulation();
  simulation.set_emit_sink([&out](const Emitted& event) { ++out.events[event.name]; });
  simulation.start();
  TickDecoder decoder(info.hash_interval_ticks);
  while (!simulation.result()) {
    const auto kind = (*reader)->next();
    if (!kind) return kind.error();
    if (*kind == RecordingReader::Kind::kEnd) break;
    if (*kind == RecordingReader::Kind::kKeyframe) decoder.reset();
    if (*kind != RecordingReader::Kind::kTicks) continue;
    auto done = decoder.begin((*reader)->ticks_body());
    while (done && !decoder.at_end() && !simulation.result()) done = decoder.tick(**played);
    if (!done) return (*reader)->here(done.error().reason);
  }
  out.ticks = simulation.current_tick();
  out.result = simulation.result();
  return out;
}

std::string as_lines(const Outcome& outcome) {
  std::string out = fmt::format("ticks {}\n", outcome.ticks);
  for (const auto& [name, count] : outcome.events) out += fmt::format("event {} {}\n", name, count);
  if (outcome.result) out += fmt::format("result {}\n", engine::printable_utf8(*outcome.result));
  return out;
}

engine::Result<Outcome> outcome_from_lines(std::string_view text) {
  Outcome out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::string_view what = line.substr(0, line.find(' '));
    const std::string_view rest = line.substr(std::min(line.size(), what.size() + 1));
    const bool is_understood = what == "result" || (what == "ticks" && read_number(rest, out.ticks)) ||
                               (what == "event" && read_event(rest, out));
    if (!is_understood) return engine::error("no line of an outcome: {}", engine::printable_utf8(std::string(line)));
    if (what == "result") out.result = std::string(rest);
  }
  return out;
}

}  // namespace netcode::recording
