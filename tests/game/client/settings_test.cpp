// Tests also: settings_file.cpp.
#include "game/client/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>
#include <type_traits>

#include "engine/app/controls.hpp"
#include "engine/core/rng.hpp"
#include "game/client/settings_fields.hpp"

namespace game::client {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SettingsFile : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / "scrim_settings" / info->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  std::string path() const { return (folder_ / "settings.toml").string(); }
  void write(const std::string& text) const { std::ofstream(path(), std::ios::binary) << text; }
  static std::string read(const std::string& from) {
    std::ifstream file(from, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  fs::path folder_;
};

Settings all_changed() {
  Settings settings;
  settings.name = "Ädä ~\"the\" \\'ace";
  settings.server = "ws://[::1]:9000";
  settings.servers = {"ws://a:1", "ws://b:2"};
  settings.volume = 0.25F;
  settings.volume_effects = 0.5F;
  settings.volume_interface = 0;
  settings.colors = ColorSet::kBlueYellow;
  settings.crosshair = Crosshair::kRing;
  settings.shake = 0;
  settings.flashes = false;
  settings.show_ping = true;
  settings.fullscreen = true;
  settings.frame_rate_max = 144;
  settings.match = {"large", "tdm", 3, 5, 16, true};
  settings.keys = {{"fire", {"Mouse 1", "Pad Right Trigger+"}}, {"dash", {}}};
  return settings;
}

TEST_F(SettingsFile, that_is_not_there_means_the_defaults_and_no_complaint) {
  const LoadedSettings loaded = load_settings(path());
  EXPECT_EQ(loaded.settings, Settings{});
  EXPECT_THAT(loaded.complaints, IsEmpty());
}

TEST(Settings, are_all_changed_by_all_changed) {
  const Settings changed = all_changed();
  const Settings usual;
  fields::visit_settings(changed, [&](std::string_view key, const auto& value, const auto&) {
    fields::visit_settings(usual, [&](std::string_view other, const auto& before, const auto&) {
      if constexpr (std::is_same_v<decltype(value), decltype(before)>) {
        if (key != other) return;
        EXPECT_FALSE(value == before) << key << ": what comes back would be the default";
      }
    });
  });
}

TEST_F(SettingsFile, brings_every_value_back) {
  ASSERT_TRUE(save_settings(all_changed(), path()));
  const LoadedSettings loaded = load_settings(path());
  EXPECT_THAT(loaded.complaints, IsEmpty());
  EXPECT_EQ(loaded.settings, all_changed());
  EXPECT_FALSE(fs::exists(path() + ".broken"));
  EXPECT_FALSE(fs::exists(path() + ".new"));
}

TEST_F(SettingsFile, says_which_line_is_broken_and_uses_the_others) {
  write("name = \"Ada\"\n\n[sound]\nvolume = = 3\neffects = 0.5\n");
  const LoadedSettings loaded = load_settings(path());
  ASSERT_EQ(loaded.complaints.size(), 1U);
  EXPECT_THAT(loaded.complaints[0], testing::StartsWith("settings.toml:4: "));
  EXPECT_EQ(loaded.settings.name, "Ada");
  EXPECT_EQ(loaded.settings.volume, Settings{}.volume);
  EXPECT_EQ(loaded.settings.volume_effects, 0.5F);
}

TEST_F(SettingsFile, says_which_key_is_out_of_bounds_and_what_it_may_be) {
  write(
      "name = \"\"\n[sound]\nvolume = 1.5\neffects = \"loud\"\ninterface = nan\n[picture]\ncolors = \"pink\"\n"
      "frame_rate_max = 60.5\nflashes = 1\nshake = 0.5\n[match]\nbots = -1\n");
  const LoadedSettings loaded = load_settings(path());
  EXPECT_THAT(
      loaded.complaints,
      ElementsAre("settings.toml:1: name is empty", "settings.toml:3: sound.volume is 0 to 1",
                  "settings.toml:4: sound.effects is a number", "settings.toml:5: sound.interface is 0 to 1",
                  "settings.toml:7: picture.colors is one of: default, blue-yellow",
                  "settings.toml:8: picture.frame_rate_max is a whole number",
                  "settings.toml:9: picture.flashes is true or false", "settings.toml:12: match.bots is 0 to 31"));
  Settings expected;
  expected.shake = 0.5F;
  EXPECT_EQ(loaded.settings, expected);
}

TEST_F(SettingsFile, refuses_a_name_that_is_too_long_or_cannot_be_shown) {
  write("name = \"" + std::string(33, 'x') + "\"\n");
  EXPECT_THAT(load_settings(path()).complaints, ElementsAre("settings.toml:1: name is longer than 32 bytes"));
  write("name = \"a\\u0007b\"\n");
  EXPECT_THAT(load_settings(path()).complaints, ElementsAre(HasSubstr("name holds letters that cannot be shown")));
  write("name = \"" + std::string(32, 'x') + "\"\n");
  EXPECT_THAT(load_settings(path()).complaints, IsEmpty());
}

TEST_F(SettingsFile, says_which_key_names_no_button) {
  write("[keys]\nfire = [\"Banana\"]\nrail = [\"Mouse 3\"]\ndash = \"Space\"\n");
  const LoadedSettings loaded = load_settings(path());
  EXPECT_THAT(loaded.complaints, ElementsAre("settings.toml:2: keys.fire names no button: \"Banana\"",
                                             "settings.toml:4: keys.dash is a list of texts in quotes"));
  EXPECT_EQ(loaded.settings.keys.size(), 1U);
  EXPECT_THAT(loaded.settings.keys.at("rail"), ElementsAre("Mouse 3"));
}

TEST_F(SettingsFile, keeps_what_another_build_wrote) {
  write(
      "from_the_future = 7\n\"schl\xC3\xBCssel\" = 'caf\xC3\xA9 ~41'\n[sound]\nvolume = 0.5\nreverb = "
      "\"hall\"\n[weather]\nrain = true\n");
  EXPECT_THAT(load_settings(path()).complaints, IsEmpty());
  ASSERT_TRUE(save_settings(all_changed(), path()));
  const std::string text = read(path());
  EXPECT_THAT(text, HasSubstr("from_the_future = 7"));
  EXPECT_THAT(text, HasSubstr("schl\xC3\xBCssel"));
  EXPECT_THAT(text, HasSubstr("caf\xC3\xA9 ~41"));
  EXPECT_THAT(text, HasSubstr("reverb = \"hall\""));
  EXPECT_THAT(text, HasSubstr("rain = true"));
  EXPECT_EQ(load_settings(path()).settings, all_changed());
}

TEST_F(SettingsFile, forgets_keys_that_are_the_default_ones_again) {
  Settings settings;
  settings.keys = {{"fire", {"F"}}, {"dash", {"G"}}};
  ASSERT_TRUE(save_settings(settings, path()));
  settings.keys.erase("fire");
  ASSERT_TRUE(save_settings(settings, path()));
  EXPECT_EQ(load_settings(path()).settings, settings);
}

TEST_F(SettingsFile, keeps_comments_and_order) {
  const std::string before =
      "# mine\nname = 'Ada'  # me\n\n[sound]  # loud\neffects = 0.5\n# soon\nvolume=0.25\n\n[server]\nhistory = [\n"
      "  \"ws://a\",  # home\n  'ws://b',\n]\n";
  write(before);
  const LoadedSettings loaded = load_settings(path());
  EXPECT_THAT(loaded.complaints, IsEmpty());
  EXPECT_THAT(loaded.settings.servers, ElementsAre("ws://a", "ws://b"));
  ASSERT_TRUE(save_settings(loaded.settings, path()));
  const std::string text = read(path());
  EXPECT_THAT(text, testing::StartsWith("# mine\nname = \"Ada\"\n"));
  EXPECT_THAT(text, HasSubstr("[sound]  # loud\neffects = 0.5\n# soon\nvolume = 0.25\ninterface = 0.7\n"));
  EXPECT_EQ(load_settings(path()).settings, loaded.settings);
}

TEST_F(SettingsFile, takes_nothing_below_a_broken_header_for_another_tables) {
  write("[sound]\nvolume = 0.5\n[picture\neffects = 0.1\n[match]\nbots = 3\n");
  const LoadedSettings loaded = load_settings(path());
  EXPECT_THAT(loaded.complaints,
              ElementsAre("settings.toml:3: the bracket is not closed", "settings.toml:4: in no table"));
  EXPECT_EQ(loaded.settings.volume_effects, 1);
  EXPECT_EQ(loaded.settings.match.bots, 3);
  ASSERT_TRUE(save_settings(loaded.settings, path()));
  EXPECT_EQ(load_settings(path()).settings, loaded.settings);
}

TEST_F(SettingsFile, that_is_broken_is_kept_aside_before_it_is_overwritten) {
  const std::string broken = "name = \"Ada\nvolume ==\n[[[\n";
  write(broken);
  EXPECT_FALSE(load_settings(path()).complaints.empty());
  ASSERT_TRUE(save_settings(Settings{}, path()));
  EXPECT_EQ(read(path() + ".broken"), broken);
  EXPECT_THAT(load_settings(path()).complaints, IsEmpty());
}

TEST_F(SettingsFile, says_why_it_cannot_be_written) {
  write("name = \"Ada\"\n");
  const auto saved = save_settings(Settings{}, path() + "/deeper/settings.toml");
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().reason, HasSubstr("settings.toml"));
  EXPECT_EQ(read(path()), "name = \"Ada\"\n");
}

TEST_F(SettingsFile, that_is_a_link_stays_one) {
  const fs::path real = folder_ / "dotfiles.toml";
  std::ofstream(real) << "# mine\nname = \"Ada\"\n";
  fs::create_symlink(real, path());
  ASSERT_TRUE(save_settings(all_changed(), path()));
  EXPECT_TRUE(fs::is_symlink(path()));
  EXPECT_THAT(read(real.string()), testing::StartsWith("# mine\nname = "));
  EXPECT_EQ(load_settings(real.string()).settings, all_changed());
}

TEST_F(SettingsFile, that_is_a_link_to_nowhere_yet_means_the_defaults_and_is_written_there) {
  const fs::path real = folder_ / "dotfiles.toml";
  fs::create_symlink(real, path());
  EXPECT_THAT(load_settings(path()).complaints, IsEmpty());
  ASSERT_TRUE(save_settings(all_changed(), path()));
  EXPECT_TRUE(fs::is_symlink(path()));
  EXPECT_EQ(load_settings(real.string()).settings, all_changed());
}

TEST_F(SettingsFile, that_is_a_link_to_itself_is_complained_of) {
  fs::create_symlink(path(), path());
  EXPECT_THAT(load_settings(path()).complaints, ElementsAre("settings.toml: cannot be read"));
  const auto saved = save_settings(Settings{}, path());
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().reason, HasSubstr("settings.toml"));
}

