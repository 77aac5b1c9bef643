#include "server/server_core.hpp"

#include <algorithm>
#include <stdexcept>

#include <spdlog/spdlog.h>

#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "protocol/auth_offer.hpp"
#include "protocol/messages.hpp"
#include "protocol/requests.hpp"
#include "server/admin_ui_tap.hpp"
#include "server/door.hpp"
#include "server/guarded.hpp"
#include "server/scrim_link.hpp"
#include "server/socketio_bundle.hpp"
#include "server/socketio_door.hpp"

namespace netcode {

namespace {

/// Of what a client offers, what may be said again: an auth may not.
std::string shown_of(const std::vector<std::string>& subprotocols) {
  for (const std::string& one : subprotocols)
    if (!one.starts_with(protocol::kAuthOfferPrefix)) return one.substr(0, 64);
  return "none";
}

socketio::EngineSettings engine_settings(const ServerConfig& config) {
  const SocketioConfig& of = config.socketio;
  return {.timing = {.ping_interval = of.ping_interval,
                     .ping_timeout = of.ping_timeout,
                     .upgrade_timeout = of.upgrade_timeout,
                     .payload_bytes_max = of.payload_bytes_max},
          .origins = config.origins,
          // The Admin UI's page asks with them, though it has none.
          .allows_credentials = of.allows_credentials || !config.admin_ui.password_hash.empty(),
          .sessions_max = config.sessions_max};
}

bool is_socketio_path(std::string_view path) { return path == "/socket.io" || path == "/socket.io/"; }

}  // namespace

ServerCore::ServerCore(ServerConfig config)
    : config_(std::move(config)),
      directory_(std::max(config_.threads, 1U),  // 0 is refused by start
                 {.sessions_max = config_.sessions_max,
                  .matches_max = config_.matches_max,
                  .matches_created_per_minute = config_.matches_created_per_minute}),
      admin_tap_(config_.admin_ui.password_hash.empty() || !config_.socketio.is_served
                     ? nullptr
                     : std::make_unique<AdminTap>(routes_)) {
  space(protocol::kDefaultNamespace);
  if (config_.socketio.is_served)
    serve(std::string(kSocketioBundlePath), "text/javascript; charset=utf-8", std::string(socketio_bundle()));
}

ServerCore::~ServerCore() { routes_->close(); }

// --- before start

void ServerCore::define(std::string name, RulesType type, MatchOptions options) {
  if (routes_->state() != Routes::State::kNotYet) throw std::runtime_error("kind " + name + ": defined after run()");
  auto schema = Schema::load(type.schema, type.world_table);
  if (!schema) throw std::runtime_error("kind " + name + ": " + schema.error().reason);
  if (auto ok = check_kind(name, type); !ok) throw std::runtime_error("kind " + name + ": " + ok.error().reason);
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
                                          .rules_hash = 0,
                                          .layout_hash = 0});
  kind->rules_hash = rules_hash(kind->type.version);
  kind->layout_hash = kind->schema.layout_hash(kind->type.world_table);
  auto lanes = LaneLayout::load(kind->schema, kind->type.world_table);
  if (!lanes) throw std::runtime_error("kind " + kind->name + ": " + lanes.error().reason);
  kind->lanes = std::move(*lanes);
  kind->json = std::make_shared<const TableJson>(
      kind->schema, AttachmentForm{.placeholder = socketio::placeholder, .attachments_max = socketio::kAttachmentsMax});
  if (auto ok = check_events(*kind); !ok) throw std::runtime_error("kind " + kind->name + ": " + ok.error().reason);
  for (const EventInfo& event : kind->schema.events()) events_.try_emplace(event.table, kind.get(), &event);
  kinds_.push_back(std::move(kind));
}

// Handlers are registered by table and clients send names: both mean one thing on the whole server.
engine::Result<void> ServerCore::check_events(const Kind& kind) const {
  for (const auto& other : kinds_) {
    for (const EventInfo& event : kind.schema.events()) {
      const EventInfo* named = other->schema.event_named(event.name);
      const EventInfo* same = other->schema.event_of_table(event.table);
      if (named && named->table != event.table)
        return engine::error("event \"{}\" is {}, and in kind {} it is {}", event.name, event.table, other->name,
                             named->table);
      if (same &&
          (same->name != event.name || same->is_input != event.is_input || same->is_of_clients != event.is_of_clients))
        return engine::error("{} is not the same event as in kind {}", event.table, other->name);
      if (same && other->schema.table_hash(event.table) != kind.schema.table_hash(event.table))
        return engine::error("event \"{}\": {} has other fields than in kind {}", event.name, event.table, other->name);
    }
  }
  return {};
}

