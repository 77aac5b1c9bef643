#include <atomic>

#include "server_fixture.hpp"

using namespace field;

class NamespaceTest : public ServerTest {
 protected:
  struct Listener {
    std::unique_ptr<FieldClient> client;
    std::vector<std::string> heard;
  };
  std::unique_ptr<Listener> listener(const std::string& name, const std::string& match = "m") {
    auto out = std::make_unique<Listener>();
    out->client = joined(name, match);
    auto& heard = out->heard;
    out->client->on<Chat>([&heard](const Chat& chat) { heard.push_back(chat.text()->str()); });
    return out;
  }
};
INSTANTIATE_ON_SHARDS(NamespaceTest);

TEST_P(NamespaceTest, a_room_holds_whom_its_handlers_put_there_across_matches) {
  make();
  server().on<Ask>([](netcode::Session& session, const Ask& ask) { session.join(ask.question()->str()); });
  start();
  auto ada = listener("ada", "m0");
  auto bob = listener("bob", "m1");
  auto cyd = listener("cyd", "m2");
  AskT red;
  red.question = "red";
  int acknowledged = 0;
  for (auto* one : {ada.get(), bob.get()})
    one->client->emit(red, [&](const auto& reply) { acknowledged += reply.has_value() ? 1 : 0; });
  ASSERT_TRUE(until([&] { return acknowledged == 2; }));

  server().to("red").emit(chat("reds only"));
  server().emit(chat("all"));
  ASSERT_TRUE(until([&] { return ada->heard.size() == 2 && bob->heard.size() == 2 && !cyd->heard.empty(); }));
  EXPECT_EQ(ada->heard, (std::vector<std::string>{"reds only", "all"}));
  EXPECT_EQ(bob->heard, ada->heard);
  EXPECT_EQ(cyd->heard, (std::vector<std::string>{"all"}));
}

TEST_P(NamespaceTest, a_sender_speaks_to_the_others_of_its_match) {
  make();
  server().on<Chat>([](netcode::Session& session, const Chat& event) {
    session.match()->except(session).emit(chat(event.text()->str()));
  });
  start();
  auto ada = listener("ada");
  auto bob = listener("bob");
  auto elsewhere = listener("eve", "other");
  ada->client->emit(chat("hello"));
  ASSERT_TRUE(until([&] { return !bob->heard.empty(); }));
  bench_->run_for(200ms);
  EXPECT_EQ(bob->heard, (std::vector<std::string>{"hello"}));
  EXPECT_TRUE(ada->heard.empty());
  EXPECT_TRUE(elsewhere->heard.empty());
}

TEST_P(NamespaceTest, except_leaves_rooms_and_sessions_out) {
  make();
  server().on<Ask>([](netcode::Session& session, const Ask& ask) { session.join(ask.question()->str()); });
  start();
  auto ada = listener("ada");
  auto bob = listener("bob");
  auto cyd = listener("cyd");
  AskT red;
  red.question = "red";
  bool in = false;
  ada->client->emit(red, [&](const auto&) { in = true; });
  ASSERT_TRUE(until([&] { return in; }));
  server().of("/").everyone().except("red").except(bob->client->session()).emit(chat("who is left"));
  ASSERT_TRUE(until([&] { return !cyd->heard.empty(); }));
  bench_->run_for(100ms);
  EXPECT_TRUE(ada->heard.empty());
  EXPECT_TRUE(bob->heard.empty());
}

TEST_P(NamespaceTest, a_match_and_whom_else_it_names_are_told_and_each_once) {
  make();
  server().on<Ask>([](netcode::Session& session, const Ask& ask) { session.join(ask.question()->str()); });
  start();
  auto ada = listener("ada", "m0");  // in the room too
  auto bob = listener("bob", "m0");
  auto cyd = listener("cyd", "m1");  // in the room
  auto dan = listener("dan", "m2");
  auto eve = listener("eve", "m3");
  AskT red;
  red.question = "red";
  int acknowledged = 0;
  for (auto* one : {ada.get(), cyd.get()})
    one->client->emit(red, [&](const auto& reply) { acknowledged += reply.has_value() ? 1 : 0; });
  ASSERT_TRUE(until([&] { return acknowledged == 2; }));

  const netcode::Match match = server().match("m0");
  match.everyone().to("red").emit(chat("match and room"));
  match.everyone().to(dan->client->session()).emit(chat("match and session"));
  match.to(bob->client->player()).to("red").emit(chat("player and room"));
  match.everyone().to("red").except("red").emit(chat("but for the room"));
  bench_->run_for(200ms);
  using Heard = std::vector<std::string>;
  EXPECT_EQ(ada->heard, (Heard{"match and room", "match and session", "player and room"}));
  EXPECT_EQ(bob->heard, (Heard{"match and room", "match and session", "player and room", "but for the room"}));
  EXPECT_EQ(cyd->heard, (Heard{"match and room", "player and room"}));
  EXPECT_EQ(dan->heard, (Heard{"match and session"}));
  EXPECT_TRUE(eve->heard.empty());
}