TEST_F(SettingsFile, may_have_any_header) {
  for (const char* header :
       {"[", "[[", "[[[", "[]", "[[]]", "[ ]", "[=]", "[\xC3\xA9]", "[.a]", "[a.]", "[a]b", "[#]"}) {
    SCOPED_TRACE(header);
    write("name = \"Ada\"\n" + std::string(header) + "\n[picture]\nshake = 0.5\n");
    const LoadedSettings loaded = load_settings(path());
    ASSERT_FALSE(loaded.complaints.empty());
    EXPECT_THAT(loaded.complaints[0], testing::StartsWith("settings.toml:2: "));
    EXPECT_EQ(loaded.settings.name, "Ada");
    EXPECT_EQ(loaded.settings.shake, 0.5F);
  }
}

TEST_F(SettingsFile, survives_any_bytes) {
  ASSERT_TRUE(save_settings(all_changed(), path()));
  const std::string good = read(path());
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    std::string bytes = good;
    const int changes = rng.between(1, 12);
    for (int i = 0; i < changes; ++i) {
      const std::size_t at = rng.below(static_cast<std::uint32_t>(bytes.size()));
      if (rng.below(3) == 0) {
        bytes.erase(at, rng.below(20));
      } else {
        bytes[at] = static_cast<char>(rng.next());
      }
      if (bytes.empty()) bytes = "x";
    }
    write(bytes);
    const Settings settings = load_settings(path()).settings;
    EXPECT_TRUE(settings.volume >= 0 && settings.volume <= 1);
    EXPECT_TRUE(!settings.name.empty() && settings.name.size() <= Settings::kNameBytesMax);
    EXPECT_LE(settings.servers.size(), Settings::kHistoryMax);
    ASSERT_TRUE(save_settings(settings, path()));
    EXPECT_THAT(load_settings(path()).complaints, IsEmpty());
  }
}

