#include <recording_generated.h>

#include "recording/format/body_buffer.hpp"
#include "recording/format/format.hpp"
#include "recording/format/record_bodies.hpp"

namespace netcode::recording {

namespace {

constexpr std::size_t kShortTextBytesMax = 256;

using Fields = std::map<std::string, std::string>;
using FieldVector = flatbuffers::Vector<flatbuffers::Offset<fb::Option>>;

std::vector<std::unique_ptr<fb::OptionT>> pack_fields(const Fields& fields) {
  std::vector<std::unique_ptr<fb::OptionT>> packed;
  for (const auto& [key, value] : fields) {
    auto option = std::make_unique<fb::OptionT>();
    option->key = key;
    option->value = value;
    packed.push_back(std::move(option));
  }
  return packed;
}

engine::Result<Fields> read_fields(const char* what, const FieldVector* from, std::size_t bytes_max) {
  Fields fields;
  if (from == nullptr) return fields;
  std::size_t left = bytes_max;
  for (const fb::Option* option : *from) {
    const std::size_t bytes = option->key()->size() + option->value()->size();
    if (bytes > left || !is_text(*option->key(), left) || !is_text(*option->value(), left))
      return engine::error("the header has {} that are too long or not UTF-8", what);
    left -= bytes;
    fields.emplace(option->key()->str(), option->value()->str());
  }
  return fields;
}

engine::Result<void> check_texts(const fb::Header& header) {
  const std::pair<const flatbuffers::String*, std::size_t> texts[] = {
      {header.match_id(), limits::kMatchIdBytesMax},
      {header.kind(), limits::kKindNameBytesMax},
      {header.rules_version(), limits::kRulesVersionBytesMax},
      {header.build(), kShortTextBytesMax},
      {header.world_table(), kShortTextBytesMax},
      {header.action_table(), kShortTextBytesMax},
      {header.keyframe_table(), kShortTextBytesMax}};
  for (const auto& [text, bytes_max] : texts)
    if (!is_text(*text, bytes_max)) return engine::error("the header has a text that is too long or not UTF-8");
  return {};
}

engine::Result<void> check_numbers(const fb::Header& header) {
  if (header.hash_interval_ticks() == 0 || header.keyframe_interval_ticks() == 0)
    return engine::error("the header has an interval of 0");
  if (header.players_max() > limits::kPlayersPerMatchMax || header.bots().value_or(0) > limits::kPlayersPerMatchMax)
    return engine::error("the header has more than {} players", limits::kPlayersPerMatchMax);
  return {};
}

engine::Result<MatchSetup> read_setup(const fb::Header& header) {
  auto options = read_fields("options", header.options(), limits::kMatchOptionsBytesMax);
  if (!options) return options.error();
  if (header.map() != nullptr && header.map()->size() > limits::kMapBytesMax)
    return engine::error("a map of {} bytes", header.map()->size());
  MatchSetup setup{.match_id = header.match_id()->str(),
                   .seed = header.seed(),
                   .tick_hz = header.tick_hz(),
                   .snapshot_hz = header.snapshot_hz(),
                   .rewind_ms_max = header.rewind_ms_max(),
                   .options = std::move(*options),
                   .map = {}};
  if (header.has_map())
    setup.map = header.map() == nullptr ? std::make_shared<const Bytes>()
                                        : std::make_shared<const Bytes>(header.map()->begin(), header.map()->end());
  if (auto fits = check_setup(setup); !fits) return fits.error();
  return setup;
}

engine::Result<HostingOptions> read_hosting(const fb::Header& header) {
  auto metadata = read_fields("metadata", header.metadata(), limits::kMatchMetadataBytesMax);
  if (!metadata) return metadata.error();
  HostingOptions hosting{.players_max = header.players_max(),
                         .spectators_max = header.spectators_max(),
                         .bots = {},
                         .keep_when_empty = header.keep_when_empty(),
                         .ticks_when_empty = header.ticks_when_empty(),
                         .is_private = header.is_private(),
                         .has_password = header.has_password(),
                         .metadata = std::move(*metadata)};
  if (const auto bots = header.bots()) hosting.bots = *bots;
  return hosting;
}

}  // namespace

Bytes encode_header(const RecordingInfo& info) {
  fb::HeaderT header;
  header.format = kFormat;
  header.match_id = info.setup.match_id;
  header.kind = info.kind;
  header.build = info.build;
  header.rules_version = info.rules_version;
  header.schema_hash = info.schema_hash;
  header.started_unix_ms = info.started_unix_ms;
  header.seed = info.setup.seed;
  header.tick_hz = static_cast<std::uint16_t>(info.setup.tick_hz);
  header.snapshot_hz = static_cast<std::uint16_t>(info.setup.snapshot_hz);
  header.rewind_ms_max = static_cast<std::uint16_t>(info.setup.rewind_ms_max);
  header.keyframe_interval_ticks = info.keyframe_interval_ticks;
  header.hash_interval_ticks = info.hash_interval_ticks;
  header.schema = info.schema;
  header.world_table = info.world_table;
  header.action_table = info.action_table;
  header.keyframe_table = info.keyframe_table;
  header.has_map = info.setup.map != nullptr;
  if (info.setup.map) header.map = *info.setup.map;
  header.options = pack_fields(info.setup.options);
  header.metadata = pack_fields(info.hosting.metadata);
  header.players_max = static_cast<std::uint16_t>(info.hosting.players_max);
  header.spectators_max = info.hosting.spectators_max;
  if (info.hosting.bots) header.bots = static_cast<std::uint16_t>(*info.hosting.bots);
  header.keep_when_empty = info.hosting.keep_when_empty;
  header.ticks_when_empty = info.hosting.ticks_when_empty;
  header.is_private = info.hosting.is_private;
  header.has_password = info.hosting.has_password;
  header.inputs_alone = info.inputs_alone;
  flatbuffers::FlatBufferBuilder builder(4096 + info.schema.size());
  builder.Finish(fb::Header::Pack(builder, &header));
  return finished(builder);
}

engine::Result<RecordingInfo> decode_header(BytesView body) {
  const BodyBuffer<fb::Header> buffer(body);
  const fb::Header* header = buffer.verified();
  if (header == nullptr) return engine::error("the header is not one");
  if (header->format() != kFormat)
    return engine::error("the recording's format is {}, this program reads {}", header->format(), kFormat);
  if (auto good = check_texts(*header); !good) return good.error();
  if (auto good = check_numbers(*header); !good) return good.error();
  if (header->schema()->size() > limits::kSchemaBytesMax)
    return engine::error("a schema of {} bytes", header->schema()->size());
  auto setup = read_setup(*header);
  if (!setup) return setup.error();
  auto hosting = read_hosting(*header);
  if (!hosting) return hosting.error();
  return RecordingInfo{.kind = header->kind()->str(),
                       .build = header->build()->str(),
                       .rules_version = header->rules_version()->str(),
                       .schema_hash = header->schema_hash(),
                       .schema = {header->schema()->begin(), header->schema()->end()},
                       .world_table = header->world_table()->str(),
                       .action_table = header->action_table()->str(),
                       .keyframe_table = header->keyframe_table()->str(),
                       .started_unix_ms = header->started_unix_ms(),
                       .keyframe_interval_ticks = header->keyframe_interval_ticks(),
                       .hash_interval_ticks = header->hash_interval_ticks(),
                       .setup = std::move(*setup),
                       .hosting = std::move(*hosting),
                       .inputs_alone = header->inputs_alone()};
}

}  // namespace netcode::recording
