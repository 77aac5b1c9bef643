#include "recording/read/resimulation.hpp"

namespace netcode::recording {

namespace {

std::string known_kinds(const RulesTypes& types) {
  std::string kinds;
  for (const auto& [kind, type] : types) kinds += (kinds.empty() ? "" : ", ") + kind;
  return kinds.empty() ? "none" : kinds;
}

}  // namespace

engine::Result<std::unique_ptr<Resimulation>> Resimulation::create(const RecordingInfo& info, const RulesTypes& types) {
  const auto type = types.find(info.kind);
  if (type == types.end()) {
    return engine::error("there are no rules of kind {} here (known: {})", info.kind, known_kinds(types));
  }
  auto schema = Schema::load(type->second.schema, type->second.world_table);
  if (!schema) return schema.error();
  if (schema->hash() != info.schema_hash) {
    return engine::error("it was recorded with another schema of {} ({:016x}, here {:016x}), by {}", info.kind,
                         info.schema_hash, schema->hash(), info.build);
  }
  if (type->second.version != info.rules_version) {
    return engine::error("it was recorded with version {} of the rules of {}, here is version {}", info.rules_version,
                         info.kind, type->second.version);
  }
  std::unique_ptr<Resimulation> made(new Resimulation(type->second, std::move(*schema)));
  auto simulation = Simulation::create(made->type_, made->schema_, info.setup);
  if (!simulation) return simulation.error();
  made->simulation_ = std::move(*simulation);
  return made;
}

engine::Result<void> Resimulation::input(const Input& input, bool is_new) {
  if (is_new && input.kind == InputKind::kAction) {
    if (auto good = schema_.check(type_.action_table, input.body); !good) return good;
  }
  if (is_new && input.kind == InputKind::kEvent) {
    if (auto good = schema_.check(input.text, input.body); !good) return good;
  }
  if (is_new && !input.ticket_table.empty()) {
    if (auto good = schema_.check(input.ticket_table, input.ticket); !good) return good;
  }
  if (auto applied = simulation_->apply(input); !applied) return applied.error();
  return {};
}

engine::Result<void> Resimulation::run(Tick tick) {
  if (simulation_->current_tick() + 1 != tick) return engine::error("tick {} is not the next one", tick);
  simulation_->tick();
  return {};
}

}  // namespace netcode::recording
