#include "engine/core/log.hpp"

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <ctime>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "utf8_decode.hpp"

namespace engine {
namespace {

// Appends a JSON string. What is logged may quote bytes from outside: bytes that are not UTF-8 become U+FFFD, so that
// every line can be parsed.
void append_json_string(std::string_view text, spdlog::memory_buf_t& out) {
  const auto append = [&](std::string_view piece) { out.append(piece.data(), piece.data() + piece.size()); };
  append("\"");
  while (!text.empty()) {
    const detail::CodePoint code_point = detail::decode_utf8(text);
    if (code_point.bytes == 0) {
      append(detail::kReplacementCharacter);
      text.remove_prefix(1);
      continue;
    }
    switch (code_point.value) {
      case '"':
        append("\\\"");
        break;
      case '\\':
        append("\\\\");
        break;
      case '\n':
        append("\\n");
        break;
      case '\t':
        append("\\t");
        break;
      default:
        if (code_point.value < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(code_point.value));
        } else {
          append(text.substr(0, code_point.bytes));
        }
    }
    text.remove_prefix(code_point.bytes);
  }
  append("\"");
}

std::string_view level_name(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
      return "trace";
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::info:
      return "info";
    case spdlog::level::warn:
      return "warn";
    case spdlog::level::err:
      return "error";
    case spdlog::level::critical:
      return "critical";
    default:
      return "off";
  }
}

class JsonLinesFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto since_epoch = message.time.time_since_epoch();
    const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count() % 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    fmt::format_to(std::back_inserter(out),
                   R"({{"time":"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z","level":"{}","message":)",
                   utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, ms,
                   level_name(message.level));
    append_json_string({message.payload.data(), message.payload.size()}, out);
    fmt::format_to(std::back_inserter(out), "}}\n");
  }

  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLinesFormatter>();
  }
};

spdlog::level::level_enum level_from(std::string_view name) {
  for (int i = spdlog::level::trace; i <= spdlog::level::off; ++i) {
    const auto level = static_cast<spdlog::level::level_enum>(i);
    if (level_name(level) == name) return level;
  }
  throw std::invalid_argument(
      fmt::format("log level '{}' is none of trace, debug, info, warn, error, critical, off", name));
}

}  // namespace

void log_setup(const LogConfig& config) {
  const spdlog::level::level_enum level = level_from(config.level);
  std::shared_ptr<spdlog::logger> logger;
  if (config.format == LogFormat::kJsonLines) {
    logger = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_formatter(std::make_unique<JsonLinesFormatter>());
  } else {
    logger = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  }
  logger->set_level(level);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace engine