TEST_P(NamespaceTest, an_event_emitted_before_another_arrives_before_it) {
  make();
  server().on<Chat>([](netcode::Session& session, const Chat&) {
    session.match()->emit(chat("to the match"));
    session.emit(chat("to you"));
    session.match()->emit(chat("to the match again"));
  });
  start();
  auto ada = listener("ada");
  ada->client->emit(chat("go"));
  ASSERT_TRUE(until([&] { return ada->heard.size() == 3; }));
  EXPECT_EQ(ada->heard, (std::vector<std::string>{"to the match", "to you", "to the match again"}));
}

TEST_P(NamespaceTest, another_namespace_has_handlers_middleware_and_an_audience_of_its_own) {
  make();
  std::vector<std::string> admin_heard, root_heard;
  server().of("/admin").use([](netcode::Handshake& handshake) {
    return handshake.name() == "ada" ? handshake.accept() : handshake.refuse("admins only");
  });
  server().of("/admin").on<Chat>(
      [&](netcode::Session&, const Chat& event) { admin_heard.push_back(event.text()->str()); });
  server().on<Chat>([&](netcode::Session&, const Chat& event) { root_heard.push_back(event.text()->str()); });
  start();
  auto ada = joined("ada");
  auto bob = joined("bob");

  std::string ada_entered = "?", bob_entered = "?", nowhere = "?";
  ada->enter("/admin", [&](const auto& ok) { ada_entered = ok ? "" : ok.error().reason; });
  bob->enter("/admin", [&](const auto& ok) { bob_entered = ok ? "" : ok.error().reason; });
  bob->enter("/nowhere", [&](const auto& ok) { nowhere = ok ? "" : ok.error().reason; });
  ASSERT_TRUE(until([&] { return ada_entered != "?" && bob_entered != "?" && nowhere != "?"; }));
  EXPECT_EQ(ada_entered, "");
  EXPECT_EQ(bob_entered, "admins only");
  EXPECT_EQ(nowhere, "there is no namespace /nowhere");

  ada->emit(chat("secret"), "/admin");
  ada->emit(chat("public"));
  std::string refused;
  bob->emit(
      chat("let me in"), [&](const auto& reply) { refused = reply ? "" : reply.error().reason; },
      netcode::limits::kAckTimeout, "/admin");
  ASSERT_TRUE(until([&] { return !admin_heard.empty() && !root_heard.empty() && !refused.empty(); }));
  EXPECT_EQ(admin_heard, (std::vector<std::string>{"secret"}));
  EXPECT_EQ(root_heard, (std::vector<std::string>{"public"}));
  EXPECT_EQ(refused, "not in namespace /admin");

  std::vector<std::string> got;
  ada->on<Chat>([&](const Chat& event) { got.push_back(event.text()->str()); }, "/admin");
  bool bob_got = false;
  bob->on<Chat>([&](const Chat&) { bob_got = true; }, "/admin");
  server().of("/admin").emit(chat("to admins"));
  ASSERT_TRUE(until([&] { return !got.empty(); }));
  EXPECT_FALSE(bob_got);
}

TEST_P(NamespaceTest, once_runs_once_off_never_and_on_any_always) {
  make();
  int once = 0, any = 0, asked = 0;
  server().of("/").once<Chat>([&](netcode::Session&, const Chat&) { ++once; });
  server().of("/").on<Ask>([&](netcode::Session&, const Ask&) { ++asked; });
  server().of("/").off<Ask>();
  server().of("/").on_any([&](netcode::Session&, const netcode::EventView&) { ++any; });
  start();
  auto ada = joined("ada");
  std::vector<std::string> errors;
  const auto note = [&](const auto& reply) { errors.push_back(reply ? "" : reply.error().reason); };
  ada->emit(chat("1"), note);
  ada->emit(chat("2"), note);
  ada->emit(AskT(), note);
  ASSERT_TRUE(until([&] { return errors.size() == 3; }));
  EXPECT_EQ(errors, (std::vector<std::string>{"", "nobody here handles chat", "nobody here handles ask"}));
  EXPECT_EQ(once, 1);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(any, 3);
}

