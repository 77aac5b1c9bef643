// Server: a ServerCore on real loops and sockets, a thread a shard, until it is told to stop.
#include <pthread.h>
#include <signal.h>
#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/core/log.hpp"
#include "netcode/server.hpp"
#include "server/descriptor_budget.hpp"
#include "server/guarded.hpp"
#include "server/record_dir.hpp"
#include "server/server_core.hpp"
#include "server/start_check.hpp"
#include "transport/http/listener.hpp"
#include "transport/loop/descriptors.hpp"
#include "transport/loop/io_loop.hpp"

namespace netcode {
namespace {

/// How often the main thread, which does nothing else, looks whether it is time to stop.
constexpr std::chrono::milliseconds kWatchInterval{20};
/// For sessions to be told why, at the end: clients that answer take one round trip.
constexpr std::chrono::milliseconds kFarewell{1'000};

int fail(const std::string& reason) {
  std::fprintf(stderr, "%s\n", reason.c_str());
  return 2;
}

bool is_ignored(int number) {
  struct sigaction action {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// SIGTERM, SIGINT and SIGHUP are taken by the main thread when it asks for them; every other thread inherits the mask.
// A closed terminal (SIGHUP) ends the server as SIGTERM does, but not where nohup or its like said to survive it.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (!is_ignored(SIGHUP)) sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a write to a closed socket is an error of that connection, not the end of the server
  signal(SIGXFSZ, SIG_IGN);  // a write beyond `ulimit -f` is an error of that file: its recording is marked
  return signals;
}

/// Which one; 0: none.
int stop_signal(const sigset_t& signals) {
  const timespec wait{0, std::chrono::nanoseconds(kWatchInterval).count()};
  return std::max(sigtimedwait(&signals, nullptr, &wait), 0);
}

// Warnings and worse: what a check found is said in one line.
int check(ServerCore& core) {
  engine::log_setup({.format = engine::LogFormat::kText, .level = "warn"});
  if (const auto ok = check_start(core); !ok) return fail(ok.error().reason);
  std::puts("configuration OK");
  return 0;
}

// Those that are there: one may have been removed since, or never have been made.
boost::json::array existing(const std::vector<std::string>& recordings) {
  boost::json::array out;
  for (const std::string& path : recordings)
    if (access(path.c_str(), F_OK) == 0) out.emplace_back(path);
  return out;
}

std::string report(const ServerStats& stats, const RecordingErrors& errors) {
  const std::vector<std::string> kept = errors.kept();
  const double mean =
      stats.snapshots == 0 ? 0 : static_cast<double>(stats.snapshot_bytes) / static_cast<double>(stats.snapshots);
  std::string out;
  const auto add = [&out](std::string_view name, const auto& value) {
    out += fmt::format("{}\"{}\":{}", out.empty() ? '{' : ',', name, value);
  };
  add("ticks", stats.ticks);
  add("late_ticks", stats.late_ticks);
  add("skipped_ticks", stats.skipped_ticks);
  add("clients", stats.clients);
  add("snapshots", stats.snapshots);
  add("snapshots_encoded", stats.snapshots_encoded);
  add("bytes_per_snapshot", fmt::format("{:.1f}", mean));
  add("actions", stats.actions);
  add("actions_late", stats.actions_late);
  add("actions_dropped", stats.actions_dropped);
  add("actions_missing", stats.actions_missing);
  add("events", stats.events);
  add("refusals", stats.refusals);
  add("matches", stats.matches);
  add("recordings_made", stats.recordings_made);
  add("recordings", boost::json::serialize(existing(stats.recordings)));
  add("recording_errors", errors.count());
  add("recording_errors_first", boost::json::serialize(boost::json::array(kept.begin(), kept.end())));
  out += '}';
  return out;
}

// A loop's last tasks may own what lives on another one, so none goes before all have let go.
struct AbandonsAll {
  std::vector<std::unique_ptr<transport::IoLoop>>& loops;
  ~AbandonsAll() {
    for (const auto& loop : loops) loop->abandon();
  }
};

DescriptorBudget make_room_for_descriptors(const ServerConfig& config) {
  return descriptor_budget(config, transport::raise_descriptor_limit(descriptors_wanted(config)));
}

void tell(const DescriptorBudget& budget) {
  spdlog::info("{}", budget.line);
  if (budget.warning) spdlog::warn("{}", *budget.warning);
}

// Whatever the guards around the program's own code have missed ends one task, not the server.
void run_guarded(transport::IoLoop& loop) {
  while (!guarded("a task", "", [&loop] { loop.run(); })) continue;
}

}  // namespace

struct Server::Runner {
  std::atomic<bool> stop_asked{false};
  std::atomic<bool> has_run{false};
  std::function<void(const std::vector<std::uint16_t>&)> on_listening;
};

Server::Server(ServerConfig config)
    : core_(std::make_unique<ServerCore>(std::move(config))), runner_(std::make_unique<Runner>()) {}
Server::~Server() = default;

void Server::define_kind(std::string name, RulesType type, MatchOptions options) {
  core_->define(std::move(name), std::move(type), std::move(options));
}

void Server::define_preparer(const std::string& kind, MatchPreparer preparer) {
  core_->define_preparer(kind, std::move(preparer));
}

void Server::define_bots(const std::string& kind, BotMaker maker, BotOptions options) {
  core_->define_bots(kind, std::move(maker), std::move(options));
}

Namespace& Server::of(std::string_view space) { return core_->space(space).api(); }
Namespace& Server::of_each(std::function<bool(std::string_view)> matches) {
  return core_->add_parent(std::move(matches)).api();
}

Server& Server::serve(std::string path, std::string content_type, std::string body) {
  core_->serve(std::move(path), std::move(content_type), std::move(body));
  return *this;
}

engine::Result<void> Server::open(std::string_view kind, std::string_view id, std::optional<MatchOptions> options) {
  return core_->open(kind, id, std::move(options));
}

Match Server::match(std::string_view id) { return Match(*core_, std::string(id)); }

Server& Server::on_match_opened(std::function<void(const Match&)> handler) {
  core_->match_hooks().change([&](auto& table) { table.opened.push_back(std::move(handler)); });
  return *this;
}

Server& Server::on_match_entering(std::function<engine::Result<void>(const Match&, Session&, bool)> handler) {
  core_->match_hooks().change([&](auto& table) { table.entering.push_back(std::move(handler)); });
  return *this;
}

Server& Server::on_match_joined(std::function<void(const Match&, Session&)> handler) {
  core_->match_hooks().change([&](auto& table) { table.joined.push_back(std::move(handler)); });
  return *this;
}

Server& Server::on_match_left(std::function<void(const Match&, Session&, PlayerId)> handler) {
  core_->match_hooks().change([&](auto& table) { table.left.push_back(std::move(handler)); });
  return *this;
}

Server& Server::on_match_ended(std::function<void(const EndedMatch&)> handler) {
  core_->match_hooks().change([&](auto& table) { table.ended.push_back(std::move(handler)); });
  return *this;
}

std::vector<MatchInfo> Server::list(std::string_view kind) const { return core_->directory().list(kind); }
ServerStats Server::stats() const { return core_->stats(); }
void Server::stop() { runner_->stop_asked = true; }

void Server::on_listening(std::function<void(const std::vector<std::uint16_t>&)> handler) {
  runner_->on_listening = std::move(handler);
}

int Server::run() {
  const ServerConfig& config = core_->config();
  if (runner_->has_run.exchange(true)) return fail("this server has run already: a Server runs once");
  if (const auto problem = config.problem()) return fail(*problem);
  if (config.check_only) return check(*core_);
  engine::log_setup({.format = config.log_json ? engine::LogFormat::kJsonLines : engine::LogFormat::kText,
                     .level = config.quiet ? "warn" : config.log_level});
  if (!config.record_dir.empty())
    if (const auto ready = prepare_record_dir(config.record_dir); !ready) return fail(ready.error().reason);
  const auto tls = load_tls(config);
  if (!tls) return fail(tls.error().reason);
  const sigset_t signals = block_stop_signals();

  const DescriptorBudget descriptors = make_room_for_descriptors(config);
  // In this order, and gone in the opposite one: connections go before the loops they are on.
  std::vector<std::unique_ptr<transport::IoLoop>> loops;
  const AbandonsAll at_the_end{loops};
  std::vector<transport::Loop*> shards;
  for (std::uint32_t i = 0; i < config.threads; ++i) {
    loops.push_back(std::make_unique<transport::IoLoop>());
    shards.push_back(loops.back().get());
  }
  // Nobody is accepted before the loops run: a port in use is found before any match is made.
  std::vector<std::unique_ptr<transport::Listener>> listeners;
  std::vector<std::uint16_t> ports;
  transport::ConnectionOptions connections;
  connections.request_body_bytes_max = std::max(connections.request_body_bytes_max, config.socketio.payload_bytes_max);
  connections.message_bytes_max = std::max(connections.message_bytes_max, config.socketio.payload_bytes_max);
  for (const std::string& listen : config.listen) {
    const ListenAddress address = split_listen(listen);
    auto listener = transport::Listener::open(*loops.front(), address.host, address.port, connections,
                                              core_->accept_handlers(), *tls);
    if (!listener) return fail(listener.error().reason);
    ports.push_back((*listener)->port());
    listeners.push_back(std::move(*listener));
  }
  try {
    core_->start(shards);
  } catch (const std::runtime_error& error) {
    listeners.clear();
    core_->tear_down();
    return fail(error.what());
  }
  tell(descriptors);  // a start that fails says why, and nothing else
  for (const auto& listener : listeners)
    std::printf("listening on %s://%s%s\n", *tls ? "wss" : "ws", listener->address().c_str(),
                config.path_prefix.c_str());
  std::fflush(stdout);
  if (runner_->on_listening)
    loops.front()->post([handler = runner_->on_listening, ports] {
      static_cast<void>(guarded("on_listening", "", [&] { handler(ports); }));
    });

  std::vector<std::thread> threads;
  threads.reserve(loops.size());
  for (const auto& loop : loops) threads.emplace_back([raw = loop.get()] { run_guarded(*raw); });

  using SteadyClock = std::chrono::steady_clock;
  const auto begin = SteadyClock::now();
  const auto is_over = [&] { return config.duration.count() != 0 && SteadyClock::now() - begin >= config.duration; };
  int told = 0;
  while ((told = stop_signal(signals)) == 0 && !runner_->stop_asked && !is_over()) continue;
  spdlog::info("shutting down: {}", told != 0 ? sigabbrev_np(told) : is_over() ? "--duration is over" : "asked to");

  std::atomic<bool> has_stopped{false};
  loops.front()->post([&listeners] {
    for (const auto& listener : listeners) listener->close();
  });
  core_->stop("the server is shutting down", [&has_stopped] { has_stopped = true; });
  // Recordings are finished first, however long the disk takes; then the goodbyes, for as long as is polite.
  while (!has_stopped) std::this_thread::sleep_for(kWatchInterval);
  const auto polite_until = SteadyClock::now() + kFarewell;
  while (core_->closing() > 0 && SteadyClock::now() < polite_until) std::this_thread::sleep_for(kWatchInterval / 10);

  for (const auto& loop : loops) loop->stop();
  for (std::thread& thread : threads) thread.join();
  listeners.clear();
  core_->tear_down();
  if (config.json) {
    std::printf("%s\n", report(core_->stats(), core_->recording_errors()).c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace netcode
