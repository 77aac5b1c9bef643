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
  if (options.players_max == 0 || options.players_max > limits::kPlayersPerMatchMax)
    return engine::error("players_max is 1 to {}", limits::kPlayersPerMatchMax);
  if (options.bots.value_or(0) > limits::kPlayersPerMatchMax)
    return engine::error("bots is at most {}", limits::kPlayersPerMatchMax);
  return check_setup({.match_id = {},
                      .tick_hz = options.tick_hz,
                      .snapshot_hz = options.snapshot_hz,
                      .rewind_ms_max = options.rewind_ms_max,
                      .options = options.options,
                      .map = options.map});
}

engine::Result<void> check_kind(const std::string& name, const RulesType& type) {
  if (name.empty() || name.size() > limits::kKindNameBytesMax || engine::printable_utf8(name) != name)
    return engine::error("a name of 1 to {} bytes that can be shown was expected", limits::kKindNameBytesMax);
  if (!type.make) return engine::error("nothing makes its rules");
  if (type.version.size() > limits::kRulesVersionBytesMax || !engine::is_utf8(type.version))
    return engine::error("a version of the rules of at most {} bytes of UTF-8 was expected",
                         limits::kRulesVersionBytesMax);
  if (type.schema.size() > limits::kSchemaBytesMax)
    return engine::error("a schema of {} bytes, {} is the limit", type.schema.size(), limits::kSchemaBytesMax);
  return {};
}

// It fits into a close frame, however long the kind's name is.
engine::Result<void> check_layout(const Kind& kind, const WorldReader& reader) {
  if (!reader.unpacks || *reader.unpacks == kind.layout_hash || is_converted(kind, reader)) return {};
  return engine::error("{}: its World is {:016x}, yours {:016x}: another version of the game", kind.name,
                       kind.layout_hash, *reader.unpacks);
}

bool is_converted(const Kind& kind, const WorldReader& reader) {
  return reader.converts == kind.type.world_table && reader.packs != kind.lanes->hash();
}

std::optional<std::uint64_t> packs_for(const Kind& kind, const WorldReader& reader) {
  const bool unpacks_ours = is_converted(kind, reader) && reader.codec == kPackedVersion;
  return unpacks_ours ? kind.lanes->hash() : reader.packs;
}

HostingOptions hosting_of(const MatchOptions& options) {
  return {.players_max = options.players_max,
          .spectators_max = options.spectators_max,
          .bots = options.bots,
          .keep_when_empty = options.keep_when_empty,
          .ticks_when_empty = options.ticks_when_empty,
          .is_private = options.is_private,
          .has_password = !options.password.empty(),
          .metadata = options.metadata};
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
