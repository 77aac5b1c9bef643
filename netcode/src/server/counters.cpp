#include "server/counters.hpp"

namespace netcode {

void ShardStats::add_to(ServerStats& sum) const {
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

}  // namespace netcode
