#include "recording/read/recording_words.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "recording/read/recipient_words.hpp"

namespace netcode::recording {
namespace {

constexpr std::size_t kBytesShownMax = 64;

}  // namespace

RecordingWords::RecordingWords(const RecordingInfo& info) : info_(info) {
  if (auto schema = Schema::load(info.schema, info.world_table)) schema_ = std::move(*schema);
}

// What a file says is shown, but does not get to steer the terminal.
std::string RecordingWords::shown(std::string_view text) { return engine::printable_utf8(text); }

std::string RecordingWords::hex(BytesView bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), kBytesShownMax)))
    out += fmt::format("{:02x}", byte);
  return bytes.size() > kBytesShownMax ? out + "..." : out;
}

void RecordingWords::set_players(std::span<const Player> seated) {
  names_.clear();
  for (const Player& player : seated) names_[player.id] = player.name;
}

void RecordingWords::note(const Input& input) {
  if (input.kind == InputKind::kJoin && input.player.value <= limits::kPlayerIdMax) names_[input.player] = input.text;
}

void RecordingWords::forget(const Input& input) {
  if (input.kind == InputKind::kLeave) names_.erase(input.player);
}

std::string RecordingWords::player(PlayerId id) const {
  const auto name = names_.find(id);
  return name == names_.end() ? fmt::format("player {}", id.value)
                              : fmt::format("player {} \"{}\"", id.value, shown(name->second));
}

// Bytes that are no such table are shown as they are.
std::string RecordingWords::table(const std::string& table, BytesView bytes) const {
  if (!schema_ || table.empty()) return fmt::format("{} bytes {}", bytes.size(), hex(bytes));
  const Bytes aligned(bytes.begin(), bytes.end());
  if (auto good = schema_->check(table, aligned); !good)
    return fmt::format("{} bytes {} ({})", bytes.size(), hex(bytes), shown(good.error().reason));
  return shown(schema_->text(table, aligned));
}

std::string RecordingWords::input(const Input& input) const {
  const std::string who = input.player == kNoPlayer ? "the server" : player(input.player);
  switch (input.kind) {
    case InputKind::kJoin: {
      std::string text = fmt::format("{} joins{}", who, input.is_bot ? ", a bot" : "");
      if (input.ticket_table.empty()) return text;
      return text + fmt::format(" with {} {}", shown(input.ticket_table), table(input.ticket_table, input.ticket));
    }
    case InputKind::kLeave:
      return who + " leaves";
    case InputKind::kAway:
      return who + " is away";
    case InputKind::kBack:
      return who + " is back";
    case InputKind::kRelease:
      return who + " releases everything";
    case InputKind::kEvent:
      return fmt::format("{} sends {} {}", who, shown(input.text), table(input.text, input.body));
    case InputKind::kEnd:
      return "the server ends the match: " + shown(input.text);
    case InputKind::kAction:
      break;
  }
  std::string text = fmt::format("{} acts {}", who, table(info_.action_table, input.body));
  if (input.view.tick != 0) text += fmt::format(" view {}+{}/256", input.view.tick, input.view.fraction);
  if (input.view.to != 0) text += fmt::format(" between {} and {}", input.view.from, input.view.to);
  if (input.ticks_late != 0) text += fmt::format(" late {}", input.ticks_late);
  return text;
}

std::string RecordingWords::event(const Recipients& to, std::string_view name, BytesView body) const {
  const EventInfo* info = schema_ ? schema_->event_named(name) : nullptr;
  return fmt::format("{}event to {}: {} {}", to.is_volatile ? "volatile " : "",
                     words(to, [this](PlayerId id) { return player(id); }), shown(name),
                     table(info ? info->table : std::string(), body));
}

}  // namespace netcode::recording
