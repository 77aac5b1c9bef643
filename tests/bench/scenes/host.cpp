#include "host.hpp"

#include <cstdio>
#include <string>

#include "netcode/server.hpp"

namespace scenes {

int host(Scene scene, std::uint32_t clients, Shared& shared) {
  if (std::freopen("/dev/null", "w", stdout) == nullptr) return 2;  // where it says that it listens
  netcode::ServerConfig config;
  config.listen = {"127.0.0.1:0"};
  config.twin_links = false;  // one connection a client
  config.quiet = true;
  netcode::Server server(config);
  netcode::MatchOptions options;
  options.players_max = clients;
  options.tick_hz = kTickHz;
  options.snapshot_hz = kTickHz;
  options.options = {{"scene", std::to_string(static_cast<int>(scene))}};
  server.define<Rules>("scenes", options);
  if (const auto opened = server.open("scenes", kMatch); !opened) {
    std::fprintf(stderr, "%s\n", opened.error().reason.c_str());
    return 2;
  }
  server.on_listening([&shared](const std::vector<std::uint16_t>& ports) { shared.port = ports.front(); });
  return server.run();
}

}  // namespace scenes
