// Tests also: browser_screen.cpp, main_screen.cpp, menu_input.cpp, recordings_screen.cpp, screen.cpp,
// settings_screen.cpp, setup_screen.cpp, small_screens.cpp, ui.cpp, widgets.cpp.
#include "game/client/menu/menu.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/core/rng.hpp"
#include "menu_driver.hpp"

namespace game::client {
namespace {

using engine::app::Button;
using engine::app::Input;
using testing::Contains;
using testing::ElementsAre;

TEST(Menu, begins_on_the_main_screen_with_quick_play_in_focus) {
  MenuDriver driver;
  EXPECT_EQ(driver.menu->screen(), ScreenId::kMain);
  EXPECT_EQ(driver.menu->focus(), "quick");
  for (const char* text : {"Quick play", "Find a match", "Play offline", "Host a match", "Watch a recording",
                           "Settings", "Quit", "Pilot"}) {
    EXPECT_TRUE(driver.says(text)) << text;
  }
}

TEST(Menu, reaches_a_match_with_one_key) {
  MenuDriver driver;
  driver.press("Return");
  ASSERT_NE(driver.chose<QuickPlay>(), nullptr);
  EXPECT_EQ(driver.chose<QuickPlay>()->url, "ws://127.0.0.1:8787");
  EXPECT_EQ(driver.menu->screen(), ScreenId::kWaiting);
  EXPECT_TRUE(driver.says("Looking for a match on 127.0.0.1:8787"));
}

TEST(Menu, reaches_a_match_of_the_list_with_the_keyboard_alone) {
  MenuDriver driver;
  driver.go_to("find", "Down");
  driver.press("Return");
  ASSERT_EQ(driver.menu->screen(), ScreenId::kBrowser);
  ASSERT_NE(driver.chose<Connect>(), nullptr);
  EXPECT_EQ(driver.chose<Connect>()->url, "ws://127.0.0.1:8787");
  driver.menu->set_server(busy_server());
  driver.frames(2);
  EXPECT_EQ(driver.menu->focus(), "list");
  driver.press("Down");  // the most people first: friends, forge-1, rails, tight
  driver.press("Return");
  ASSERT_NE(driver.chose<JoinMatch>(), nullptr);
  EXPECT_EQ(driver.chose<JoinMatch>()->id, "forge-1");
  EXPECT_FALSE(driver.chose<JoinMatch>()->spectate);
}

TEST(Menu, reaches_a_match_with_a_gamepad_alone) {
  MenuDriver driver;
  driver.press("Pad Down");
  driver.press("Pad A");
  ASSERT_EQ(driver.menu->screen(), ScreenId::kBrowser);
  driver.menu->set_server(busy_server());
  driver.frames(2);
  driver.press("Pad Left Y+");
  driver.press("Pad A");
  ASSERT_NE(driver.chose<JoinMatch>(), nullptr);
  EXPECT_EQ(driver.chose<JoinMatch>()->id, "forge-1");
}

TEST(Menu, reaches_a_match_with_the_mouse_alone) {
  MenuDriver driver;
  driver.click("Find a match");
  driver.menu->set_server(busy_server());
  driver.frames(2);
  driver.click("Instarail");
  EXPECT_EQ(driver.chose<JoinMatch>(), nullptr) << "the first click selects";
  driver.click("Watch");
  ASSERT_NE(driver.chose<JoinMatch>(), nullptr);
  EXPECT_EQ(driver.chose<JoinMatch>()->id, "rails");
  EXPECT_TRUE(driver.chose<JoinMatch>()->spectate);
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  driver.click("Instarail");
  driver.frames(60);
  driver.click("Instarail");
  EXPECT_EQ(driver.menu->screen(), ScreenId::kBrowser) << "two clicks are no double click";
  driver.click("Instarail");
  EXPECT_EQ(driver.menu->screen(), ScreenId::kWaiting);
  EXPECT_FALSE(driver.chose<JoinMatch>()->spectate);
}

TEST(Menu, reaches_every_screen_and_comes_back_with_the_keyboard) {
  MenuDriver driver;
  for (const char* id : {"find", "offline", "host", "recordings", "settings"}) {
    driver.go_to(id, "Down");
    driver.press("Return");
    EXPECT_NE(driver.menu->screen(), ScreenId::kMain) << id;
    driver.press("Escape");
    EXPECT_EQ(driver.menu->screen(), ScreenId::kMain) << id;
    EXPECT_EQ(driver.menu->focus(), id) << "one comes back to where one was";
  }
}

/// Wandering about with the four directions, one comes to all of them.
void expect_all_reachable(MenuDriver& driver, const std::vector<std::string>& ids) {
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  engine::Rng rng(kSeed);
  static constexpr const char* kWays[] = {"Pad Up", "Pad Down", "Pad Left", "Pad Right"};
  std::vector<std::string> seen;
  for (int i = 0; i < 600; ++i) {
    driver.press(kWays[rng.below(4)]);
    seen.push_back(driver.menu->focus());
  }
  for (const std::string& id : ids) EXPECT_THAT(seen, Contains(id));
}

TEST(Menu, lets_a_gamepad_reach_every_widget_of_the_browser) {
  Settings settings;
  settings.servers = {"ws://a:1", "ws://b:2"};
  MenuDriver driver(settings);
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  expect_all_reachable(driver, {"list", "join", "spectate", "quick", "create", "back", "address", "connect", "recent0",
                                "recent1", "by_Map", "by_Players"});
}

TEST(Menu, steps_through_every_widget_with_tab_and_back_with_shift) {
  MenuDriver driver;
  std::vector<std::string> seen;
  for (int i = 0; i < 9; ++i) {
    seen.push_back(driver.menu->focus());
    driver.press("Tab");
  }
  EXPECT_THAT(seen, ElementsAre("quick", "find", "offline", "host", "recordings", "settings", "quit", "name", "quick"));
  Input shift;
  shift.buttons = {{*Button::from_name("Left Shift"), true, 1, false}};
  driver.frame(shift);
  driver.press("Tab");
  EXPECT_EQ(driver.menu->focus(), "quick");
}

TEST(Menu, repeats_a_held_stick) {
  MenuDriver driver;
  Input input;
  input.device = engine::app::Device::kGamepad;
  input.buttons = {{*Button::from_name("Pad Left Y+"), true, 1, false}};
  driver.frame(input);
  input.buttons.clear();
  for (int i = 0; i < 20; ++i) driver.frame(input);
  EXPECT_EQ(driver.menu->focus(), "find") << "not at once";
  for (int i = 0; i < 20; ++i) driver.frame(input);
  EXPECT_NE(driver.menu->focus(), "find");
}

// --- Names and other texts -------------------------------------------------------------------------------------------

TEST(Menu, refuses_a_name_of_40_letters_at_32_bytes_and_says_so) {
  MenuDriver driver;
  driver.go_to("name", "Tab");
  driver.frames(2);
  EXPECT_TRUE(driver.menu->wants_text());
  for (int i = 0; i < 10; ++i) driver.press("Backspace");
  driver.type(std::string(40, 'a'));
  EXPECT_EQ(driver.settings.name, std::string(32, 'a'));
  EXPECT_TRUE(driver.says("at most 32 bytes"));
  driver.press("Backspace");
  EXPECT_FALSE(driver.says("at most 32 bytes"));
}

TEST(Menu, takes_letters_for_text_while_a_name_is_written) {
  MenuDriver driver;
  driver.go_to("name", "Tab");
  driver.frames(2);
  driver.type("WASD wasd");
  EXPECT_EQ(driver.settings.name, "PilotWASD wasd");
  EXPECT_EQ(driver.menu->focus(), "name");
  driver.press("Up");
  EXPECT_NE(driver.menu->focus(), "name") << "the arrows still steer";
  EXPECT_FALSE(driver.menu->wants_text());
}

TEST(Menu, lets_a_gamepad_write_a_name) {
  MenuDriver driver;
  driver.go_to("name", "Pad Right");
  driver.press("Pad A");
  for (int i = 0; i < 5; ++i) driver.press("Pad Left");
  driver.press("Pad Right");
  driver.press("Pad Right");
  driver.press("Pad Up");
  EXPECT_EQ(driver.settings.name, "ab");
  EXPECT_EQ(driver.menu->focus(), "name");
  driver.press("Pad A");
  driver.press("Pad Left");
  EXPECT_EQ(driver.settings.name, "ab") << "it is done";
  driver.press("Pad Down");
  EXPECT_NE(driver.menu->focus(), "name") << "and the directions move the focus again";
}

TEST(Menu, moves_the_caret_with_the_arrows_and_stays_in_the_field) {
  MenuDriver driver;
  driver.menu->show(ScreenId::kBrowser);
  driver.go_to("address", "Tab");
  driver.frames(2);
  driver.press("Left");
  driver.press("Right");
  driver.press("Right");
  driver.press("Left");
  EXPECT_EQ(driver.menu->focus(), "address");
  driver.type("0");
  driver.press("Return");
  EXPECT_EQ(driver.chose<Connect>()->url, "ws://127.0.0.1:87807");
}

TEST(Menu, lets_nobody_be_nameless) {
  MenuDriver driver;
  driver.go_to("name", "Tab");
  for (int i = 0; i < 10; ++i) driver.press("Backspace");
  EXPECT_EQ(driver.settings.name, "");
  driver.go_to("quick", "Tab");
  driver.press("Return");
  EXPECT_EQ(driver.settings.name, "Pilot");

  driver.menu->show(ScreenId::kSettings);
  driver.go_to("name", "Tab");
  driver.frames(2);
  for (int i = 0; i < 10; ++i) driver.press("Backspace");
  driver.type("  Ada ");
  driver.press("Escape");
  EXPECT_EQ(driver.settings.name, "Ada") << "leaving while one writes, too";
}

TEST(Menu, shows_no_password) {
  MenuDriver driver;
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  driver.press("Return");  // the first has a password
  ASSERT_EQ(driver.menu->screen(), ScreenId::kPassword);
  driver.frames(2);
  driver.type("secret");
  EXPECT_FALSE(driver.says("secret"));
  EXPECT_TRUE(driver.says("••••••"));
  for (const auto shortcut : {engine::app::Shortcut::kCopy, engine::app::Shortcut::kCut})
    driver.press_shortcut(shortcut);
  EXPECT_FALSE(driver.menu->take_copied()) << "nor gives it away";
  driver.press("Return");
  ASSERT_NE(driver.chose<JoinMatch>(), nullptr);
  EXPECT_EQ(driver.chose<JoinMatch>()->password, "secret");
  EXPECT_EQ(driver.chose<JoinMatch>()->id, "friends");
}

TEST(Menu, pastes_copies_and_cuts_in_a_field) {
  MenuDriver driver;
  driver.menu->show(ScreenId::kBrowser);
  driver.go_to("address", "Tab");
  driver.frames(2);
  driver.press_shortcut(engine::app::Shortcut::kCut);
  EXPECT_TRUE(driver.menu->take_copied());
  EXPECT_FALSE(driver.menu->take_copied()) << "once";
  driver.press_shortcut(engine::app::Shortcut::kPaste, "arena.example.org:9000");
  driver.press_shortcut(engine::app::Shortcut::kCopy);
  EXPECT_EQ(driver.menu->take_copied(), "arena.example.org:9000");
  EXPECT_EQ(driver.menu->focus(), "address") << "no direction, though V may be one";
  driver.press("Return");
  EXPECT_EQ(driver.chose<Connect>()->url, "ws://arena.example.org:9000");
}

TEST(Menu, shows_what_an_input_method_composes_in_its_field) {
  MenuDriver driver;
  driver.go_to("name", "Tab");
  driver.frames(2);
  engine::app::Input input;
  input.composing = "にほん";
  driver.frame(input);
  EXPECT_TRUE(driver.says("Pilotにほん"));
  EXPECT_EQ(driver.settings.name, "Pilot");
  driver.frame({});
  EXPECT_FALSE(driver.says("にほん"));
}

// --- The list of matches ---------------------------------------------------------------------------------------------

TEST(Menu, connects_to_what_was_typed) {
  MenuDriver driver;
  driver.menu->show(ScreenId::kBrowser);
  driver.go_to("address", "Tab");
  driver.frames(2);
  for (int i = 0; i < 40; ++i) driver.press("Backspace");
  driver.type("arena.example.org");
  driver.press("Return");
  EXPECT_EQ(driver.chose<Connect>()->url, "ws://arena.example.org:8787");
  EXPECT_EQ(driver.settings.server, "ws://arena.example.org:8787");
}

TEST(Menu, makes_a_whole_url_of_an_address) {
  EXPECT_EQ(full_address(" host "), "ws://host:8787");
  EXPECT_EQ(full_address("host:1"), "ws://host:1");
  EXPECT_EQ(full_address("[::1]"), "ws://[::1]:8787");
  EXPECT_EQ(full_address("[::1]:9"), "ws://[::1]:9");
  EXPECT_EQ(full_address("wss://host"), "wss://host");
  EXPECT_EQ(full_address("ws://host:1/"), "ws://host:1");
  EXPECT_EQ(full_address("  "), "");
}

TEST(Menu, says_how_it_stands_with_the_server) {
  MenuDriver driver;
  driver.menu->show(ScreenId::kBrowser);
  ServerView server;
  server.url = "ws://127.0.0.1:8787";
  const auto says = [&](ServerView::State state, const std::string& words, std::string_view text) {
    server.state = state;
    server.words = words;
    driver.menu->set_server(server);
    driver.frames(2);
    return driver.says(text) && driver.says(words);
  };
  EXPECT_TRUE(says(ServerView::State::kNone, "", "Not connected"));
  EXPECT_TRUE(says(ServerView::State::kConnecting, "", "Connecting to 127.0.0.1:8787"));
  EXPECT_TRUE(says(ServerView::State::kConnected, "", "No match is being played"));
  EXPECT_TRUE(says(ServerView::State::kLost, "silent for 15 s", "was lost"));
  EXPECT_TRUE(says(ServerView::State::kRefused, "speaks scrim.v2", "No connection to"));
  driver.choices.clear();
  driver.click("Try again");
  ASSERT_NE(driver.chose<Connect>(), nullptr);
}

TEST(Menu, goes_to_the_list_when_it_comes_unless_a_hand_has_moved) {
  for (const bool moves : {false, true}) {
    MenuDriver driver;
    driver.go_to("find", "Down");
    driver.press("Return");
    ServerView server = busy_server();
    server.matches.clear();
    driver.menu->set_server(server);
    driver.frames(5);
    EXPECT_EQ(driver.menu->focus(), "quick");
    if (moves) driver.press("Down");
    driver.menu->set_server(busy_server());
    driver.frames(5);
    EXPECT_EQ(driver.menu->focus(), moves ? "create" : "list");
  }
}

TEST(Menu, asks_for_the_list_every_two_seconds_and_only_while_it_is_seen) {
  MenuDriver driver;
  driver.menu->set_server(busy_server());
  driver.frames(200);
  EXPECT_EQ(driver.chose<RefreshMatches>(), nullptr);
  driver.menu->show(ScreenId::kBrowser);
  driver.choices.clear();
  driver.frames(60 * 7);
  EXPECT_EQ(std::count_if(driver.choices.begin(), driver.choices.end(),
                          [](const MenuChoice& c) { return std::holds_alternative<RefreshMatches>(c); }),
            3);
}

TEST(Menu, keeps_the_chosen_match_when_the_list_changes) {
  MenuDriver driver;
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  driver.press("Down");
  ServerView server = busy_server();
  server.matches.insert(server.matches.begin(), {"crowd", "large", "ffa", 16, 0, 16});
  driver.menu->set_server(server);
  driver.frames(2);
  driver.press("Return");
  ASSERT_NE(driver.chose<JoinMatch>(), nullptr);
  EXPECT_EQ(driver.chose<JoinMatch>()->id, "forge-1");
}

TEST(Menu, joins_no_full_or_locked_match_but_watches_it) {
  MenuDriver driver;
  ServerView server = busy_server();
  server.matches = {{"tight", "duel", "duel", 2, 0, 2, 4, false, true, false}};
  driver.menu->set_server(server);
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  EXPECT_TRUE(driver.says("Full"));
  EXPECT_FALSE(driver.find("Full")->is_enabled);
  driver.press("Return");
  ASSERT_NE(driver.chose<JoinMatch>(), nullptr);
  EXPECT_TRUE(driver.chose<JoinMatch>()->spectate);
}

TEST(Menu, sorts_the_list_by_a_column_and_turns_it_round) {
  MenuDriver driver;
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  const auto first_mode = [&] {
    for (const Item& item : driver.menu->items()) {
      if (item.kind == Item::Kind::kRow) return item.cells[1].text;
    }
    return std::string();
  };
  EXPECT_EQ(first_mode(), "Team deathmatch");
  driver.go_to("by_Mode", "Tab");
  driver.press("Return");
  EXPECT_EQ(first_mode(), "Duel");
  driver.press("Return");
  EXPECT_EQ(first_mode(), "Team deathmatch");
}

TEST(Menu, survives_a_list_that_empties_under_the_hand) {
  MenuDriver driver;
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  driver.press("End");
  ServerView server = busy_server();
  server.matches.clear();
  driver.menu->set_server(server);
  driver.press("Return");
  driver.press("Down");
  EXPECT_TRUE(driver.says("No match is being played"));
}

// --- Matches of one's own --------------------------------------------------------------------------------------------

TEST(Menu, makes_the_match_that_was_set_up_and_remembers_it) {
  MenuDriver driver;
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kCreate);
  driver.go_to("map", "Tab");
  driver.press("Right");
  driver.go_to("bots", "Down");
  driver.press("Left");
  driver.press("Left");
  driver.go_to("private", "Down");
  driver.press("Return");
  driver.go_to("password", "Down");
  driver.frames(2);
  driver.type("pw");
  driver.go_to("start", "Down");
  driver.press("Return");
  const CreateMatch* create = driver.chose<CreateMatch>();
  ASSERT_NE(create, nullptr);
  EXPECT_EQ(create->url, "ws://127.0.0.1:8787");
  EXPECT_EQ(create->match.map, "duel");
  EXPECT_EQ(create->match.bots, 5);
  EXPECT_TRUE(create->match.is_private);
  EXPECT_EQ(create->password, "pw");
  EXPECT_EQ(driver.settings.match, create->match);
}

TEST(Menu, plays_offline_with_two_keys) {
  MenuDriver driver;
  driver.go_to("offline", "Down");
  driver.press("Return");
  driver.press("Return");
  ASSERT_NE(driver.chose<PlayOffline>(), nullptr);
  EXPECT_EQ(driver.chose<PlayOffline>()->match, MatchSetup{});
}

TEST(Menu, watches_the_newest_recording) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "scrim_menu_recordings";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "one.scrim") << "x";
  MenuDriver driver;
  driver.menu->set_recording_folders({folder.string()});
  driver.go_to("recordings", "Down");
  driver.press("Return");
  EXPECT_TRUE(driver.says("one"));
  driver.press("Return");
  ASSERT_NE(driver.chose<WatchRecording>(), nullptr);
  EXPECT_EQ(driver.chose<WatchRecording>()->path, (folder / "one.scrim").string());
}

