// Does a keyframe hold everything that the next ticks read? A second simulation is restored from it and played beside
// the first one; what differs was left out. Restored anew at each keyframe, so that nothing is kept but what it holds,
// and at the end played on for an interval, for what only shows later.
//
// Rules whose state_hash forgets the same field are found by what they do: their snapshots and events are compared too.
//
// Threading: none. Ownership: its own simulation; the first one is borrowed for each call.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "recording/read/resimulation.hpp"

namespace netcode::recording {

class KeyframeTwin {
 public:
  /// `info` and `types` as they made the first one.
  KeyframeTwin(const RecordingInfo& info, const RulesTypes& types) : info_(info), types_(types) {}

  /// From this keyframe on. An error says why it cannot be restored.
  engine::Result<void> restore(const Keyframe& keyframe);
  /// What was done to the first one.
  engine::Result<void> input(const Input& input, bool is_new);
  engine::Result<void> run(Tick tick);
  void emitted_by_first(Emitted event) { first_emitted_.push_back(std::move(event)); }
  /// After restore, and after each tick: empty, or how this one differs from the first.
  std::string difference_from(const Simulation& first);

  /// At the recording's end: both go on without inputs for as long as a keyframe has to last, kKeyframeIntervalTicks at
  /// most. The first one is not in the recording's state afterwards.
  std::string play_on(Simulation& first);

 private:
  std::string differs(std::string_view what) const;

  const RecordingInfo& info_;
  const RulesTypes& types_;
  std::unique_ptr<Resimulation> twin_;
  Tick restored_at_ = 0;
  std::deque<Emitted> emitted_;
  std::deque<Emitted> first_emitted_;
  flatbuffers::FlatBufferBuilder world_;
  flatbuffers::FlatBufferBuilder first_world_;
};

}  // namespace netcode::recording
