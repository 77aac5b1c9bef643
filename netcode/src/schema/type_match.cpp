#include "schema/type_match.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"

namespace netcode {

namespace {

/// A game has about as many as it has types; a schema from outside could lead from each of ours to each of its own.
constexpr std::size_t kTypeMatchesMax = 4096;

const FieldInfo* find_like(const TypeInfo& type, const FieldInfo& field) {
  const auto found = std::find_if(type.fields.begin(), type.fields.end(),
                                  [&field](const FieldInfo& candidate) { return candidate.name == field.name; });
  return found != type.fields.end() && found->shape == field.shape ? &*found : nullptr;
}

}  // namespace

engine::Result<void> TypeMatches::make(std::string_view table) {
  std::vector<std::pair<const TypeInfo*, TypeMatch*>> unfinished;
  const auto match_of = [&](const TypeInfo& from, const TypeInfo& to) {
    const auto [found, is_new] = all_.try_emplace({&from, &to}, TypeMatch{.to = &to});
    if (is_new) unfinished.emplace_back(&from, &found->second);
    return &found->second;
  };
  const TypeInfo* from_root = from_.find(table);
  const TypeInfo* to_root = to_.find(table);
  ENGINE_ASSERT(from_root && to_root && all_.empty(), "both have the table");
  root_ = match_of(*from_root, *to_root);
  while (!unfinished.empty()) {
    if (all_.size() > kTypeMatchesMax) return engine::error("more than {} types to be matched", kTypeMatchesMax);
    const auto [from, match] = unfinished.back();
    unfinished.pop_back();
    for (const FieldInfo& field : match->to->fields) {
      FieldMatch made{.to = &field, .from = find_like(*from, field)};
      if (made.from != nullptr && field.child != nullptr) made.child = match_of(*made.from->child, *field.child);
      match->fields.push_back(made);
    }
    const auto key = std::find_if(match->fields.begin(), match->fields.end(),
                                  [](const FieldMatch& made) { return made.to->is_key; });
    if (key != match->fields.end()) match->key = &*key;
  }
  return {};
}

}  // namespace netcode
