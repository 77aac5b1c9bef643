// A session that is sent more than is kept, on its way from one shard to another.
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <string>
#include <vector>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/limits.hpp"
#include "visitor.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

/// Of two shards on one loop. Whoever leaves a match is sent more than is kept of what waits for a session.
class OverflowingMover : public CoreTest {
 protected:
  OverflowingMover() : CoreTest(2) {
    core_.define("field", rules_type<field::Rules>(), {});
    core_.match_hooks().change([this](auto& table) {
      table.left.push_back([this](const auto&, Session& session, PlayerId) {
        if (++leavers_ > 1) return;
        const std::size_t events = 2 * limits::kEventsKeptBytesMax / kEventBytes;
        for (std::size_t i = 0; i < events; ++i) session.emit(field::chat(std::string(kEventBytes, 'x')));
      });
    });
    core_.space("/").api().on_disconnect([this](Session& session, std::string_view reason) {
      ends_.push_back(fmt::format("{} on shard {}", reason, core_.directory().find_session(session.id())->shard));
    });
    start();
  }
  static constexpr std::size_t kEventBytes = 60'000;

  int leavers_ = 0;
  std::vector<std::string> ends_;
};

TEST_F(OverflowingMover, ends_once_and_where_it_is_by_then) {
  std::vector<std::unique_ptr<Visitor>> owners;
  for (int i = 0; i < 4; ++i)
    connect(*owners.emplace_back(std::make_unique<Visitor>()), fmt::format("/match/m{}?name=owner", i));
  loop_.run_for(200ms);
  ASSERT_TRUE(owners[0]->welcome);
  const std::uint32_t home = core_.directory().shard_of_match("m0");
  std::string target;
  for (int i = 1; i < 4; ++i)
    if (core_.directory().shard_of_match(fmt::format("m{}", i)) != home) target = fmt::format("m{}", i);
  ASSERT_FALSE(target.empty()) << "a match on the other shard";
  Visitor mover;
  connect(mover, fmt::format("/match/{}?token={}", target, owners[0]->welcome->token));
  loop_.run_for(1s);
  EXPECT_EQ(leavers_, 2) << "it has been in both matches";
  EXPECT_EQ(ends_, (std::vector<std::string>{fmt::format(
                       "too far behind: events came faster than this connection takes them on shard {}", 1 - home)}));
  ASSERT_TRUE(mover.closed);
  EXPECT_EQ(mover.closed->code, transport::CloseCode::kTryAgainLater);
  EXPECT_EQ(core_.directory().sessions(), 3U);
  EXPECT_EQ(core_.directory().players(target).size(), 1U) << "its seat is free again";
}

}  // namespace
}  // namespace netcode
