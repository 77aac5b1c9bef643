// Reads a server's TOML file and command line into a ServerConfig.
//
// Keys of the file are the flags without their dashes ("tick_rate" for --tick-rate). Nothing is taken in silence: a key
// that is not known is refused with the nearest one that is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/server_config.hpp"

namespace netcode {

/// Fills in what the file names. An error names the file and the line or key.
engine::Result<void> read_config_file(const std::string& path, ServerConfig& config,
                                      const std::vector<ExtraFlag>& extra = {});

struct Arguments {
  ServerConfig config;
  bool check_config = false;  // --check-config: say that it is fine, and leave
  std::optional<std::string> help;
};
/// `arguments` without the program's name. An error is one line.
engine::Result<Arguments> parse_arguments(const std::string& program, const std::vector<std::string>& arguments,
                                          const std::string& description, const std::vector<ExtraFlag>& extra = {});

}  // namespace netcode
