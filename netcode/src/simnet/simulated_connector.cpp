#include "simnet/simulated_connector.hpp"

#include <utility>

#include "netcode/limits.hpp"
#include "simnet/link_model.hpp"
#include "simnet/simulated_connection.hpp"

namespace netcode::transport {

namespace {

/// A WebSocket's handshake, as ours are.
constexpr std::size_t kRequestBytes = 400;
constexpr std::size_t kResponseBytes = 200;

/// What an attempt needs at each of its steps.
struct Attempt {
  std::shared_ptr<Connector> inner;
  std::shared_ptr<LinkModel> up, down;
  std::string url, subprotocols;
  Connector::Done done;
};

void answered(const std::shared_ptr<Attempt>& attempt, engine::Result<std::shared_ptr<Connection>> result) {
  Loop& loop = attempt->inner->loop();
  const engine::TimePoint due = attempt->down->arrival(loop.now(), kResponseBytes);
  loop.call_at(due, [attempt, result = std::move(result), &loop] {
    if (!result) return attempt->done(result.error());
    attempt->done(
        std::make_shared<SimulatedConnection>(loop, *result, attempt->up, attempt->down, limits::kCloseTimeout));
  });
}

}  // namespace

SimulatedConnector::SimulatedConnector(std::unique_ptr<Connector> inner, NetworkProfile profile, std::uint64_t seed)
    : inner_(std::move(inner)),
      conditions_(std::make_shared<NetworkConditions>(std::move(profile), inner_->loop().now(), seed)) {}

/// TCP's handshake takes a round trip before the request can leave, which takes another with its answer.
void SimulatedConnector::connect(const std::string& url, const std::string& subprotocols, Done done) {
  const auto attempt = std::make_shared<Attempt>(Attempt{.inner = inner_,
                                                         .up = std::make_shared<LinkModel>(conditions_),
                                                         .down = std::make_shared<LinkModel>(conditions_),
                                                         .url = url,
                                                         .subprotocols = subprotocols,
                                                         .done = std::move(done)});
  Loop& on = loop();
  const engine::TimePoint connected = attempt->down->syn_arrival(attempt->up->syn_arrival(on.now()));
  on.call_at(connected, [attempt, &on] {
    on.call_at(attempt->up->arrival(on.now(), kRequestBytes), [attempt] {
      attempt->inner->connect(attempt->url, attempt->subprotocols,
                              [attempt](auto result) { answered(attempt, std::move(result)); });
    });
  });
}

}  // namespace netcode::transport
