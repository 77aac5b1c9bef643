#include "server/server_core.hpp"

#include <algorithm>
#include <stdexcept>

#include <spdlog/spdlog.h>

#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "protocol/messages.hpp"
#include "server/door.hpp"

namespace netcode {

engine::Result<void> check_metadata(const Fields& metadata) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : metadata) {
    bytes += key.size() + value.size();
    if (!engine::is_utf8(key) || !engine::is_utf8(value)) return engine::error("metadata are not UTF-8");
  }
  if (bytes > limits::kMatchMetadataBytesMax)
    return engine::error("metadata of {} bytes, {} is the limit", bytes, limits::kMatchMetadataBytesMax);
  if (metadata.size() > limits::kMatchMetadataFieldsMax)
    return engine::error("metadata of {} fields, {} is the limit", metadata.size(), limits::kMatchMetadataFieldsMax);
  return {};
}

engine::Result<void> check(const MatchOptions& options) {
  if (auto ok = check_metadata(options.metadata); !ok) return ok;
  if (options.tick_hz == 0 || options.tick_hz > limits::kTickHzMax)
    return engine::error("tick_hz is 1 to {}", limits::kTickHzMax);
  if (options.snapshot_hz == 0 || options.snapshot_hz > options.tick_hz || options.tick_hz % options.snapshot_hz != 0)
    return engine::error("snapshot_hz divides tick_hz, and {} does not divide {}", options.snapshot_hz,
                         options.tick_hz);
  if (options.rewind_ms_max > limits::kRewindMax.count())
    return engine::error("rewind_ms_max is at most {}", limits::kRewindMax.count());
  if (options.players_max == 0 || options.players_max > limits::kPlayersPerMatchMax)
    return engine::error("players_max is 1 to {}", limits::kPlayersPerMatchMax);
  return check_setup({.match_id = {}, .options = options.options, .map = options.map});
}

engine::Result<void> prepare(const Kind& kind, MatchOptions& options) {
  if (kind.prepare)
    if (auto prepared = kind.prepare(options); !prepared) return prepared;
  return check(options);
}

ServerCore::ServerCore(ServerConfig config)
    : config_(std::move(config)),
      directory_(config_.threads, {.sessions_max = config_.sessions_max,
                                   .matches_max = config_.matches_max,
                                   .matches_created_per_minute = config_.matches_created_per_minute}) {
  space(protocol::kDefaultNamespace);
}

ServerCore::~ServerCore() = default;

// --- before start

void ServerCore::define(std::string name, RulesType type, MatchOptions options) {
  ENGINE_ASSERT(shards_.empty(), "kinds are defined before the server runs");
  auto schema = Schema::load(type.schema, type.world_table);
  if (!schema) throw std::runtime_error("kind " + name + ": " + schema.error().reason);
  if (find_kind(name)) throw std::runtime_error("kind " + name + " is defined twice");
  if (config_.tick_hz != 0) options.tick_hz = config_.tick_hz;
  if (config_.snapshot_hz != 0) options.snapshot_hz = config_.snapshot_hz;
  if (config_.rewind_ms_max) options.rewind_ms_max = *config_.rewind_ms_max;
  for (const auto& [key, value] : config_.options) options.options[key] = value;
  if (auto ok = check(options); !ok) throw std::runtime_error("kind " + name + ": " + ok.error().reason);

  auto kind = std::make_unique<Kind>(Kind{.name = std::move(name),
                                          .type = std::move(type),
                                          .schema = std::move(*schema),
                                          .options = std::move(options),
                                          .make_bot = nullptr,
                                          .bots = {},
                                          .prepare = nullptr,
                                          .rules_hash = 0});
  kind->rules_hash = rules_hash(kind->type.version);
  for (const EventInfo& event : kind->schema.events()) events_.try_emplace(event.table, kind.get(), &event);
  kinds_.push_back(std::move(kind));
}

void ServerCore::define_bots(const std::string& name, BotMaker maker, BotOptions options) {
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& k) { return k->name == name; });
  ENGINE_ASSERT(kind != kinds_.end(), "bots of a kind that is not defined");
  (*kind)->make_bot = std::move(maker);
  (*kind)->bots = std::move(options);
  if (config_.bots) (*kind)->bots.fill_to = *config_.bots;
}

void ServerCore::define_preparer(const std::string& name, MatchPreparer preparer) {
  ENGINE_ASSERT(shards_.empty(), "kinds are defined before the server runs");
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& k) { return k->name == name; });
  ENGINE_ASSERT(kind != kinds_.end(), "a preparer of a kind that is not defined");
  (*kind)->prepare = std::move(preparer);
}

