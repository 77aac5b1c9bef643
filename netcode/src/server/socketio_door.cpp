#include "server/socketio_door.hpp"

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "server/admin_ui_tap.hpp"
#include "server/server_core.hpp"

namespace netcode {
namespace {

namespace json = boost::json;
using socketio::SocketClient;

/// Namespaces that wait for the first one's answer.
constexpr std::size_t kWishesMax = 16;
/// Namespaces of lost connections that are kept; most sessions are in one.
constexpr std::size_t kLostPerSession = 4;
/// How often those are looked through.
constexpr std::chrono::seconds kExpireEvery{1};
/// Of a client that says none: players have one.
constexpr std::string_view kNameless = "guest";

}  // namespace

// --- who calls

LinkMaker SocketioCaller::link(std::optional<std::uint64_t> /*packs*/) {
  if (recovers_)
    return [line = line_, greet = greet_, lost = recovers_->lost.line](SessionCore& session, Outbox& events,
                                                                       SessionLink::Config config) {
      config.received = events.releasable();  // each namespace that comes back is sent what it missed
      return std::make_shared<SocketioLink>(session, events, line, config, greet, lost->wants());
    };
  return [line = line_, greet = greet_, wants = wants_](SessionCore& session, Outbox& events,
                                                        const SessionLink::Config& config) {
    return std::make_shared<SocketioLink>(session, events, line, config, greet, wants);
  };
}

engine::Result<void> SocketioCaller::may_resume(const SessionCore& session) const {
  if (!recovers_) return {};
  if (session.is_connected()) return engine::error("its connection is not lost");
  if (!session.is_in(recovers_->lost.nsp)) return engine::error("it has left that");
  if (!session.can_go_on_from(recovers_->offset)) return engine::error("too much was missed");
  return {};
}

void SocketioCaller::turn_away(transport::CloseCode /*code*/, std::string_view reason) { refused_(reason, data_); }

engine::Result<Visit> visit_of_join(const json::object& asked, const std::string& token) {
  const std::string match = member_text(asked, "match");
  const std::string kind = member_text(asked, "kind");
  const json::value* spectate = asked.if_contains("spectate");
  Visit visit;
  if (!match.empty()) {
    if (!protocol::is_match_id(match)) return engine::error("no match can be called {}", engine::printable_utf8(match));
    visit.goal = Visit::Goal::kMatch;
    visit.match = match;
  } else if (!kind.empty()) {
    visit.goal = Visit::Goal::kQuick;
    visit.kind = kind;
  } else {
    return engine::error("expected a match, by its id, or a kind");
  }
  visit.password = member_text(asked, "password");
  visit.spectate = spectate && *spectate == json::value(true);
  visit.token = token;
  return visit;
}

engine::Result<SocketioLink::Wants> wants_of_join(const json::object& asked) {
  const std::string snapshots = member_text(asked, "snapshots");
  if (asked.contains("snapshots") && snapshots != "json" && snapshots != "bytes")
    return engine::error(R"(snapshots: expected "json" or "bytes")");
  const json::value* map = asked.if_contains("map");
  return SocketioLink::Wants{.json = snapshots == "json", .map = map && *map == json::value(true)};
}

// --- the door

SocketioDoor::SocketioDoor(ServerCore& server, transport::Loop& loop, socketio::EngineSettings settings)
    : server_(server),
      loop_(loop),
      recovery_window_(server.config().socketio.recovery_window),
      recovery_(kLostPerSession * server.config().sessions_max),
      admin_(make_admin(loop)),
      engine_(loop, std::move(settings),
              [this, &loop](socketio::EngineSession& session, const transport::HttpRequest& request) {
                auto client = std::make_unique<SocketClient>(loop, session, request,
                                                             server_.config().socketio.connect_timeout, *this);
                guests_[client.get()].line = make_line(*client);
                if (admin_) admin_->on_opened(*client);
                return client;
              }) {}

SocketioDoor::~SocketioDoor() {
  loop_.cancel(expiry_);
  if (AdminTap* tap = server_.admin_tap()) tap->set_ui(nullptr);
  for (auto& [client, guest] : guests_) guest.line->hang_up();
}

std::unique_ptr<AdminUi> SocketioDoor::make_admin(transport::Loop& loop) {
  AdminTap* tap = server_.admin_tap();
  if (!tap) return nullptr;
  auto made = std::make_unique<AdminUi>(server_, loop, [this](const SocketClient& client) {
    const Guest* guest = guest_of(client);
    return guest ? AdminUi::Who{.session = guest->line->session(), .name = guest->name} : AdminUi::Who();
  });
  tap->set_ui(made.get());
  return made;
}

SocketioLinePtr SocketioDoor::make_line(SocketClient& client) const {
  return std::make_shared<SocketioLine>(server_.routes().shared_from_this(), 0, client, recovery_window_.count() > 0);
}

SocketioDoor::Guest* SocketioDoor::guest_of(const SocketClient& client) {
  const auto found = guests_.find(&client);
  return found == guests_.end() ? nullptr : &found->second;
}

void SocketioDoor::on_connect(SocketClient& client, const std::string& nsp, const json::value& auth) {
  if (is_admins(nsp)) return admin_->on_connect(client, auth);
  Guest* guest = guest_of(client);
  if (!guest) return;
  if (!server_.find_or_make_space(nsp)) return client.refuse(nsp, "Invalid namespace");
  const auto session = guest->line->session();
  if (session || !guest->is_asking) {
    const auto claim = RecoveryClaim::of(auth);
    auto lost = claim ? recovery_.take(*claim, nsp, session) : std::nullopt;
    if (session && lost) {
      const SocketClient::Identity identity{.sid = lost->sid, .pid = claim->pid};
      return guest->line->to_link(*session, [nsp, auth, offset = claim->offset, identity](SocketioLink& link) {
        if (!link.recover(nsp, offset, identity)) link.on_connect(nsp, auth);
      });
    }
    if (lost) return take_up(*guest, {.nsp = nsp, .auth = auth}, {.lost = std::move(*lost), .offset = claim->offset});
    if (!session) return begin(*guest, {.nsp = nsp, .auth = auth});
    recovery_.forget(*session, nsp);
    return guest->line->to_link(*session, [nsp, auth](SocketioLink& link) { link.on_connect(nsp, auth); });
  }
  if (guest->waiting.size() >= kWishesMax) return client.refuse(nsp, "too many namespaces at once");
  guest->waiting.push_back({.nsp = nsp, .auth = auth});
}

// Its first namespace: what it is let into there is a session.
void SocketioDoor::begin(Guest& guest, const Wish& wish) {
  SocketClient& client = *guest.line->client();
  Visit visit;
  visit.space = wish.nsp;
  visit.remote_address = address_of(client.request().remote_address);
  visit.query = client.request().query;
  std::string name = wish.auth.is_object() ? member_text(wish.auth.get_object(), "name") : std::string();
  if (const auto asked = visit.query.find("name"); name.empty() && asked != visit.query.end()) name = asked->second;
  visit.name = engine::visible_name(name);
  if (visit.name.empty()) visit.name = kNameless;
  if (visit.name.size() > limits::kNameBytesMax)
    return client.refuse(wish.nsp,
                         fmt::format("a name of {} bytes, {} is the limit", visit.name.size(), limits::kNameBytesMax));
  visit.json_auth = wish.auth;
  guest.name = visit.name;
  guest.is_asking = true;
  // Not inside the call that lets it in: the handlers there hear of it first.
  const auto settled = [this, line = guest.line] { server_.routes().post(0, [this, line] { settle(line); }); };
  const auto caller = std::make_shared<SocketioCaller>(
      guest.line,
      [line = guest.line, nsp = wish.nsp, settled](const protocol::Welcome& message, BytesView /*map*/) {
        line->welcome({.id = message.session, .token = message.token}, nsp);
        settled();
      },
      [line = guest.line, nsp = wish.nsp, settled](std::string_view why, const json::value& data) {
        line->to_client([nsp, reason = std::string(why), data](SocketClient& refused) {
          refused.refuse(nsp, reason, data.is_null() ? std::nullopt : std::optional(data));
        });
        settled();
      });
  server_.lead(std::move(visit), caller);
}

// Its first namespace, where it was before its connection was lost.
void SocketioDoor::take_up(Guest& guest, const Wish& wish, SocketioCaller::Recovers recovers) {
  guest.is_asking = true;
  Visit visit;
  visit.resume = true;
  visit.token = recovers.lost.line->token();
  visit.space = wish.nsp;
  visit.remote_address = address_of(guest.line->remote_address());
  const SocketClient::Identity identity{.sid = recovers.lost.sid, .pid = std::string(wish.auth.at("pid").as_string())};
  const std::uint32_t offset = recovers.offset;
  const auto caller = std::make_shared<SocketioCaller>(
      guest.line, std::move(recovers),
      [this, line = guest.line, nsp = wish.nsp, offset, identity](const protocol::Welcome&, BytesView /*map*/) {
        line->link()->recover(nsp, offset, identity);
        server_.routes().post(0, [this, line] { settle(line); });
      },
      // It is over, or has missed too much: it begins anew.
      [this, line = guest.line, wish](std::string_view /*why*/, const json::value& /*data*/) {
        server_.routes().post(0, [this, line, wish] {
          Guest* known = line->client() ? guest_of(*line->client()) : nullptr;
          if (!known || known->line != line) return;
          known->is_asking = false;
          begin(*known, wish);
          if (!known->is_asking) settle(line);  // that is refused already
        });
      });
  server_.lead(std::move(visit), caller);
}

// A client that did not come back to a namespace, whether it did to others or not, has left it.
void SocketioDoor::expire() {
  give_up(recovery_.expire(loop_.now()));
  expiry_ = {};
  if (recovery_.size() > 0) expiry_ = loop_.call_at(loop_.now() + kExpireEvery, [this] { expire(); });
}

void SocketioDoor::give_up(const std::vector<SocketioRecovery::Lost>& all) {
  for (const SocketioRecovery::Lost& lost : all)
    server_.routes().to_session(*lost.line->session(), [nsp = lost.nsp, why = lost.why](SessionCore& session) {
      if (session.spaces().is_lost(nsp)) SocketioLink::leave(session, nsp, why);
    });
}

// The first namespace has answered: those that came meanwhile are next.
void SocketioDoor::settle(const SocketioLinePtr& line) {
  Guest* guest = line->client() ? guest_of(*line->client()) : nullptr;
  if (!guest) return;
  guest->is_asking = false;
  for (Wish& wish : std::exchange(guest->waiting, {})) on_connect(*line->client(), wish.nsp, wish.auth);
}

void SocketioDoor::on_event(SocketClient& client, socketio::Packet event) {
  if (is_admins(event.nsp)) return admin_->on_order(client, event);
  const Guest* guest = guest_of(client);
  if (const auto session = guest ? guest->line->session() : std::nullopt)
    guest->line->to_link(*session, [event = std::move(event)](SocketioLink& link) { link.on_event(event); });
}

void SocketioDoor::on_ack(SocketClient& client, socketio::Packet ack) {
  if (is_admins(ack.nsp)) return;  // pages are asked nothing
  const Guest* guest = guest_of(client);
  if (const auto session = guest ? guest->line->session() : std::nullopt)
    guest->line->to_link(*session, [ack = std::move(ack)](SocketioLink& link) { link.on_ack(ack); });
}

void SocketioDoor::on_left(SocketClient& client, const std::string& nsp, std::string_view why) {
  if (is_admins(nsp)) return admin_->on_page_gone(client);
  Guest* guest = guest_of(client);
  if (!guest) return;
  guest->left = std::string(why);
  if (why != socketio::reason::kClientLeft) return;  // its connection ends
  const auto session = guest->line->session();
  if (!session) return;
  const bool is_last = client.is_idle();
  const SocketioLinePtr line = guest->line;
  line->drop(nsp);
  if (is_last) {  // what it joins now is another session
    line->hang_up();
    guest->line = make_line(client);
    guest->is_asking = false;
  }
  line->to_link(*session,
                [nsp, is_last, why = std::string(why)](SocketioLink& link) { link.on_left(nsp, is_last, why); });
}

void SocketioDoor::on_writable(SocketClient& client) {
  if (const Guest* guest = guest_of(client)) guest->line->on_writable();
  if (admin_) admin_->on_writable(client);
}

void SocketioDoor::on_pong(SocketClient& client) {
  const Guest* guest = guest_of(client);
  if (const auto session = guest ? guest->line->session() : std::nullopt)
    guest->line->to_link(*session, [](SocketioLink& link) { link.on_pong(); });
}

void SocketioDoor::on_gone(SocketClient& client) {
  const auto found = guests_.find(&client);
  if (admin_) admin_->on_page_gone(client);
  if (found == guests_.end()) return;
  const Guest guest = std::move(found->second);
  guests_.erase(found);
  guest.line->hang_up();
  guest.line->give_up_waiting();
  const auto session = guest.line->session();
  if (!session) return;
  const bool may_return = recovery_window_.count() > 0 && is_recoverable(guest.left);
  std::vector<SocketioRecovery::Lost> too_many;
  if (may_return) too_many = recovery_.keep(guest.line, guest.left, loop_.now() + recovery_window_);
  if (may_return && expiry_ == transport::Loop::TimerId()) expire();
  guest.line->to_link(*session, [why = guest.left, may_return](SocketioLink& link) { link.on_lost(why, may_return); });
  give_up(too_many);  // its own among them, which are lost by now
}

}  // namespace netcode
