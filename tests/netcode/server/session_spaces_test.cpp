#include "server/session_spaces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server_fixture.hpp"

using namespace field;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

TEST(SessionSpaces, know_which_a_session_is_in) {
  netcode::SessionSpaces spaces;
  EXPECT_FALSE(spaces.contains("/"));
  EXPECT_TRUE(spaces.enter("/"));
  EXPECT_TRUE(spaces.enter("/b"));
  EXPECT_TRUE(spaces.enter("/a"));
  EXPECT_FALSE(spaces.enter("/a"));
  EXPECT_THAT(spaces.names(), ElementsAre("/", "/a", "/b"));
  EXPECT_TRUE(spaces.leave("/a"));
  EXPECT_FALSE(spaces.leave("/a"));
  EXPECT_FALSE(spaces.contains("/a"));
}

TEST(SessionSpaces, keep_something_for_each_until_it_is_left) {
  netcode::SessionSpaces spaces;
  *spaces.data("/") = 1;
  *spaces.data("/a") = 2;
  EXPECT_FALSE(spaces.data("/a")->has_value()) << "it is not in it";
  spaces.enter("/");
  spaces.enter("/a");
  EXPECT_EQ(std::any_cast<int>(*spaces.data("/")), 1) << "what is kept in / may come before its beginning";
  *spaces.data("/a") = 3;
  EXPECT_EQ(std::any_cast<int>(*spaces.data("/a")), 3);
  const auto held = spaces.leave("/a");
  EXPECT_EQ(std::any_cast<int>(*held), 3) << "for who is told of it";
  spaces.enter("/a");
  EXPECT_FALSE(spaces.data("/a")->has_value());
}

/// A server of two namespaces that write down who comes and goes.
class SpacesTest : public NotingTest {
 protected:
  void serve() {
    make();
    for (const std::string space : {"/", "/admin"}) {
      server().of(space).on_connect([this, space](netcode::Session& session) {
        EXPECT_EQ(session.space(), space);
        EXPECT_TRUE(session.is_in(space));
        session.data<std::string>() = session.name() + " of " + space;
        note("+" + space);
      });
      server().of(space).on_disconnect([this, space](netcode::Session& session, std::string_view reason) {
        EXPECT_EQ(session.data<std::string>(), session.name() + " of " + space);
        note("-" + space + " " + std::string(reason));
      });
    }
  }
  std::string entered(FieldClient& client, const std::string& space = "/admin") {
    return answer([&](auto done) { client.enter(space, std::move(done)); });
  }
  std::string left(FieldClient& client, const std::string& space = "/admin") {
    return answer([&](auto done) { client.leave(space, std::move(done)); });
  }
  std::string said(FieldClient& client, const std::string& text, const std::string& space) {
    return answer([&](auto done) {
      client.emit(
          chat(text), [done](const auto& reply) { reply ? done({}) : done(reply.error()); },
          netcode::limits::kAckTimeout, space);
    });
  }

 private:
  using Done = std::function<void(const engine::Result<void>&)>;
  std::string answer(const std::function<void(Done)>& ask) {
    std::optional<std::string> out;
    ask([&](const engine::Result<void>& ok) { out = ok ? "yes" : ok.error().reason; });
    EXPECT_TRUE(until([&] { return out.has_value(); }));
    return out.value_or("nothing");
  }
};
INSTANTIATE_ON_SHARDS(SpacesTest);

TEST_P(SpacesTest, each_has_data_of_its_own) {
  serve();
  for (const std::string space : {"/", "/admin"})
    server().of(space).on<Chat>([this](netcode::Session& session, const Chat&) { note(session.data<std::string>()); });
  server().on_match_joined([this](const netcode::Match& match, netcode::Session& session) {
    note(match.id() + ": " + session.data<std::string>());
  });
  start();
  auto ada = joined("ada");
  EXPECT_EQ(entered(*ada), "yes");
  EXPECT_EQ(said(*ada, "who", "/admin"), "yes");
  EXPECT_EQ(said(*ada, "who", "/"), "yes");
  EXPECT_THAT(lines(), ElementsAre("+/", "m: ada of /", "+/admin", "ada of /admin", "ada of /"));
  ada->join("another");
  ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == "another"; }));
  EXPECT_EQ(said(*ada, "who", "/admin"), "yes");
  EXPECT_EQ(lines().back(), "ada of /admin") << "it moves with its session";
}

