#include <stdexcept>
#include <string>

#include "engine/core/assert.hpp"
#include "netcode/testing.hpp"
#include "server/record_dir.hpp"
#include "server/server_core.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"
#include "simnet/network_conditions.hpp"
#include "testing/link_watch.hpp"
#include "testing/lockstep_loops.hpp"

namespace netcode::testing {

namespace {

/// Virtual time: one loop for all, or a loop and a thread for each shard and one more for the clients.
class BenchLoops {
 public:
  BenchLoops(bool threads, std::size_t shards) {
    if (threads) lockstep_ = std::make_unique<LockstepLoops>(shards + 1);
  }

  transport::Loop& clients() { return lockstep_ ? lockstep_->loop(0) : one_; }
  transport::Loop& shard(std::size_t index) { return lockstep_ ? lockstep_->loop(index + 1) : one_; }
  engine::TimePoint now() const { return lockstep_ ? lockstep_->now() : one_.now(); }
  void run_ready() { lockstep_ ? lockstep_->run_ready() : one_.run_ready(); }
  void spend(engine::Duration time) {
    ENGINE_ASSERT(!lockstep_, "only a bench of one thread can be held up");
    one_.spend(time);
  }
  void run_for(engine::Duration time) { lockstep_ ? lockstep_->run_for(time) : one_.run_for(time); }
  bool run_until(const std::function<bool()>& condition, engine::Duration at_most) {
    return lockstep_ ? lockstep_->run_until(condition, at_most) : one_.run_until(condition, at_most);
  }

 private:
  transport::ManualLoop one_;
  std::unique_ptr<LockstepLoops> lockstep_;
};

}  // namespace

struct TestBench::Impl {
  Impl(ServerConfig config, const BenchOptions& bench_options)
      : options(bench_options),
        loops(bench_options.threads, config.threads),
        network(loops.shard(0),
                {.latency = bench_options.latency, .profile = bench_options.network, .seed = bench_options.seed}),
        server(std::move(config)),
        seeds(bench_options.seed) {
    ENGINE_ASSERT(!options.threads || !options.network, "a simulated network is of one thread");
  }

  BenchOptions options;
  BenchLoops loops;
  transport::MemoryNetwork network;
  LinkWatch links;
  Server server;
  engine::Rng seeds;
  bool is_running = false;
};

TestBench::TestBench(ServerConfig config, const BenchOptions& options)
    : impl_(std::make_unique<Impl>(std::move(config), options)) {}

TestBench::~TestBench() {
  if (impl_->is_running) stop();
}

Server& TestBench::server() { return impl_->server; }

void TestBench::start() {
  ENGINE_ASSERT(!impl_->is_running);
  ServerCore& core = impl_->server.core();
  if (const std::string& records = core.config().record_dir; !records.empty())
    if (const auto ready = prepare_record_dir(records); !ready) throw std::runtime_error(ready.error().reason);
  std::vector<transport::Loop*> shards;
  for (std::size_t i = 0; i < core.config().threads; ++i) shards.push_back(&impl_->loops.shard(i));
  core.start(shards);
  impl_->network.listen(core.accept_handlers());
  impl_->is_running = true;
  impl_->loops.run_ready();
}

void TestBench::stop() {
  if (!impl_->is_running) return;
  bool has_stopped = false;
  impl_->network.stop_listening();
  impl_->server.core().stop("the server is shutting down", [&has_stopped] { has_stopped = true; });
  ENGINE_ASSERT(impl_->loops.run_until([&] { return has_stopped; }, std::chrono::seconds(1)));
  impl_->loops.run_until([this] { return impl_->server.core().closing() == 0; }, std::chrono::seconds(10));
  impl_->server.core().tear_down();
  impl_->is_running = false;
}

engine::TimePoint TestBench::now() const { return impl_->loops.now(); }
void TestBench::run_for(engine::Duration time) { impl_->loops.run_for(time); }

void TestBench::spend(engine::Duration time) { impl_->loops.spend(time); }

bool TestBench::run_until(const std::function<bool()>& condition, engine::Duration at_most) {
  return impl_->loops.run_until(condition, at_most);
}

ConnectorPtr TestBench::connector() { return impl_->links.watch(impl_->network.connector(impl_->loops.clients())); }
void TestBench::cut_all() { impl_->network.cut_all(); }

void TestBench::cut_link(std::uint8_t link) { impl_->links.cut(link); }
void TestBench::pause_link(std::uint8_t link, bool paused) { impl_->links.pause(link, paused); }

void TestBench::stall_network(engine::Duration lasts) {
  ENGINE_ASSERT(impl_->network.conditions(), "only a bench with a network can stall it");
  impl_->network.conditions()->stall(now(), lasts);
}

void TestBench::lose_network(engine::Duration lasts) {
  ENGINE_ASSERT(impl_->network.conditions(), "only a bench with a network can lose it");
  impl_->network.conditions()->lose_all(now(), lasts);
}

void TestBench::refuse_connections(bool refuse) {
  if (refuse) {
    impl_->network.stop_listening();
  } else {
    impl_->network.listen(impl_->server.core().accept_handlers());
  }
}

std::uint64_t TestBench::next_seed() { return std::uint64_t{impl_->seeds.next()} + 1; }

}  // namespace netcode::testing
