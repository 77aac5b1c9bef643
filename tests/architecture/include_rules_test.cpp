// Keeps the architecture: reads every source under engine/, netcode/ and game/ and fails where one includes what its
// target may not use, or says a word that belongs to another room. The first half is the rules and the checker, then
// come the checker's own tests, and last the test of the tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "source_files.hpp"

namespace {

using Names = std::vector<std::string_view>;

Names join(std::initializer_list<Names> lists) {
  Names all;
  for (const Names& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

// --- The rules -------------------------------------------------------------------------------------------------------

// An entry is the beginning of a path: of a file of ours from the root of the repository, or of a library's header as
// it is included. "std" stands for every header of the C++ standard library.
const Names kPosix = {"sys/",    "netinet/", "arpa/",   "linux/",    "unistd.h",
                      "fcntl.h", "poll.h",   "netdb.h", "pthread.h", "signal.h"};
const Names kEngineCore = {"engine/include/engine/core/"};
const Names kEngineApp = {"engine/include/engine/app/"};
const Names kNetcode = {"netcode/include/"};
const Names kGenerated = {"arena_generated.h", "arena_bfbs_generated.h", "map_generated.h", "map_bfbs_generated.h"};
const Names kNet = {"boost/asio", "boost/beast"};
const Names kWindow = {"SDL", "engine/include/engine/app/", "engine/src/app/", "game/client/"};

const Names kNetcodeUses = join({{"std", "boost/", "spdlog/", "flatbuffers/"}, kEngineCore, kNetcode});
const Names kNetcodeSourceUses =
    join({kNetcodeUses,
          kPosix,
          {"netcode/src/", "zstd.h", "zstd_errors.h", "zlib.h", "openssl/", "crypt.h", "xxhash.h", "CLI/", "toml++/"}});
const Names kAppUses = join({{"std", "spdlog/", "CLI/", "game/"}, kPosix, kEngineCore, kNetcode});

// Time, I/O and floats would make a step depend on more than its state and inputs.
const Names kNotInSimulation = {"chrono",
                                "ctime",
                                "cstdio",
                                "iostream",
                                "fstream",
                                "filesystem",
                                "thread",
                                "random",
                                "cmath",
                                "engine/include/engine/core/clock.hpp",
                                "engine/include/engine/core/fixed_step.hpp",
                                "engine/include/engine/core/log.hpp"};

struct Layer {
  std::string_view folder;
  std::string_view rule;  // what whoever broke it is told
  Names allowed;
  Names forbidden = {};  // wins over allowed
};

// The first layer whose folder holds a file is the file's.
const std::vector<Layer> kLayers = {
    {"engine/include/engine/core/", "engine_core uses std, Boost headers and spdlog",
     join({{"std", "boost/", "spdlog/"}, kEngineCore}), kNet},
    {"engine/src/core/", "engine_core uses std, Boost headers and spdlog",
     join({{"std", "boost/", "spdlog/", "engine/src/core/"}, kPosix, kEngineCore}), kNet},
    {"engine/include/engine/app/", "engine_app uses engine_core and SDL2",
     join({{"std", "boost/", "spdlog/", "SDL"}, kEngineCore, kEngineApp}), kNet},
    {"engine/src/app/overlay/", "of engine_app, only the overlay uses Dear ImGui",
     join({{"std", "imgui.h", "engine/src/app/overlay/"}, kEngineCore, kEngineApp}), kNet},
    {"engine/src/app/", "engine_app uses engine_core and SDL2",
     join({{"std", "boost/", "spdlog/", "SDL", "engine/src/app/"}, kPosix, kEngineCore, kEngineApp}), kNet},

    {"netcode/include/netcode/replay_test.hpp",
     "this public header is for suites of GoogleTest, and stands as all others", join({{"gtest/"}, kNetcodeUses}),
     kNet},
    {"netcode/include/", "netcode's public headers stand without its private ones, Asio, Beast and generated code",
     kNetcodeUses, kNet},
    {"netcode/src/transport/", "netcode uses engine_core, Asio/Beast, FlatBuffers, zstd, zlib, OpenSSL",
     kNetcodeSourceUses},
    {"netcode/src/socketio/", "netcode uses engine_core, Asio/Beast, FlatBuffers, zstd, zlib, OpenSSL",
     kNetcodeSourceUses},
    {"netcode/src/protocol/",
     "only netcode/src/protocol uses protocol.fbs' code, only transport and socketio use Asio, and it knows no "
     "transport",
     join({kNetcodeSourceUses, {"protocol_generated.h", "protocol_bfbs_generated.h"}}),
     join({kNet, {"netcode/src/transport/", "netcode/src/simnet/", "netcode/src/server/", "netcode/src/client/"}})},
    {"netcode/src/recording/",
     "only netcode/src/recording uses recording.fbs' code, only transport and socketio use Asio",
     join({kNetcodeSourceUses, {"recording_generated.h", "recording_bfbs_generated.h", "nmmintrin.h"}}), kNet},
    {"netcode/src/",
     "of netcode, only transport and socketio use Asio and Beast, only protocol and recording their generated code",
     kNetcodeSourceUses, kNet},

    {"game/sim/", "game_sim uses engine_core and nothing else: no clock, no FlatBuffers, no I/O, no floats",
     join({{"std", "game/sim/"}, kEngineCore}), kNotInSimulation},
    {"game/wire/", "game_wire uses game_sim and the generated arena code",
     join({{"std", "flatbuffers/", "game/sim/", "game/wire/"}, kEngineCore, kGenerated})},
    {"game/server/", "game_server uses sim, wire, bots and netcode's public headers",
     join({{"std", "spdlog/", "flatbuffers/", "game/sim/", "game/wire/", "game/bots/", "game/server/"},
           kEngineCore,
           kNetcode,
           kGenerated})},
    {"game/bots/", "game_bots uses sim", join({{"std", "game/sim/", "game/bots/"}, kEngineCore})},
    {"game/client/", "game_client uses sim, wire, netcode's public headers and engine_app",
     join({{"std", "spdlog/", "flatbuffers/", "game/sim/", "game/wire/", "game/client/"},
           kEngineCore,
           kEngineApp,
           kNetcode,
           kGenerated})},
    {"game/apps/scrim.", "the window's program composes game, netcode and engine", join({kAppUses, kEngineApp})},
    {"game/apps/scrim/", "the window's program composes game, netcode and engine", join({kAppUses, kEngineApp})},
    {"game/apps/", "a program composes game, netcode and engine; only `scrim` has a window", kAppUses, kWindow},
};

struct WordRule {
  std::string_view folder;
  std::string_view word;
};
const std::vector<WordRule> kWordRules = {{"engine/", "player"}, {"engine/", "packet"}, {"netcode/", "ship"}};

// --- The checker -----------------------------------------------------------------------------------------------------

using architecture::Source;

bool is_standard(std::string_view header) {
  return std::all_of(header.begin(), header.end(),
                     [](unsigned char c) { return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_'; });
}

// The name between the quotes or brackets; empty if the line is no include, the whole line if it cannot be read.
std::string included_by(std::string_view line) {
  const auto skip_spaces = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_spaces();
  if (!line.starts_with('#')) return {};
  line.remove_prefix(1);
  skip_spaces();
  if (!line.starts_with("include")) return {};
  const std::size_t open = line.find_first_of("<\"");
  const std::size_t close = open == std::string_view::npos ? open : line.find_first_of(">\"", open + 1);
  return std::string(close == std::string_view::npos ? line : line.substr(open + 1, close - open - 1));
}

// The path from the root of the file that the compiler would find, or the name itself if it is no file of ours.
std::string resolve(const std::string& includer, const std::string& name, const std::set<std::string>& ours) {
  const std::string folder = includer.substr(0, includer.rfind('/') + 1);
  for (const std::string& root : {folder, std::string(), std::string("engine/include/"),
                                  std::string("netcode/include/"), std::string("netcode/src/")}) {
    const std::string path = std::filesystem::path(root + name).lexically_normal().generic_string();
    if (ours.contains(path)) return path;
  }
  return name;
}

bool may_include(const Layer& layer, const std::string& target) {
  const auto matches = [&](std::string_view entry) {
    if (entry == "std") return is_standard(target);
    return is_standard(entry) ? target == entry : target.starts_with(entry);
  };
  return std::any_of(layer.allowed.begin(), layer.allowed.end(), matches) &&
         std::none_of(layer.forbidden.begin(), layer.forbidden.end(), matches);
}

// The words of a line in lower case, without a plural's s: identifiers fall apart at underscores and humps.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  bool was_lower = false;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalpha(byte) == 0 || (std::isupper(byte) != 0 && was_lower)) words.emplace_back();
    if (std::isalpha(byte) != 0) words.back() += static_cast<char>(std::tolower(byte));
    was_lower = std::islower(byte) != 0;
  }
  for (std::string& word : words) {
    if (word.ends_with('s')) word.pop_back();
  }
  return words;
}

// Every breach of a rule, as "path:line: what".
std::vector<std::string> breaches_in(const std::vector<Source>& sources) {
  std::set<std::string> ours;
  for (const Source& source : sources) ours.insert(source.path);

  std::vector<std::string> breaches;
  for (const Source& source : sources) {
    const auto layer =
        std::find_if(kLayers.begin(), kLayers.end(), [&](const Layer& l) { return source.path.starts_with(l.folder); });
    if (layer == kLayers.end()) {
      breaches.push_back(source.path + ":1: no rule says what this folder may include");
      continue;
    }
    std::istringstream lines(source.text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      const std::string where = source.path + ":" + std::to_string(number) + ": ";
      const std::string name = included_by(line);
      if (!name.empty() && !may_include(*layer, resolve(source.path, name, ours))) {
        breaches.push_back(where + "must not include " + name + ": " + std::string(layer->rule));
      }
      const std::vector<std::string> words = words_of(line);
      for (const WordRule& rule : kWordRules) {
        if (!source.path.starts_with(rule.folder)) continue;
        if (std::find(words.begin(), words.end(), rule.word) == words.end()) continue;
        breaches.push_back(where + "must not say '" + std::string(rule.word) + "': " + std::string(rule.folder) +
                           " does not know what that is");
      }
    }
  }
  return breaches;
}

// Headers that include each other, by way of others or not: "a.hpp -> b.hpp -> a.hpp".
std::vector<std::string> cycles_in(const std::vector<Source>& sources) {
  std::set<std::string> ours;
  for (const Source& source : sources) ours.insert(source.path);
  std::map<std::string, std::vector<std::string>> includes;
  for (const Source& source : sources) {
    std::istringstream lines(source.text);
    for (std::string line; std::getline(lines, line);) {
      const std::string target = resolve(source.path, included_by(line), ours);
      if (ours.contains(target)) includes[source.path].push_back(target);
    }
  }
  std::vector<std::string> cycles, path;
  std::set<std::string> done;
  const auto walk = [&](const auto& self, const std::string& file) -> void {
    if (const auto again = std::find(path.begin(), path.end(), file); again != path.end()) {
      std::string cycle;
      for (auto step = again; step != path.end(); ++step) cycle += *step + " -> ";
      return cycles.push_back(cycle + file);
    }
    if (done.contains(file)) return;
    path.push_back(file);
    for (const std::string& next : includes[file]) self(self, next);
    path.pop_back();
    done.insert(file);
  };
  for (const Source& source : sources) walk(walk, source.path);
  return cycles;
}

// A file of more lines is more than one idea.
constexpr std::ptrdiff_t kLinesMax = 400;

std::vector<std::string> too_long_in(const std::vector<Source>& sources) {
  std::vector<std::string> out;
  for (const Source& source : sources) {
    const auto lines = std::count(source.text.begin(), source.text.end(), '\n');
    if (lines > kLinesMax) out.push_back(source.path + ": " + std::to_string(lines) + " lines");
  }
  return out;
}

// --- The checker's own tests -----------------------------------------------------------------------------------------

using testing::ElementsAre;
using testing::IsEmpty;

// Stand-ins for what the samples include.
std::vector<std::string> breaches_in(const std::string& path, const std::string& text) {
  std::vector<Source> sources = {{path, text}};
  for (const char* other :
       {"engine/include/engine/core/clock.hpp", "engine/include/engine/core/fixed.hpp", "engine/src/core/decode.hpp",
        "engine/include/engine/app/window.hpp", "netcode/include/netcode/server.hpp",
        "netcode/src/transport/loop/loop.hpp", "game/sim/step.hpp", "game/wire/world.hpp", "game/server/rules.hpp",
        "game/client/match_renderer.hpp"}) {
    sources.push_back({other, ""});
  }
  return breaches_in(sources);
}

bool allows(const std::string& path, const std::string& header) {
  return breaches_in(path, "#include <" + header + ">\n").empty();
}

TEST(IncludeRules, name_the_line_and_the_rule) {
  EXPECT_THAT(breaches_in("game/sim/step.cpp", "// step\n#include <vector>\n#include <chrono>\n"),
              ElementsAre("game/sim/step.cpp:3: must not include chrono: game_sim uses engine_core and nothing else: "
                          "no clock, no FlatBuffers, no I/O, no floats"));
}

TEST(IncludeRules, read_an_include_however_it_is_written) {
  EXPECT_EQ(included_by("#include <vector>"), "vector");
  EXPECT_EQ(included_by("  #  include\t\"a/b.hpp\"  // why"), "a/b.hpp");
  EXPECT_EQ(included_by("// #include <vector>"), "");
  EXPECT_EQ(included_by("int include;"), "");
  EXPECT_FALSE(breaches_in("game/sim/step.cpp", "#include HEADER\n").empty()) << "what cannot be read is refused";
}

TEST(IncludeRules, find_headers_that_include_each_other) {
  const std::vector<Source> circle = {{"game/sim/a.hpp", "#include \"game/sim/b.hpp\"\n"},
                                      {"game/sim/b.hpp", "#include <vector>\n#include \"c.hpp\"\n"},
                                      {"game/sim/c.hpp", "#include \"game/sim/a.hpp\"\n"},
                                      {"game/sim/d.cpp", "#include \"game/sim/a.hpp\"\n"}};
  EXPECT_THAT(cycles_in(circle), ElementsAre("game/sim/a.hpp -> game/sim/b.hpp -> game/sim/c.hpp -> game/sim/a.hpp"));
  EXPECT_THAT(cycles_in({circle[0], circle[1], circle[3]}), IsEmpty());
}

TEST(IncludeRules, find_files_that_are_too_long) {
  EXPECT_THAT(too_long_in({{"a.cpp", std::string(400, '\n')}}), IsEmpty());
  EXPECT_THAT(too_long_in({{"a.cpp", std::string(401, '\n')}}), ElementsAre("a.cpp: 401 lines"));
}

TEST(IncludeRules, see_through_relative_paths) {
  EXPECT_THAT(breaches_in("engine/src/core/utf8.cpp", "#include \"decode.hpp\"\n"), IsEmpty());
  EXPECT_THAT(breaches_in("game/sim/state.hpp", "#include \"step.hpp\"\n"), IsEmpty());
  EXPECT_EQ(breaches_in("game/sim/state.hpp", "#include \"../wire/world.hpp\"\n").size(), 1U);
  EXPECT_EQ(breaches_in("game/server/rules.cpp", "#include \"../../netcode/src/transport/loop/loop.hpp\"\n").size(),
            1U);
}

TEST(IncludeRules, refuse_a_folder_nobody_wrote_a_rule_for) {
  EXPECT_THAT(breaches_in("game/editor/main.cpp", ""),
              ElementsAre("game/editor/main.cpp:1: no rule says what this folder may include"));
}

TEST(IncludeRules, keep_the_engine_below_everything) {
  const std::string core = "engine/src/core/log.cpp";
  EXPECT_TRUE(allows(core, "vector") && allows(core, "boost/system/result.hpp") && allows(core, "spdlog/spdlog.h"));
  EXPECT_TRUE(allows(core, "engine/core/clock.hpp"));
  for (const char* header : {"SDL2/SDL.h", "engine/app/window.hpp", "netcode/server.hpp", "game/sim/step.hpp",
                             "boost/asio.hpp", "flatbuffers/flatbuffers.h"}) {
    EXPECT_FALSE(allows(core, header)) << header;
  }
  EXPECT_TRUE(allows("engine/src/app/window.cpp", "SDL2/SDL.h"));
  EXPECT_FALSE(allows("engine/src/app/window.cpp", "netcode/server.hpp"));
}

TEST(IncludeRules, let_one_public_header_be_for_tests) {
  EXPECT_TRUE(allows("netcode/include/netcode/replay_test.hpp", "gtest/gtest.h"));
  EXPECT_FALSE(allows("netcode/include/netcode/replay_test.hpp", "boost/asio.hpp"));
  EXPECT_FALSE(allows("netcode/include/netcode/testing.hpp", "gtest/gtest.h"));
}

TEST(IncludeRules, keep_asio_and_generated_code_in_their_rooms) {
  EXPECT_TRUE(allows("netcode/src/transport/websocket/stream.cpp", "boost/beast/websocket.hpp"));
  EXPECT_TRUE(allows("netcode/src/socketio/door.cpp", "boost/asio/ip/tcp.hpp"));
  EXPECT_TRUE(allows("netcode/src/protocol/messages.cpp", "protocol_generated.h"));
  EXPECT_TRUE(allows("netcode/src/recording/write/recording_writer.cpp", "recording_generated.h"));
  for (const char* path : {"netcode/src/server/live_match.cpp", "netcode/src/client/client.cpp",
                           "netcode/include/netcode/server.hpp", "game/server/rules.cpp"}) {
    for (const char* header :
         {"boost/asio.hpp", "boost/beast.hpp", "protocol_generated.h", "recording_generated.h", "arena_generated.h"}) {
      if (std::string_view(path).starts_with("game/") && std::string_view(header).starts_with("arena")) continue;
      EXPECT_FALSE(allows(path, header)) << path << " " << header;
    }
  }
  EXPECT_FALSE(allows("netcode/src/recording/write/recording_writer.cpp", "protocol_generated.h"));
  EXPECT_FALSE(allows("netcode/src/transport/websocket/stream.cpp", "protocol_generated.h"));
}

TEST(IncludeRules, keep_netcodes_insides_inside) {
  EXPECT_TRUE(allows("netcode/src/server/live_match.cpp", "transport/loop/loop.hpp"));
  for (const char* path : {"netcode/include/netcode/server.hpp", "game/server/rules.cpp",
                           "game/client/match_renderer.cpp", "game/apps/scrim-server.cpp"}) {
    EXPECT_FALSE(allows(path, "transport/loop/loop.hpp")) << path;
  }
}

TEST(IncludeRules, keep_netcode_from_knowing_the_game) {
  for (const char* header : {"game/sim/step.hpp", "arena_generated.h", "map_generated.h", "SDL2/SDL.h"}) {
    EXPECT_FALSE(allows("netcode/src/server/live_match.cpp", header)) << header;
    EXPECT_FALSE(allows("netcode/include/netcode/server.hpp", header)) << header;
  }
}

TEST(IncludeRules, keep_the_simulation_pure) {
  EXPECT_TRUE(allows("game/sim/step.cpp", "engine/core/fixed.hpp"));
  for (const char* header :
       {"chrono", "iostream", "fstream", "cmath", "flatbuffers/flatbuffers.h", "unistd.h", "arena_generated.h",
        "engine/core/clock.hpp", "game/wire/world.hpp", "netcode/server.hpp", "spdlog/spdlog.h"}) {
    EXPECT_FALSE(allows("game/sim/step.cpp", header)) << header;
  }
}

TEST(IncludeRules, keep_each_part_of_the_game_to_what_it_needs) {
  EXPECT_TRUE(allows("game/wire/world.cpp", "arena_generated.h"));
  EXPECT_FALSE(allows("game/wire/world.cpp", "netcode/server.hpp"));
  EXPECT_TRUE(allows("game/bots/brain.cpp", "game/sim/step.hpp"));
  EXPECT_FALSE(allows("game/bots/brain.cpp", "game/wire/world.hpp"));
  EXPECT_TRUE(allows("game/client/match_renderer.cpp", "engine/app/window.hpp"));
  EXPECT_FALSE(allows("game/client/match_renderer.cpp", "game/server/rules.hpp"));
  EXPECT_FALSE(allows("game/server/rules.cpp", "engine/app/window.hpp"));
}

TEST(IncludeRules, leave_the_window_to_one_program) {
  for (const char* header : {"SDL2/SDL.h", "engine/app/window.hpp", "game/client/match_renderer.hpp"}) {
    for (const char* program : {"scrim-server.cpp", "scrim_bots.cpp", "replay/main.cpp"}) {
      EXPECT_FALSE(allows(std::string("game/apps/") + program, header)) << program << " " << header;
    }
  }
  EXPECT_TRUE(allows("game/apps/scrim.cpp", "game/client/match_renderer.hpp"));
  EXPECT_TRUE(allows("game/apps/scrim-server.cpp", "game/server/rules.hpp"));
  EXPECT_TRUE(allows("game/apps/scrim-server.cpp", "CLI/CLI.hpp"));
}

TEST(WordRules, name_the_line_and_the_word) {
  EXPECT_THAT(breaches_in("engine/src/core/log.cpp", "\nint packet = 0;\n"),
              ElementsAre("engine/src/core/log.cpp:2: must not say 'packet': engine/ does not know what that is"));
}

TEST(WordRules, find_a_word_within_an_identifier) {
  for (const char* said : {"player", "Player", "PlayerId", "player_id", "kPlayersMax", "on_player", "// a player."}) {
    EXPECT_EQ(breaches_in("engine/src/core/log.cpp", said).size(), 1U) << said;
  }
}

TEST(WordRules, leave_longer_words_alone) {
  EXPECT_THAT(breaches_in("netcode/src/server/live_match.cpp", "ownership relationship shipping Membership"),
              IsEmpty());
  EXPECT_THAT(breaches_in("netcode/src/server/live_match.cpp", "player packet"), IsEmpty());
  EXPECT_EQ(breaches_in("netcode/src/server/live_match.cpp", "ships").size(), 1U);
}

// --- The sources -----------------------------------------------------------------------------------------------------

TEST(Architecture, keeps_its_rules) {
  const std::vector<Source> sources =
      architecture::sources_under({"engine", "netcode", "game"}, {".hpp", ".cpp", ".h", ".inl"});
  const auto is_the_assert = [](const Source& s) { return s.path == "engine/include/engine/core/assert.hpp"; };
  ASSERT_EQ(std::count_if(sources.begin(), sources.end(), is_the_assert), 1) << "looked in " << SCRIM_SOURCE_DIR;
  for (const std::string& breach : breaches_in(sources)) ADD_FAILURE() << breach;
  for (const std::string& cycle : cycles_in(sources)) ADD_FAILURE() << cycle;
  for (const std::string& file : too_long_in(sources)) ADD_FAILURE() << file << ": more than one idea?";
}

}  // namespace
