#include "game/apps/bots/swarm.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <stdexcept>

#include "engine/core/hash.hpp"
#include "game/server/arena.hpp"
#include "game/server/arena_bot.hpp"
#include "game/server/arena_rules.hpp"
#include "netcode/action_frame.hpp"

namespace game::apps {
namespace {

using Client = netcode::Client<server::ArenaRules>;
using SteadyClock = std::chrono::steady_clock;

double ms_between(engine::TimePoint from, engine::TimePoint to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

/// Actions whose snapshot has not come yet: 2 s of them, more were lost in a reconnect.
constexpr std::size_t kActionsPendingMax = 120;

}  // namespace

/// One bot and its connection.
class Member {
 public:
  Member(Swarm& swarm, std::uint32_t index)
      : swarm_(swarm), index_(index), client_(client_config(swarm.config_, index), swarm.loop_) {
    client_.on_joined([this](const netcode::JoinedMatch& joined) { on_joined(joined); });
    client_.on_snapshot([this, index](const arena::World& world, const netcode::SnapshotInfo& info) {
      on_snapshot(info);
      if (index == 0) swarm_.progress_.take(world);
    });
    client_.on_state([this](netcode::ClientState state, std::string_view) {
      if (state != netcode::ClientState::kInMatch) leave_match();
    });
    if (swarm.config_.match.empty()) {
      client_.quick_join(server::kArenaKind);
    } else {
      client_.join(swarm.config_.match);
    }
  }

  void work() {
    while (client_.action_due()) act();
  }

  Client& client() { return client_; }
  double seconds_in_match() const {
    const double now = in_match_ ? std::chrono::duration<double>(SteadyClock::now() - joined_at_).count() : 0;
    return seconds_in_match_ + now;
  }

 private:
  static netcode::ClientConfig client_config(const SwarmConfig& config, std::uint32_t index) {
    netcode::ClientConfig out;
    out.url = config.url;
    out.name = "bot-" + std::to_string(index + 1);
    out.jitter_seed = config.seed + index;
    out.simulate = config.simulate;
    return out;
  }

  void on_joined(const netcode::JoinedMatch& joined) {
    leave_match();
    in_match_ = true;
    joined_at_ = SteadyClock::now();
    if (bot_ && joined.resumed) return;  // the brain goes on
    const int level = swarm_.config_.bot_level != 0 ? swarm_.config_.bot_level : 1 + static_cast<int>(index_) % 5;
    const auto grid = swarm_.grid_of(client_.map());
    if (grid) bot_ = std::make_unique<server::ArenaBot>(level, swarm_.config_.seed * 1000 + index_, grid);
  }

  void leave_match() {
    if (in_match_) seconds_in_match_ = seconds_in_match();
    in_match_ = false;
    has_snapshot_ = false;
    sent_.clear();
  }

  void on_snapshot(const netcode::SnapshotInfo& info) {
    if (has_snapshot_) swarm_.measured_.gap_ms.add(ms_between(snapshot_at_, info.arrived));
    has_snapshot_ = true;
    snapshot_at_ = info.arrived;
    while (!sent_.empty() && sent_.front().sequence <= info.action_sequence) {
      swarm_.measured_.action_to_snapshot_ms.add(ms_between(sent_.front().at, info.arrived));
      sent_.pop_front();
    }
  }

  void act() {
    const arena::World* world = client_.world();
    if (!world || !bot_) return;
    const auto info = client_.snapshot();
    arena::MoveT move;
    if (!bot_->think(*world, client_.player(), info->tick + 1, move)) return;
    const engine::TimePoint now = SteadyClock::now();
    const std::uint32_t sequence = client_.act_at(0, move);
    if (sequence == 0) return;
    sent_.push_back({sequence, now});
    if (sent_.size() > kActionsPendingMax) sent_.pop_front();
    if (swarm_.actions_file_.is_open()) record(move);
  }

  void record(const arena::MoveT& move) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string line;
    for (const std::uint8_t byte : netcode::action_frame(netcode::encode(move))) {
      line += kDigits[byte >> 4];
      line += kDigits[byte & 15];
    }
    swarm_.actions_file_ << line << '\n';
  }

  struct Sent {
    std::uint32_t sequence;
    engine::TimePoint at;
  };

