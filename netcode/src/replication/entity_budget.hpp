// Which entities one client is told of anew in a snapshot that has no room for all of them.
//
// An entity that is other than the client has it waits, and gathers its group's priority with each snapshot that it
// waits for. The client's own entities, those that are new and those that are gone always go, and so does slow state;
// then those that wait, by what they have gathered, as far as there is room, and one of them in any case. What is held
// back is in the client's World as the client was handed it last, so that each entity in it is as it once really was.
//
// Nothing starves. In every snapshot at least one goes that has gathered as much as any other, and begins again from
// nought: one of priority p goes within 2 * (n + (q1 + ... + qn) / p) + 1 snapshots, where q1 to qn are the priorities
// of the n others that keep changing: 4n + 1 where all are alike.
//
// Threading: its connection's shard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "netcode/ids.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"

namespace netcode {

class EntityBudget {
 public:
  /// What is coded for `viewer` in a snapshot of about so many bytes: `now` itself if all of it goes, else with the
  /// entities that are held back as in `handed`, the World that was coded for the same connection before.
  LaneWorldPtr choose(const LaneLayout& layout, const LaneWorld& handed, const LaneWorldPtr& now, PlayerId viewer,
                      double bytes);
  /// What was chosen last came to so many bytes: so it is known what the next ones cost.
  void note(double bytes);
  /// Was anything held back?
  bool is_behind() const { return held_ > 0; }
  /// All has gone: nothing waits.
  void forget_waiting();

 private:
  /// An entity that has changed since it was handed.
  struct Waiting {
    std::size_t group;
    std::size_t before;  // its place in the World that was handed
    std::size_t now;     // ... and in the new one
    std::uint64_t gathered;
    double weight;
  };
  struct Gathered {
    std::uint32_t key;
    std::uint64_t priority;
  };

  std::vector<Waiting> waiting_of(const LaneLayout& layout, const LaneWorld& handed, const LaneWorld& now,
                                  PlayerId viewer);
  void remember(std::vector<Waiting> held, const LaneWorld& now);

  std::vector<std::vector<Gathered>> gathered_;  // by group, of those that were held back, by rising key
  std::size_t held_ = 0;
  double weight_ = 0;            // of what was chosen last
  double bytes_per_weight_ = 1;  // on average of late
};

}  // namespace netcode
