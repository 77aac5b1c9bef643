// A kind of match, as the server defined it: its rules, its schema, how its matches are made and which bots fill them.
//
// Immutable once the server runs; shared by all shards.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "netcode/bot.hpp"
#include "netcode/recording.hpp"
#include "netcode/rules.hpp"
#include "netcode/schema.hpp"
#include "netcode/server.hpp"
#include "replication/lane_layout.hpp"
#include "schema/table_json.hpp"

namespace netcode {

struct Kind {
  std::string name;
  RulesType type;
  Schema schema;
  MatchOptions options;  // with the server's own rates in place
  BotMaker make_bot;     // empty: no bots
  BotOptions bots;
  MatchPreparer prepare;  // empty: options stand as they are
  std::uint64_t rules_hash = 0;
  std::uint64_t layout_hash = 0;            // of its World
  LaneLayoutPtr lanes{};                    // of its packed snapshots
  std::shared_ptr<const TableJson> json{};  // its tables as JSON
};

/// What lists show of a match: short, UTF-8. An error names the limit.
engine::Result<void> check_metadata(const Fields& metadata);
/// Can a recording say what it is of? An error names what is too long.
engine::Result<void> check_kind(const std::string& name, const RulesType& type);
/// What Worlds a client can read, as it says: ConnectRequest has the same.
struct WorldReader {
  std::optional<std::uint64_t> unpacks{};
  std::optional<std::uint64_t> packs{};
  std::string converts{};
  std::optional<std::uint32_t> codec{};
};
/// Would it read this kind's Worlds rightly? One that does not say is asked nothing. An error names both layouts, and
/// is for the client.
engine::Result<void> check_layout(const Kind& kind, const WorldReader& reader);
/// Does it make Worlds of its own schema of this kind's, by this kind's schema?
bool is_converted(const Kind& kind, const WorldReader& reader);
/// What its snapshots of this kind may be packed by; none, or nothing of this kind's: it has plain ones.
std::optional<std::uint64_t> packs_for(const Kind& kind, const WorldReader& reader);
/// Can they take seats? An error names the field.
engine::Result<void> check_bots(const BotMaker& maker, const BotOptions& options);
/// Within the bounds of what a match may be? An error names the field.
engine::Result<void> check(const MatchOptions& options);
/// What a recording says of them beside the match's setup.
HostingOptions hosting_of(const MatchOptions& options);
/// Completes the options of a match that is about to be made, and checks them.
engine::Result<void> prepare(const Kind& kind, MatchOptions& options);

}  // namespace netcode