// --- Settings --------------------------------------------------------------------------------------------------------

void open_keys(MenuDriver& driver) {
  driver.menu->show(ScreenId::kSettings);
  driver.frames(2);
  driver.go_to("Keys", "Down");
  driver.press("Return");
  driver.press("Right");
}

TEST(Menu, takes_a_rebind_and_saves_it) {
  MenuDriver driver;
  open_keys(driver);
  driver.go_to("key_dash", "Down");
  driver.press("Return");
  EXPECT_TRUE(driver.says("press a key or button"));
  EXPECT_TRUE(driver.menu->items().size() > 0);
  driver.press("Down");  // is bound now, and moves nothing
  EXPECT_EQ(driver.menu->focus(), "key_dash");
  EXPECT_THAT(driver.settings.keys["dash"], ElementsAre("Down", "Pad A")) << "the gamepad's button stays";
  EXPECT_THAT(driver.controls.bound("dash"), Contains(*Button::from_name("Down")));
  driver.press("Escape");
  EXPECT_EQ(driver.menu->screen(), ScreenId::kMain) << "though it was shown from nowhere";
  ASSERT_NE(driver.chose<ApplySettings>(), nullptr);
  EXPECT_TRUE(driver.chose<ApplySettings>()->keep);

  const std::string path = testing::TempDir() + "/scrim_rebind.toml";
  ASSERT_TRUE(save_settings(driver.settings, path));
  EXPECT_THAT(load_settings(path).settings.keys["dash"], ElementsAre("Down", "Pad A"));
}

