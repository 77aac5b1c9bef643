// Tests also: keyframe_difference.cpp, recording_words.cpp.
#include "recording/read/diff_recordings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>

#include "games/counter.hpp"
#include "recorded.hpp"

namespace netcode::recording {
namespace {

using test_games::all_types;
using test_games::counter_kind;
using test_games::Kind;
using test_recordings::record;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class DiffRecordings : public ::testing::Test {
 protected:
  ~DiffRecordings() override {
    for (const std::string& path : {left_, right_}) std::filesystem::remove(path);
  }

  static void write(const std::string& path, const Bytes& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  engine::Result<RecordingDifference> diff(const Bytes& left, const Bytes& right,
                                           const RulesTypes& types = all_types()) const {
    write(left_, left);
    write(right_, right);
    return diff_recordings(left_, right_, types);
  }

  /// A match of one player, who pushes by 1 in each tick but in those that `push` says otherwise of.
  static Bytes pushed(const std::function<int(Tick)>& push, Tick ticks = 700) {
    return pushed_often([&push](Tick tick) { return std::vector{push(tick)}; }, ticks);
  }
  static Bytes pushed_often(const std::function<std::vector<int>(Tick)>& pushes, Tick ticks = 700) {
    test_recordings::Disk disk;
    RecordingWriter writer({.open_file = test_recordings::open_in_memory(disk)});
    test_games::Match match(counter_kind());
    auto info = Recorder::describe(*match.simulation, "counter", "test 1");
    info.keyframe_interval_ticks = 100;
    info.hash_interval_ticks = 10;
    Recorder recorder(writer, {.path = "memory", .info = info, .sessions = {}});
    recorder.start(*match.simulation);
    const auto put = [&](const Input& input) {
      recorder.input(input);
      test_games::apply(*match.simulation, input);
    };
    for (Tick tick = 1; tick <= ticks; ++tick) {
      if (tick == 1) put({.kind = InputKind::kJoin, .player = {1}, .text = "ada"});
      for (const int push : pushes(tick)) {
        counter::MoveT move;
        move.push = static_cast<std::int16_t>(push);
        put({.kind = InputKind::kAction, .player = {1}, .body = encode(move)});
      }
      match.simulation->tick();
      recorder.tick(*match.simulation);
    }
    recorder.finish("over");
    writer.wait();
    return disk.bytes;
  }
  static int by_one(Tick) { return 1; }

  const std::string name_ = ::testing::TempDir() + "diff_recordings_test_" +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                            std::to_string(::getpid());
  const std::string left_ = name_ + ".left";
  const std::string right_ = name_ + ".right";
};

/// A build whose counters are a little faster from one tick on.
class Faster : public counter::Game {
 public:
  void tick(Context& ctx) override {
    Game::tick(ctx);
    if (ctx.tick() >= 450 && !state.counters.empty())
      state.counters.back().mutate_value(state.counters.back().value() + 1);
  }
};

Kind faster_kind() {
  Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<Faster>(); };
  return kind;
}

}  // namespace

TEST_F(DiffRecordings, finds_nothing_where_only_the_bytes_of_the_files_differ) {
  const auto found = diff(record(counter_kind(), {.ticks = 700, .ticks_per_record = 2}).bytes,
                          record(counter_kind(), {.ticks = 700, .ticks_per_record = 3}).bytes);
  ASSERT_TRUE(found) << found.error().reason;
  EXPECT_TRUE(found->are_same()) << found->what;
  EXPECT_EQ(found->ticks, 700U);
}

TEST_F(DiffRecordings, names_the_first_input_that_parts_and_the_field_in_which_it_shows) {
  for (const Tick at : {Tick{1}, Tick{99}, Tick{100}, Tick{101}, Tick{437}, Tick{700}}) {
    const auto found = diff(pushed(by_one), pushed([at](Tick tick) { return tick == at ? 5 : 1; }));
    ASSERT_TRUE(found) << found.error().reason;
    EXPECT_EQ(found->tick, at);
    EXPECT_EQ(found->what, R"(player 1 "ada" acts {push: 1} != player 1 "ada" acts {push: 5})");
    EXPECT_EQ(found->state_tick, at);
    EXPECT_TRUE(found->is_first_state);
    EXPECT_THAT(found->field, MatchesRegex("total: -?[0-9]+ != -?[0-9]+"));
    EXPECT_THAT(found->remarks, IsEmpty());
  }
}

TEST_F(DiffRecordings, says_so_where_inputs_part_and_the_states_do_not) {
  // ends.
  const auto found = diff(pushed(by_one, 50), pushed(by_one, 60));
  ASSERT_TRUE(found) << found.error().reason;
  EXPECT_EQ(found->tick, 51U);
  EXPECT_EQ(found->what, "its end != a tick");
  EXPECT_EQ(found->field, "");
  EXPECT_THAT(found->remarks, ElementsAre("no later keyframe is in both: the field is not known"));
}

TEST_F(DiffRecordings, finds_inputs_that_part_and_come_to_the_same) {
  // Two pushes of one tick in another order.
  const auto in_order = [](int first, int second) {
    return [first, second](Tick tick) { return tick == 150 ? std::vector{first, second} : std::vector{1}; };
  };
  const auto found = diff(pushed_often(in_order(2, 3)), pushed_often(in_order(3, 2)));
  ASSERT_TRUE(found) << found.error().reason;
  EXPECT_EQ(found->tick, 150U);
  EXPECT_EQ(found->what, R"(player 1 "ada" acts {push: 2} != player 1 "ada" acts {push: 3})");
  EXPECT_EQ(found->field, "");
  EXPECT_THAT(found->remarks, ElementsAre("played to tick 700, the states stay the same"));
}

TEST_F(DiffRecordings, names_the_field_in_which_two_builds_part) {
  const auto found = diff(record(counter_kind(), {.ticks = 900, .keyframe_interval_ticks = 100}).bytes,
                          record(faster_kind(), {.ticks = 900, .keyframe_interval_ticks = 100}).bytes);
  ASSERT_TRUE(found) << found.error().reason;
  ASSERT_TRUE(found->tick);
  EXPECT_GE(*found->tick, 450U);
  EXPECT_LE(*found->tick, 480U) << "there is a hash every 60 ticks";
  EXPECT_EQ(found->state_tick, 500U);
  EXPECT_FALSE(found->is_first_state);
  EXPECT_THAT(found->field, MatchesRegex("(total|counters\\[[0-9]+\\]\\.value): -?[0-9]+ != -?[0-9]+"));
}

TEST_F(DiffRecordings, says_what_the_matches_were_made_with) {
  Kind other = counter_kind();
  other.setup.options["rounds"] = "7";
  other.setup.options["extra"] = "1";
  const auto found = diff(record(counter_kind(), {.ticks = 60}).bytes, record(other, {.ticks = 60}).bytes);
  ASSERT_TRUE(found) << found.error().reason;
  EXPECT_THAT(found->setup, ElementsAre("option extra: (none) != 1", "option rounds: 100000 != 7"));
  EXPECT_FALSE(found->are_same());
}

TEST_F(DiffRecordings, compares_no_two_games) {
  const auto found =
      diff(record(counter_kind(), {.ticks = 60}).bytes, record(test_games::maze_kind(), {.ticks = 60}).bytes);
  ASSERT_TRUE(found) << found.error().reason;
  EXPECT_THAT(found->setup.front(), StartsWith("kind: counter != maze"));
  EXPECT_EQ(found->what, "they are of different games");
}

TEST_F(DiffRecordings, without_the_rules_names_the_field_of_the_next_keyframe) {
  const auto found = diff(pushed(by_one), pushed([](Tick tick) { return tick == 437 ? 5 : 1; }), {});
  ASSERT_TRUE(found) << found.error().reason;
  EXPECT_EQ(found->tick, 437U);
  EXPECT_EQ(found->state_tick, 500U);
  EXPECT_FALSE(found->is_first_state);
  EXPECT_THAT(found->field, MatchesRegex("total: -?[0-9]+ != -?[0-9]+"));
  EXPECT_THAT(found->remarks, ElementsAre(StartsWith("not played: there are no rules of kind counter here")));
}

TEST_F(DiffRecordings, reads_what_there_is_of_a_file_without_an_end) {
  const Bytes whole = pushed(by_one);
  const auto found = diff(whole, Bytes(whole.begin(), whole.end() - 2000));
  ASSERT_TRUE(found) << found.error().reason;
  ASSERT_TRUE(found->tick);
  EXPECT_EQ(found->what, "a tick != its end");
}

TEST_F(DiffRecordings, names_the_file_that_is_damaged) {
  const Bytes whole = pushed(by_one);
  Bytes bad = whole;
  bad[bad.size() / 2] ^= 1;
  const auto found = diff(whole, bad);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().reason, StartsWith(right_ + ": "));
  EXPECT_THAT(diff(Bytes(100, 'x'), whole).error().reason, HasSubstr(left_ + ": not a recording"));
}

}  // namespace netcode::recording
