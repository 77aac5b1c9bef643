#include "server/counters.hpp"

namespace netcode {
namespace {

// Taken apart into all of its counters: with one more it does not compile until that is added, too.
void add(const ShardStats& shard, ServerStats& sum) {
  const auto& [ticks, late_ticks, skipped_ticks, clients, clients_peak, snapshots, snapshots_encoded, snapshots_dropped,
               snapshot_bytes, actions, actions_late, actions_dropped, actions_missing, events, events_missed, refusals,
               matches, recordings] = shard;
  sum.ticks += ticks;
  sum.late_ticks += late_ticks;
  sum.skipped_ticks += skipped_ticks;
  sum.clients += clients;
  sum.clients_peak += clients_peak;
  sum.snapshots += snapshots;
  sum.snapshots_encoded += snapshots_encoded;
  sum.snapshots_dropped += snapshots_dropped;
  sum.snapshot_bytes += snapshot_bytes;
  sum.actions += actions;
  sum.actions_late += actions_late;
  sum.actions_dropped += actions_dropped;
  sum.actions_missing += actions_missing;
  sum.events += events;
  sum.events_missed += events_missed;
  sum.refusals += refusals;
  sum.matches += matches;
  recordings.add_to(sum);
}

}  // namespace

void ShardStats::add_to(ServerStats& sum) const { add(*this, sum); }

}  // namespace netcode