TEST(Menu, takes_a_bound_button_from_the_control_that_had_it_and_says_so) {
  MenuDriver driver;
  open_keys(driver);
  driver.go_to("key_dash", "Down");
  driver.press("Return");
  driver.press("Mouse 1");
  EXPECT_THAT(driver.controls.bound("fire"), ElementsAre(*Button::from_name("Pad Right Trigger+")));
  EXPECT_TRUE(driver.says("Mouse 1 no longer means \"Fire\""));
  EXPECT_THAT(driver.controls.bound("watch_next"), ElementsAre(*Button::from_name("Mouse 1")))
      << "watching is another time";
}

TEST(Menu, never_takes_escape_from_what_it_opens) {
  MenuDriver driver;
  driver.define("pause", {"Escape", "Pad Start"});
  open_keys(driver);
  driver.go_to("key_pause", "Down");
  driver.press("Return");
  driver.press("P");
  EXPECT_THAT(driver.settings.keys["pause"], ElementsAre("P", "Escape", "Pad Start"));
}

TEST(Menu, keeps_a_key_when_escape_is_pressed_or_nobody_presses) {
  MenuDriver driver;
  open_keys(driver);
  driver.go_to("key_dash", "Down");
  driver.press("Return");
  driver.press("Escape");
  EXPECT_EQ(driver.menu->screen(), ScreenId::kSettings);
  EXPECT_FALSE(driver.says("press a key or button"));
  driver.press("Return");
  EXPECT_TRUE(driver.says("press a key or button"));
  driver.frames(60 * 7);
  EXPECT_FALSE(driver.says("press a key or button"));
  EXPECT_TRUE(driver.settings.keys.empty());
}

