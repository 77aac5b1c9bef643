#include "server/action_inbox.hpp"

#include <algorithm>

#include "netcode/limits.hpp"

namespace netcode {

ActionInbox::Verdict ActionInbox::put(PlayerId id, Tick tick, std::uint32_t sequence, BytesView body, Tick next_tick,
                                      engine::Duration slack) {
  const auto found = players_.find(id);
  if (found == players_.end()) return Verdict::kNoSeat;
  Player& player = found->second;
  if (sequence != 0 && sequence <= player.newest_sequence) return Verdict::kDuplicate;
  if (tick != 0 && tick > next_tick && tick - next_tick > limits::kActionTicksAheadMax) return Verdict::kTooFarAhead;
  if (player.waiting.size() >= limits::kInboxActionsMax) return Verdict::kFull;

  const bool is_late = tick != 0 && tick < next_tick;
  const Tick due = std::max(tick, next_tick);
  const auto later = std::upper_bound(player.waiting.begin(), player.waiting.end(), due,
                                      [](Tick value, const Waiting& waiting) { return value < waiting.tick; });
  player.waiting.insert(later, {.tick = due,
                                .sequence = sequence,
                                .slack = tick == 0 ? engine::Duration{} : slack,
                                .body = Bytes(body.begin(), body.end())});
  player.newest_sequence = std::max(player.newest_sequence, sequence);
  return is_late ? Verdict::kLate : Verdict::kTaken;
}

std::vector<ActionInbox::Due> ActionInbox::take(Tick tick) {
  std::vector<Due> out;
  for (auto& [id, player] : players_) {
    const auto end = std::find_if(player.waiting.begin(), player.waiting.end(),
                                  [tick](const Waiting& waiting) { return waiting.tick > tick; });
    if (end == player.waiting.begin()) continue;
    const auto due = static_cast<std::size_t>(end - player.waiting.begin());
    const std::size_t skipped = due > limits::kActionsPerTickMax ? due - limits::kActionsPerTickMax : 0;
    stuffed_ += skipped;
    for (std::size_t i = skipped; i < due; ++i) out.push_back({id, std::move(player.waiting[i].body)});
    const Waiting& newest = player.waiting[due - 1];
    player.progress = {
        .sequence = std::max(newest.sequence, player.progress.sequence), .tick = tick, .slack = newest.slack};
    player.waiting.erase(player.waiting.begin(), end);
  }
  return out;
}

ActionInbox::Progress ActionInbox::progress(PlayerId player) const {
  const auto found = players_.find(player);
  return found == players_.end() ? Progress{} : found->second.progress;
}

}  // namespace netcode