TEST_P(NamespaceTest, several_handlers_are_called_in_order_and_off_removes_them_all) {
  make();
  std::vector<std::string> log;
  for (const std::string who : {"a", "b", "c"})
    server().on<Chat>([&log, who](netcode::Session&, const Chat&) { log.push_back(who); });
  start();
  auto ada = joined("ada");
  std::vector<std::string> errors;
  const auto note = [&](const auto& reply) { errors.push_back(reply ? "" : reply.error().reason); };
  ada->emit(chat("1"), note);
  ASSERT_TRUE(until([&] { return errors.size() == 1; }));
  EXPECT_EQ(log, (std::vector<std::string>{"a", "b", "c"}));
  server().of("/").off<Chat>();
  ada->emit(chat("2"), note);
  ASSERT_TRUE(until([&] { return errors.size() == 2; }));
  EXPECT_EQ(errors, (std::vector<std::string>{"", "nobody here handles chat"}));
}

TEST_P(NamespaceTest, of_several_handlers_the_one_that_takes_an_ack_answers) {
  make();
  server().on<Ask>([](netcode::Session&, const Ask&) {});
  server().on<Ask>([](netcode::Session& session, const Ask&, netcode::Ack ack) {
    AnswerT answer;
    answer.text = session.name();
    ack(answer);
  });
  start();
  auto ada = joined("ada");
  std::string answer;
  ada->emit(AskT(), [&](const engine::Result<netcode::Reply>& reply) {
    answer = reply && reply->as<Answer>() ? reply->as<Answer>()->text()->str() : "none";
  });
  ASSERT_TRUE(until([&] { return !answer.empty(); }));
  EXPECT_EQ(answer, "ada");
}

TEST_P(NamespaceTest, a_handler_that_adds_and_removes_handlers_changes_what_comes_next) {
  make();
  int first = 0, second = 0, added = 0, connected = 0, any = 0;
  const auto more = [&] {
    for (int i = 0; i < 20; ++i) {
      server().of("/").on_any([&](netcode::Session&, const netcode::EventView&) { ++any; });
      server().of("/").on_connect([&](netcode::Session&) { ++connected; });
      server().of("/").on_disconnect([](netcode::Session&, std::string_view) {});
      server().use([](netcode::Handshake& handshake) { return handshake.accept(); });
    }
  };
  server().use([&](netcode::Handshake& handshake) {
    if (handshake.name() == "ada") more();
    return handshake.accept();
  });
  server().of("/").on_connect([&](netcode::Session&) { more(); });
  server().of("/").on_disconnect([&](netcode::Session&, std::string_view) { more(); });
  server().of("/").on_any([&](netcode::Session&, const netcode::EventView&) { more(); });
  server().on<Chat>([&](netcode::Session&, const Chat&) {
    ++first;
    server().of("/").off<Chat>();
    for (int i = 0; i < 20; ++i) server().on<Chat>([&](netcode::Session&, const Chat&) { ++added; });
  });
  server().on<Chat>([&](netcode::Session&, const Chat&) { ++second; });
  start();
  auto ada = joined("ada");
  int answers = 0;
  const auto note = [&](const auto&) { ++answers; };
  ada->emit(chat("1"), note);
  ASSERT_TRUE(until([&] { return answers == 1; }));
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1) << "what is removed is called to the end of this event";
  EXPECT_EQ(added, 0) << "what is added from the next one on";
  ada->emit(chat("2"), note);
  ASSERT_TRUE(until([&] { return answers == 2; }));
  EXPECT_EQ(added, 20);
  EXPECT_GT(any, 0);
  EXPECT_EQ(connected, 20) << "by the middleware, before its session connected";
  ada->close();
  bench_->run_for(100ms);
  bench_->stop();  // while what the handlers refer to is there
}

TEST_P(NamespaceTest, once_runs_once_of_all_shards) {
  make();
  std::atomic<int> once = 0;
  server().of("/").once<Chat>([&](netcode::Session&, const Chat&) { ++once; });
  server().on<Chat>([](netcode::Session&, const Chat&) {});
  start();
  std::vector<std::unique_ptr<FieldClient>> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(joined("c" + std::to_string(i), "m" + std::to_string(i * i)));
  int answers = 0;
  for (const auto& one : clients) one->emit(chat("me first"), [&](const auto&) { ++answers; });
  ASSERT_TRUE(until([&] { return answers == 6; }));
  EXPECT_EQ(once, 1);
}

