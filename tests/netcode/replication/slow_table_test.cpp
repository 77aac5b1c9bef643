// Tables as runs of bytes: all that they can hold comes back, equal tables are equal runs, and a run that is damaged is
// an error or another table.
#include "replication/slow_table.hpp"

#include <gtest/gtest.h>

#include <string>

#include "netcode/limits.hpp"
#include "random_worlds.hpp"
#include "schema_text.hpp"

namespace netcode {
namespace {

using engine::Rng;
using testing::random_run;
using testing::TextSchema;

constexpr std::string_view kEveryShape = R"(
  enum Colour : ubyte { Red, Green }
  struct Gap { a:byte; b:int; c:ubyte; d:long; e:short; }
  struct Big (force_align: 16) { gap:Gap; x:double; }
  struct Small { a:ubyte; b:ubyte; c:ubyte; }
  table Old { gone:int (deprecated); }
  table Leaf { id:ushort (key); text:string (required); olds:[Old]; more:[Leaf]; }
  table World {
    yes:bool; a:byte; b:ubyte; c:short; d:Colour = Green; e:int = -5; f:uint; g:long; h:ulong = 7; x:float = 0.5; y:double;
    name:string; gap:Gap; big:Big; small:Small; leaf:Leaf; old:Old;
    flags:[bool]; bytes:[ubyte]; shorts:[short]; colours:[Colour]; longs:[ulong]; floats:[float]; doubles:[double];
    words:[string]; inner:Inner;
  }
  table Inner { gaps:[Gap]; bigs:[Big]; smalls:[Small]; leaves:[Leaf]; deeper:Inner; }
)";

/// The root table of `run`, in a buffer of its own.
engine::Result<Bytes> build(const TypeInfo& type, BytesView run) {
  flatbuffers::FlatBufferBuilder builder;
  const auto table = build_slow_table(builder, type, run, true);
  if (!table) return table.error();
  builder.Finish(*table);
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

Bytes run_of(const TypeInfo& type, const Bytes& buffer) {
  Bytes run;
  append_slow_table(type, *flatbuffers::GetRoot<AnyTable>(buffer.data()), true, run);
  return run;
}

std::string reason_of(const TypeInfo& type, BytesView run) {
  const auto built = build(type, run);
  return built ? "none" : built.error().reason;
}

}  // namespace

TEST(SlowTable, gives_back_every_shape_of_field) {
  const TextSchema schema(kEveryShape);
  const auto layout = schema.layout();
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Rng rng(seed);
    const Bytes run = random_run(layout->world(), rng, true);
    const auto built = build(layout->world(), run);
    ASSERT_TRUE(built) << built.error().reason << ", seed " << seed;
    ASSERT_TRUE(verify_buffer(layout->world(), *built)) << "seed " << seed;
    ASSERT_EQ(run_of(layout->world(), *built), run) << "seed " << seed;
  }
}

TEST(SlowTable, of_a_table_without_fields_is_nothing_but_counts_in_a_vector) {
  const TextSchema schema("table Mark {} table Box { marks:[Mark]; } table World { box:Box; }");
  const auto layout = schema.layout();
  const Bytes run = {1, 1, 3, 0, 0, 0};
  const auto built = build(layout->world(), run);
  ASSERT_TRUE(built) << built.error().reason;
  EXPECT_TRUE(verify_buffer(layout->world(), *built));
  EXPECT_EQ(run_of(layout->world(), *built), run);
  EXPECT_EQ(reason_of(layout->world(), Bytes{1, 1, 255, 255, 255, 255}), "more than 4096 tables");
}

TEST(SlowTable, takes_no_notice_of_the_bytes_between_a_structs_fields) {
  const TextSchema schema("struct Gap { a:byte; b:int; } table World { gap:Gap; }");
  const auto layout = schema.layout();
  const Bytes run = {1, 7, 0, 0, 0, 9, 0, 0, 0};
  const Bytes noisy = {1, 7, 1, 2, 3, 9, 0, 0, 0};
  EXPECT_EQ(run_of(layout->world(), *build(layout->world(), noisy)), run);
}

TEST(SlowTable, takes_no_notice_of_the_bytes_between_the_fields_of_a_vectors_structs) {
  const TextSchema schema("struct Gap { a:byte; b:int; } table Box { gaps:[Gap]; } table World { box:Box; }");
  const auto layout = schema.layout();
  const Bytes run = {1, 1, 1, 0, 0, 0, 7, 0, 0, 0, 9, 0, 0, 0};
  const Bytes noisy = {1, 1, 1, 0, 0, 0, 7, 1, 2, 3, 9, 0, 0, 0};
  EXPECT_EQ(run_of(layout->world(), *build(layout->world(), noisy)), run);
}

