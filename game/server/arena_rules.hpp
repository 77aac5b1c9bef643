// The arena as netcode's Rules: game::sim behind the contract, game::wire between the two.
//
// Threading and ownership: as netcode::Rules says; one object a match. The map is immutable and may be shared.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "arena_bfbs_generated.h"
#include "arena_generated.h"
#include "game/sim/map.hpp"
#include "game/sim/match.hpp"
#include "netcode/rules.hpp"

namespace game::server {

/// Options that say how a match is made, not how it is played: ArenaMatches reads them, the rules let them be.
inline constexpr const char* kSeatsOption = "seats";
inline constexpr const char* kBotsOption = "bots";
inline constexpr const char* kBotLevelOption = "bot_level";
/// What players are told of the others, by name; none: there is no such.
inline constexpr const char* kVisibilityOption = "visibility";
inline constexpr std::string_view kVisibilityIds = "all, screen";
std::optional<sim::Visibility> visibility_named(std::string_view id);
/// The value of the option `key`. An error names it, and what it may be.
engine::Result<std::uint32_t> whole_number(const std::string& key, const std::string& text, std::uint32_t min,
                                           std::uint32_t max);
/// "foundry,large" in its parts.
std::vector<std::string> split_list(std::string_view list);

class ArenaRules final
    : public netcode::TypedRules<arena::World, arena::Move, arena::WorldBinarySchema, arena::Keyframe> {
 public:
  /// Raised whenever the same inputs lead to other states: recordings and predictions of other versions do not fit.
  static constexpr std::string_view kVersion = "arena 5";

  /// The map that these bytes are, where the server has loaded it already; null: it has not. Called on the thread of
  /// any shard.
  using MapOf = std::function<std::shared_ptr<const sim::Map>(const netcode::SharedBytes& bytes)>;

  /// Each match loads a map of its own.
  ArenaRules() = default;
  explicit ArenaRules(MapOf map_of) : map_of_(std::move(map_of)) {}

  /// Loads the map and reads the options: mode (ffa; sim::kModeNames has them), frag_limit, time_limit_s, warmup_s,
  /// players_to_start, visibility (all; see sim/sight.hpp), maps (those to vote between, with commas), map (for the
  /// server, which has put it in the setup), and those that ArenaMatches reads. Others are refused.
  engine::Result<void> prepare(const netcode::MatchSetup& setup) override;
  void start(netcode::Context& ctx) override;
  void join(netcode::Context& ctx, const netcode::Player& player) override;
  void leave(netcode::Context& ctx, netcode::PlayerId player) override;
  void act(netcode::Context& ctx, netcode::PlayerId player, const arena::Move& move) override;
  void release(netcode::Context& ctx, netcode::PlayerId player, netcode::BytesView neutral) override;
  engine::Result<void> event(netcode::Context& ctx, netcode::PlayerId from, const netcode::EventView& event) override;
  void tick(netcode::Context& ctx) override;
  void show(netcode::PlayerId viewer, std::span<const netcode::EntityRef> entities,
            std::vector<bool>& shown) const override;
  bool has_hidden_entities() const override { return options_.visibility != sim::Visibility::kAll; }
  flatbuffers::Offset<arena::World> write_world(flatbuffers::FlatBufferBuilder& builder) const override;
  flatbuffers::Offset<arena::Keyframe> write_state(flatbuffers::FlatBufferBuilder& builder) const override;
  engine::Result<void> read_state(const arena::Keyframe& from) override;
  std::uint64_t state_hash() const override;

  const sim::State& state() const { return state_; }
  const sim::Map& map() const { return *map_; }
  /// While a recording plays: what told_tick() told. (The first time it is sent to the clients instead.)
  const std::vector<sim::Event>& told() const { return told_; }
  std::uint32_t told_tick() const { return told_tick_; }

 private:
  void tell(netcode::Context& ctx);

  MapOf map_of_;
  sim::Options options_;
  std::shared_ptr<const sim::Map> map_;
  sim::State state_;
  std::vector<sim::Event> events_;
  std::vector<sim::Event> told_;
  std::uint32_t told_tick_ = 0;
};

}  // namespace game::server
