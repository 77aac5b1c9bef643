#include "server/shard.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "engine/core/assert.hpp"
#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "server/admin_ui_tap.hpp"
#include "server/server_core.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

constexpr std::chrono::milliseconds kSweepInterval{50};

std::vector<std::shared_ptr<SessionCore>> values_of(
    const std::unordered_map<SessionId, std::shared_ptr<SessionCore>>& table) {
  std::vector<std::shared_ptr<SessionCore>> out;
  out.reserve(table.size());
  for (const auto& [id, session] : table) out.push_back(session);
  return out;
}

}  // namespace

const std::string_view kTooBusyForTwins = "the server is too busy for second connections";

Shard::Shard(ServerCore& server, std::uint32_t index, transport::Loop& loop)
    : server_(server), index_(index), loop_(loop), load_sampled_at_(loop.now()) {
  if (AdminTap* tap = server.admin_tap())
    rooms_.set_watcher([tap](SessionId session, const RoomSet::Key& room, bool is_in) {
      tap->set_room(session, room.first, room.second, is_in);
    });
  const ServerConfig& config = server.config();
  if (config.record_dir.empty() || config.check_only) return;
  recording::RecordingWriter::Config writing;
  writing.on_lost = [&server](const std::string& path, const std::string& why) {
    server.recording_errors().add(path, why);
  };
  writer_ = std::make_unique<recording::RecordingWriter>(std::move(writing));
}

Shard::~Shard() {
  loop_.cancel(sweep_timer_);
  for (const auto& [id, ended] : short_lived_) loop_.cancel(ended.timer);
  matches_.clear();  // their recorders finish before the writer goes
}

void Shard::start() {
  thread_ = std::this_thread::get_id();
  sweep();
}

void Shard::run(transport::Loop::Task task) {
  if (is_here()) return task();
  loop_.post(std::move(task));
}

void Shard::sweep() {
  const engine::TimePoint now = this->now();
  const auto sessions = values_of(sessions_);  // a handler may end any of them
  for (const auto& session : sessions)
    if (!session->has_ended()) session->sweep(now);
  for (const auto& session : values_of(closing_)) session->sweep(now);
  log_.sweep(now);
  load_.note(now, stats_.ticks + stats_.skipped_ticks, overdue_ticks_);
  if (load_.is_overloaded())
    for (const auto& session : sessions) session->withdraw_twin(kTooBusyForTwins);
  sample_load(now);
  if (!is_stopping_) sweep_timer_ = loop_.call_at(now + kSweepInterval, [this] { sweep(); });
}

void Shard::stop(std::string_view reason) {
  is_stopping_ = true;
  loop_.cancel(sweep_timer_);
  for (const auto& [id, ended] : short_lived_) loop_.cancel(ended.timer);
  for (const auto& [id, match] : matches_) match->audience().tell_waiting();
  for (const auto& session : values_of(sessions_)) session->end(CloseCode::kGoingAway, reason);
  for (const auto& session : values_of(closing_)) session->say_goodbye(CloseCode::kGoingAway, reason);
  for (const auto& [id, match] : matches_) {
    match->end_now(std::string(reason));
    server_.directory().remove(id);
  }
  matches_.clear();
  writer_.reset();
}

// --- sessions

void Shard::turn_away(const CallerPtr& caller, CloseCode code, std::string_view reason) {
  log_.refused(caller->remote_address(), code, reason, now());
  caller->turn_away(code, reason);
}

SessionCore* Shard::session(SessionId id) const {
  const auto session = sessions_.find(id);
  return session == sessions_.end() ? nullptr : session->second.get();
}

void Shard::forget(SessionCore& session, std::string_view reason) {
  const Speaking speaking(*this, session.fan_out());
  for (const std::string& space : session.spaces().names())
    if (const NamespaceCore* core = server_.find_space(space))
      core->disconnected(session, session.spaces().data(space), reason);
  leave_match(session);
  rooms_.leave_all(session.identity().id);
  server_.directory().close_session(session.identity().token);
  sessions_.erase(session.identity().id);
}

void Shard::keep_until_closed(std::shared_ptr<SessionCore> session) {
  ++server_.closing();
  closing_[session->identity().id] = std::move(session);
}

void Shard::let_go(SessionCore& session) {
  if (closing_.erase(session.identity().id) != 0) --server_.closing();
}

void Shard::flush_later(SessionCore& session) {
  unflushed_.push_back(session.identity().id);
  if (std::exchange(flush_posted_, true)) return;
  loop_.post([this] { flush_all(); });
}

void Shard::flush_all() {
  flush_posted_ = false;
  for (const SessionId id : std::exchange(unflushed_, {}))
    if (SessionCore* session = this->session(id)) session->flush();
}

void Shard::flush(SessionId id) {
  if (SessionCore* here = session(id)) return here->flush();
  if (const auto ended = closing_.find(id); ended != closing_.end()) ended->second->flush();
}

