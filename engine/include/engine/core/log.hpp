// Where logs go and how they look. Everything is written with spdlog::info(...) and its siblings, and lands on stderr:
// stdout belongs to what a program was asked to print.
//
// log_setup is called once from main, before other threads start; logging itself is safe from any thread.
#pragma once

#include <string>

namespace engine {

enum class LogFormat {
  kText,       // 2024-05-01 12:00:00.123 info match m1 started
  kJsonLines,  // {"time":"2024-05-01T12:00:00.123Z","level":"info","message":"match m1 started"}
};

struct LogConfig {
  LogFormat format = LogFormat::kText;
  std::string level = "info";  // trace, debug, info, warn, error, critical or off
};

// Throws std::invalid_argument, naming the level, if there is no such level.
void log_setup(const LogConfig& config);

}  // namespace engine
