// docs/hosting.md and docs/scrim-server.toml, read: they say what the table of options says, no more and no less.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "game/server/arena.hpp"
#include "server/config_file.hpp"
#include "server/options.hpp"

namespace {

using netcode::Option;
using netcode::ServerConfig;

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The whole table, as scrim-server has it.
struct Table {
  ServerConfig config;
  game::server::ArenaConfig arena;
  std::string config_file;
  bool check_only = false;

  std::vector<Option> of_the_file() { return netcode::server_options(config, game::server::arena_flags(arena)); }
  std::vector<Option> all() {
    std::vector<Option> options = netcode::command_line_options(config_file, check_only);
    for (Option& option : of_the_file()) options.push_back(std::move(option));
    return options;
  }
};

std::string row_of(const Option& option) {
  const std::string flag = "--" + option.flag + (option.value.empty() ? "" : " " + option.value);
  const std::string key = option.key.empty() ? "" : "`" + option.key + "`";
  return "| `" + flag + "` | " + key + " | " + expected(option) + " | " + usual(option) + " | " + option.help + " |";
}

TEST(HostingPage, lists_every_option_as_the_table_has_it) {
  Table table;
  std::vector<std::string> rows;
  std::string wanted;
  for (const Option& option : table.all()) {
    rows.push_back(row_of(option));
    wanted += rows.back() + "\n";
  }
  std::vector<std::string> written;
  for (const std::string& line : lines_of(read(SCRIM_HOSTING_DOC)))
    if (line.starts_with("| `--")) written.push_back(line);
  EXPECT_EQ(written, rows) << "the page should hold:\n" << wanted;
}

// Every line of the sample that begins with '#' and a key is a setting that is left out.
TEST(SampleFile, names_every_key_once_with_what_is_usual) {
  Table table;
  const std::string sample = read(SCRIM_SAMPLE_CONFIG);
  for (const Option& option : table.of_the_file()) {
    const bool is_table = std::holds_alternative<netcode::FieldsOption>(option.target);
    const std::string begin = is_table ? "[" + option.key + "]" : option.key + " = ";
    int times = 0;
    for (const std::string& line : lines_of(sample)) times += line.starts_with(begin) || line.starts_with("#" + begin);
    EXPECT_EQ(times, 1) << option.key;
  }
}

class SampleFileRead : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(AsItIs, SampleFileRead, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(WithEveryKey, SampleFileRead, testing::Values(true));

TEST_P(SampleFileRead, is_taken_without_a_word_and_changes_nothing) {
  std::string text;
  for (std::string line : lines_of(read(SCRIM_SAMPLE_CONFIG))) {
    const bool is_setting = line.starts_with("#") && !line.starts_with("# ") && line.size() > 1;
    if (GetParam() && is_setting) line.erase(0, 1);
    text += line + "\n";
  }
  const std::string path = testing::TempDir() + "scrim_sample_" + std::to_string(GetParam()) + ".toml";
  std::ofstream(path) << text;
  Table usual, sample;
  const auto read_in = netcode::read_config_file(path, sample.of_the_file());
  std::remove(path.c_str());
  ASSERT_TRUE(read_in) << read_in.error().reason;
  const auto before = usual.of_the_file(), after = sample.of_the_file();
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!before[i].usual.empty()) continue;  // what is unset has no value that a sample could repeat
    EXPECT_EQ(netcode::usual(after[i]), netcode::usual(before[i])) << before[i].key;
  }
}

}  // namespace
