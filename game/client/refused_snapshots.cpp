#include "game/client/refused_snapshots.hpp"

#include <spdlog/fmt/fmt.h>

namespace game::client {
namespace {

/// A server that sends only such ones sends thirty a second.
constexpr double kLogEverySeconds = 10;
/// One that is missing shows no more than one that was late.
constexpr double kShownAfterSeconds = 0.5;

}  // namespace

std::optional<std::string> RefusedSnapshots::refused(std::uint32_t tick, const std::string& reason, double now_s) {
  ++count_;
  reason_ = reason;
  if (!since_s_) since_s_ = now_s;
  if (logged_s_ && now_s - *logged_s_ < kLogEverySeconds) return std::nullopt;
  const std::uint64_t others = count_ - logged_count_ - 1;
  logged_s_ = now_s;
  logged_count_ = count_;
  std::string line = fmt::format("the snapshot of tick {} is left out: {}", tick, reason);
  if (others > 0) line += fmt::format("; so were {} before it", others);
  return line;
}

std::string RefusedSnapshots::words(double now_s) const {
  if (!since_s_ || now_s - *since_s_ < kShownAfterSeconds) return {};
  return "the server's snapshots cannot be shown: " + reason_;
}

}  // namespace game::client