TEST_P(NamespaceTest, connects_and_disconnects_are_told_once_each) {
  make();
  std::vector<std::string> log;
  server().of("/").on_connect([&](netcode::Session& session) { log.push_back("+" + session.name()); });
  server().of("/").on_disconnect([&](netcode::Session& session, std::string_view reason) {
    log.push_back("-" + session.name() + " " + std::string(reason));
  });
  start();
  auto ada = joined("ada");
  ada->drop_connection();
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }));
  ada->close("enough");
  ASSERT_TRUE(until([&] { return log.size() == 2; }));
  bench_->run_for(1s);
  EXPECT_EQ(log, (std::vector<std::string>{"+ada", "-ada left"}));
  bench_->stop();  // while what the handlers refer to is there
}

TEST_P(NamespaceTest, a_volatile_event_goes_to_who_can_take_it_now) {
  start();
  auto ada = listener("ada");
  bench_->run_for(50ms);
  server().of("/").everyone().as_volatile().emit(chat("now or never"));
  ASSERT_TRUE(until([&] { return !ada->heard.empty(); }));

  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(100ms);
  server().of("/").everyone().as_volatile().emit(chat("missed"));
  server().emit(chat("kept"));
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return ada->heard.size() == 2; }, 5s));
  EXPECT_EQ(ada->heard[1], "kept");
}

TEST_P(NamespaceTest, several_volatile_events_of_one_turn_all_go_in_their_place) {
  start();
  auto ada = listener("ada");
  bench_->run_for(50ms);
  server().emit(chat("1"));
  for (const char* text : {"2", "3", "4"}) server().of("/").everyone().as_volatile().emit(chat(text));
  server().emit(chat("5"));
  ASSERT_TRUE(until([&] { return ada->heard.size() == 5; }));
  EXPECT_EQ(ada->heard, (std::vector<std::string>{"1", "2", "3", "4", "5"}));
}

TEST_P(NamespaceTest, no_room_that_a_client_may_name_is_a_match) {
  make();
  server().on<Ask>([](netcode::Session& session, const Ask& ask) {
    session.join(ask.question()->str());
    session.to(ask.question()->str()).emit(chat("to the room"));
  });
  start();
  auto ada = joined("ada");
  std::vector<std::string> in_match, outside;
  ada->on<Chat>([&](const Chat& chat) { in_match.push_back(chat.text()->str()); });
  auto eve = client("eve");
  eve->on<Chat>([&](const Chat& chat) { outside.push_back(chat.text()->str()); });
  eve->connect();
  ASSERT_TRUE(until([&] { return eve->state() == netcode::ClientState::kConnected; }));
  AskT ask;
  for (const char* room : {"match/m", "m", "\x01m"}) {
    ask.question = room;
    eve->emit(ask);
  }
  bench_->run_for(200ms);
  server().match("m").emit(chat("to the match"));
  ASSERT_TRUE(until([&] { return !in_match.empty(); }));
  bench_->run_for(200ms);
  EXPECT_EQ(in_match, (std::vector<std::string>{"to the match"}));
  EXPECT_TRUE(outside.empty()) << outside.front();
}

TEST_P(NamespaceTest, a_handler_that_puts_its_session_out_is_the_last_to_hear_of_the_event) {
  make();
  std::atomic<int> handled = 0, later = 0;
  netcode::Namespace& admin = server().of("/admin");
  admin.on_any([](netcode::Session& session, const netcode::EventView& event) {
    if (event.as<Ask>()) session.leave_space("/admin", "no questions");
  });
  admin.on_any([&](netcode::Session&, const netcode::EventView& event) { later += event.as<Ask>() ? 1 : 0; });
  admin.on<Ask>([&](netcode::Session&, const Ask&) { ++later; });
  admin.on<Chat>([&](netcode::Session& session, const Chat&) {
    ++handled;
    session.leave_space("/admin", "no chat");
  });
  admin.on<Chat>([&](netcode::Session&, const Chat&) { ++later; });
  start();
  auto ada = joined("ada");
  const auto answered = [&](const auto& event) {
    std::string out;
    ada->enter("/admin", [&](const auto& ok) {
      ASSERT_TRUE(ok) << ok.error().reason;
      ada->emit(
          event, [&](const auto& reply) { out = reply ? "yes" : reply.error().reason; }, 5s, "/admin");
    });
    EXPECT_TRUE(until([&] { return !out.empty(); }));
    return out;
  };
  EXPECT_EQ(answered(AskT()), "not in namespace /admin");
  EXPECT_EQ(answered(chat("hello")), "yes") << "by who has handled it";
  EXPECT_EQ(handled, 1);
  EXPECT_EQ(later, 0);
}