TEST_F(SettingsFile, that_is_huge_or_a_folder_is_not_read) {
  write(std::string(300 * 1024, '#'));
  EXPECT_THAT(load_settings(path()).complaints, ElementsAre("settings.toml: larger than 256 KiB"));
  fs::remove(path());
  fs::create_directories(path());
  EXPECT_THAT(load_settings(path()).complaints, ElementsAre("settings.toml: cannot be read"));
}

TEST(Settings, remember_servers_newest_first_once_and_only_so_many) {
  Settings settings;
  for (int i = 0; i < 12; ++i) settings.remember_server("ws://host" + std::to_string(i));
  settings.remember_server("ws://host9");
  settings.remember_server("");
  settings.remember_server(std::string(300, 'x'));
  ASSERT_EQ(settings.servers.size(), Settings::kHistoryMax);
  EXPECT_EQ(settings.servers[0], "ws://host9");
  EXPECT_EQ(settings.servers[1], "ws://host11");
  EXPECT_EQ(std::count(settings.servers.begin(), settings.servers.end(), "ws://host9"), 1);
}

TEST(Settings, give_newcomers_names_that_tell_them_apart) {
  std::set<std::string> names;
  for (std::uint32_t number = 0; number < 9000; ++number) names.insert(call_sign(number));
  EXPECT_EQ(names.size(), 9000U);
  EXPECT_EQ(call_sign(0), "Pilot 1000");
  EXPECT_EQ(call_sign(3821), "Pilot 4821");
  EXPECT_EQ(call_sign(0xFFFFFFFF).size(), std::string("Pilot 1000").size());
}

TEST(Settings, fall_back_on_the_last_name_for_who_has_none) {
  Settings settings;
  settings.name = "  ";
  settings.tidy_name("Ada");
  EXPECT_EQ(settings.name, "Ada");
  settings.name = "  Bo ";
  settings.tidy_name("Ada");
  EXPECT_EQ(settings.name, "Bo");
}

TEST(Settings, bind_the_chosen_keys_and_the_default_ones_elsewhere) {
  using engine::app::Button;
  engine::app::Controls controls;
  controls.define("fire", {*Button::from_name("Mouse 1")});
  controls.define("dash", {*Button::from_name("Space")});
  Settings settings;
  settings.keys = {{"fire", {"F", "no button"}}, {"gone", {"G"}}};
  apply_keys(settings, controls);
  EXPECT_THAT(controls.bound("fire"), ElementsAre(*Button::from_name("F")));
  EXPECT_THAT(controls.bound("dash"), ElementsAre(*Button::from_name("Space")));
  settings.keys.clear();
  apply_keys(settings, controls);
  EXPECT_THAT(controls.bound("fire"), ElementsAre(*Button::from_name("Mouse 1")));
}

}  // namespace
}  // namespace game::client
