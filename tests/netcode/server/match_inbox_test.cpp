// What a match keeps of what its players send, which its recording stores and its rules read.
#include "server/match_inbox.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "field.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

template <class T>
T value_of(engine::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason);
  return std::move(*result);
}

class MatchInboxTest : public ::testing::Test {
 protected:
  MatchInboxTest() { player_ = *inbox_.seat("ada", std::nullopt); }

  /// What the next tick's rules are given of this kind of input.
  std::vector<Bytes> bodies(InputKind kind) {
    std::vector<Bytes> out;
    inbox_.apply_all(1, [&](const Input& input) {
      if (input.kind == kind) out.push_back(input.body);
      return Applied();
    });
    return out;
  }
  static Bytes vote(std::size_t bytes) {
    field::VoteT vote;
    vote.weight = 7;
    return padded(encode(vote), bytes);
  }
  static Bytes move(std::size_t bytes) {
    field::MoveT move;
    move.dx = 3;
    return padded(encode(move), bytes);
  }
  /// With bytes behind it that nothing leads to and no two of which are alike.
  static Bytes padded(Bytes body, std::size_t bytes) {
    for (std::size_t i = body.size(); i < bytes; ++i) body.push_back(static_cast<std::uint8_t>(i * 167));
    return body;
  }

  const RulesType type_ = rules_type<field::Rules>();
  const MatchOptions options_;
  const Kind kind_{.name = "field",
                   .type = type_,
                   .schema = value_of(Schema::load(type_.schema, type_.world_table)),
                   .options = options_,
                   .make_bot = nullptr,
                   .bots = {},
                   .prepare = nullptr};
  const std::unique_ptr<Simulation> simulation_ = value_of(Simulation::create(kind_.type, kind_.schema,
                                                                              {.match_id = "m",
                                                                               .tick_hz = options_.tick_hz,
                                                                               .snapshot_hz = options_.snapshot_hz,
                                                                               .rewind_ms_max = options_.rewind_ms_max,
                                                                               .options = {},
                                                                               .map = nullptr}));
  MatchInbox inbox_{kind_, options_, *simulation_};
  PlayerId player_;
};

}  // namespace

TEST_F(MatchInboxTest, keeps_an_event_without_its_padding) {
  ASSERT_TRUE(inbox_.post(player_, "field.Vote", vote(limits::kInputBytesMax), {}));
  ASSERT_TRUE(inbox_.post(player_, "field.Vote", vote(0), {}));
  const auto kept = bodies(InputKind::kEvent);
  ASSERT_EQ(kept.size(), 2U);
  for (const Bytes& body : kept) {
    EXPECT_LE(body.size(), vote(0).size());
    ASSERT_TRUE(kind_.schema.check("field.Vote", body));
    EXPECT_EQ(flatbuffers::GetRoot<field::Vote>(body.data())->weight(), 7U);
  }
}

TEST_F(MatchInboxTest, keeps_an_event_of_the_program_as_it_is) {
  ASSERT_TRUE(inbox_.post(kNoPlayer, "field.Vote", vote(limits::kInputBytesMax), {}));
  EXPECT_EQ(bodies(InputKind::kEvent), (std::vector<Bytes>{vote(limits::kInputBytesMax)}));
}

TEST_F(MatchInboxTest, keeps_a_text_that_is_long_because_of_what_it_says) {
  field::VoteT reasoned;
  reasoned.why = std::string(3000, 'x');
  const Bytes said = encode(reasoned);
  ASSERT_TRUE(inbox_.post(player_, "field.Vote", said, {}));
  const auto kept = bodies(InputKind::kEvent);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_GE(kept[0].size(), 3000U);
  EXPECT_EQ(kind_.schema.first_difference("field.Vote", kept[0], said), "");
}

TEST_F(MatchInboxTest, keeps_a_long_action_without_its_padding_and_a_short_one_as_it_is) {
  for (const auto& [bytes, sequence] : {std::pair(limits::kActionBytesMax, 1U), std::pair(std::size_t{0}, 2U)}) {
    const Bytes body = move(bytes);
    ASSERT_TRUE(inbox_.check_action(body));
    EXPECT_EQ(inbox_.put(player_, {.sequence = sequence, .body = body, .next_tick = 1}), ActionInbox::Verdict::kTaken);
    const auto kept = bodies(InputKind::kAction);
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_LE(kept[0].size(), move(0).size());
    ASSERT_TRUE(inbox_.check_action(kept[0]));
    EXPECT_EQ(flatbuffers::GetRoot<field::Move>(kept[0].data())->dx(), 3);
  }
}

}  // namespace netcode