void ServerCore::start(const std::vector<transport::Loop*>& loops) {
  ENGINE_ASSERT(loops.size() == config_.threads, "a loop for each thread");
  if (kinds_.empty()) throw std::runtime_error("no kind of match is defined");
  for (std::uint32_t i = 0; i < config_.threads; ++i) shards_.push_back(std::make_unique<Shard>(*this, i, *loops[i]));
  for (const Standing& standing : standing_) {
    const Kind* kind = find_kind(standing.kind);
    if (!kind) throw std::runtime_error("no kind of match is called " + standing.kind);
    MatchOptions options = standing.options.value_or(kind->options);
    options.keep_when_empty = true;
    auto made = shard_of_match(standing.id).open_match(*kind, standing.id, std::move(options));
    if (!made) throw std::runtime_error("match " + standing.id + ": " + made.error().reason);
  }
  for (const auto& shard : shards_) shard->loop().post([raw = shard.get()] { raw->start(); });
}

// --- at the door

transport::AcceptHandlers ServerCore::accept_handlers() {
  return {.on_http = [](const transport::HttpRequest& request) -> transport::HttpResponse {
            if (request.method != "GET" && request.method != "HEAD") return {.status = 405, .body = "GET, please\n"};
            if (request.path == "/healthz") return {.status = 200, .body = "ok\n"};
            if (is_known_path(request.path))
              return {.status = 426, .body = "this is a WebSocket address, subprotocol scrim.v1\n"};
            return {.status = 404, .body = "nothing is here\n"};
          },
          .on_upgrade = [this](const transport::HttpRequest& request) { return on_upgrade(request); },
          .on_connection =
              [](const transport::HttpRequest&, std::shared_ptr<transport::Connection> connection) {
                connection->abort();  // never: each upgrade names its own taker
              }};
}

std::variant<transport::Upgrade, transport::HttpResponse> ServerCore::on_upgrade(
    const transport::HttpRequest& request) {
  if (!is_known_path(request.path)) return transport::HttpResponse{.status = 404, .body = "nothing is here\n"};
  const auto& allowed = config_.origins;
  if (!request.origin.empty() && !allowed.empty() &&
      std::find(allowed.begin(), allowed.end(), request.origin) == allowed.end())
    return transport::HttpResponse{.status = 403, .body = "this origin is not allowed here\n"};

  const auto& offered = request.subprotocols;
  const bool speaks = std::find(offered.begin(), offered.end(), protocol::kSubprotocol) != offered.end();
  if (!offered.empty() && !speaks)
    return transport::HttpResponse{.status = 400,
                                   .body = "this server speaks " + std::string(protocol::kSubprotocol) +
                                           ", the client offered " + offered.front().substr(0, 64) + "\n"};

  auto visit = understand(request);
  std::uint32_t shard = 0;  // where it is told no, if it is
  if (visit) shard = shard_for(*visit);
  std::function<void()> give_back;  // a seat that was held for a client who has gone before it could take it
  if (visit && visit->hold != 0)
    give_back = [this, match = visit->match, hold = visit->hold] { directory_.settle(match, hold); };
  return transport::Upgrade{
      .loop = &shards_[shard]->loop(),
      .subprotocol = speaks ? std::string(protocol::kSubprotocol) : std::string(),
      .on_open =
          [raw = shards_[shard].get(), visit = std::move(visit)](std::shared_ptr<transport::Connection> connection) {
            if (visit) return raw->on_connection(*visit, std::move(connection));
            raw->turn_away(connection, transport::CloseCode::kRefused, visit.error().reason);
          },
      .on_lost = std::move(give_back)};
}

std::uint32_t ServerCore::shard_for(Visit& visit) {
  if (visit.resume)
    if (const auto place = directory_.find_session(visit.token)) return place->shard;
  switch (visit.goal) {
    case Visit::Goal::kMatch:
      return directory_.shard_of_match(visit.match);
    case Visit::Goal::kQuick: {
      const Kind* kind = find_kind(visit.kind);
      if (!kind) return 0;
      Directory::Pick pick = directory_.pick({.kind = kind->name,
                                              .players_max = kind->options.players_max,
                                              .spectate = visit.spectate,
                                              .address = visit.remote_address},
                                             shards_.front()->now());
      visit.match = std::move(pick.match);
      visit.hold = pick.hold;
      return directory_.shard_of_match(visit.match);
    }
    case Visit::Goal::kLobby:
      break;
  }
  const auto place = directory_.find_session(visit.token);
  return place ? place->shard : directory_.shard_of_match(visit.name);
}

// --- what is where

NamespaceCore& ServerCore::space(std::string_view name) {
  const std::lock_guard lock(spaces_mutex_);
  auto& space = spaces_[std::string(name)];
  if (!space) space = std::make_unique<NamespaceCore>(*this, std::string(name));
  return *space;
}