TEST(Menu, brings_the_first_keys_back) {
  MenuDriver driver;
  open_keys(driver);
  driver.press("Return");
  driver.press("K");
  EXPECT_FALSE(driver.settings.keys.empty());
  driver.go_to("reset", "Down");
  driver.press("Return");
  EXPECT_TRUE(driver.settings.keys.empty());
  EXPECT_THAT(driver.controls.bound("up"), Contains(*Button::from_name("W")));
}

TEST(Menu, scrolls_to_the_key_in_focus) {
  MenuDriver driver;
  for (int i = 0; i < 20; ++i) driver.define("extra" + std::to_string(i), {"F1"});
  open_keys(driver);
  EXPECT_FALSE(driver.says("Extra19"));
  driver.go_to("key_extra19", "Down");
  EXPECT_TRUE(driver.says("Extra19"));
  EXPECT_FALSE(driver.says("Fly up"));
  driver.go_to("key_up", "Up");
  EXPECT_TRUE(driver.says("Fly up"));
}

TEST(Menu, applies_a_volume_at_once_and_keeps_it_on_leaving) {
  MenuDriver driver;
  driver.menu->show(ScreenId::kSettings);
  driver.frames(2);
  driver.go_to("Sound", "Down");
  driver.press("Return");
  driver.press("Right");
  driver.go_to("volume", "Up");
  driver.choices.clear();
  driver.press("Left");
  EXPECT_FLOAT_EQ(driver.settings.volume, 0.75F);
  ASSERT_NE(driver.chose<ApplySettings>(), nullptr);
  EXPECT_FALSE(driver.chose<ApplySettings>()->keep);
  for (int i = 0; i < 40; ++i) driver.press("Left");
  EXPECT_FLOAT_EQ(driver.settings.volume, 0);
  driver.menu->show(ScreenId::kMain);
  driver.frames(1);
  EXPECT_TRUE(driver.chose<ApplySettings>()->keep);
}

