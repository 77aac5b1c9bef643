#include "server/namespace_core.hpp"

namespace netcode {

std::shared_ptr<const NamespaceCore::Table> NamespaceCore::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

void NamespaceCore::change(const std::function<void(Table&)>& change) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<Table>(*table_);
  change(*next);
  table_ = std::move(next);
}

std::shared_ptr<NamespaceCore::Handler> NamespaceCore::take_handler(std::string_view name) {
  const auto now = table();
  const auto found = now->events.find(name);
  if (found == now->events.end()) return nullptr;
  if (!found->second.once) return found->second.handler;

  // Of several shards that saw it, the one that erases it may run it.
  std::shared_ptr<Handler> taken;
  change([&](Table& table) {
    const auto entry = table.events.find(name);
    if (entry == table.events.end()) return;
    taken = entry->second.handler;
    table.events.erase(entry);
  });
  return taken;
}

Handshake::Verdict NamespaceCore::ask(Handshake& handshake) const {
  for (const auto held = table(); const Middleware& middleware : held->middleware)
    if (auto refusal = middleware(handshake)) return refusal;
  return std::nullopt;
}

Namespace& Namespace::use(Middleware middleware) {
  core_->change([&](auto& table) { table.middleware.push_back(std::move(middleware)); });
  return *this;
}

void Namespace::add(std::string_view table_name, Handler handler, bool once) {
  core_->change([&](auto& table) {
    table.events[std::string(table_name)] = {std::make_shared<NamespaceCore::Handler>(std::move(handler)), once};
  });
}

void Namespace::remove(std::string_view table_name) {
  core_->change([&](auto& table) { table.events.erase(std::string(table_name)); });
}

Namespace& Namespace::on_any(std::function<void(Session&, const EventView&)> handler) {
  core_->change([&](auto& table) { table.on_any.push_back(std::move(handler)); });
  return *this;
}

Namespace& Namespace::on_connect(std::function<void(Session&)> handler) {
  core_->change([&](auto& table) { table.on_connect.push_back(std::move(handler)); });
  return *this;
}

Namespace& Namespace::on_disconnect(std::function<void(Session&, std::string_view)> handler) {
  core_->change([&](auto& table) { table.on_disconnect.push_back(std::move(handler)); });
  return *this;
}

Broadcast Namespace::everyone() { return Broadcast(core_->server(), core_->name()); }

Broadcast Namespace::to(std::string_view room) {
  Broadcast out = everyone();
  out.to(room);
  return out;
}

}  // namespace netcode
