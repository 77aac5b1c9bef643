// How many connections the process's file descriptors allow for, told when a server starts.
//
// Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "netcode/server_config.hpp"

namespace netcode {

/// Descriptors with which nothing that the config allows is ever refused for want of one.
std::size_t descriptors_wanted(const ServerConfig& config);

struct DescriptorBudget {
  std::size_t connections = 0;         // that fit
  std::string line;                    // for the log
  std::optional<std::string> warning;  // sessions_max does not fit
};
/// `limit`: how many the process may have.
DescriptorBudget descriptor_budget(const ServerConfig& config, std::size_t limit);

}  // namespace netcode
