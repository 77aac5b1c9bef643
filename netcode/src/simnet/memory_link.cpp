#include "simnet/memory_link.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/core/assert.hpp"
#include "simnet/link_model.hpp"
#include "simnet/memory_connection.hpp"
#include "simnet/network_conditions.hpp"
#include "transport/http/pending_answer.hpp"
#include "transport/http/url.hpp"

namespace netcode::transport {

namespace {

using EndPtr = std::shared_ptr<MemoryConnection>;

/// Runs `task` on `loop`, `latency` later.
void post_after(Loop& loop, engine::Duration latency, Loop::Task task) {
  if (latency <= engine::Duration::zero()) return loop.post(std::move(task));
  loop.post(
      [&loop, latency, task = std::move(task)]() mutable { loop.call_at(loop.now() + latency, std::move(task)); });
}

engine::Result<HttpRequest> make_request(const std::string& target, const std::string& subprotocols) {
  auto parsed = parse_target(target);
  if (!parsed) return parsed.error();
  HttpRequest request;
  request.method = "GET";
  request.path = std::move(parsed->path);
  request.query = std::move(parsed->query);
  for (std::string_view rest = subprotocols; !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    request.subprotocols.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(rest.find_first_not_of(", ", comma), rest.size()));
  }
  request.remote_address = "memory";
  return request;
}

}  // namespace

struct MemoryNetwork::State : std::enable_shared_from_this<MemoryNetwork::State> {
  State(Loop& loop_given, MemoryOptions options_given) : loop(loop_given), options(std::move(options_given)) {
    if (options.profile) conditions = std::make_shared<NetworkConditions>(*options.profile, loop.now(), options.seed);
  }

  Loop& loop;
  const MemoryOptions options;
  std::shared_ptr<NetworkConditions> conditions;  // null without a profile
  AcceptHandlers handlers;
  bool listening = false;

  mutable std::mutex mutex;  // guards `ends`: links may have their ends on several loops
  std::vector<EndPtr> ends;

  std::shared_ptr<LinkModel> make_model() const {
    return conditions ? std::make_shared<LinkModel>(conditions) : nullptr;
  }

  EndPtr make_end(Loop& on, const ConnectionOptions& end_options, bool masks, std::shared_ptr<LinkModel> model) {
    // Over a long way the kernels' windows grow with what is under way.
    const std::size_t buffer_bytes = options.buffer_bytes * (model ? 4 : 1);
    MemoryConnection::Config config{end_options, options.latency, buffer_bytes, masks, std::move(model)};
    auto end = std::make_shared<MemoryConnection>(on, std::move(config));
    end->set_on_finished([weak = weak_from_this(), raw = end.get()] {
      if (const auto state = weak.lock()) state->forget(raw);
    });
    const std::lock_guard lock(mutex);
    ends.push_back(end);
    return end;
  }

  void forget(const MemoryConnection* end) {
    const std::lock_guard lock(mutex);
    std::erase_if(ends, [end](const EndPtr& one) { return one.get() == end; });
  }

  std::vector<EndPtr> open_ends() const {
    const std::lock_guard lock(mutex);
    return ends;
  }

  /// One connection's two directions; null without a profile.
  struct Pair {
    std::shared_ptr<LinkModel> up, down;
  };
  void connect(Loop& client_loop, const Url& url, const std::string& subprotocols, Connector::Done done);
  void accept(Loop& client_loop, const Url& url, const std::string& subprotocols, const Pair& models,
              const Connector::Done& done);
};

/// TCP's handshake takes a round trip before the request can leave.
void MemoryNetwork::State::connect(Loop& client_loop, const Url& url, const std::string& subprotocols,
                                   Connector::Done done) {
  const Pair models{make_model(), make_model()};
  const auto request = [weak = weak_from_this(), &client_loop, url, subprotocols, models, done = std::move(done)] {
    if (const auto state = weak.lock()) state->accept(client_loop, url, subprotocols, models, done);
  };
  if (!models.up) return post_after(loop, options.latency, request);
  const engine::TimePoint connected = models.down->syn_arrival(models.up->syn_arrival(client_loop.now()));
  client_loop.call_at(connected, [&on = loop, &client_loop, models, request] {
    constexpr std::size_t kRequestBytes = 400;
    const engine::TimePoint due = models.up->arrival(client_loop.now(), kRequestBytes);
    on.post([&on, due, request] { on.call_at(due, request); });
  });
}

