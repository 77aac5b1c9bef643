// The handlers of socketio/README.md on a server of ours: what the official one of socketio/reference_server.mjs does,
// word for word. Whoever changes a handler here changes it there.
//
//   socketio_interop_server PORT [--FLAG VALUE ...]     the flags of socketio/options.mjs; port 0: one that is free
#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "field.hpp"
#include "netcode/server.hpp"

namespace {

namespace json = boost::json;
using netcode::Broadcast;
using netcode::JsonAck;
using netcode::JsonArguments;
using netcode::Namespace;
using netcode::Session;

/// What a script has told of itself; the official server's socket.data.
struct Data {
  json::object values;
  int attempts = 0;
  bool is_lost = false;
};

json::array rooms_of(const Session& session) {
  json::array out;
  for (const std::string& room : session.rooms(session.space())) out.emplace_back(room);
  return out;
}

std::string text_of(const json::value& value) { return json::serialize(value); }

json::array in_order(std::vector<json::value> values) {
  std::sort(values.begin(), values.end(),
            [](const json::value& a, const json::value& b) { return text_of(a) < text_of(b); });
  return json::array(values.begin(), values.end());
}

json::value name_of(Session& session) {
  const json::value* name = session.data<Data>().values.if_contains("name");
  return name ? *name : json::value();
}

void greet(Session& session) {
  const json::value& auth = session.auth_json();
  session.emit_json("auth", {auth.is_null() ? json::value(json::object()) : auth}, session.space());
}

/// `value` of an answer, its bytes among those of `to`.
json::value moved_to(JsonArguments& to, const JsonArguments& from, const json::value& value) {
  if (const std::string* bytes = from.bytes_of(value)) return to.bytes(*bytes);
  if (const json::array* array = value.if_array()) {
    json::array out;
    for (const json::value& one : *array) out.push_back(moved_to(to, from, one));
    return out;
  }
  if (const json::object* object = value.if_object()) {
    json::object out;
    for (const auto& [key, one] : *object) out[key] = moved_to(to, from, one);
    return out;
  }
  return value;
}

/// A room, or several.
void for_each_room(const json::value& rooms, const std::function<void(std::string_view)>& work) {
  if (rooms.is_string()) return work(std::string_view(rooms.as_string()));
  for (const json::value& room : rooms.as_array()) work(std::string_view(room.as_string()));
}

/// Of "send": {to: [room], except: [room], from: "server" | "others" | "self", volatile, timeout_ms}.
Broadcast audience_of(Namespace& space, Session& session, const json::object& spec) {
  Broadcast out = space.everyone();
  const json::value* from = spec.if_contains("from");
  if (!from || *from == "others") out.except(session);
  const json::value* to = spec.if_contains("to");
  if (from && *from == "self") to ? static_cast<void>(out.except(session)) : static_cast<void>(out.to(session.id()));
  if (to)
    for (const json::value& room : to->as_array()) out.to(std::string_view(room.as_string()));
  if (const json::value* except = spec.if_contains("except"))
    for (const json::value& room : except->as_array()) out.except(std::string_view(room.as_string()));
  if (spec.contains("volatile") && spec.at("volatile") == json::value(true)) out.as_volatile();
  return out;
}

void on_send(netcode::Server& server, Session& session, const JsonArguments& given, JsonAck ack) {
  const json::object& spec = given.values.at(0).as_object();
  const std::string event(given.values.at(1).as_string());
  JsonArguments arguments(given.values.at(2).as_array());
  arguments.attachments = given.attachments;
  const Broadcast to = audience_of(server.of(session.space()), session, spec);
  const json::value* timeout = spec.if_contains("timeout_ms");
  if (!timeout) {
    to.emit_json(event, arguments);
    return ack();
  }
  // One alone answers with nothing, where one of many answers with null.
  const json::value* from = spec.if_contains("from");
  const bool is_one = from && *from == "self" && !spec.contains("to");
  to.emit_json(event, arguments, std::chrono::milliseconds(timeout->to_number<int>()),
               [ack, is_one](std::vector<JsonArguments> answers, std::size_t missing) mutable {
                 JsonArguments out;
                 std::vector<json::value> values;
                 for (const JsonArguments& answer : answers) {
                   if (!answer.values.empty()) values.push_back(moved_to(out, answer, answer.values.front()));
                   if (answer.values.empty() && !is_one) values.emplace_back();
                 }
                 out.values = {missing == 0 ? "ok" : "timeout", in_order(std::move(values))};
                 ack(out);
               });
}

/// Everyone, or who is in a room.
Broadcast all_or_room(Namespace& space, const json::value& room) {
  return room.is_null() ? space.everyone() : space.to(std::string_view(room.as_string()));
}

void on_fetch(netcode::Server& server, Session& session, const JsonArguments& given, JsonAck ack) {
  struct Found {
    std::mutex mutex;
    std::vector<json::value> values;
  };
  const auto found = std::make_shared<Found>();
  all_or_room(server.of(session.space()), given.values.at(0))
      .for_each(
          [found](Session& other) {
            json::object one{{"name", name_of(other)}, {"rooms", rooms_of(other)}};
            const std::lock_guard lock(found->mutex);
            found->values.emplace_back(std::move(one));
          },
          [found, ack]() mutable { ack({in_order(std::move(found->values))}); });
}

void leave(Session& session, bool closes) {
  constexpr const char* kWhy = "server namespace disconnect";
  if (closes || session.space() == "/") return session.close(kWhy);
  session.leave_space(session.space(), kWhy);
}

/// What came, its attachments in the order of their places, as the official server sends it again.
JsonArguments again(const JsonArguments& given) {
  JsonArguments out;
  for (const json::value& value : given.values) out.values.push_back(moved_to(out, given, value));
  return out;
}

/// Instead of `greet`, where its state was recovered.
void greet_again(Session& session) {
  session.data<Data>().is_lost = false;
  session.emit_json("recovered", {session.data<Data>().values, rooms_of(session), json::object{{"end", true}}},
                    session.space());
}

void add_handlers(netcode::Server& server, Namespace& space) {
  space.on_connect(greet);
  space.on_resumed(greet_again);
  space.on_json("message", [](Session& session, const JsonArguments& given, JsonAck) {
    session.emit_json("message-back", again(given), session.space());
  });
  space.on_json("message-with-ack", [](Session&, const JsonArguments& given, JsonAck ack) { ack(again(given)); });
  // The official server says nothing to what has no handler, where ours says so.
  for (const char* name : {"nobody listens", "", " ", "__proto__", "constructor", "error", "\u2764"})
    space.on_json(name, [](Session&, const JsonArguments&, JsonAck) {});
  space.on_json("name", [](Session& session, const JsonArguments& given, JsonAck ack) {
    session.data<Data>().values["name"] = given.values.at(0);
    ack();
  });
  space.on_json("join", [](Session& session, const JsonArguments& given, JsonAck ack) {
    for_each_room(given.values.at(0), [&](std::string_view room) { session.join(room, session.space()); });
    ack({rooms_of(session)});
  });
  space.on_json("leave", [](Session& session, const JsonArguments& given, JsonAck ack) {
    session.leave(std::string_view(given.values.at(0).as_string()), session.space());
    ack({rooms_of(session)});
  });
  space.on_json("send", [&server](Session& session, const JsonArguments& given, JsonAck ack) {
    on_send(server, session, given, std::move(ack));
  });
  space.on_json("fetch", [&server](Session& session, const JsonArguments& given, JsonAck ack) {
    on_fetch(server, session, given, std::move(ack));
  });
  space.on_json("sockets_join", [&server](Session& session, const JsonArguments& given, JsonAck ack) {
    all_or_room(server.of(session.space()), given.values.at(0)).for_each([rooms = given.values.at(1)](Session& other) {
      for_each_room(rooms, [&](std::string_view room) { other.join(room, other.space()); });
    });
    ack();
  });
  space.on_json("sockets_leave", [&server](Session& session, const JsonArguments& given, JsonAck ack) {
    all_or_room(server.of(session.space()), given.values.at(0)).for_each([rooms = given.values.at(1)](Session& other) {
      for_each_room(rooms, [&](std::string_view room) { other.leave(room, other.space()); });
    });
    ack();
  });
  space.on_json("disconnect_sockets", [&server](Session& session, const JsonArguments& given, JsonAck ack) {
    all_or_room(server.of(session.space()), given.values.at(0))
        .for_each([closes = given.values.at(1).as_bool()](Session& other) { leave(other, closes); });
    ack();
  });
  space.on_json("kick", [](Session& session, const JsonArguments& given, JsonAck) {
    leave(session, !given.values.empty() && given.values[0] == json::value(true));
  });
  space.on_json("third_time", [](Session& session, const JsonArguments& given, JsonAck ack) {
    if (++session.data<Data>().attempts == 3) ack({given.values.at(0)});
  });
  const auto tell_left = [&server](Session& session, std::string_view why) {
    server.of(session.space()).to("watchers").emit_json("left", {name_of(session), why, rooms_of(session)});
  };
  space.on_disconnect([tell_left](Session& session, std::string_view why) {
    if (!session.data<Data>().is_lost) tell_left(session, why);
  });
  // The official server has no other word for it, and says it at once.
  space.on_lost([tell_left](Session& session, std::string_view why) {
    tell_left(session, why);
    session.data<Data>().is_lost = true;
  });
}

void add_special_spaces(netcode::Server& server) {
  server.of("/custom").on_connect(greet);
  Namespace& guarded = server.of("/guarded");
  guarded.use([](netcode::Handshake& h) {
    const json::object* auth = h.auth_json().if_object();
    const json::value* token = auth ? auth->if_contains("token") : nullptr;
    if (!token) return h.refuse("no token");
    if (*token != "secret") return h.refuse("not authorized", json::object{{"code", "E_TOKEN"}, {"token", *token}});
    return h.accept();
  });
  guarded.on_connect([](Session& session) {
    if (const json::object* auth = session.auth_json().if_object(); auth && auth->contains("user"))
      session.data<Data>().values["name"] = auth->at("user");
    greet(session);
  });
  guarded.on_json("whoami",
                  [](Session& session, const JsonArguments&, JsonAck ack) { ack({session.data<Data>().values}); });
  Namespace& checked = server.of("/checked");
  checked.on_connect(greet);
  checked.use_json([](Session& session, std::string_view name, const JsonArguments&, JsonAck ack) {
    if (name != "forbidden") return engine::Result<void>();
    if (ack.is_wanted()) ack({json::object{{"error", "forbidden event"}}});
    session.emit_json("packet_error", {"forbidden event"}, session.space());
    return engine::Result<void>(engine::error("forbidden event"));
  });
  checked.on_json("message", [](Session& session, const JsonArguments& given, JsonAck) {
    session.emit_json("message-back", given, session.space());
  });
  checked.on_json("forbidden", [](Session& session, const JsonArguments&, JsonAck) {
    session.emit_json("message-back", {"forbidden was let through"}, session.space());
  });
}

bool is_run(std::string_view name) {
  return name.starts_with("/run-") && name.size() > 5 && std::all_of(name.begin() + 5, name.end(), [](char c) {
           return std::islower(static_cast<unsigned char>(c)) || std::isdigit(static_cast<unsigned char>(c)) ||
                  c == '.' || c == '_' || c == '-';
         });
}

netcode::ServerConfig config_of(int argc, char** argv) {
  netcode::ServerConfig config;
  config.listen = {std::string("127.0.0.1:") + argv[1]};
  config.quiet = true;
  config.log_level = "off";
  config.socketio.payload_bytes_max = 1'000'000;
  std::map<std::string, std::string> flags;
  for (int i = 2; i + 1 < argc; i += 2) flags[argv[i]] = argv[i + 1];
  const auto ms = [&](const char* flag, long usual) {
    const auto found = flags.find(flag);
    return std::chrono::milliseconds(found == flags.end() ? usual : std::atol(found->second.c_str()));
  };
  config.socketio.ping_interval = ms("--ping-interval-ms", 300);
  config.socketio.ping_timeout = ms("--ping-timeout-ms", 200);
  config.socketio.connect_timeout = ms("--connect-timeout-ms", 1000);
  config.socketio.upgrade_timeout = ms("--upgrade-timeout-ms", 10'000);
  config.socketio.recovery_window = ms("--recovery-ms", 0);
  config.socketio.allows_credentials = flags["--cors-credentials"] == "1";
  if (const std::string origins = flags["--cors-origins"]; !origins.empty() && origins != "*") {
    std::istringstream words(origins);
    for (std::string one; std::getline(words, one, ',');) config.origins.push_back(one);
  }
  return config;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: socketio_interop_server PORT [--FLAG VALUE ...]\n");
    return 2;
  }
  netcode::Server server(config_of(argc, argv));
  server.define<field::Rules>("field");
  add_handlers(server, server.of("/"));
  add_handlers(server, server.of_each(is_run));
  add_special_spaces(server);
  server.on_listening([](const std::vector<std::uint16_t>& ports) {
    std::printf("listening on http://127.0.0.1:%u\n", ports.front());
    std::fflush(stdout);
  });
  return server.run();
}
