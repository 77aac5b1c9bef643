#include "transport/close.hpp"

#include <algorithm>

namespace netcode::transport {

const CloseRule& rule_of(CloseCode code) {
  static constexpr CloseRule kOther{};
  const auto rule = std::find_if(kCloseRules.begin(), kCloseRules.end(), [&](const auto& r) { return r.code == code; });
  return rule == kCloseRules.end() ? kOther : *rule;
}

bool is_loss(const CloseInfo& info) { return rule_of(info.code).client_resumes; }

bool is_resumable(const CloseInfo& info) { return rule_of(info.code).server_keeps; }

bool is_goodbye(const CloseInfo& info) { return info.by_peer && rule_of(info.code).is_goodbye; }

std::string_view words_of(const CloseInfo& info) {
  return info.reason.empty() ? rule_of(info.code).words : std::string_view(info.reason);
}

}  // namespace netcode::transport