TEST(SlowTable, leaves_the_vectors_of_a_world_to_others) {
  const TextSchema schema(
      "table Note { id:uint (key); } struct Ship { id:uint (key); }"
      "table World { a:ubyte; notes:[Note]; ships:[Ship]; b:ubyte; }");
  const auto layout = schema.layout();
  const Bytes run = {1, 5, 1, 6};
  EXPECT_EQ(run_of(layout->world(), *build(layout->world(), run)), run);
}

TEST(SlowTable, holds_tables_as_deep_as_a_world_may_be_and_no_deeper) {
  const TextSchema schema("table Inner { next:Inner; } table World { inner:Inner; }");
  const auto layout = schema.layout();
  Bytes run(limits::kVerifyDepthMax, 1);
  run.back() = 0;
  const auto deepest = build(layout->world(), run);
  ASSERT_TRUE(deepest) << deepest.error().reason;
  EXPECT_TRUE(verify_buffer(layout->world(), *deepest));
  run.back() = 1;
  run.push_back(0);
  EXPECT_EQ(reason_of(layout->world(), run), "t.Inner is deeper than 8");
}

TEST(SlowTable, counts_the_world_above_an_element_as_a_level) {
  const TextSchema schema("table Note { id:uint (key); next:Note; } table World { notes:[Note]; }");
  const auto layout = schema.layout();
  const TypeInfo& note = *layout->slow()[0].element;
  Bytes run;
  for (std::uint32_t i = 2; i < limits::kVerifyDepthMax; ++i) run.insert(run.end(), {0, 1});
  run.insert(run.end(), {0, 0});
  flatbuffers::FlatBufferBuilder builder;
  EXPECT_TRUE(build_slow_table(builder, note, run, false));
  run.insert(run.begin(), {0, 1});
  EXPECT_FALSE(build_slow_table(builder, note, run, false));
}

TEST(SlowTable, refuses_a_run_that_ends_early_or_goes_on) {
  const TextSchema schema(kEveryShape);
  const auto layout = schema.layout();
  Rng rng(1);
  Bytes run = random_run(layout->world(), rng, true);
  for (std::size_t size = 0; size < run.size(); ++size)
    EXPECT_FALSE(build(layout->world(), BytesView(run).first(size))) << size;
  EXPECT_EQ(reason_of(layout->world(), {}), "slow state ends early");
  run.push_back(0);
  EXPECT_EQ(reason_of(layout->world(), run), "slow state of t.World goes on after its end");
}

TEST(SlowTable, refuses_lengths_beyond_the_run) {
  const TextSchema schema("table World { text:string; }");
  EXPECT_EQ(reason_of(schema.layout()->world(), Bytes{1, 255, 255, 255, 255, 'a'}), "slow state ends early");
  const TextSchema longs("table World { longs:[ulong]; }");
  EXPECT_EQ(reason_of(longs.layout()->world(), Bytes{1, 2, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}), "slow state ends early");
}

TEST(SlowTable, refuses_a_table_without_what_is_required) {
  const TextSchema schema("table World { text:string (required); }");
  EXPECT_EQ(reason_of(schema.layout()->world(), Bytes{0}), "t.World.text is missing");
}

TEST(SlowTable, of_a_damaged_run_is_an_error_or_a_sound_table) {
  const TextSchema schema(kEveryShape);
  const auto layout = schema.layout();
  std::size_t built_count = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    Rng rng(seed);
    Bytes run = random_run(layout->world(), rng, true);
    for (std::uint32_t i = 0; i <= rng.below(4); ++i) {
      const std::size_t at = rng.below(static_cast<std::uint32_t>(run.size()));
      switch (rng.below(4)) {
        case 0:
          run[at] = static_cast<std::uint8_t>(run[at] ^ (1U << rng.below(8)));
          break;
        case 1:
          run[at] = static_cast<std::uint8_t>(rng.next());
          break;
        case 2:
          run.insert(run.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(rng.next()));
          break;
        default:
          if (run.size() > 1) run.erase(run.begin() + static_cast<std::ptrdiff_t>(at));
      }
    }
    const auto built = build(layout->world(), run);
    if (!built) continue;
    ++built_count;
    ASSERT_TRUE(verify_buffer(layout->world(), *built)) << "seed " << seed;
    // What it says is a run that says the same.
    const Bytes again = run_of(layout->world(), *built);
    const auto rebuilt = build(layout->world(), again);
    ASSERT_TRUE(rebuilt) << "seed " << seed;
    ASSERT_EQ(run_of(layout->world(), *rebuilt), again) << "seed " << seed;
  }
  EXPECT_GT(built_count, 1000U);
  EXPECT_LT(built_count, 19'000U);
}

}  // namespace netcode
