// ServerCore: the events and answers that the program's own code has it send. What a client would refuse is found here,
// once for all who would have been sent it.
#include <spdlog/spdlog.h>

#include "engine/core/assert.hpp"
#include "server/server_core.hpp"

namespace netcode {

SharedEventPtr ServerCore::make_event(const protocol::EventMessage& event) const {
  auto shared = std::make_shared<const SharedEvent>(event, event_totals_);
  if (shared->size() <= limits::kEventBytesMax) return shared;
  note_fault(event.name, fmt::format("an event of {} bytes, {} is the limit", shared->size(), limits::kEventBytesMax));
  return nullptr;
}

engine::Result<SharedEventPtr> ServerCore::make_emitted(std::string_view table, std::string_view space,
                                                        BytesView body) const {
  const auto event = events_.find(table);
  ENGINE_ASSERT(event != events_.end(), "emitted a table that no defined kind's schema marks (event:\"...\")");
  const auto& [kind, info] = event->second;
  if (auto fits = kind->schema.check(table, body); !fits) {
    note_fault(info->name, fits.error().reason);
    return fits.error();
  }
  if (auto shared = make_event({.name = info->name, .space = space, .body = body})) return shared;
  return engine::error("{}: {} bytes, more than an event may take", info->name, body.size());
}

engine::Result<void> ServerCore::check_answer(const LiveMatch* match, std::string_view table, BytesView body) const {
  const Schema* schema = find_schema(match, table);
  if (!schema) return {};  // netcode's own, or one that the asker cannot read and says so
  auto fits = schema->check(table, body);
  if (!fits) note_fault(table, fits.error().reason);
  return fits;
}

// By what it is of, so that one fault does not hide another.
void ServerCore::note_fault(std::string_view of, const std::string& what) const {
  const std::lock_guard lock(faults_mutex_);
  auto line = faults_.find(of);
  if (line == faults_.end()) line = faults_.emplace(of, FaultLine()).first;
  if (const auto count = line->second.count(engine::SteadyClock().now()))
    spdlog::error("kept back, since no client would take it: {} ({} since the last line of {})", what, *count, of);
}

}  // namespace netcode
