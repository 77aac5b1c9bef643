#include "game/server/arena.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/core/utf8.hpp"
#include "game/server/arena_bot.hpp"
#include "game/server/arena_matches.hpp"
#include "game/server/arena_rules.hpp"
#include "game/sim/mode_names.hpp"

namespace game::server {
namespace {

constexpr std::size_t kChatBytesMax = 200;

void pass_chat_on(netcode::Session& session, const arena::Chat& chat, netcode::Ack ack) {
  const auto match = session.match();
  if (!match || session.player() == netcode::kNoPlayer) return ack.fail("chat is for players");
  const std::string text = chat.text() ? engine::printable_utf8(chat.text()->string_view()) : std::string();
  if (text.empty()) return ack.fail("an empty line");
  if (text.size() > kChatBytesMax)
    return ack.fail("a line of chat has at most " + std::to_string(kChatBytesMax) + " bytes");
  arena::ChatT out;
  out.player = static_cast<std::uint16_t>(session.player().value);
  out.text = text;
  match->emit(out);
  ack();
}

}  // namespace

std::string maps_dir() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path().parent_path() / "share" / "scrim" / "maps").string();
}

engine::Result<netcode::SharedBytes> read_map_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return engine::error("map {}: {}", path, error.message());
  if (size > netcode::limits::kMapBytesMax)
    return engine::error("map {}: {} bytes, {} is the limit", path, size, netcode::limits::kMapBytesMax);
  std::ifstream file(path, std::ios::binary);
  auto bytes = std::make_shared<netcode::Bytes>(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  if (!file || bytes->size() != size) return engine::error("map {}: cannot be read", path);
  return netcode::SharedBytes(std::move(bytes));
}

std::vector<netcode::ExtraFlag> arena_flags(ArenaConfig& config) {
  return {{"map", "NAME,...", "A map, or the path of a compiled one; with more than one players vote", &config.map},
          {"mode", "MODE", sim::mode_ids(), &config.mode},
          {"bot-level", "N", "How good the bots are, 1 to 5; 0: of every level in turn", &config.bot_level, 0, 5},
          {"visibility", "WHAT", "What players are told of the others: screen, what they may see; all",
           &config.visibility}};
}

engine::Result<void> define_arena(netcode::Server& server, const ArenaConfig& config) {
  auto catalog = MapCatalog::load(maps_dir());
  if (!catalog) return catalog.error();
  const std::vector<std::string> maps = split_list(config.map);
  if (maps.empty()) return engine::error("no map");
  if (!sim::mode_named(config.mode)) return engine::error("there is no mode {}: {}", config.mode, sim::mode_ids());
  if (!visibility_named(config.visibility))
    return engine::error("there is no visibility {}: {}", config.visibility, kVisibilityIds);
  ArenaMatches::Defaults defaults{
      .mode = config.mode, .maps = {}, .players_max = config.players_max, .visibility = config.visibility};
  for (std::string name : maps) {
    if (name.find('/') != std::string::npos) {
      auto added = catalog->add(name);
      if (!added) return added.error();
      name = *added;
    }
    if (catalog->find(name) == nullptr) return engine::error("there is no map {}: {}", name, catalog->names());
    defaults.maps.push_back(name);
  }
  const auto matches = std::make_shared<const ArenaMatches>(std::move(*catalog), std::move(defaults));

  const auto grid_of = [matches](const netcode::SharedBytes& map) {
    const MapCatalog::Entry* const entry = matches->catalog().find(map);
    return entry == nullptr ? nullptr : entry->grid;
  };
  // One map in memory for all matches that play on it.
  const ArenaRules::MapOf map_of = [grid_of](const netcode::SharedBytes& map) {
    const auto grid = grid_of(map);
    return grid ? grid->shared_map() : nullptr;
  };
  server
      .define<ArenaRules>(std::string(kArenaKind), {.players_max = config.players_max},
                          [map_of] { return std::make_unique<ArenaRules>(map_of); })
      .prepare([matches](netcode::MatchOptions& options) { return matches->prepare(options); })
      .bots(arena_bots(config.bot_level, grid_of), {.fill_to = 0, .names = arena_bot_names()});
  server.on<arena::Chat>(pass_chat_on);
  return {};
}

std::map<std::string, netcode::RulesType> arena_rules_types() {
  return {{std::string(kArenaKind), netcode::rules_type<ArenaRules>()}};
}

}  // namespace game::server
