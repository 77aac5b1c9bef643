// Who moves between matches and shards while handlers do what they like.
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "server/server_core.hpp"
#include "server_fixture.hpp"

using namespace field;

namespace {

class AdmissionTest : public ServerTest {};
INSTANTIATE_ON_SHARDS(AdmissionTest);

TEST_P(AdmissionTest, a_session_that_is_closed_by_who_hears_that_it_leaves_enters_nothing) {
  make();
  std::atomic<int> gone = 0, joins = 0;
  server().of("/").on_disconnect([&](netcode::Session&, std::string_view) { ++gone; });
  server().on_match_joined([&](const netcode::Match&, netcode::Session&) { ++joins; });
  server().on_match_left(
      [](const netcode::Match&, netcode::Session& session, netcode::PlayerId) { session.close("leavers end"); });
  start();
  int leavers = 0;
  for (const std::string target : {"b", "c", "d"}) {  // of several shards some are not that of "a"
    auto ada = joined("ada", "a");
    ++leavers;
    ada->join(target);
    ASSERT_TRUE(until([&] { return gone == leavers; })) << target;
    bench_->run_for(500ms);
    EXPECT_EQ(ada->state(), netcode::ClientState::kClosed);
    EXPECT_EQ(joins, leavers) << "of a, and of nothing else";
    EXPECT_TRUE(server().match(target).players().empty());
    EXPECT_TRUE(server().match("a").players().empty());
  }
  EXPECT_EQ(server().core().directory().sessions(), 0U);
}

}  // namespace