TEST(Menu, drags_a_slider_with_the_mouse) {
  MenuDriver driver;
  driver.menu->show(ScreenId::kSettings);
  driver.frames(2);
  driver.click("Sound");
  const Item* item = driver.find("Everything");
  ASSERT_NE(item, nullptr);
  const engine::app::Box box = item->box;
  driver.move_mouse({box.x + box.width * 0.45F, box.y + 20});
  Input input;
  input.mouse = driver.mouse;
  input.buttons = {{*Button::from_name("Mouse 1"), true, 1, false}};
  driver.frame(input);
  driver.move_mouse({box.x + box.width * 2, box.y + 200});
  EXPECT_FLOAT_EQ(driver.settings.volume, 1);
  driver.move_mouse({0, box.y});
  EXPECT_FLOAT_EQ(driver.settings.volume, 0);
  input.mouse = driver.mouse;
  input.buttons = {{*Button::from_name("Mouse 1"), false, 0, false}};
  driver.frame(input);
  driver.move_mouse({box.x + box.width * 0.8F, box.y + 20});
  EXPECT_FLOAT_EQ(driver.settings.volume, 0) << "let go is let go";
}

TEST(Menu, shows_what_was_wrong_with_the_settings) {
  MenuDriver driver;
  driver.menu->set_complaints({"settings.toml:3: sound.volume is 0 to 1"});
  driver.frames(1);
  EXPECT_TRUE(driver.says("settings.toml:3: sound.volume is 0 to 1"));
}

