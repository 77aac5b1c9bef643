#include "engine/core/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <boost/json/src.hpp>  // Boost.JSON without its library: in this one source only
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using engine::LogFormat;

// What `write` logs under a configuration, line by line. Puts the logger of before back.
std::vector<std::string> lines_logged(const engine::LogConfig& config, const std::function<void()>& write) {
  const auto before = spdlog::default_logger();
  testing::internal::CaptureStderr();
  engine::log_setup(config);
  write();
  spdlog::set_default_logger(before);
  std::istringstream captured(testing::internal::GetCapturedStderr());
  std::vector<std::string> lines;
  for (std::string line; std::getline(captured, line);) lines.push_back(line);
  return lines;
}

// The fields of the one JSON line that logging a message writes.
std::map<std::string, std::string> json_logged(const std::string& message) {
  const auto lines = lines_logged({LogFormat::kJsonLines, "info"}, [&] { spdlog::info("{}", message); });
  EXPECT_EQ(lines.size(), 1U) << "a message is one line";
  boost::system::error_code ec;
  const boost::json::value value = boost::json::parse(lines.at(0), ec);
  EXPECT_FALSE(ec) << ec.message() << ": " << lines.at(0);
  std::map<std::string, std::string> fields;
  if (value.is_object()) {
    for (const auto& [key, field] : value.get_object()) fields[std::string(key)] = std::string(field.as_string());
  }
  return fields;
}

TEST(Log, writes_text_lines_with_time_level_and_message) {
  const auto lines = lines_logged({LogFormat::kText, "info"}, [] { spdlog::warn("disk is {} % full", 93); });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], testing::ContainsRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\.[0-9]{3} "));
  EXPECT_THAT(lines[0], testing::EndsWith(" warning disk is 93 % full"));
}

TEST(Log, writes_json_lines_with_time_level_and_message) {
  const auto line = json_logged("match m1 started");
  EXPECT_EQ(line.at("level"), "info");
  EXPECT_EQ(line.at("message"), "match m1 started");
  EXPECT_THAT(line.at("time"),
              testing::ContainsRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"));
}

TEST(Log, writes_json_that_parses_back_to_any_message) {
  std::string every_ascii;
  for (char c = 0; c < 0x7F; ++c) every_ascii += c;
  for (const std::string& message : {every_ascii, std::string("quote \" backslash \\ newline \n tab \t end"),
                                     std::string("gr\xC3\xBC\xC3\x9F \xF0\x9F\x9A\x80"), std::string()}) {
    EXPECT_EQ(json_logged(message).at("message"), message);
  }
}

TEST(Log, writes_valid_json_for_bytes_that_are_not_utf8) {
  EXPECT_EQ(json_logged("name \xFF\xC3 end").at("message"), "name \xEF\xBF\xBD\xEF\xBF\xBD end");
}

TEST(Log, writes_a_json_line_for_every_level) {
  const auto lines = lines_logged({LogFormat::kJsonLines, "trace"}, [] {
    spdlog::trace("");
    spdlog::debug("");
    spdlog::info("");
    spdlog::warn("");
    spdlog::error("");
    spdlog::critical("");
  });
  std::vector<std::string> levels;
  for (const std::string& line : lines) levels.emplace_back(boost::json::parse(line).at("level").as_string());
  EXPECT_THAT(levels, testing::ElementsAre("trace", "debug", "info", "warn", "error", "critical"));
}

TEST(Log, keeps_quiet_below_its_level) {
  const auto lines = lines_logged({LogFormat::kText, "error"}, [] {
    spdlog::warn("not this");
    spdlog::error("but this");
  });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], testing::HasSubstr("but this"));
  EXPECT_TRUE(lines_logged({LogFormat::kText, "off"}, [] { spdlog::critical("nothing"); }).empty());
}

TEST(Log, names_a_level_that_does_not_exist) {
  try {
    engine::log_setup({LogFormat::kText, "loud"});
    FAIL() << "accepted";
  } catch (const std::invalid_argument& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("'loud'"));
  }
}

}  // namespace
