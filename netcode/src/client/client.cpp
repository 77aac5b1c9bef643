// ClientCore, and what goes out: actions, events, acks, and word of what has been received.
#include "netcode/client.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "client/impl.hpp"
#include "engine/core/assert.hpp"
#include "netcode/action_frame.hpp"
#include "protocol/auth_offer.hpp"
#include "protocol/messages.hpp"
#include "protocol/requests.hpp"

namespace netcode {

using client::Goal;

namespace {

static_assert(limits::kOutboxBytesMax <= limits::kMessageFromClientBytesMax, "what can be kept can be sent");

/// A spectator sends no actions, but the server waits for word after kSnapshotsUnacknowledgedMax snapshots.
constexpr std::uint32_t kSnapshotsUntoldMax = limits::kSnapshotsUnacknowledgedMax / 2;
constexpr std::uint32_t kReliablesUntoldMax = 32;
/// Three quarters of the ticks that the server takes actions ahead for, at 60 Hz.
constexpr std::chrono::milliseconds kServerHeardFor{750};

/// Tells whoever asked, if anybody wants to know, of an answer that says no more than yes.
ReplyHandler yes_or_no(std::function<void(const engine::Result<void>&)> done) {
  return [done = std::move(done)](const engine::Result<Reply>& reply) {
    if (!done) return;
    if (!reply) return done(reply.error());
    done({});
  };
}

}  // namespace

// What goes out -----------------------------------------------------------------------------------

std::uint32_t ClientCore::Impl::act(std::optional<Tick> tick, BytesView action, ViewTime view) {
  ENGINE_ASSERT(action.size() <= limits::kActionBytesMax, "no server takes an action of this size");
  if (!can_act()) return 0;
  const bool is_due = std::exchange(is_due_, false);
  ++action_sequence_;
  view = std::min(view, newest_view());
  if (!tick) tick = is_due && is_server_heard() ? clock_->tick() : 0;
  if (*tick != 0 && *tick == clock_->tick()) clock_->sent(action_sequence_, now());
  ++stats.actions;
  send_queue_.push_action({.tick = *tick,
                           .sequence = action_sequence_,
                           .snapshot_tick = newest_tick(0),
                           .received = receiver_.received(),
                           .body = action,
                           .twin_snapshot_tick = newest_tick(1),
                           .view_tick = view.tick,
                           .view_fraction = view.fraction,
                           .view_from = view.from,
                           .view_to = view.to});
  told();
  flush();
  return action_sequence_;
}

/// The moment that the server has computed for certain: who draws seldom, or goes on past the newest snapshot, may have
/// shown a later one, and a server takes no word of a moment that has not been.
ViewTime ClientCore::Impl::newest_view() const {
  if (!snapshot || !match) return {};
  const std::chrono::duration<double> since = now() - snapshot->arrived;
  return view_time_at(snapshot->tick + since.count() * match->tick_hz);
}

bool ClientCore::Impl::action_due() { return is_due_ = can_act() && clock_->due(now()); }

/// A server that has stood still, or whose words do not come, may be at any tick: it takes none that lies far ahead.
bool ClientCore::Impl::is_server_heard() const { return snapshot && now() - snapshot->arrived < kServerHeardFor; }

NetworkInfo ClientCore::Impl::network() const {
  if (!clock_) return {};
  return {.rtt = rtt_->newest(),
          .rtt_smooth = rtt_->smooth(),
          .jitter = rtt_->variation(),
          .slack = clock_->slack(),
          .slew = clock_->slew(),
          .clock_jumps = clock_->jumps()};
}

void ClientCore::Impl::measure_fields(bool on) {
  if (on == (meter_ != nullptr)) return;
  meter_ = on ? std::make_unique<FieldMeter>() : nullptr;
  for (Unpacker& unpacker : unpackers_) unpacker.measure(meter_.get());
}

void ClientCore::Impl::emit(const Outgoing& event, ReplyHandler reply, std::optional<std::chrono::milliseconds> timeout,
                            Asker asker) {
  if (!has_session()) {
    if (reply) replies_.fail(std::move(reply), "not connected");
    return;
  }
  const bool wants_reply = reply != nullptr;
  const std::uint32_t id = wants_reply ? replies_.add(std::move(reply), timeout, asker) : 0;
  if (wants_reply && id == 0) return;
  Bytes message = protocol::encode(protocol::EventMessage{.sequence = event.is_volatile ? 0U : 1U,
                                                          .name = event.name,
                                                          .space = event.space,
                                                          .ack = id,
                                                          .body = event.body});
  const std::size_t size = message.size();
  stats.sent_event_bytes += event.is_volatile ? size : size * links();
  if (event.is_volatile) {
    const std::uint8_t link = !connections_.writable(0) && connections_.is_open(1) ? 1 : 0;
    if (size <= limits::kMessageFromClientBytesMax) send_queue_.push_loose_over(link, std::move(message));
  } else if (!send_queue_.push_reliable(std::move(message))) {
    const auto why = engine::error("{} of {} bytes found no room: {} events of {} bytes wait for the server",
                                   event.name, size, send_queue_.reliable_size(), send_queue_.reliable_bytes());
    if (!wants_reply) return give_up(why.reason);
    replies_.fail(id, why.reason);
  }
  flush();
}

void ClientCore::Impl::send_ack(std::uint32_t id, const Ack::Answer& answer) {
  protocol::AckMessage message{
      .sequence = 1, .id = id, .error = std::nullopt, .table = answer.table, .body = answer.body};
  if (!answer.error.empty()) message.error = answer.error;
  Bytes bytes = protocol::encode(message);
  stats.sent_event_bytes += bytes.size() * links();
  if (!send_queue_.push_reliable(std::move(bytes))) {
    return give_up(
        engine::error("an answer found no room: {} events wait for the server", send_queue_.reliable_size()).reason);
  }
  flush();
}

void ClientCore::Impl::send_received() {
  Bytes bytes = protocol::encode(protocol::Received{
      .snapshot_tick = newest_tick(0), .received = receiver_.received(), .twin_snapshot_tick = newest_tick(1)});
  stats.sent_other_bytes += bytes.size() * links();
  send_queue_.push_loose(std::move(bytes));
  told();
  flush();
}

void ClientCore::Impl::tell_if_much_is_untold() {
  if (!connections_.is_up()) return;
  if (snapshots_untold_ >= kSnapshotsUntoldMax || reliables_untold_ >= kReliablesUntoldMax) send_received();
}

void ClientCore::Impl::told() {
  told_at_ = now();
  snapshots_untold_ = reliables_untold_ = 0;
}

/// Who has nothing to say still says what it has, so that the server can let go of it and knows that we live.
void ClientCore::Impl::beat() {
  if (now() >= told_at_ + limits::kHeartbeatInterval) send_received();
  beat_timer_ = connector_->loop().call_at(told_at_ + limits::kHeartbeatInterval, [this] { beat(); });
}

void ClientCore::Impl::flush() {
  for (const std::uint8_t slot : {std::uint8_t{0}, std::uint8_t{1}}) {
    if (!connections_.writable(slot)) continue;
    if (auto frames = send_queue_.take(slot); !frames.empty()) connections_.write(slot, std::move(frames));
  }
  stats.action_bytes += send_queue_.take_action_bytes();
}

engine::Result<void> ClientCore::Impl::check(const Auth& auth) const {
  if (auto good = protocol::check_auth_size(auth); !good) return good;
  if (auto good = schema.check(auth.table(), auth.body()); !good) return engine::error("auth: {}", good.error().reason);
  return {};
}

// ClientCore --------------------------------------------------------------------------------------

std::string_view to_string(ClientState state) {
  switch (state) {
    case ClientState::kIdle:
      return "idle";
    case ClientState::kConnecting:
      return "connecting";
    case ClientState::kConnected:
      return "connected";
    case ClientState::kInMatch:
      return "in match";
    case ClientState::kReconnecting:
      return "reconnecting";
    case ClientState::kClosed:
      return "closed";
  }
  return "unknown";
}

ClientCore::ClientCore(ClientConfig config, const Game& game) {
  auto loop = std::make_unique<ClientLoop>();
  ClientLoop& borrowed = *loop;
  impl_ = std::make_unique<Impl>(std::move(config), game, borrowed, std::move(loop));
}

ClientCore::ClientCore(ClientConfig config, const Game& game, ClientLoop& loop)
    : impl_(std::make_unique<Impl>(std::move(config), game, loop, nullptr)) {}

ClientCore::ClientCore(ClientConfig config, const Game& game, ConnectorPtr connector)
    : impl_(std::make_unique<Impl>(std::move(config), game,
                                   std::unique_ptr<transport::Connector>(connector.release()))) {}

void transport::ConnectorDeleter::operator()(Connector* connector) const { delete connector; }

ClientCore::~ClientCore() = default;
ClientCore::ClientCore(ClientCore&&) noexcept = default;

void ClientCore::connect() { impl_->go({}); }

void ClientCore::join(std::string_view match, JoinOptions options) {
  impl_->go({.kind = Goal::Kind::kMatch,
             .name = std::string(match),
             .password = std::move(options.password),
             .spectate = options.spectate});
}

void ClientCore::quick_join(std::string_view kind, JoinOptions options) {
  impl_->go({.kind = Goal::Kind::kQuick,
             .name = std::string(kind),
             .password = std::move(options.password),
             .spectate = options.spectate});
}

void ClientCore::leave() { impl_->leave(); }
void ClientCore::close(std::string_view reason) { impl_->close(reason); }
void ClientCore::drop_connection() { impl_->drop_connection(); }

ClientState ClientCore::state() const { return impl_->state; }
const std::string& ClientCore::reason() const { return impl_->reason; }
const std::optional<JoinedMatch>& ClientCore::match() const { return impl_->match; }
PlayerId ClientCore::player() const { return impl_->match ? impl_->match->player : kNoPlayer; }
SessionId ClientCore::session() const { return impl_->session_id; }
const std::string& ClientCore::name() const { return impl_->name; }

void ClientCore::list(std::string_view kind, std::function<void(const engine::Result<std::vector<MatchInfo>>&)> done) {
  impl_->list(std::string(kind), {}, {}, std::move(done));
}

void ClientCore::Impl::list(std::string kind, std::string after, std::vector<MatchInfo> listed, Listed done) {
  const Bytes body = protocol::encode_list_request({.kind = kind, .after = after});
  ask(protocol::kListEvent, body,
      [this, kind = std::move(kind), after = std::move(after), listed = std::move(listed),
       done = std::move(done)](const engine::Result<Reply>& reply) mutable {
        if (!reply) return done(reply.error());
        auto page = protocol::decode_match_list(reply->body());
        if (!page) return done(page.error());
        std::move(page->matches.begin(), page->matches.end(), std::back_inserter(listed));
        if (page->next.empty() || listed.size() >= limits::kListMatchesMax) return done(std::move(listed));
        if (page->next <= after) return done(engine::error("the list of matches goes in a circle"));
        list(std::move(kind), std::move(page->next), std::move(listed), std::move(done));
      });
}

void ClientCore::create(const MatchRequest& request, std::function<void(const engine::Result<MatchInfo>&)> done) {
  const Bytes body = protocol::encode_match_request(request);
  impl_->ask(protocol::kCreateEvent, body, [done = std::move(done)](const engine::Result<Reply>& reply) {
    if (!reply) return done(reply.error());
    done(protocol::decode_match_info(reply->body()));
  });
}

void ClientCore::enter(std::string_view space, std::function<void(const engine::Result<void>&)> done) {
  impl_->ask(protocol::kNamespaceEvent, protocol::encode_namespace_request(space), yes_or_no(std::move(done)));
}

void ClientCore::enter(std::string_view space, const Auth& auth,
                       std::function<void(const engine::Result<void>&)> done) {
  if (const auto good = impl_->check(auth); !good) return impl_->fail(yes_or_no(std::move(done)), good.error().reason);
  impl_->ask(protocol::kNamespaceEvent, protocol::encode_namespace_request(space, auth), yes_or_no(std::move(done)));
}

void ClientCore::leave(std::string_view space, std::function<void(const engine::Result<void>&)> done) {
  impl_->ask(protocol::kLeaveNamespaceEvent, protocol::encode_namespace_request(space), yes_or_no(std::move(done)));
}

void ClientCore::poll() {
  impl_->look();
  if (impl_->loop()) impl_->loop()->poll();
}

void ClientCore::wait(std::chrono::nanoseconds time) {
  impl_->look();
  if (impl_->loop()) impl_->loop()->wait(time);
}

std::optional<SnapshotInfo> ClientCore::snapshot() const { return impl_->snapshot; }
BytesView ClientCore::world_bytes() const { return impl_->world; }
BytesView ClientCore::map() const { return impl_->map; }
const ClientStats& ClientCore::stats() const {
  impl_->stats.links = impl_->links();
  return impl_->stats;
}

void ClientCore::on_state(std::function<void(ClientState, std::string_view)> handler) {
  impl_->on_state.add(std::move(handler));
}
void ClientCore::on_joined(std::function<void(const JoinedMatch&)> handler) {
  impl_->on_joined.add(std::move(handler));
}
void ClientCore::on_ended(std::function<void(std::string_view)> handler) { impl_->on_ended.add(std::move(handler)); }
void ClientCore::on_space_left(std::function<void(std::string_view, std::string_view)> handler) {
  impl_->on_space_left.add(std::move(handler));
}
void ClientCore::on_any(std::function<void(const EventView&)> handler) { impl_->on_any.add(std::move(handler)); }
void ClientCore::on_snapshot_bytes(std::function<void(BytesView, const SnapshotInfo&)> handler) {
  impl_->on_snapshot.add(std::move(handler));
}

bool ClientCore::action_due() { return impl_->action_due(); }
Tick ClientCore::action_tick() const { return impl_->action_tick(); }
float ClientCore::action_share() const { return impl_->action_share(); }
NetworkInfo ClientCore::network() const { return impl_->network(); }
void ClientCore::measure_fields(bool on) { impl_->measure_fields(on); }
FieldCosts ClientCore::field_costs() const { return impl_->field_costs(); }

void ClientCore::on_table(std::string_view space, std::string_view table, Handler handler, bool takes_ack, bool once) {
  ENGINE_ASSERT(impl_->schema.event_of_table(table), "only an event of the schema can be received");
  impl_->handlers.add(space, table, std::move(handler), takes_ack, once);
}

void ClientCore::off_table(std::string_view space, std::string_view table) { impl_->handlers.remove(space, table); }

void ClientCore::emit_table(std::string_view space, std::string_view table, Bytes body, Delivery delivery,
                            ReplyHandler reply, std::chrono::milliseconds timeout) {
  const EventInfo* event = impl_->schema.event_of_table(table);
  ENGINE_ASSERT(event, "only an event of the schema can be sent");
  impl_->emit({.space = space, .name = event->name, .body = body, .is_volatile = delivery == Delivery::kVolatile},
              std::move(reply), timeout, Impl::Asker::kGame);
}

std::uint32_t ClientCore::act_bytes(std::optional<Tick> tick, Bytes action, ViewTime view) {
  return impl_->act(tick, action, view);
}

Bytes action_frame(BytesView action) {
  return protocol::encode(
      protocol::ActionView{.tick = 0, .sequence = 0, .snapshot_tick = 0, .received = 0, .body = action});
}

}  // namespace netcode