/// The server's side of a handshake, on the listener's loop.
void MemoryNetwork::State::accept(Loop& client_loop, const Url& url, const std::string& subprotocols,
                                  const Pair& models, const Connector::Done& done) {
  const auto answer = [&](engine::Result<std::shared_ptr<Connection>> result) {
    const auto tell = [done, result = std::move(result)] { done(result); };
    if (!models.down) return post_after(client_loop, options.latency, tell);
    constexpr std::size_t kResponseBytes = 200;
    const engine::TimePoint due = models.down->arrival(loop.now(), kResponseBytes);
    client_loop.post([&client_loop, due, tell] { client_loop.call_at(due, tell); });
  };
  if (!listening) return answer(engine::error("connection refused by {}", url.authority()));
  auto request = make_request(url.target, subprotocols);
  if (!request) return answer(refusal_error({400, {}, request.error().reason}));

  const auto verdict = handlers.on_upgrade(*request);
  if (const auto* refusal = std::get_if<HttpResponse>(&verdict)) return answer(refusal_error(*refusal));
  const Upgrade& upgrade = std::get<Upgrade>(verdict);
  ENGINE_ASSERT(upgrade.loop != nullptr, "an upgrade names its loop");
  if (upgrade.subprotocol != first_subprotocol(subprotocols))
    return answer(subprotocol_error(url.authority(), subprotocols));

  const auto server_end = make_end(*upgrade.loop, options.server, false, models.down);
  const auto client_end = make_end(client_loop, options.client, true, models.up);
  MemoryConnection::join(server_end, client_end);
  upgrade.loop->post([on_connection = taker_of(upgrade, handlers), request = *request, server_end] {
    on_connection(request, server_end);
  });
  answer(std::shared_ptr<Connection>(client_end));
}

namespace {

class MemoryConnector final : public Connector {
 public:
  MemoryConnector(std::shared_ptr<MemoryNetwork::State> state, Loop& loop) : state_(std::move(state)), loop_(loop) {}

  void connect(const std::string& url, const std::string& subprotocols, Done done) override {
    auto parsed = parse_url(url);
    if (!parsed) {
      return loop_.post([done = std::move(done), error = parsed.error()] { done(error); });
    }
    state_->connect(loop_, *parsed, subprotocols, std::move(done));
  }

  Loop& loop() override { return loop_; }

 private:
  std::shared_ptr<MemoryNetwork::State> state_;
  Loop& loop_;
};

}  // namespace

MemoryNetwork::MemoryNetwork(Loop& loop, const MemoryOptions& options)
    : state_(std::make_shared<State>(loop, options)) {}

MemoryNetwork::~MemoryNetwork() {
  // Connectors may outlive the network; what the handlers and the connections hold shall not.
  stop_listening();
  const std::lock_guard lock(state_->mutex);
  state_->ends.clear();
}

void MemoryNetwork::listen(AcceptHandlers handlers) {
  state_->handlers = std::move(handlers);
  state_->listening = true;
}

void MemoryNetwork::stop_listening() {
  state_->listening = false;
  state_->handlers = {};
}

std::unique_ptr<Connector> MemoryNetwork::connector() { return connector(state_->loop); }

std::unique_ptr<Connector> MemoryNetwork::connector(Loop& loop) {
  return std::make_unique<MemoryConnector>(state_, loop);
}

NetworkConditions* MemoryNetwork::conditions() { return state_->conditions.get(); }

HttpResponse MemoryNetwork::http_get(const std::string& target) {
  const auto request = make_request(target, "");
  if (!request) return {400, HttpResponse{}.content_type, request.error().reason};
  ENGINE_ASSERT(state_->listening, "nobody listens");
  const auto answer = std::make_shared<PendingAnswer>(state_->loop, nullptr);
  state_->handlers.on_http(*request, Answerer(answer));
  auto response = answer->leave_handler();
  ENGINE_ASSERT(response.has_value(), "of a handler that answers at once");
  return *std::move(response);
}

void MemoryNetwork::pause_reading(Connection& end, bool paused) {
  auto* ours = dynamic_cast<MemoryConnection*>(&end);
  ENGINE_ASSERT(ours != nullptr, "not an end of an in-memory link");
  ours->pause_reading(paused);
}

void MemoryNetwork::cut_all() {
  for (const EndPtr& end : state_->open_ends()) {
    end->loop().post([end] { end->abort(); });
  }
}

std::size_t MemoryNetwork::open_links() const { return (state_->open_ends().size() + 1) / 2; }

}  // namespace netcode::transport