// --- Failures, waiting, pause ----------------------------------------------------------------------------------------

TEST(Menu, says_what_failed_and_tries_it_again) {
  MenuDriver driver;
  driver.press("Return");
  driver.menu->fail("No match", "127.0.0.1:8787: connection refused");
  driver.frames(2);
  EXPECT_EQ(driver.menu->screen(), ScreenId::kMessage);
  EXPECT_TRUE(driver.says("connection refused"));
  driver.choices.clear();
  driver.press("Return");
  ASSERT_NE(driver.chose<QuickPlay>(), nullptr);
  EXPECT_EQ(driver.menu->screen(), ScreenId::kWaiting);
  driver.menu->fail("No match", "again");
  driver.press("Escape");
  EXPECT_EQ(driver.menu->screen(), ScreenId::kMain);
}

TEST(Menu, asks_for_the_password_again_when_it_was_wrong) {
  MenuDriver driver;
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  driver.press("Return");
  driver.frames(2);
  driver.type("wrong");
  driver.press("Return");
  driver.menu->fail("Not let in", "wrong password");
  driver.frames(2);
  driver.press("Return");
  ASSERT_EQ(driver.menu->screen(), ScreenId::kPassword);
  driver.frames(2);
  driver.type("right");
  driver.press("Return");
  EXPECT_EQ(driver.chose<JoinMatch>()->password, "right");
  EXPECT_EQ(driver.chose<JoinMatch>()->id, "friends");
}

