#include "server/kind.hpp"

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "simulation/simulation.hpp"

namespace netcode {

engine::Result<void> check_metadata(const Fields& metadata) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : metadata) {
    bytes += key.size() + value.size();
    if (!engine::is_utf8(key) || !engine::is_utf8(value)) return engine::error("metadata are not UTF-8");
  }
  if (bytes > limits::kMatchMetadataBytesMax)
    return engine::error("metadata of {} bytes, {} is the limit", bytes, limits::kMatchMetadataBytesMax);
  if (metadata.size() > limits::kMatchMetadataFieldsMax)
    return engine::error("metadata of {} fields, {} is the limit", metadata.size(), limits::kMatchMetadataFieldsMax);
  return {};
}

engine::Result<void> check(const MatchOptions& options) {
  if (auto ok = check_metadata(options.metadata); !ok) return ok;
  if (options.tick_hz == 0 || options.tick_hz > limits::kTickHzMax)
    return engine::error("tick_hz is 1 to {}", limits::kTickHzMax);
  if (options.snapshot_hz == 0 || options.snapshot_hz > options.tick_hz || options.tick_hz % options.snapshot_hz != 0)
    return engine::error("snapshot_hz divides tick_hz, and {} does not divide {}", options.snapshot_hz,
                         options.tick_hz);
  if (options.rewind_ms_max > limits::kRewindMax.count())
    return engine::error("rewind_ms_max is at most {}", limits::kRewindMax.count());
  if (options.players_max == 0 || options.players_max > limits::kPlayersPerMatchMax)
    return engine::error("players_max is 1 to {}", limits::kPlayersPerMatchMax);
  if (options.bots.value_or(0) > limits::kPlayersPerMatchMax)
    return engine::error("bots is at most {}", limits::kPlayersPerMatchMax);
  return check_setup({.match_id = {}, .options = options.options, .map = options.map});
}

engine::Result<void> prepare(const Kind& kind, MatchOptions& options) {
  if (kind.prepare)
    if (auto prepared = kind.prepare(options); !prepared) return prepared;
  return check(options);
}

engine::Result<void> check_bots(const BotMaker& maker, const BotOptions& options) {
  if (!maker) return engine::error("bots: nothing makes them");
  if (options.fill_to > limits::kPlayersPerMatchMax)
    return engine::error("bots.fill_to is at most {}", limits::kPlayersPerMatchMax);
  for (std::size_t i = 0; i < options.names.size(); ++i) {
    const std::string& name = options.names[i];
    if (name.empty() || name.size() > limits::kNameBytesMax || !engine::is_utf8(name) ||
        engine::printable_utf8(name) != name)
      return engine::error("bots.names[{}] is no name: 1 to {} bytes of UTF-8 that can be shown", i,
                           limits::kNameBytesMax);
  }
  return {};
}

}  // namespace netcode