void ServerCore::define_bots(const std::string& name, BotMaker maker, BotOptions options) {
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& k) { return k->name == name; });
  ENGINE_ASSERT(kind != kinds_.end(), "bots of a kind that is not defined");
  if (routes_->state() != Routes::State::kNotYet) throw std::runtime_error("kind " + name + ": bots after run()");
  if (auto ok = check_bots(maker, options); !ok) throw std::runtime_error("kind " + name + ": " + ok.error().reason);
  (*kind)->make_bot = guarded_bots(name, std::move(maker));
  (*kind)->bots = std::move(options);
  if (config_.bots) (*kind)->bots.fill_to = *config_.bots;
}

void ServerCore::define_preparer(const std::string& name, MatchPreparer preparer) {
  if (routes_->state() != Routes::State::kNotYet) throw std::runtime_error("kind " + name + ": a preparer after run()");
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& k) { return k->name == name; });
  ENGINE_ASSERT(kind != kinds_.end(), "a preparer of a kind that is not defined");
  (*kind)->prepare = guarded_preparer(name, std::move(preparer));
}

void ServerCore::serve(std::string path, std::string content_type, std::string body) {
  if (routes_->state() != Routes::State::kNotYet) throw std::runtime_error("serve " + path + ": after run()");
  const std::string named = engine::printable_utf8(path);
  if (auto ok = files_.add(std::move(path), std::move(content_type), std::move(body)); !ok)
    throw std::runtime_error("serve " + named + ": " + ok.error().reason);
}

void ServerCore::start(const std::vector<transport::Loop*>& loops) {
  if (config_.threads == 0) throw std::runtime_error("threads: at least 1");
  ENGINE_ASSERT(loops.size() == config_.threads, "a loop for each thread");
  if (kinds_.empty()) throw std::runtime_error("no kind of match is defined");
  if (admin_tap_ && find_space(AdminUi::kSpace))
    throw std::runtime_error("the Admin UI is on: its namespace /admin is nobody else's");
  {
    const std::lock_guard lock(start_mutex_);
    if (std::exchange(has_started_, true)) throw std::runtime_error("this server has run already: a Server runs once");
    if (standing_problem_) throw std::runtime_error(*standing_problem_);
  }
  {
    const std::lock_guard lock(stats_mutex_);
    for (std::uint32_t i = 0; i < config_.threads; ++i) shards_.push_back(std::make_unique<Shard>(*this, i, *loops[i]));
  }
  if (config_.socketio.is_served)
    socketio_ = std::make_unique<SocketioDoor>(*this, *loops[0], engine_settings(config_));
  for (const auto& shard : shards_) shard->loop().post([raw = shard.get()] { raw->start(); });
  for (std::size_t i = 0;; ++i) {
    std::optional<Standing> next;
    {
      const std::lock_guard lock(start_mutex_);
      if (i < standing_.size()) {
        next = standing_[i];
      } else {
        open_routes();
      }
    }
    if (!next) return;
    // Not under the lock: a preparer may open further ones. On this thread: no loop runs yet.
    const auto opened = open_standing(directory_.place(next->id), *next);
    if (!opened) throw std::runtime_error(opened.error().reason);
  }
}

// From now on what is asked for is done at once, after what was asked for before.
void ServerCore::open_routes() {
  std::vector<Shard*> reached;
  for (const auto& shard : shards_) reached.push_back(shard.get());
  routes_->open(directory_, std::move(reached));
  for (auto& [match, match_work] : std::exchange(early_, {})) {
    const std::uint32_t home = directory_.shard_of_match(match);  // before the name is moved from
    routes_->post(home,
                  [this, home, id = std::move(match), work = std::move(match_work)] { reach_match(home, id, work); });
  }
}

// --- at the door

transport::HttpResponse ServerCore::nothing_here() const {
  if (config_.path_prefix.empty()) return {.status = 404, .body = "nothing is here\n"};
  return {.status = 404,
          .body = fmt::format("nothing is here: this server's paths are below {}\n", config_.path_prefix)};
}

transport::HttpResponse ServerCore::plain_answer(const transport::HttpRequest& request,
                                                 const std::optional<std::string>& path) const {
  if (request.method != "GET" && request.method != "HEAD")
    return {.status = 405, .body = "only GET and HEAD are allowed here\n", .headers = {{"Allow", "GET, HEAD"}}};
  if (path == "/healthz") return {.status = 200, .body = "ok\n"};
  if (path)
    if (auto file = files_.answer(*path, request)) return *std::move(file);
  if (path && protocol::is_known_path(*path))
    return {.status = 426, .body = "this is a WebSocket address, subprotocol scrim.v1\n"};
  return nothing_here();
}

