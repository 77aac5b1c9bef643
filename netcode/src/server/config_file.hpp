// Reads a server's TOML file and command line into a ServerConfig, by the table of options.hpp.
//
// Nothing is taken in silence: a key that is not known is refused with the nearest one that is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/server_config.hpp"
#include "server/options.hpp"

namespace netcode {

/// Sets what the file names. An error names the file, the line and the key, and says what was expected.
engine::Result<void> read_config_file(const std::string& path, const std::vector<Option>& options);

struct Arguments {
  ServerConfig config;
  std::optional<std::string> help;  // asked for: the text
};
/// `arguments` without the program's name. An error is one line.
engine::Result<Arguments> parse_arguments(const std::string& program, const std::vector<std::string>& arguments,
                                          const std::string& description, const std::vector<ExtraFlag>& extra = {});

}  // namespace netcode