  Swarm& swarm_;
  const std::uint32_t index_;
  std::unique_ptr<server::ArenaBot> bot_;
  bool in_match_ = false;
  bool has_snapshot_ = false;
  SteadyClock::time_point joined_at_;
  engine::TimePoint snapshot_at_;
  double seconds_in_match_ = 0;
  std::deque<Sent> sent_;
  Client client_;  // last: its handlers use the rest
};

Swarm::Swarm(const SwarmConfig& config) : config_(config), progress_(config.shows_scores) {
  if (!config_.record_actions.empty()) {
    actions_file_.open(config_.record_actions);
    if (!actions_file_) throw std::runtime_error("--record-actions " + config_.record_actions + ": cannot be written");
  }
}

Swarm::~Swarm() = default;

std::shared_ptr<const bots::NavGrid> Swarm::grid_of(netcode::BytesView map) {
  engine::Hasher hasher;
  hasher.add(map);
  if (grid_ && hasher.value() == grid_map_hash_) return grid_;
  auto grid = server::make_nav_grid(map);
  if (!grid) {
    std::fprintf(stderr, "the server's map: %s\n", grid.error().reason.c_str());
    return nullptr;
  }
  grid_ = *grid;
  grid_map_hash_ = hasher.value();
  return grid_;
}

void Swarm::run(const volatile bool& should_stop) {
  const auto begin = SteadyClock::now();
  cuts_.assign(config_.count, 0);
  for (std::uint32_t i = 0; i < config_.count; ++i) members_.push_back(std::make_unique<Member>(*this, i));
  double next_progress_s = 1;
  while (!should_stop) {
    const double elapsed_s = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    if (config_.duration_s != 0 && elapsed_s >= config_.duration_s) break;
    loop_.wait(std::chrono::milliseconds(2));
    for (const auto& member : members_) member->work();
    cut_connections(elapsed_s);
    if (elapsed_s >= next_progress_s) {
      print_progress(elapsed_s);
      next_progress_s += 1;
    }
    const bool all_closed = std::all_of(members_.begin(), members_.end(), [](const auto& member) {
      return member->client().state() == netcode::ClientState::kClosed;
    });
    if (all_closed) break;
  }
  progress_.finish();
  for (const auto& member : members_) measured_.client_seconds += member->seconds_in_match();
}

// Spread over the interval, so that a server is not made to resume all at once.
void Swarm::cut_connections(double elapsed_s) {
  if (config_.cut_every_s <= 0) return;
  // None in the last second: what was cut is to be seen coming back.
  if (config_.duration_s != 0 && elapsed_s > config_.duration_s - 1.0) return;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const double phase = config_.cut_every_s * static_cast<double>(i) / static_cast<double>(members_.size());
    const auto due = static_cast<std::int64_t>((elapsed_s - phase) / config_.cut_every_s);
    if (due <= cuts_[i]) continue;
    cuts_[i] = due;
    if (members_[i]->client().state() == netcode::ClientState::kInMatch) members_[i]->client().drop_connection();
  }
}

void Swarm::print_progress(double elapsed_s) {
  std::size_t playing = 0;
  std::uint64_t snapshots = 0, bytes = 0, disconnects = 0;
  for (const auto& member : members_) {
    playing += member->client().state() == netcode::ClientState::kInMatch ? 1U : 0U;
    snapshots += member->client().stats().snapshots;
    bytes += member->client().stats().snapshot_bytes;
    disconnects += member->client().stats().disconnects;
  }
  progress_.show(fmt::format("{:4.0f} s  {} of {} playing  {} snapshots/s  {:.0f} kB/s  {} disconnects", elapsed_s,
                             playing, config_.count, snapshots - snapshots_reported_,
                             static_cast<double>(bytes - bytes_reported_) / 1000, disconnects));
  snapshots_reported_ = snapshots;
  bytes_reported_ = bytes;
}

std::string Swarm::failure() const {
  std::string reason;
  for (const auto& member : members_) {
    if (member->client().stats().snapshots > 0) return "";
    reason = member->client().reason();
  }
  return reason.empty() ? "nobody was let in" : reason;
}

std::string Swarm::report() {
  netcode::ClientStats sum;
  std::uint64_t connected = 0;
  for (const auto& member : members_) {
    const netcode::ClientStats& one = member->client().stats();
    connected += one.snapshots > 0 ? 1U : 0U;
    sum.snapshots += one.snapshots;
    sum.snapshot_bytes += one.snapshot_bytes;
    sum.events += one.events;
    sum.duplicates += one.duplicates;
    sum.actions += one.actions;
    sum.disconnects += one.disconnects;
    sum.reconnects += one.reconnects;
    sum.resumed += one.resumed;
    sum.refused += one.refused;
  }
  const auto ratio = [](double a, double b) { return b == 0 ? 0 : a / b; };
  const auto snapshots = static_cast<double>(sum.snapshots);
  return fmt::format(
      R"({{"connected":{},"disconnects":{},"reconnects":{},"resumed":{},"refused":{},"snapshots":{},)"
      R"("snapshots_per_client_s":{:.2f},"bytes_per_snapshot":{:.1f},"actions":{},"events":{},)"
      R"("gap_ms":{{"p50":{:.1f},"p99":{:.1f},"max":{:.1f}}},"action_to_snapshot_ms":{{"p50":{:.1f},"p99":{:.1f}}}}})",
      connected, sum.disconnects, sum.reconnects, sum.resumed, sum.refused, sum.snapshots,
      ratio(snapshots, measured_.client_seconds), ratio(static_cast<double>(sum.snapshot_bytes), snapshots),
      sum.actions, sum.events, measured_.gap_ms.percentile(0.5), measured_.gap_ms.percentile(0.99),
      measured_.gap_ms.percentile(1), measured_.action_to_snapshot_ms.percentile(0.5),
      measured_.action_to_snapshot_ms.percentile(0.99));
}

}  // namespace game::apps
