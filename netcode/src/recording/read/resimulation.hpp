// A match played again from what a recording says: its rules, their schema, and the ticks of one record after another.
//
// What the recording's actions and events hold is checked against the schema before the rules see it, as at every door.
// Threading: none. Ownership: the rules type, the schema and the simulation.
#pragma once

#include <memory>
#include <string>

#include "netcode/recording.hpp"
#include "recording/format/tick_codec.hpp"
#include "simulation/simulation.hpp"

namespace netcode::recording {

class Resimulation : public TickSink {
 public:
  /// An error says what does not fit: no such kind here, other rules, another schema, a broken map.
  static engine::Result<std::unique_ptr<Resimulation>> create(const RecordingInfo& info, const RulesTypes& types);

  Simulation& simulation() { return *simulation_; }
  const Simulation& simulation() const { return *simulation_; }
  const Schema& schema() const { return schema_; }
  const RulesType& type() const { return type_; }

  engine::Result<void> input(const Input& input, bool is_new) override;
  engine::Result<void> run(Tick tick) override;
  /// What was emitted and hashed is of no interest to whoever only plays.
  engine::Result<void> event(const Recipients&, std::string_view, BytesView) override { return {}; }
  engine::Result<void> end_of_tick(Tick, std::optional<std::uint64_t>) override { return {}; }

 private:
  Resimulation(RulesType type, Schema schema) : type_(std::move(type)), schema_(std::move(schema)) {}

  RulesType type_;
  Schema schema_;
  std::unique_ptr<Simulation> simulation_;  // refers to both
};

}  // namespace netcode::recording
