// A match whose audience holds, and clients that write down whatever reaches them: every kind of message that there is,
// and how the connection was closed.
#pragma once

#include <gtest/gtest.h>

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/server.hpp"
#include "protocol/requests.hpp"
#include "server/session_core.hpp"

namespace netcode {

/// A client that writes down every message, in words. A new kind of message does not compile until it has its own.
class Tap final : public transport::ConnectionHandler {
 public:
  ~Tap() override {
    if (connection) connection->detach();
  }
  void on_message(transport::MessageKind, BytesView bytes) override {
    const auto message = protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    std::visit([this](const auto& any) { note(any); }, *message);
  }
  void on_writable() override {}
  void on_closed(const transport::CloseInfo& info) override {
    heard.push_back(fmt::format("closed {}: {}", static_cast<int>(info.code), info.reason));
  }

  void send(Bytes message) const {
    connection->write({transport::OutgoingMessage{.head = std::move(message), .body = nullptr, .body_offset = 0}});
  }
  void forget() {
    heard.clear();
    heads.clear();
    ticks.clear();
    received.clear();
  }

  std::shared_ptr<transport::Connection> connection;
  std::optional<protocol::Welcome> welcome;
  std::vector<std::string> heard;
  std::vector<protocol::SnapshotHead> heads;
  std::vector<Tick> ticks;              // of events
  std::vector<std::uint32_t> received;  // as told by whatever tells it

 private:
  void note(const protocol::Welcome& got) {
    welcome = got;
    received.push_back(got.received);
    heard.emplace_back("welcome");
  }
  void note(const protocol::MapView&) { heard.emplace_back("map"); }
  void note(const protocol::SchemaView&) { heard.emplace_back("schema"); }
  void note(const protocol::SnapshotView& got) { note(got.head); }
  void note(const protocol::SnapshotHead& head) {
    heads.push_back(head);
    received.push_back(head.received);
    heard.push_back(fmt::format("snapshot {}", head.tick));
  }
  void note(const protocol::EventMessage& got) {
    std::string line = fmt::format("event {}{}", got.name, got.sequence == 0 ? ", volatile" : "");
    if (got.name == "chat")
      if (const auto* text = flatbuffers::GetRoot<field::Chat>(protocol::aligned(got.body, body_).data())->text())
        line += fmt::format(": {}", text->str());
    heard.push_back(std::move(line));
    ticks.push_back(got.tick);
  }
  void note(const protocol::AckMessage& got) {
    heard.push_back(got.error ? fmt::format("ack {}: {}", got.id, *got.error) : fmt::format("ack {}", got.id));
  }
  void note(const protocol::Received& got) {
    received.push_back(got.received);
    heard.push_back(fmt::format("received {}", got.received));
  }
  void note(const protocol::ActionView&) { ADD_FAILURE() << "no server sends this"; }
  void note(const protocol::PackedView&) { ADD_FAILURE() << "it was asked for by nobody"; }

