// Events from the server: on, once, off, on_any, and how they are answered.
// Tests also: receive.cpp.
#include "events_fixture.hpp"

namespace netcode {
namespace {

using clienttest::Note;
using clienttest::Ping;
using clienttest::Pong;
using transport::CloseCode;

TEST_F(Events, on_hears_every_event_of_its_type) {
  connect();
  std::vector<std::string> heard;
  client.on<Note>([&](const Note& note) { heard.push_back(note.text()->str()); });
  tell(1, "note", encode(note(1, "one")));
  tell(2, "ping", encode(ping(1)));
  tell(3, "note", encode(note(2, "two")));
  tell(0, "note", encode(note(3, "volatile")));
  EXPECT_THAT(heard, ElementsAre("one", "two", "volatile"));
  EXPECT_EQ(client.stats().events, 4U);
}

TEST_F(Events, several_handlers_are_called_in_the_order_of_their_registration) {
  connect();
  std::vector<std::string> heard;
  client.on<Note>([&](const Note&) { heard.push_back("first"); });
  client.once<Note>([&](const Note&) { heard.push_back("once"); });
  client.on<Note>([&](const Note&) { heard.push_back("last"); });
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  EXPECT_THAT(heard, ElementsAre("first", "once", "last", "first", "last"));
  client.off<Note>();
  tell(3, "note", encode(note(3)));
  EXPECT_EQ(heard.size(), 5U) << "off removes them all";
}

TEST_F(Events, of_several_handlers_the_one_that_takes_an_ack_answers) {
  connect();
  client.on<Note>([](const Note&) {});
  client.on<Note>([](const Note&, Ack ack) { ack(pong(2)); });
  client.on<Ping>([](const Ping&) {});
  client.on<Ping>([](const Ping&) {});
  tell(1, "note", encode(note(1)), 7);
  tell(2, "ping", encode(ping(1)), 8);
  const auto& acks = server.peer().acks;
  ASSERT_EQ(acks.size(), 2U);
  EXPECT_EQ(acks[0].table, Pong::GetFullyQualifiedName());
  EXPECT_EQ(acks[1].table, "");
}

TEST_F(Events, handlers_that_add_and_remove_handlers_change_what_comes_next) {
  connect();
  std::vector<std::string> heard;
  client.on<Note>([&](const Note&) {
    heard.push_back("first");
    client.off<Note>();
    for (int i = 0; i < 20; ++i) client.on<Note>([&](const Note&) { heard.push_back("new"); });
  });
  client.on<Note>([&](const Note&) { heard.push_back("second"); });
  tell(1, "note", encode(note(1)));
  EXPECT_THAT(heard, ElementsAre("first", "second"));
  tell(2, "note", encode(note(2)));
  EXPECT_EQ(heard.size(), 22U);
}

TEST_F(Events, all_who_ask_hear_of_every_event_and_snapshot_and_state) {
  std::vector<std::string> heard;
  for (const std::string who : {"a", "b"}) {
    client.on_any([&heard, who](const EventView&) { heard.push_back(who + " any"); });
    client.on_state([&heard, who](ClientState state, std::string_view) {
      if (state == ClientState::kConnected) heard.push_back(who + " connected");
    });
  }
  connect();
  tell(1, "note", encode(note(1)));
  EXPECT_THAT(heard, ElementsAre("a connected", "b connected", "a any", "b any"));
  client.on_any(nullptr);
  tell(2, "note", encode(note(2)));
  EXPECT_EQ(heard.size(), 4U);
}

TEST_F(Events, once_hears_one) {
  connect();
  int heard = 0;
  client.once<Note>([&](const Note&) { ++heard; });
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  EXPECT_EQ(heard, 1);
}

TEST_F(Events, off_hears_no_more) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) {
    ++heard;
    client.off<Note>();  // from inside of itself too
  });
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  EXPECT_EQ(heard, 1);
}