transport::AcceptHandlers ServerCore::accept_handlers() {
  return {.on_http =
              [this](const transport::HttpRequest& request, transport::Answerer answerer) {
                const auto path = path_below(config_.path_prefix, request.path);
                if (socketio_ && path && is_socketio_path(*path))
                  return socketio_->engine().request(request, std::move(answerer));
                answerer.answer(plain_answer(request, path));
              },
          .on_upgrade = [this](const transport::HttpRequest& request) { return on_upgrade(request); },
          .on_connection =
              [](const transport::HttpRequest&, const std::shared_ptr<transport::Connection>& connection) {
                connection->abort();  // never: each upgrade names its own taker
              },
          .on_refused =
              [this](const transport::HttpRequest& request, transport::HttpResponse refusal) {
                const auto path = path_below(config_.path_prefix, request.path);
                if (!socketio_ || !path || !is_socketio_path(*path)) return refusal;
                return socketio_->engine().refused(request, std::move(refusal));
              }};
}

std::variant<transport::Upgrade, transport::HttpResponse> ServerCore::on_upgrade(transport::HttpRequest request) {
  const auto path = path_below(config_.path_prefix, request.path);
  if (socketio_ && path && is_socketio_path(*path)) return socketio_->engine().upgrade(request);
  if (!path || !protocol::is_known_path(*path)) return nothing_here();
  request.path = *path;
  const auto& allowed = config_.origins;
  if (!request.origin.empty() && !allowed.empty() &&
      std::find(allowed.begin(), allowed.end(), request.origin) == allowed.end())
    return transport::HttpResponse{.status = 403, .body = "this origin is not allowed here\n"};

  const auto& offered = request.subprotocols;
  const bool speaks = std::find(offered.begin(), offered.end(), protocol::kSubprotocol) != offered.end();
  if (!offered.empty() && !speaks)
    return transport::HttpResponse{.status = 400,
                                   .body = "this server speaks " + std::string(protocol::kSubprotocol) +
                                           ", the client offered " + shown_of(offered) + "\n"};

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
            const auto caller = std::make_shared<ScrimCaller>(std::move(connection));
            if (visit) return raw->on_caller(*visit, caller);
            raw->turn_away(caller, transport::CloseCode::kRefused, visit.error().reason);
          },
      .on_lost = std::move(give_back)};
}

void ServerCore::lead(Visit visit, CallerPtr caller) {
  const std::uint32_t shard = shard_for(visit);
  routes_->post(shard, [raw = shards_[shard].get(), visit = std::move(visit), caller = std::move(caller)] {
    raw->on_caller(visit, caller);
  });
}

std::uint32_t ServerCore::shard_for(Visit& visit) {
  if (visit.resume)
    if (const auto place = directory_.find_session(visit.token)) return place->shard;
  switch (visit.goal) {
    case Visit::Goal::kMatch: {
      const auto [shard, hold] = directory_.approach(visit.match, visit.remote_address, shards_.front()->now());
      visit.hold = hold;
      return shard;
    }
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
  return place ? place->shard : directory_.spread(visit.name);
}

// --- while it runs

void ServerCore::broadcast(Shard::Parcel parcel) {
  if (!parcel.event) return;
  parcel.speaker = routes_->speaker();
  const auto shared = std::make_shared<const Shard::Parcel>(std::move(parcel));
  if (!shared->match.empty() && shared->rooms.empty() &&
      shared->sessions.empty()) {  // who is in a match is where it is
    const std::uint32_t shard = directory_.shard_of_match(shared->match);
    routes_->run(shard, [this, shard, shared] { shards_[shard]->deliver(*shared); });
    return;
  }
  routes_->run_on_all([this, shared](std::uint32_t shard, const Routes::Round& round) {
    shards_[shard]->deliver(*shared);
    if (!shared->is_volatile) shards_[shard]->keep_for_arrivals(shared, round);
  });
}

void ServerCore::visit(Shard::Parcel parcel, std::function<void(SessionCore&)> work, std::function<void()> done) {
  const auto shared = std::make_shared<const Shard::Parcel>(std::move(parcel));
  const auto left = std::make_shared<std::atomic<std::size_t>>(config_.threads);  // shards_ come and go
  routes_->run_on_all([this, shared, left, work = std::move(work), done = std::move(done)](
                          std::uint32_t shard, const Routes::Round& /*round*/) {
    shards_[shard]->visit(*shared, work);
    if (--*left == 0) done();
  });
}

void ServerCore::stop(const std::string& reason, std::function<void()> done) {
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
  routes_->close();
  socketio_.reset();
  {
    const std::lock_guard lock(stats_mutex_);
    for (const auto& shard : shards_) shard->stats().add_to(final_stats_);
    final_stats_.events_encoded = event_totals_->encoded();
    is_over_ = true;
  }
  shards_.clear();  // not under the lock: what they hold may ask for the stats
}

ServerStats ServerCore::stats() const {
  const std::lock_guard lock(stats_mutex_);
  ServerStats sum = final_stats_;
  if (is_over_) return sum;
  for (const auto& shard : shards_) shard->stats().add_to(sum);
  sum.events_encoded = event_totals_->encoded();
  return sum;
}

}  // namespace netcode