TEST(Menu, can_fail_anywhere_and_twice) {
  for (const ScreenId screen : {ScreenId::kMain, ScreenId::kWaiting, ScreenId::kMessage, ScreenId::kPassword}) {
    MenuDriver driver;
    driver.menu->show(screen);
    driver.menu->fail("One", "first");
    driver.menu->fail("Two", "second");
    driver.frames(2);
    EXPECT_TRUE(driver.says("second"));
    driver.press("Escape");
    EXPECT_EQ(driver.menu->screen(), ScreenId::kMain);
  }
  MenuDriver driver;
  driver.press("Return");
  driver.menu->fail("One", "first");
  driver.menu->fail("Two", "second");
  driver.frames(2);
  EXPECT_TRUE(driver.says("Try again"));
}

TEST(Menu, gives_up_waiting_when_asked_to) {
  MenuDriver driver;
  driver.press("Return");
  driver.press("Escape");
  EXPECT_NE(driver.chose<CancelWait>(), nullptr);
  EXPECT_EQ(driver.menu->screen(), ScreenId::kMain);
}

TEST(Menu, offers_no_second_try_for_what_was_not_asked_for) {
  MenuDriver driver;
  driver.menu->show(ScreenId::kPause);
  driver.menu->fail("The match has ended", "the server was stopped");
  driver.frames(2);
  EXPECT_TRUE(driver.says("the server was stopped"));
  EXPECT_FALSE(driver.says("Try again"));
  driver.press("Return");
  EXPECT_EQ(driver.menu->screen(), ScreenId::kMain);
}

TEST(Menu, pauses_resumes_and_leaves) {
  MenuDriver driver;
  driver.menu->show(ScreenId::kPause);
  EXPECT_TRUE(driver.menu->is_over_match());
  driver.frames(2);
  driver.press("Escape");
  EXPECT_NE(driver.chose<ResumeMatch>(), nullptr);
  driver.go_to("settings", "Down");
  driver.press("Return");
  EXPECT_TRUE(driver.menu->is_over_match());
  driver.press("Escape");
  EXPECT_EQ(driver.menu->screen(), ScreenId::kPause);
  driver.go_to("leave", "Down");
  driver.press("Return");
  EXPECT_NE(driver.chose<LeaveMatch>(), nullptr);
}

TEST(Menu, says_over_a_recording_what_is_left) {
  MenuDriver driver;
  driver.menu->set_pause({"Paused", "The recording stands still.", "Leave the recording"});
  driver.menu->show(ScreenId::kPause);
  driver.frames(1);
  EXPECT_TRUE(driver.says("Paused") && driver.says("The recording stands still.") &&
              driver.says("Leave the recording"));
}

TEST(Menu, offers_to_try_again_when_the_server_is_lost) {
  MenuDriver driver;
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kBrowser);
  driver.frames(2);
  ServerView server = busy_server();
  server.state = ServerView::State::kLost;
  driver.menu->set_server(server);
  driver.frames(2);
  EXPECT_EQ(driver.menu->focus(), "retry");
}

TEST(Menu, quits) {
  MenuDriver driver;
  driver.go_to("quit", "Up");
  driver.press("Return");
  EXPECT_NE(driver.chose<Quit>(), nullptr);
}