TEST_F(Events, a_handler_may_put_another_in_its_place) {
  connect();
  std::vector<std::string> heard;
  const auto witness = std::make_shared<std::string>("first");
  client.on<Note>([&, witness](const Note&) {
    client.off<Note>();
    client.on<Note>([&](const Note&) { heard.push_back("second"); });
    heard.push_back(*witness);  // what it captured is still there
  });
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  EXPECT_THAT(heard, ElementsAre("first", "second"));
}

TEST_F(Events, on_any_hears_all_before_their_handlers) {
  connect();
  std::vector<std::string> heard;
  client.on<Note>([&](const Note&) { heard.push_back("handler"); });
  client.on_any([&](const EventView& event) {
    heard.push_back(std::string(event.name) + " " + std::string(event.table));
    EXPECT_EQ(event.as<Note>() != nullptr, event.name == "note");
  });
  tell(1, "note", encode(note(1)));
  tell(2, "ping", encode(ping(1)));
  EXPECT_THAT(heard, ElementsAre("note clienttest.Note", "handler", "ping clienttest.Ping"));
}

TEST_F(Events, a_client_closed_by_on_any_hears_no_more) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) { ++heard; });
  client.on_any([&](const EventView&) { client.close(); });
  tell(1, "note", encode(note(1)));
  EXPECT_EQ(heard, 0);
}

TEST_F(Events, a_namespace_has_handlers_of_its_own) {
  connect();
  std::vector<std::string> heard;
  client.on<Note>([&](const Note&) { heard.push_back("/"); });
  client.on<Note>([&](const Note&) { heard.push_back("/admin"); }, "/admin");
  tell(1, "note", encode(note(1)), 0, "/admin");
  tell(2, "note", encode(note(1)));
  tell(3, "note", encode(note(1)), 0, "/other");
  EXPECT_THAT(heard, ElementsAre("/admin", "/"));
}

TEST_F(Events, a_request_is_acknowledged_once_its_handler_returns) {
  connect();
  client.on<Ping>([](const Ping&) {});
  tell(1, "ping", encode(ping(1)), 7);
  ASSERT_EQ(server.peer().acks.size(), 1U);
  EXPECT_EQ(server.peer().acks[0].id, 7U);
  EXPECT_EQ(server.peer().acks[0].sequence, 1U) << "answers are reliable";
  EXPECT_FALSE(server.peer().acks[0].error);
  EXPECT_EQ(server.peer().acks[0].table, "");
}

TEST_F(Events, a_request_is_answered_with_a_table_or_an_error) {
  connect();
  client.on<Ping>([](const Ping& ping, Ack ack) {
    if (ping.number() == 1) return ack(pong(2));
    ack.fail("too many");
  });
  tell(1, "ping", encode(ping(1)), 7);
  tell(2, "ping", encode(ping(2)), 8);
  ASSERT_EQ(server.peer().acks.size(), 2U);
  EXPECT_EQ(server.peer().acks[0].table, "clienttest.Pong");
  EXPECT_EQ(server.peer().acks[1].error, "too many");
}

TEST_F(Events, a_request_may_be_answered_later_and_only_once) {
  connect();
  Ack kept;
  client.on<Ping>([&](const Ping&, Ack ack) { kept = std::move(ack); });
  tell(1, "ping", encode(ping(1)), 7);
  EXPECT_TRUE(server.peer().acks.empty());
  EXPECT_TRUE(kept.is_wanted());
  kept();
  kept();
  run();
  EXPECT_EQ(server.peer().acks.size(), 1U);
}

TEST_F(Events, an_answer_kept_beyond_its_session_or_its_client_goes_nowhere) {
  auto other = std::make_unique<TestClient>(config_of_tests(), server.connector());
  server.welcome_with(FakeServer::lobby());
  other->connect();
  run();
  std::vector<Ack> kept;
  other->on<Ping>([&](const Ping&, Ack ack) { kept.push_back(std::move(ack)); });
  tell(1, "ping", encode(ping(1)), 7);
  other->close();
  run();
  other->connect();
  run();
  tell(1, "ping", encode(ping(1)), 7);
  ASSERT_EQ(kept.size(), 2U);
  kept[0]();
  other.reset();
  kept[1]();
  run();
  for (const auto& peer : server.peers) EXPECT_TRUE(peer->acks.empty());
}

