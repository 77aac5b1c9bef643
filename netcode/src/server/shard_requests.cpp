// The requests that netcode itself answers: "scrim:list", "scrim:create", "scrim:leave", "scrim:namespace",
// "scrim:leave_namespace".
#include "protocol/requests.hpp"

#include "protocol/messages.hpp"
#include "server/server_core.hpp"
#include "server/shard.hpp"

namespace netcode {

engine::Result<void> Shard::handle_request(SessionCore& session, std::string_view name, BytesView body, Ack ack) {
  // Acks carry netcode's own tables as bytes: games' object types do not know them.
  const auto answer = [&ack](std::string_view table, Bytes bytes) {
    ack.answer({{}, std::string(table), std::move(bytes)});
  };
  if (name == protocol::kListEvent) {
    auto request = protocol::decode_list_request(body);
    if (!request) return request.error();
    answer(protocol::kMatchListTable, protocol::encode_match_list(server_.directory().page(*request)));
    return {};
  }
  if (name == protocol::kCreateEvent) {
    create_match(session, body, std::move(ack));
    return {};
  }
  if (name == protocol::kLeaveEvent) {
    leave_match(session);
    ack();
    return {};
  }
  // Handlers hear of both, and may tell others.
  const bool is_of_spaces = name == protocol::kNamespaceEvent || name == protocol::kLeaveNamespaceEvent;
  if (is_of_spaces && !session.fan_out()->may_speak(now()))
    return engine::error("this session's events go to others faster than they may: wait a little");
  if (name == protocol::kNamespaceEvent) return enter_space(session, body, std::move(ack));
  if (name == protocol::kLeaveNamespaceEvent) {
    auto request = protocol::decode_namespace_request(body);
    if (!request) return request.error();
    if (request->space == protocol::kDefaultNamespace)
      return engine::error("/ is left with the session: close the connection");
    if (!session.leave_space(request->space, "left")) return engine::error("not in namespace {}", request->space);
    ack();
    return {};
  }
  return engine::error("no request is called {}", name);
}

engine::Result<void> Shard::enter_space(SessionCore& session, BytesView body, Ack ack) {
  auto request = protocol::decode_namespace_request(body);
  if (!request) return request.error();
  NamespaceCore* core = server_.find_space(request->space);
  if (!core) return engine::error("there is no namespace {}", request->space);
  if (session.is_in(core->name())) {
    ack();
    return {};
  }
  if (auto ok = server_.check_auth(request->auth); !ok) return ok;
  if (!session.spaces().begin_asking(core->name()))
    return engine::error("{} is being asked about you already", core->name());
  ask(session, *core,
      Handshake(session.identity().name, session.identity().remote_address, core->name(), {}, std::move(request->auth)),
      ack);
  return {};
}

engine::Result<void> Shard::ask_space(SessionCore& session, std::string_view space, const boost::json::value& auth,
                                      const Ack& ack) {
  if (!session.fan_out()->may_speak(now()))
    return engine::error("this session's events go to others faster than they may: wait a little");
  NamespaceCore* core = server_.find_space(space);
  if (!core) return engine::error("there is no namespace {}", space);
  if (session.is_in(core->name()) || !session.spaces().begin_asking(core->name()))
    return engine::error("{} was asked for already", core->name());
  Handshake handshake(session.identity().name, session.identity().remote_address, core->name(), {});
  handshake.set_auth_json(auth);
  handshake.read_auth(server_.auth_reader(auth));
  ask(session, *core, std::move(handshake), ack);
  return {};
}

namespace {

std::shared_ptr<const JsonArguments> refusal_data(const boost::json::value& data) {
  return std::make_shared<const JsonArguments>(boost::json::array{data});
}

}  // namespace

void Shard::ask(SessionCore& session, NamespaceCore& core, Handshake handshake, Ack ack) {
  boost::json::value auth = handshake.auth_json();
  core.ask(loop_, std::move(handshake),
           [routes = server_.routes().weak_from_this(), id = session.identity().id, &core, auth = std::move(auth),
            ack = std::move(ack)](HandshakeDecision decision) mutable {
             const auto way = routes.lock();
             if (!way) return;
             way->to_session(id, [&core, ack, auth = std::move(auth), refusal = std::move(decision.refusal),
                                  data = std::move(decision.data)](SessionCore& entering) mutable {
               entering.spaces().end_asking(core.name());
               if (entering.has_ended()) return;
               if (refusal && !data.is_null()) {  // answered with its data, then counted as any other
                 ack.answer({.error = *refusal, .table = {}, .body = {}, .json = refusal_data(data)});
                 ack = Ack([](const Ack::Answer&) {});
               }
               if (refusal) return entering.refuse(ack, std::move(*refusal));
               const Speaking speaking(entering.shard(), entering.fan_out());
               if (!entering.spaces().enter(core.name())) return ack();
               if (!auth.is_null()) entering.spaces().set_auth_json(core.name(), std::move(auth));
               if (entering.speaks_json()) ack();  // its client takes nothing of a namespace before
               core.connected(entering);
               if (!entering.is_in(core.name())) return ack.fail("left again at once");
               ack();
             });
           });
}

void Shard::create_match(SessionCore& session, BytesView body, Ack ack) {
  auto request = protocol::decode_match_request(body);
  if (!request) return ack.fail(request.error().reason);
  const Kind* kind = server_.find_kind(request->kind);
  if (!kind) return ack.fail("no kind of match is called " + request->kind);
  const std::string id = request->id.empty() ? server_.directory().free_id() : request->id;
  const std::string address = address_of(session.identity().remote_address);
  const auto shard = server_.directory().admit_match({.id = id, .kind = kind->name, .made_by = address}, now());
  if (!shard) return ack.fail(shard.error().reason);

  MatchOptions options = kind->options;
  options.password = request->password;
  options.is_private = request->is_private;
  for (auto& [key, value] : request->options) options.options[key] = value;
  for (auto& [key, value] : request->metadata) options.metadata[key] = value;

  // Made on its own shard; the ack finds its session, wherever that is by then.
  Shard& home = *server_.shards()[*shard];
  home.loop().post([&home, kind, id, address, options = std::move(options), ack = std::move(ack)]() mutable {
    const auto made = home.open_match(*kind, id, std::move(options), address);
    Ack::Answer answer;
    if (made) {
      answer = {{}, std::string(protocol::kMatchInfoTable), protocol::encode_match_info((*made)->info())};
    } else {
      answer.error = made.error().reason;
    }
    ack.answer(std::move(answer));
  });
}

}  // namespace netcode
