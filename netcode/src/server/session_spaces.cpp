#include "server/session_spaces.hpp"

#include <utility>

#include "protocol/messages.hpp"

namespace netcode {

std::vector<std::string> SessionSpaces::names() const {
  std::vector<std::string> out;
  out.reserve(spaces_.size());
  for (const auto& [name, data] : spaces_) out.push_back(name);
  return out;
}

SessionSpaces::Data SessionSpaces::data(std::string_view space) const {
  if (space == protocol::kDefaultNamespace) return root_;
  const auto found = spaces_.find(space);
  return found == spaces_.end() ? std::make_shared<std::any>() : found->second;
}

const boost::json::value& SessionSpaces::auth_json(std::string_view space) const {
  static const boost::json::value kNothing;
  const auto found = auths_.find(space);
  return found == auths_.end() ? kNothing : found->second;
}

bool SessionSpaces::enter(std::string_view space) {
  if (contains(space)) return false;
  spaces_.emplace(space, data(space));
  return true;
}

bool SessionSpaces::end_lost(std::string_view space) {
  const auto found = lost_.find(space);
  if (found == lost_.end()) return false;
  lost_.erase(found);
  return true;
}

SessionSpaces::Data SessionSpaces::leave(std::string_view space) {
  end_lost(space);
  const auto found = spaces_.find(space);
  if (found == spaces_.end()) return nullptr;
  Data kept = std::move(found->second);
  spaces_.erase(found);
  if (const auto auth = auths_.find(space); auth != auths_.end()) auths_.erase(auth);
  return kept;
}

}  // namespace netcode
