#include "watchers.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <vector>

#include "host.hpp"
#include "netcode/client.hpp"

namespace scenes {

namespace {

using Client = netcode::Client<Rules>;

constexpr std::chrono::milliseconds kWait{20};

std::unique_ptr<Client> watcher(std::uint32_t index, netcode::ClientLoop& loop, Shared& shared) {
  netcode::ClientConfig config;
  config.url = fmt::format("ws://127.0.0.1:{}", shared.port.load());
  config.name = fmt::format("watcher {}", index + 1);
  config.reconnect = false;
  config.jitter_seed = index + 1;
  config.links = netcode::Links::kOne;
  auto client = std::make_unique<Client>(std::move(config), loop);
  client->on_snapshot([&shared](const World& world, const netcode::SnapshotInfo& info) {
    const std::size_t things = world.things() == nullptr ? 0 : world.things()->size();
    const std::size_t gauges = world.gauges() == nullptr ? 0 : world.gauges()->size();
    shared.objects += things + gauges;
    shared.payload_bytes += info.message_bytes;
    ++shared.snapshots;
  });
  client->join(kMatch);
  return client;
}

bool is_playing(const std::unique_ptr<Client>& client) {
  return client->state() == netcode::ClientState::kInMatch && client->world() != nullptr;
}

bool is_over(const std::unique_ptr<Client>& client) {
  return client->state() == netcode::ClientState::kClosed || client->stats().disconnects > 0 ||
         client->stats().refused > 0;
}

}  // namespace

int watch(std::uint32_t count, Shared& shared) {
  netcode::ClientLoop loop;
  std::vector<std::unique_ptr<Client>> clients;
  for (std::uint32_t i = 0; i < count; ++i) clients.push_back(watcher(i, loop, shared));
  while (!shared.stop) {
    loop.wait(kWait);
    shared.playing = static_cast<std::uint32_t>(std::count_if(clients.begin(), clients.end(), is_playing));
    const auto over = std::find_if(clients.begin(), clients.end(), is_over);
    if (over == clients.end()) continue;
    std::fprintf(stderr, "a client was lost: %s\n", (*over)->reason().c_str());
    return 1;
  }
  return 0;
}

}  // namespace scenes