  protocol::AlignedBuffer buffer_;
  protocol::AlignedBuffer body_;
};

template <class T>
Bytes event(const std::string& name, const T& table, std::uint32_t sequence, std::uint32_t ack,
            std::string_view space = "/") {
  const Bytes body = encode(table);
  return protocol::encode(
      protocol::EventMessage{.sequence = sequence, .name = name, .space = space, .ack = ack, .body = body});
}

inline Bytes vote(std::uint32_t weight, std::uint32_t sequence, std::uint32_t ack) {
  field::VoteT table;
  table.weight = weight;
  return event("vote", table, sequence, ack);
}

inline Bytes request(std::string_view name, const Bytes& body = {}) {
  return protocol::encode(protocol::EventMessage{.name = name, .ack = 9, .body = body});
}

/// One that is refused, with the tick that the match is at in the reason.
inline Bytes action_far_ahead(std::uint32_t sequence) {
  const Bytes body = encode(field::MoveT());
  return protocol::encode(protocol::ActionView{.tick = 4'000'000'000, .sequence = sequence, .body = body});
}

/// Goes on and on.
struct Walker final : Bot {
  std::optional<Bytes> act(BytesView, PlayerId, Tick) override {
    field::MoveT move;
    move.dx = 1;
    return encode(move);
  }
};

struct AudienceSetup {
  Fields options{};
  std::uint32_t bots = 0;  // fill up to so many players
  std::size_t sessions_max = ServerConfig().sessions_max;
};

/// Of "m" with ada in it, whom `tap` listens to.
class Audience : public CoreTest {
 public:
  /// From here on everything is held, and what was said before has arrived.
  void hold() {
    gate = audience().hold();
    loop_.run_for(std::chrono::milliseconds(100));
    gate->release(audience().interval() - 1);
    loop_.run_for(std::chrono::milliseconds(5));
    tap.forget();
    other.forget();
  }
  void visit(Tap& visitor, const std::string& target) {
    connect(visitor, target);
    loop_.run_for(std::chrono::milliseconds(100));
  }
  void ask(const std::string& question, const std::string& space = "/") {
    field::AskT table;
    table.question = question;
    tap.send(event("ask", table, 0, 7, space));
  }
  /// What on_ask does, by the program itself: no client's answer is under way that the rest would wait behind.
  void do_by_timer(const std::string& question) {
    match().call_after(std::chrono::milliseconds(1), [this, question] { on_ask(session_of(tap), question); });
  }

  Tap tap, other;  // ada; and whoever else comes
  std::shared_ptr<ReleaseGate> gate;
  std::string in_joined, in_left, in_ended;  // the questions that these hooks put to on_ask
  int disconnects = 0;
  Ack unanswered;  // of the question "later"

 protected:
  explicit Audience(AudienceSetup setup = {.options = {{"numbered", "1"}}}) : CoreTest(1, setup.sessions_max) {
    spdlog::set_level(spdlog::level::warn);
    core_.define("field", rules_type<field::Rules>(), {.spectators_max = 64, .options = std::move(setup.options)});
    const auto walker = [](const BotSetup&) { return std::make_unique<Walker>(); };
    if (setup.bots > 0) core_.define_bots("field", walker, {.fill_to = setup.bots, .names = {}});
    Namespace& root = core_.space("/").api();
    root.on_connect([](Session& session) { EXPECT_TRUE(session.join("here")); });
    root.on_disconnect([this](Session&, std::string_view) { ++disconnects; });
    for (const char* name : {"/", "/team"})
      core_.space(name).api().on<field::Ask>([this](Session& session, const field::Ask& asked, Ack ack) {
        const std::string question = asked.question() ? asked.question()->str() : "";
        if (question == "later") {
          unanswered = std::move(ack);
          return;
        }
        on_ask(session, question);
        ack(field::AnswerT());
      });
    core_.match_hooks().change([this](auto& table) {
      table.joined.push_back([this](const Match&, Session& session) { on_ask(session, in_joined); });
      table.left.push_back([this](const Match&, Session& session, PlayerId) { on_ask(session, in_left); });
      table.ended.push_back([this](const EndedMatch&) {
        if (!in_ended.empty()) on_ask(session_of(tap), in_ended);
      });
    });
    start();
    visit(tap, "/match/m?name=ada");
    EXPECT_TRUE(tap.welcome);
    tap.send(request(protocol::kNamespaceEvent, protocol::encode_namespace_request("/team")));
    loop_.run_for(std::chrono::milliseconds(100));
  }
  LiveMatch& match() { return *core_.shards()[0]->match("m"); }
  MatchAudience& audience() { return match().audience(); }
  Session& session_of(const Tap& whose) { return core_.shards()[0]->session(whose.welcome->session)->api(); }

  /// A handler of the server's, which has looked at the match.
  void on_ask(Session& session, const std::string& question) {
    if (question.empty()) return;
    const std::string seen = fmt::format("tick {}", match().current_tick());
    const auto chat = field::chat(seen);
    const SessionHandle handle(core_, session.id());
    if (question == "emit") session.emit(chat);
    if (question == "emit in a namespace") session.emit(chat, "/team");
    if (question == "volatile") session.emit_volatile(chat);
    if (question == "with ack") session.emit(chat, [](const auto&) {});
    if (question == "match") session.match()->everyone().emit(chat);
    if (question == "player") session.match()->to(session.player()).emit(chat);
    if (question == "room") core_.space("/").api().to("here").emit(chat);
    if (question == "everyone") core_.space("/").api().everyone().emit(chat);
    if (question == "handle") handle.emit(chat);
    if (question == "post") handle.post([chat](Session& posted) { posted.emit(chat); });
    if (question == "leave space") session.leave_space("/team", seen);
    if (question == "close") session.close(seen);
    if (question == "kick") handle.kick(seen);
    if (question == "end") match().request_end(seen);
  }
};

}  // namespace netcode
