// SocketioLink: what its client says.
#include "server/socketio_link.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "netcode/json.hpp"
#include "netcode/limits.hpp"
#include "schema/table_json.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"
#include "server/socketio_door.hpp"
#include "socketio/json_text.hpp"

namespace netcode {
namespace {

namespace json = boost::json;
using socketio::Packet;
using socketio::PacketType;
using transport::CloseCode;

std::string_view text_of(BytesView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// The event's arguments after its name.
std::span<const json::value> arguments_of(const Packet& event) {
  const json::array& all = event.data->get_array();
  return std::span(all.data(), all.size()).subspan(1);
}

/// Is it one binary argument alone? Then it is a table's own bytes.
bool is_bytes(const Packet& event, const json::value& argument) {
  return event.attachments.size() == 1 && socketio::attachment_of(argument).has_value();
}

std::uint64_t number_of(const json::value& from, std::string_view name) {
  const json::object* object = from.if_object();
  const json::value* value = object ? object->if_contains(name) : nullptr;
  boost::system::error_code error;
  const auto number = value && value->is_number() ? value->to_number<std::uint64_t>(error) : 0;
  return error ? 0 : number;
}

}  // namespace

SocketioLink::SocketioLink(SessionCore& session, Outbox& events, SocketioLinePtr line, const Config& config,
                           Greet greet, Wants wants)
    : SessionLink(config),
      session_(session),
      line_(std::move(line)),
      greet_(std::move(greet)),
      wants_(wants),
      outbox_(events, config.received) {}

SocketioLink::~SocketioLink() {
  if (line_->link() == this) line_->set_link(nullptr, 0);
}

void SocketioLink::start() {
  line_->set_link(this, session_.shard().index());
  line_->set_wants(wants_);
}

void SocketioLink::welcome(const protocol::Welcome& message, const Needs& needs) {
  is_greeted_ = true;
  const BytesView map = wants_.map && needs.map ? needs.map->body : BytesView();
  if (greet_) std::exchange(greet_, nullptr)(message, map);
}

// --- what its client says

void SocketioLink::on_event(const Packet& event) {
  const auto session = session_.shared_from_this();
  if (!session_.begin_message(*this)) return;
  const json::value& first = event.data->get_array().front();
  const std::string name = first.is_string() ? std::string(first.get_string()) : socketio::json_text(first);
  session_.set_said(event.nsp, name);
  if (session_.shard().server().find_event(session_.match(), name).second) return take_event(event, name);
  JsonArguments given(json::array(arguments_of(event).begin(), arguments_of(event).end()));
  given.attachments = event.attachments;
  const auto take_json = [&] { session_.take_json(name, event.nsp, given, session_.make_ack(ask(event, name))); };
  // The program's own names go before netcode's, which elsewhere than in "/" are known by their whole names alone.
  const NamespaceCore* space = session_.shard().server().find_space(event.nsp);
  if (space && space->handles_json(name)) return take_json();
  const bool is_request = event.nsp == protocol::kDefaultNamespace || name.starts_with(protocol::kReservedPrefix);
  if (!is_request) return take_json();
  const std::string full = full_request_name(name);
  if (full == "scrim:action") return take_action(event);
  if (full == "scrim:join") return take_join(event);
  const auto arguments = arguments_of(event);
  if (auto request = request_of_json(name, arguments.empty() ? json::value() : arguments.front())) {
    if (!*request) return refuse(event, name, kRefusedCode, "", request->error().reason);
    return take_request(event, full, std::move(**request));
  }
  take_json();  // or it says that there is none
}

std::uint32_t SocketioLink::ask(const Packet& event, std::string_view name) {
  return event.ack ? line_->ask({.nsp = event.nsp, .id = *event.ack, .event = std::string(name)}) : 0;
}

void SocketioLink::refuse(const Packet& event, std::string_view name, std::string_view code, std::string_view field,
                          std::string_view message) {
  const JsonArguments error{error_json(code, name, field, message)};
  SocketioForm form =
      event.ack ? json_answer_form(ask(event, name), error) : json_form("event_error", event.nsp, error);
  // By its session, which counts refusals, and ends who goes on with them.
  Ack ack([this, self = shared_from_this(), form = std::move(form)](const Ack::Answer&) {
    session_.send_reliable(
        {.event = std::make_shared<const SharedEvent>(form, session_.shard().server().event_totals())});
  });
  session_.refuse(ack, std::string(name) + ": " + std::string(message));
}

void SocketioLink::take_event(const Packet& event, std::string_view name) {
  ServerCore& server = session_.shard().server();
  const auto [schema, info] = server.find_event(session_.match(), name);
  const auto arguments = arguments_of(event);
  Bytes body;
  if (info && arguments.size() == 1 && is_bytes(event, arguments[0])) {
    const std::string& bytes = event.attachments[0];
    if (bytes.size() > limits::kEventBytesMax)
      return refuse(event, name, "too_large", "",
                    fmt::format("{} bytes, {} is the limit", bytes.size(), limits::kEventBytesMax));
    body.assign(bytes.begin(), bytes.end());
  } else if (info) {
    if (arguments.size() > 1) return refuse(event, name, "wrong_type", "", "expected one argument, the event's table");
    const Kind* kind = server.event_kind(name).first;
    auto table = kind->json->to_table(info->table, arguments.empty() ? json::value(json::object()) : arguments[0],
                                      {.bytes = event.attachments, .number_of = socketio::attachment_of},
                                      limits::kEventBytesMax);
    if (!table) return refuse(event, name, code_of(table.error().fault), table.error().field, table.error().message);
    body = std::move(*table);
  }
  session_.take(protocol::EventMessage{
      .sequence = session_.handled() + 1, .name = name, .space = event.nsp, .ack = ask(event, name), .body = body});
}

void SocketioLink::take_request(const Packet& event, std::string_view name, Bytes body) {
  session_.take(protocol::EventMessage{.sequence = session_.handled() + 1,
                                       .name = name,
                                       .space = protocol::kDefaultNamespace,
                                       .ack = ask(event, name),
                                       .body = body});
}

void SocketioLink::take_action(const Packet& event) {
  const auto arguments = arguments_of(event);
  const LiveMatch* match = session_.match();
  if (!match || session_.player() == kNoPlayer)
    return refuse(event, "action", kRefusedCode, "", "actions are for players, and this session has no seat");
  if (arguments.empty()) return refuse(event, "action", "missing", "", "expected the action's table");
  Bytes body;
  if (is_bytes(event, arguments[0])) {
    body.assign(event.attachments[0].begin(), event.attachments[0].end());
  } else {
    const Kind& kind = match->kind();
    auto table =
        kind.json->to_table(kind.type.action_table, arguments[0],
                            {.bytes = event.attachments, .number_of = socketio::attachment_of}, limits::kInputBytesMax);
    if (!table)
      return refuse(event, "action", code_of(table.error().fault), table.error().field, table.error().message);
    body = std::move(*table);
  }
  const json::value head = arguments.size() > 1 ? arguments[1] : json::value();
  const auto tick_of = [&head](std::string_view name) {
    return static_cast<Tick>(std::min<std::uint64_t>(number_of(head, name), UINT32_MAX));
  };
  session_.take(protocol::ActionView{.tick = tick_of("tick"),
                                     .sequence = tick_of("sequence"),
                                     .body = body,
                                     .view_tick = tick_of("view_tick"),
                                     .view_from = tick_of("view_from"),
                                     .view_to = tick_of("view_to")},
                ask(event, "action"));
}

void SocketioLink::take_join(const Packet& event) {
  const auto arguments = arguments_of(event);
  const json::value asked = arguments.empty() ? json::value(json::object()) : arguments[0];
  const auto refused = [&](std::string_view why) { refuse(event, "join", kRefusedCode, "", why); };
  if (event.nsp != protocol::kDefaultNamespace) return refused("matches are joined in /");
  if (!asked.is_object()) return refused("expected an object");
  auto visit = visit_of_join(asked.get_object(), session_.identity().token);
  if (!visit) return refused(visit.error().reason);
  const auto wants = wants_of_join(asked.get_object());
  if (!wants) return refused(wants.error().reason);
  ServerCore& server = session_.shard().server();
  const auto caller = std::make_shared<SocketioCaller>(
      line_,
      [line = line_, nsp = event.nsp, id = event.ack](const protocol::Welcome& message, BytesView map) {
        if (!id) return;
        json::value welcome = welcome_json(message);
        Packet answer{.type = PacketType::kAck, .nsp = nsp, .ack = id, .data = {}, .attachments = {}};
        if (!map.empty()) {
          welcome.as_object()["map"] = socketio::placeholder(0);
          answer.attachments.emplace_back(text_of(map));
        }
        answer.data = json::array{std::move(welcome)};
        line->to_client([answer = std::move(answer)](socketio::SocketClient& client) { client.send(answer); });
      },
      [line = line_, nsp = event.nsp, id = event.ack](std::string_view why, const json::value& /*data*/) {
        if (!id) return;
        line->to_client(
            [nsp, id, error = error_json(kRefusedCode, "join", "", std::string(why))](socketio::SocketClient& client) {
              client.send({.type = PacketType::kAck, .nsp = nsp, .ack = id, .data = json::array{error}});
            });
      },
      *wants);
  visit->remote_address = address_of(line_->remote_address());
  visit->name = session_.identity().name;
  server.lead(std::move(*visit), caller);
}

void SocketioLink::on_ack(const Packet& ack) {
  const auto session = session_.shared_from_this();
  if (!session_.begin_message(*this)) return;
  protocol::AckMessage answer{
      .sequence = session_.handled() + 1,
      .id = static_cast<std::uint32_t>(std::min<std::uint64_t>(ack.ack.value_or(0), UINT32_MAX - 1) + 1)};
  const json::array& arguments = ack.data->get_array();
  if (session_.expects_json(answer.id)) {
    JsonArguments given(arguments);
    given.attachments = ack.attachments;
    return session_.take_json_answer(answer.id, given);
  }
  Bytes body;
  std::string table;
  std::string error;
  // ("tag.Reply", {...}): JSON does not say of which table it is.
  if (!arguments.empty() && arguments[0].is_string()) {
    table = std::string(arguments[0].get_string());
    const Kind* kind = session_.shard().server().kind_of_table(table);
    const json::value argument = arguments.size() > 1 ? arguments[1] : json::value(json::object());
    if (!kind) {
      error = "answered with an unknown table";
    } else if (is_bytes(ack, argument)) {
      body.assign(ack.attachments[0].begin(), ack.attachments[0].end());
    } else {
      auto made = kind->json->to_table(
          table, argument, {.bytes = ack.attachments, .number_of = socketio::attachment_of}, limits::kEventBytesMax);
      if (made) body = std::move(*made);
      if (!made) error = "answered with what is no " + table + ": " + made.error().field + ": " + made.error().message;
    }
  } else if (!arguments.empty()) {
    error = "answered without saying of which table it is";
  }
  if (!error.empty()) {
    error.resize(std::min(error.size(), protocol::kAckErrorBytesMax));
    answer.error = error;
  } else if (!table.empty()) {
    answer.table = table;
    answer.body = body;
  }
  session_.take(answer);
}

// In its place among all that the client is sent: a held match keeps it from saying what may not be known yet.
Ack SocketioLink::join_ack(const std::string& nsp) const {
  const auto tell = [line = line_](SessionCore& session, const SocketioForm& form) {
    if (form.kind != SocketioForm::Kind::kJoined || line->note_entered(form.space))
      return session.send_reliable(
          {.event = std::make_shared<const SharedEvent>(form, session.shard().server().event_totals())});
    // Not inside the call that lets it in: first its handlers hear of it.
    session.shard().server().routes().to_session_later(session.identity().id, [nsp = form.space](SessionCore& entered) {
      leave(entered, nsp, to_string(socketio::EngineEnd::kTransportClose));
    });
  };
  return Ack([routes = session_.shard().server().routes().weak_from_this(), id = session_.identity().id,
              asker = std::weak_ptr<const SocketioLine>(line_), nsp, tell](const Ack::Answer& answer) {
    const auto way = routes.lock();
    if (!way) return;  // the server is gone
    SocketioForm form{.kind = SocketioForm::Kind::kJoined, .space = nsp, .asker = asker};
    if (!answer.error.empty()) {
      form.kind = SocketioForm::Kind::kRefused;
      const auto data = answer.json ? std::optional(answer.json->values.front()) : std::nullopt;
      form.text = socketio::SocketClient::refusal(nsp, answer.error, data);
    }
    way->to_session(id, [tell, form = std::move(form)](SessionCore& session) { tell(session, form); });
  });
}

void SocketioLink::on_connect(const std::string& nsp, const json::value& auth) {
  const auto session = session_.shared_from_this();
  if (!session_.begin_message(*this)) return;
  Ack ack = join_ack(nsp);
  if (session_.is_in(nsp))
    leave(session_, nsp, to_string(socketio::EngineEnd::kTransportClose));  // it was, before it was lost
  if (session_.has_ended()) return;
  if (auto asked = session_.shard().ask_space(session_, nsp, auth, ack); !asked) ack.fail(asked.error().reason);
}

void SocketioLink::on_left(const std::string& nsp, bool is_last, std::string_view why) {
  const auto session = session_.shared_from_this();
  const auto self = shared_from_this();
  if (is_last) return session_.end(CloseCode::kNormal, why);
  leave(session_, nsp, why);
}

void SocketioLink::leave(SessionCore& session, const std::string& nsp, std::string_view why) {
  session.leave_space(nsp, why);
  if (nsp == protocol::kDefaultNamespace && !session.has_ended())
    static_cast<void>(session.shard().handle_request(session, protocol::kLeaveEvent, {}, Ack()));
}

void SocketioLink::on_lost(std::string_view why, bool may_return) {
  const auto session = session_.shared_from_this();
  const auto self = shared_from_this();
  is_closed_ = true;
  for (const std::string& nsp : line_->lose()) leave(session_, nsp, why);
  session_.on_link_closed(
      *this,
      {.code = may_return ? CloseCode::kAbnormal : CloseCode::kNormal, .reason = std::string(why), .by_peer = false});
}

}  // namespace netcode