std::shared_ptr<FanOut> Shard::speaker() const {
  return thread_.load() == std::this_thread::get_id() ? speaker_ : nullptr;
}

// --- matches

LiveMatch* Shard::match(std::string_view id) const {
  const auto match = matches_.find(id);
  return match == matches_.end() ? nullptr : match->second.get();
}

engine::Result<LiveMatch*> Shard::open_match(const Kind& kind, const std::string& id, MatchOptions options,
                                             std::string made_by) {
  if (match(id)) return engine::error("there is a match {} already", id);
  if (is_stopping_) return engine::error("the server is shutting down");
  if (auto may = may_make(id); !may) return may.error();
  auto made = [&]() -> engine::Result<std::unique_ptr<LiveMatch>> {
    if (auto prepared = prepare(kind, options); !prepared) return prepared.error();
    ++stats_.matches;
    return LiveMatch::create(*this, kind, id, std::move(options), std::move(made_by));
  }();
  if (!made) {
    server_.directory().remove(id);  // its place is free
    spdlog::debug("match {} was not opened: {}", id, made.error().reason);
    return made.error();
  }
  LiveMatch* match = made->get();
  matches_[id] = std::move(*made);
  spdlog::info("match {} of kind {} opened", id, kind.name);
  server_.match_hooks().opened(*match);
  return match;
}

engine::Result<void> Shard::may_make(const std::string& id) const {
  const auto ended = short_lived_.find(id);
  if (ended == short_lived_.end() || ended->second.timer.value == 0) return {};
  return engine::error("match {} keeps ending at once: it is made anew after a pause", id);
}

void Shard::leave_match(SessionCore& session) {
  LiveMatch* match = session.match();
  if (!match) return;
  match->leave(session);
}

void Shard::drop_match(LiveMatch& match, std::optional<MatchOptions> next) {
  const std::string& id = match.id();
  server_.directory().suspend(id);
  loop_.post([this, id, next = std::move(next)] {
    const auto dropped = matches_.find(id);
    if (dropped == matches_.end()) return;
    const Kind& kind = dropped->second->kind();
    const MatchOptions options = next.value_or(dropped->second->options());
    std::string made_by = dropped->second->made_by();
    const engine::Duration lived =
        engine::Duration(std::chrono::seconds(1)) * dropped->second->current_tick() / options.tick_hz;
    matches_.erase(dropped);
    if (is_stopping_ || (!next && !options.keep_when_empty)) {
      short_lived_.erase(id);
      return server_.directory().remove(id);
    }
    make_again(kind, id, options, std::move(made_by), lived);
  });
}

void Shard::make_again(const Kind& kind, const std::string& id, const MatchOptions& options, std::string made_by,
                       engine::Duration lived) {
  const auto make = [this, &kind, id, options, made_by = std::move(made_by)] {
    if (auto made = open_match(kind, id, options, made_by); !made)
      spdlog::error("match {}: {}", id, made.error().reason);
  };
  if (lived >= limits::kMatchShortLived) {
    short_lived_.erase(id);
    return make();
  }
  ShortLived& ended = short_lived_[id];
  if (++ended.in_a_row <= limits::kMatchShortLivedMax) return make();
  ended.pause = std::clamp<engine::Duration>(ended.pause * 2, limits::kMatchAgainPause, limits::kMatchAgainPauseMax);
  spdlog::warn("match {} has ended {} times within {} ms of its start: made anew in {} s", id, ended.in_a_row,
               limits::kMatchShortLived.count(), std::chrono::duration_cast<std::chrono::seconds>(ended.pause).count());
  ended.timer = loop_.call_at(now() + ended.pause, [this, id, make] {
    short_lived_[id].timer = {};
    make();
  });
}

std::unique_ptr<recording::Recorder> Shard::record(const LiveMatch& match) {
  if (!writer_) return nullptr;
  const auto unix_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const std::string& kind = match.kind().name;
  recording::Recorder::Config config;
  config.info = recording::Recorder::describe(match.simulation(), kind, std::string(protocol::kServerName),
                                              static_cast<std::uint64_t>(unix_ms), hosting_of(match.options()));
  config.sessions = [&match] { return match.session_records(); };
  config.path = server_.config().record_dir + "/" + kind + "-" + match.id() + "-" + std::to_string(unix_ms) + ".scrim";
  stats_.recordings.add(config.path);
  return std::make_unique<recording::Recorder>(*writer_, std::move(config));
}

std::uint64_t Shard::next_seed() {
  const std::uint64_t seed = server_.config().seed;
  if (seed != 0) {
    engine::Rng rng(seed + index_, stats_.matches);
    const std::uint64_t high = rng.next();
    return (high << 32) | rng.next();
  }
  return std::stoull(random_hex(8), nullptr, 16);
}

}  // namespace netcode
