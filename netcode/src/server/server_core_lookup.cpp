// ServerCore: what is where, by its name.
#include <algorithm>
#include <stdexcept>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "server/guarded.hpp"
#include "server/server_core.hpp"

namespace netcode {

NamespaceCore& ServerCore::space(std::string_view name) {
  const std::lock_guard lock(spaces_mutex_);
  auto& space = spaces_[std::string(name)];
  if (!space) space = std::make_unique<NamespaceCore>(*this, std::string(name));
  return *space;
}

NamespaceCore* ServerCore::find_space(std::string_view name) {
  const std::lock_guard lock(spaces_mutex_);
  const auto space = spaces_.find(name);
  return space == spaces_.end() ? nullptr : space->second.get();
}

NamespaceCore& ServerCore::add_parent(std::function<bool(std::string_view)> matches) {
  if (routes_->state() != Routes::State::kNotYet) throw std::runtime_error("of_each: after run()");
  parents_.push_back({std::move(matches), std::make_unique<NamespaceCore>(*this, "")});
  return *parents_.back().space;
}

// What matches is the program's own code, and asked without the lock: it may look for namespaces itself.
NamespaceCore* ServerCore::find_or_make_space(std::string_view name) {
  if (NamespaceCore* space = find_space(name)) return space;
  if (name.size() > limits::kNamespaceBytesMax) return nullptr;
  const auto fits = [name](const Parent& parent) {
    bool matches = false;
    static_cast<void>(guarded("what matches names of namespaces", "", [&] { matches = parent.matches(name); }));
    return matches;
  };
  const auto parent = std::find_if(parents_.begin(), parents_.end(), fits);
  if (parent == parents_.end()) return nullptr;
  const std::lock_guard lock(spaces_mutex_);
  if (const auto space = spaces_.find(name); space != spaces_.end()) return space->second.get();  // meanwhile
  if (spaces_made_ >= limits::kSpacesMadeMax) return nullptr;
  ++spaces_made_;
  auto& made = spaces_[std::string(name)];
  made = std::make_unique<NamespaceCore>(*this, std::string(name));
  made->take_over(*parent->space);
  return made.get();
}

const Kind* ServerCore::find_kind(std::string_view name) const {
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& k) { return k->name == name; });
  return kind == kinds_.end() ? nullptr : kind->get();
}

std::pair<const Schema*, const EventInfo*> ServerCore::find_event(const LiveMatch* match, std::string_view name) const {
  if (match) return {&match->kind().schema, match->kind().schema.event_named(name)};
  for (const auto& kind : kinds_)
    if (const EventInfo* info = kind->schema.event_named(name)) return {&kind->schema, info};
  return {nullptr, nullptr};
}

std::pair<const Kind*, const EventInfo*> ServerCore::event_kind(std::string_view name) const {
  for (const auto& kind : kinds_)
    if (const EventInfo* info = kind->schema.event_named(name)) return {kind.get(), info};
  return {nullptr, nullptr};
}

const Kind* ServerCore::kind_of_table(std::string_view table) const {
  for (const auto& kind : kinds_)
    if (kind->schema.supports(table)) return kind.get();
  return nullptr;
}

Handshake::AuthReader ServerCore::auth_reader(const boost::json::value& auth) const {
  if (auth.is_null()) return nullptr;
  return [this, auth](std::string_view table) -> std::optional<Auth> {
    const Kind* kind = kind_of_table(table);
    if (!kind) return std::nullopt;
    auto made = kind->json->to_table(table, auth, {}, limits::kEventBytesMax);
    if (!made) return std::nullopt;
    return Auth(std::string(table), std::move(*made));
  };
}

const Schema* ServerCore::find_schema(const LiveMatch* match, std::string_view table) const {
  if (match && match->kind().schema.supports(table)) return &match->kind().schema;
  for (const auto& kind : kinds_)
    if (kind->schema.supports(table)) return &kind->schema;
  return nullptr;
}

engine::Result<void> ServerCore::check_auth(const std::optional<Auth>& auth) const {
  if (!auth) return {};
  const Schema* schema = find_schema(nullptr, auth->table());
  if (!schema) return engine::error("auth: no table here is called {}", engine::printable_utf8(auth->table()));
  if (auto ok = schema->check(auth->table(), auth->body()); !ok) return engine::error("auth: {}", ok.error().reason);
  return {};
}

}  // namespace netcode