TEST_P(SpacesTest, one_is_left_by_its_client_and_entered_again) {
  serve();
  server().of("/admin").on<Chat>([](netcode::Session& session, const Chat& chat) {
    EXPECT_TRUE(session.join(chat.text()->str(), "/admin"));
    EXPECT_TRUE(session.join(chat.text()->str()));
  });
  start();
  auto ada = joined("ada");
  int told = 0;
  ada->on_space_left([&](std::string_view, std::string_view) { ++told; });
  std::vector<std::string> heard;
  ada->on<Chat>([&](const Chat& event) { heard.push_back(event.text()->str()); }, "/admin");
  EXPECT_EQ(left(*ada), "not in namespace /admin");
  EXPECT_EQ(entered(*ada), "yes");
  EXPECT_EQ(said(*ada, "red", "/admin"), "yes");
  EXPECT_EQ(left(*ada), "yes");
  EXPECT_EQ(said(*ada, "red", "/admin"), "not in namespace /admin");
  EXPECT_EQ(left(*ada), "not in namespace /admin");
  server().of("/admin").emit(chat("nobody is here"));
  EXPECT_EQ(entered(*ada), "yes");
  server().of("/admin").to("red").emit(chat("nor in the room"));
  server().of("/admin").emit(chat("welcome"));
  ASSERT_TRUE(until([&] { return !heard.empty(); }));
  bench_->run_for(100ms);
  EXPECT_THAT(heard, ElementsAre("welcome"));
  EXPECT_THAT(lines(), ElementsAre("+/", "+/admin", "-/admin left", "+/admin"));
  EXPECT_EQ(told, 0) << "it has asked for it";
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(SpacesTest, one_is_left_for_a_client_which_is_told_why) {
  serve();
  server().of("/admin").on<Chat>([this](netcode::Session& session, const Chat&) {
    EXPECT_FALSE(session.leave_space("/nowhere"));
    EXPECT_FALSE(session.leave_space("/"));
    EXPECT_TRUE(session.leave_space(session.space(), "enough\n\xFF"));
    EXPECT_FALSE(session.leave_space(session.space()));
    EXPECT_FALSE(session.is_in("/admin"));
    EXPECT_FALSE(session.join("red", "/admin"));
    note(session.data<std::string>() + " to the end of the handler");
  });
  start();
  auto ada = joined("ada");
  std::vector<std::string> told;
  ada->on_space_left([&](std::string_view space, std::string_view reason) {
    told.push_back(std::string(space) + ": " + std::string(reason));
  });
  EXPECT_EQ(entered(*ada), "yes");
  EXPECT_EQ(said(*ada, "bye", "/admin"), "yes");
  ASSERT_TRUE(until([&] { return !told.empty(); }));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], HasSubstr("/admin: enough"));
  EXPECT_EQ(said(*ada, "hello?", "/admin"), "not in namespace /admin");
  ASSERT_EQ(lines().size(), 4U);
  EXPECT_THAT(lines()[2], HasSubstr("-/admin enough"));
  EXPECT_EQ(lines()[3], "ada of /admin to the end of the handler");
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(SpacesTest, all_are_left_with_the_session) {
  serve();
  start();
  auto ada = joined("ada");
  EXPECT_EQ(entered(*ada), "yes");
  EXPECT_EQ(entered(*ada), "yes") << "and nobody is told twice";
  EXPECT_EQ(entered(*ada, "/"), "yes");
  EXPECT_EQ(left(*ada, "/"), "/ is left with the session: close the connection");
  ada->close();
  ASSERT_TRUE(until([&] { return lines().size() == 4; }));
  bench_->run_for(100ms);
  EXPECT_THAT(lines(), ElementsAre("+/", "+/admin", "-/ left", "-/admin left"));
  EXPECT_EQ(left(*ada), "not connected");
}

TEST_P(SpacesTest, one_may_be_left_by_the_handler_of_the_beginning) {
  make();
  int later = 0;
  server().of("/admin").on_connect([](netcode::Session& session) { session.leave_space("/admin", "not today"); });
  server().of("/admin").on_connect([&](netcode::Session&) { ++later; });
  start();
  auto ada = joined("ada");
  std::string told;
  ada->on_space_left([&](std::string_view, std::string_view reason) { told = reason; });
  EXPECT_EQ(entered(*ada), "left again at once");
  EXPECT_EQ(told, "not today");
  EXPECT_EQ(later, 0);
}

TEST_P(SpacesTest, a_handler_of_the_end_may_leave_or_close_what_it_is_told_of) {
  serve();
  server().of("/admin").on_disconnect([](netcode::Session& session, std::string_view) {
    EXPECT_FALSE(session.leave_space("/admin"));
    session.close("and out");
  });
  start();
  auto ada = joined("ada");
  EXPECT_EQ(entered(*ada), "yes");
  ada->leave("/admin");
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  EXPECT_EQ(ada->reason(), "and out");
  EXPECT_THAT(lines(), ElementsAre("+/", "+/admin", "-/admin left", "-/ and out"));
}

}  // namespace
