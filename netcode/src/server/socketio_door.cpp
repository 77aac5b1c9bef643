#include "server/socketio_door.hpp"

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "server/server_core.hpp"

namespace netcode {
namespace {

namespace json = boost::json;
using socketio::SocketClient;

/// Namespaces that wait for the first one's answer.
constexpr std::size_t kWishesMax = 16;
/// Of a client that says none: players have one.
constexpr std::string_view kNameless = "guest";

}  // namespace

// --- who calls

LinkMaker SocketioCaller::link(std::optional<std::uint64_t> /*packs*/) {
  return [line = line_, greet = greet_, wants = wants_](SessionCore& session, Outbox& events,
                                                        const SessionLink::Config& config) {
    return std::make_shared<SocketioLink>(session, events, line, config, greet, wants);
  };
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
      engine_(loop, std::move(settings),
              [this, &loop](socketio::EngineSession& session, const transport::HttpRequest& request) {
                auto client = std::make_unique<SocketClient>(loop, session, request,
                                                             server_.config().socketio.connect_timeout, *this);
                guests_[client.get()].line = make_line(*client);
                return client;
              }) {}

SocketioDoor::~SocketioDoor() {
  for (auto& [client, guest] : guests_) guest.line->hang_up();
}

SocketioLinePtr SocketioDoor::make_line(SocketClient& client) const {
  return std::make_shared<SocketioLine>(server_.routes().shared_from_this(), 0, client);
}

SocketioDoor::Guest* SocketioDoor::guest_of(const SocketClient& client) {
  const auto found = guests_.find(&client);
  return found == guests_.end() ? nullptr : &found->second;
}

void SocketioDoor::on_connect(SocketClient& client, const std::string& nsp, const json::value& auth) {
  Guest* guest = guest_of(client);
  if (!guest) return;
  if (!server_.find_or_make_space(nsp)) return client.refuse(nsp, "Invalid namespace");
  if (const auto session = guest->line->session())
    return guest->line->to_link(*session, [nsp, auth](SocketioLink& link) { link.on_connect(nsp, auth); });
  if (!guest->is_asking) return begin(*guest, {.nsp = nsp, .auth = auth});
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
  guest.is_asking = true;
  // Not inside the call that lets it in: the handlers there hear of it first.
  const auto settled = [this, line = guest.line] { server_.routes().post(0, [this, line] { settle(line); }); };
  const auto caller = std::make_shared<SocketioCaller>(
      guest.line,
      [line = guest.line, nsp = wish.nsp, settled](const protocol::Welcome& message, BytesView /*map*/) {
        line->welcome(message.session,
                      [nsp](SocketClient& joined) { joined.accept(nsp, {.sid = socketio::random_sid(), .pid = {}}); });
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

// The first namespace has answered: those that came meanwhile are next.
void SocketioDoor::settle(const SocketioLinePtr& line) {
  Guest* guest = line->client() ? guest_of(*line->client()) : nullptr;
  if (!guest) return;
  guest->is_asking = false;
  for (Wish& wish : std::exchange(guest->waiting, {})) on_connect(*line->client(), wish.nsp, wish.auth);
}

void SocketioDoor::on_event(SocketClient& client, socketio::Packet event) {
  const Guest* guest = guest_of(client);
  if (const auto session = guest ? guest->line->session() : std::nullopt)
    guest->line->to_link(*session, [event = std::move(event)](SocketioLink& link) { link.on_event(event); });
}

void SocketioDoor::on_ack(SocketClient& client, socketio::Packet ack) {
  const Guest* guest = guest_of(client);
  if (const auto session = guest ? guest->line->session() : std::nullopt)
    guest->line->to_link(*session, [ack = std::move(ack)](SocketioLink& link) { link.on_ack(ack); });
}

void SocketioDoor::on_left(SocketClient& client, const std::string& nsp, std::string_view why) {
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
}

void SocketioDoor::on_gone(SocketClient& client) {
  const auto found = guests_.find(&client);
  if (found == guests_.end()) return;
  const Guest guest = std::move(found->second);
  guests_.erase(found);
  guest.line->hang_up();
  if (const auto session = guest.line->session())
    guest.line->to_link(*session, [why = guest.left](SocketioLink& link) { link.on_lost(why); });
}

}  // namespace netcode