NamespaceCore* ServerCore::find_space(std::string_view name) {
  const std::lock_guard lock(spaces_mutex_);
  const auto space = spaces_.find(name);
  return space == spaces_.end() ? nullptr : space->second.get();
}

const Kind* ServerCore::find_kind(std::string_view name) const {
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& k) { return k->name == name; });
  return kind == kinds_.end() ? nullptr : kind->get();
}

std::pair<const Schema*, const EventInfo*> ServerCore::find_event(const LiveMatch* match, std::string_view name) const {
  if (match) return {&match->kind().schema, match->kind().schema.event_named(name)};
  for (const auto& kind : kinds_)
    if (const EventInfo* info = kind->schema.event_named(name)) return {&kind->schema, info};
  return {nullptr, nullptr};
}

const Schema* ServerCore::find_schema(const LiveMatch* match, std::string_view table) const {
  if (match && match->kind().schema.supports(table)) return &match->kind().schema;
  for (const auto& kind : kinds_)
    if (kind->schema.supports(table)) return &kind->schema;
  return nullptr;
}

const EventInfo& ServerCore::event_of_table(std::string_view table) const {
  const auto event = events_.find(table);
  ENGINE_ASSERT(event != events_.end(), "emitted a table that no defined kind's schema marks (event:\"...\")");
  return *event->second.second;
}

// --- while it runs

void ServerCore::open(std::string_view kind_name, std::string_view id, std::optional<MatchOptions> options) {
  if (shards_.empty()) {
    standing_.push_back({std::string(kind_name), std::string(id), std::move(options)});
    return;
  }
  const Kind* kind = find_kind(kind_name);
  ENGINE_ASSERT(kind, "opened a match of a kind that is not defined");
  MatchOptions chosen = options.value_or(kind->options);
  chosen.keep_when_empty = true;
  Shard& home = shard_of_match(id);
  home.loop().post([&home, kind, id = std::string(id), chosen = std::move(chosen)]() mutable {
    if (auto made = home.open_match(*kind, id, std::move(chosen)); !made)
      spdlog::error("match {}: {}", id, made.error().reason);
  });
}

SharedEventPtr ServerCore::make_event(const protocol::EventMessage& event) const {
  Bytes message = protocol::encode(event);
  if (message.size() <= limits::kEventBytesMax)
    return std::make_shared<const SharedEvent>(std::move(message), event_memory_);
  spdlog::error("event {} of {} bytes is not sent: {} is the limit", event.name, message.size(),
                limits::kEventBytesMax);
  return nullptr;
}

void ServerCore::broadcast(Shard::Parcel parcel) {
  if (!parcel.event) return;
  for (const auto& shard : shards_)
    if (auto speaker = shard->speaker()) parcel.speaker = std::move(speaker);
  const auto shared = std::make_shared<const Shard::Parcel>(std::move(parcel));
  for (const auto& shard : shards_) shard->run([raw = shard.get(), shared] { raw->deliver(*shared); });
}

void ServerCore::with_match(const std::string& id, std::function<void(LiveMatch&)> work) {
  Shard& home = shard_of_match(id);
  home.run([&home, id, work = std::move(work)] {
    if (LiveMatch* match = home.match(id)) work(*match);
  });
}

void ServerCore::stop(std::string reason, std::function<void()> done) {
  const auto left = std::make_shared<std::atomic<std::size_t>>(shards_.size());
  const auto shared_done = std::make_shared<std::function<void()>>(std::move(done));
  for (const auto& shard : shards_) {
    shard->loop().post([this, raw = shard.get(), reason, left, shared_done] {
      raw->stop(reason);
      if (--*left == 0) shards_.front()->loop().post(*shared_done);
    });
  }
}

void ServerCore::tear_down() {
  final_stats_ = stats();
  shards_.clear();
}

ServerStats ServerCore::stats() const {
  ServerStats sum = final_stats_;
  for (const auto& shard : shards_) {
    const ServerStats& one = shard->stats();
    sum.ticks += one.ticks;
    sum.late_ticks += one.late_ticks;
    sum.skipped_ticks += one.skipped_ticks;
    sum.clients += one.clients;
    sum.clients_peak += one.clients_peak;
    sum.snapshots += one.snapshots;
    sum.snapshots_encoded += one.snapshots_encoded;
    sum.snapshot_bytes += one.snapshot_bytes;
    sum.actions += one.actions;
    sum.actions_late += one.actions_late;
    sum.actions_dropped += one.actions_dropped;
    sum.actions_missing += one.actions_missing;
    sum.events += one.events;
    sum.events_missed += one.events_missed;
    sum.refusals += one.refusals;
    sum.matches += one.matches;
    sum.recordings.insert(sum.recordings.end(), one.recordings.begin(), one.recordings.end());
  }
  return sum;
}

}  // namespace netcode