TEST(Menu, sounds_when_the_focus_moves_and_when_something_is_chosen) {
  MenuDriver driver;
  driver.sounds.clear();
  driver.press("Down");
  EXPECT_THAT(driver.sounds, ElementsAre(MenuSound::kMove));
  driver.press("Return");
  EXPECT_THAT(driver.sounds, ElementsAre(MenuSound::kMove, MenuSound::kAccept));
  driver.press("Escape");
  EXPECT_THAT(driver.sounds, ElementsAre(MenuSound::kMove, MenuSound::kAccept, MenuSound::kBack));
}

TEST(Menu, survives_whatever_is_pressed) {
  const char* kButtons[] = {"Up",     "Down",  "Left",    "Right",     "Return",      "Escape",   "Tab",
                            "Space",  "A",     "PageUp",  "PageDown",  "Backspace",   "Mouse 1",  "Mouse 3",
                            "Pad A",  "Pad B", "Pad Up",  "Pad Down",  "Pad Left X+", "Keypad 5", "Left Shift",
                            "Delete", "Home",  "Mouse 1", "Pad Start", "Return",      "Down",     "Mouse 1"};
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    MenuDriver driver;
    engine::app::Picture picture(320, 180);
    engine::app::Canvas canvas(picture);
    for (int i = 0; i < 400; ++i) {
      Input input;
      input.device = rng.below(2) == 0 ? engine::app::Device::kGamepad : engine::app::Device::kKeyboard;
      for (std::uint32_t n = rng.below(3); n > 0; --n) {
        const bool down = rng.below(2) == 0;
        const Button button = *Button::from_name(kButtons[rng.below(static_cast<std::uint32_t>(std::size(kButtons)))]);
        input.buttons.push_back({button, down, down ? 1.0F : 0.0F, rng.below(4) == 0});
      }
      input.mouse_moved = rng.below(2) == 0;
      input.mouse = {static_cast<float>(rng.between(-50, 1400)), static_cast<float>(rng.between(-50, 800))};
      if (rng.below(8) == 0) input.wheel = static_cast<float>(rng.between(-3, 3));
      if (rng.below(6) == 0) input.text = "é";
      input.lost_focus = rng.below(40) == 0;
      driver.frame(input, static_cast<double>(rng.below(100)) / 1000);
      if (rng.below(20) == 0) {
        ServerView server = busy_server();
        server.state = static_cast<ServerView::State>(rng.below(5));
        server.matches.resize(rng.below(5));
        driver.menu->set_server(server);
      }
      if (rng.below(60) == 0) driver.menu->fail("It failed", "for a reason");
      if (rng.below(80) == 0) driver.menu->show(rng.below(2) == 0 ? ScreenId::kPause : ScreenId::kMain);
      if (rng.below(30) == 0) driver.menu->draw(canvas);
      if (rng.below(5) == 0) {
        driver.frame({});  // a screen that was just entered has its focus now
        ASSERT_FALSE(driver.menu->focus().empty());
      }
      ASSERT_LE(driver.settings.name.size(), Settings::kNameBytesMax);
      ASSERT_LE(driver.choices.size(), 4000U);
    }
    const std::string path = testing::TempDir() + "/scrim_monkey.toml";
    ASSERT_TRUE(save_settings(driver.settings, path));
    EXPECT_THAT(load_settings(path).complaints, testing::IsEmpty()) << "what the menu sets is within bounds";
  }
}

TEST(Menu, ignores_the_press_that_opened_it) {
  MenuDriver driver;
  Input escape;
  escape.buttons = {{*Button::from_name("Escape"), true, 1, false}};
  driver.menu->show(ScreenId::kPause);
  driver.frame(escape);
  EXPECT_EQ(driver.chose<ResumeMatch>(), nullptr);
}

TEST(Menu, finds_the_mouse_in_a_frame_of_any_size) {
  MenuDriver driver;
  engine::app::Picture picture(1920, 600);
  engine::app::Canvas canvas(picture);
  driver.menu->draw(canvas);
  const Item* item = driver.find("Settings");
  ASSERT_NE(item, nullptr);
  const float scale = 600.0F / 720;
  const engine::app::Point centre = item->box.centre();
  driver.click({960 + (centre.x - 640) * scale, 300 + (centre.y - 360) * scale});
  EXPECT_EQ(driver.menu->screen(), ScreenId::kSettings);
}

}  // namespace
}  // namespace game::client
