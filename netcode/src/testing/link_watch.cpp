#include "testing/link_watch.hpp"

#include <string>
#include <utility>
#include <vector>

#include "simnet/memory_link.hpp"
#include "transport/http/url.hpp"

namespace netcode::testing {

struct LinkWatch::Seen {
  struct One {
    std::uint8_t link;
    std::weak_ptr<transport::Connection> connection;
  };
  std::vector<One> connections;

  std::vector<std::shared_ptr<transport::Connection>> of(std::uint8_t link) {
    std::erase_if(connections, [](const One& one) { return one.connection.expired(); });
    std::vector<std::shared_ptr<transport::Connection>> open;
    for (const One& one : connections)
      if (auto connection = one.connection.lock(); connection && one.link == link) open.push_back(connection);
    return open;
  }
};

namespace {

std::uint8_t link_of(const std::string& url) {
  const auto parsed = transport::parse_url(url);
  const auto target = parsed ? transport::parse_target(parsed->target) : parsed.error();
  return target && target->query.contains("link") && target->query.at("link") == "1" ? 1 : 0;
}

class WatchedConnector final : public transport::Connector {
 public:
  WatchedConnector(std::unique_ptr<transport::Connector> inner, std::shared_ptr<LinkWatch::Seen> seen)
      : inner_(std::move(inner)), seen_(std::move(seen)) {}

  void connect(const std::string& url, const std::string& subprotocols, Done done) override {
    inner_->connect(url, subprotocols, [seen = seen_, link = link_of(url), done = std::move(done)](auto connection) {
      if (connection) seen->connections.push_back({link, *connection});
      done(std::move(connection));
    });
  }
  transport::Loop& loop() override { return inner_->loop(); }

 private:
  std::unique_ptr<transport::Connector> inner_;
  std::shared_ptr<LinkWatch::Seen> seen_;
};

}  // namespace

LinkWatch::LinkWatch() : seen_(std::make_shared<Seen>()) {}

std::unique_ptr<transport::Connector> LinkWatch::watch(std::unique_ptr<transport::Connector> connector) {
  return std::make_unique<WatchedConnector>(std::move(connector), seen_);
}

void LinkWatch::cut(std::uint8_t link) {
  for (const auto& connection : seen_->of(link)) connection->abort();
}

void LinkWatch::pause(std::uint8_t link, bool paused) {
  for (const auto& connection : seen_->of(link)) transport::MemoryNetwork::pause_reading(*connection, paused);
}

}  // namespace netcode::testing
