#include "client/replies.hpp"

#include <utility>

#include "netcode/limits.hpp"

namespace netcode::client {

Replies::~Replies() {
  for (const auto& [id, pending] : pending_) loop_.cancel(pending.timer);
}

std::uint32_t Replies::add(ReplyHandler handler, std::optional<std::chrono::milliseconds> timeout, Asker asker) {
  if (pending_.size() >= limits::kAcksPendingMax) {
    fail(std::move(handler), engine::error("{} answers are waited for already", pending_.size()).reason);
    return 0;
  }
  const std::uint32_t id = ++last_id_;
  Pending pending{std::move(handler), asker, {}};
  if (timeout) pending.timer = loop_.call_at(loop_.now() + *timeout, [this, id, timeout] { time_out(id, *timeout); });
  pending_.emplace(id, std::move(pending));
  return id;
}

std::optional<Replies::Pending> Replies::take(std::uint32_t id) {
  auto found = pending_.extract(id);
  if (!found) return std::nullopt;
  loop_.cancel(found.mapped().timer);
  return std::move(found.mapped());
}

void Replies::fail(ReplyHandler handler, const std::string& reason) {
  loop_.post([alive = std::weak_ptr(alive_), handler = std::move(handler), error = engine::Error{reason}] {
    if (!alive.expired()) handler(error);
  });
}

void Replies::fail(std::uint32_t id, const std::string& reason) {
  if (auto pending = take(id)) fail(std::move(pending->handler), reason);
}

void Replies::fail_all(const std::string& reason) {
  while (!pending_.empty()) fail(pending_.begin()->first, reason);
}

void Replies::time_out(std::uint32_t id, std::chrono::milliseconds timeout) {
  if (const auto pending = take(id)) pending->handler(engine::error("timed out after {} ms", timeout.count()));
}

}  // namespace netcode::client
