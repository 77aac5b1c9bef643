#include "server/descriptor_budget.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "netcode/limits.hpp"

namespace netcode {
namespace {

/// Standard streams, the log, libraries' own.
constexpr std::size_t kOwnFiles = 16;
/// Of a loop: its two epolls, its timer, its wake-up.
constexpr std::size_t kFilesPerThread = 4;

/// What is open whoever comes, and what is kept for HTTP and files.
std::size_t taken(const ServerConfig& config) {
  return kOwnFiles + limits::kDescriptorsReserved + kFilesPerThread * config.threads + config.listen.size();
}

}  // namespace

std::size_t descriptors_wanted(const ServerConfig& config) {
  const std::size_t links = config.twin_links ? 2 : 1;
  const std::size_t recordings = config.record_dir.empty() ? 0 : config.matches_max;
  return taken(config) + links * config.sessions_max + recordings + limits::kVisitorsMax;
}

DescriptorBudget descriptor_budget(const ServerConfig& config, std::size_t limit) {
  DescriptorBudget budget;
  budget.connections = limit - std::min(limit, taken(config));
  budget.line = fmt::format("{} file descriptors, room for {} connections", limit, budget.connections);
  if (budget.connections < config.sessions_max) {
    budget.warning = fmt::format(
        "sessions_max is {}, and {} file descriptors have room for {} connections: raise the limit (ulimit -n, "
        "LimitNOFILE) or lower sessions_max",
        config.sessions_max, limit, budget.connections);
  }
  return budget;
}

}  // namespace netcode