TEST_F(Events, a_request_that_nobody_handles_is_answered_with_an_error) {
  connect();
  tell(1, "ping", encode(ping(1)), 7);
  ASSERT_EQ(server.peer().acks.size(), 1U);
  EXPECT_EQ(server.peer().acks[0].error, "no handler for ping");
}

TEST_F(Events, an_unknown_or_bad_event_is_refused_and_the_client_goes_on) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) { ++heard; });
  tell(1, "nonsense", encode(note(1)), 7);
  Bytes bad = encode(note(1, "text"));
  bad.resize(bad.size() - 4);
  tell(2, "note", bad, 8);
  tell(3, "note", {}, 9);
  tell(4, "scrim:nonsense", {}, 10);
  ASSERT_EQ(server.peer().acks.size(), 4U);
  for (const auto& ack : server.peer().acks) EXPECT_TRUE(ack.error) << ack.id;
  EXPECT_EQ(heard, 0);
  tell(5, "note", encode(note(1)));
  EXPECT_EQ(heard, 1);
  EXPECT_EQ(client.state(), ClientState::kConnected);
}

TEST_F(Events, a_reliable_event_that_comes_twice_is_handled_once) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) { ++heard; });
  tell(1, "note", encode(note(1)));
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  tell(1, "note", encode(note(1)));
  EXPECT_EQ(heard, 2);
  EXPECT_EQ(client.stats().duplicates, 2U);
}

TEST_F(Events, a_gap_drops_the_connection_and_resumes) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) { ++heard; });
  tell(1, "note", encode(note(1)));
  tell(3, "note", encode(note(3)));
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  EXPECT_EQ(client.reason(), "message 3 of the server came where 2 was due");
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kConnected);
  EXPECT_EQ(server.peer().query("received"), "1");
  EXPECT_EQ(heard, 1);
}

/// A volatile "note" as a writer makes it that has never heard of force_align: its body lies at any multiple of 4.
Bytes unaligned_note(const Bytes& body, const std::string& space) {
  flatbuffers::FlatBufferBuilder builder;
  const auto bytes = builder.CreateVector(body);
  const auto name = builder.CreateString("note");
  const auto in = builder.CreateString(space);
  const auto table = builder.StartTable();
  builder.AddOffset(6, name);
  builder.AddOffset(8, in);
  builder.AddOffset(12, bytes);
  const flatbuffers::Offset<void> event(builder.EndTable(table));
  const auto root = builder.StartTable();
  builder.AddElement<std::uint8_t>(6, 5, 0);  // the fifth of union Body
  builder.AddOffset(8, event);
  builder.Finish(flatbuffers::Offset<void>(builder.EndTable(root)));
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

TEST_F(Events, a_body_that_its_writer_did_not_align_is_read_all_the_same) {
  connect();
  int heard = 0;
  int unaligned = 0;
  client.on_any([&](const EventView& event) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(event.body.data()) % 8, 0U);
    EXPECT_EQ(event.as<Note>()->text()->str(), "text");
    ++heard;
  });
  for (std::size_t length = 1; length <= 16; ++length) {
    const Bytes message = unaligned_note(encode(note(1, "text")), std::string(length, 'x'));
    protocol::AlignedBuffer buffer;
    const auto decoded = protocol::decode(buffer.copy(message));
    ASSERT_TRUE(decoded);
    const BytesView body = std::get<protocol::EventMessage>(*decoded).body;
    unaligned += reinterpret_cast<std::uintptr_t>(body.data()) % 8 != 0 ? 1 : 0;
    server.peer().send(message);
    run();
  }
  EXPECT_EQ(heard, 16);
  EXPECT_GT(unaligned, 0) << "or this test is of no use";
}

}  // namespace
}  // namespace netcode
