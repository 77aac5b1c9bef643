// Recordings from a stranger: every checksum right, everything else wrong. Nothing may crash, or take more memory than
// a reader is allowed, which is counted here for the whole program.
// Tests also: index_body.cpp, keyframe_body.cpp, record_reader.cpp, recording_reader.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <zstd.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include <recording_generated.h>

#include "games/counter.hpp"
#include "netcode/recording.hpp"
#include "recorded.hpp"
#include "recording/format/format.hpp"
#include "recording/format/record_bodies.hpp"
#include "recording/format/tick_codec.hpp"
#include "sanitized.hpp"

// The sanitizers bring operators of their own: there damage is looked for, and memory counted elsewhere.
#define SCRIM_COUNTS_MEMORY (!SCRIM_SANITIZED)

namespace {

std::atomic<std::size_t> live_bytes = 0;
std::atomic<std::size_t> peak_bytes = 0;

}  // namespace

#if SCRIM_COUNTS_MEMORY
namespace {

void* counted(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  const std::size_t live = live_bytes += malloc_usable_size(memory);
  std::size_t peak = peak_bytes;
  while (live > peak && !peak_bytes.compare_exchange_weak(peak, live)) {
  }
  return memory;
}

void uncounted(void* memory) {
  if (memory == nullptr) return;
  live_bytes -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { uncounted(memory); }
void operator delete[](void* memory) noexcept { uncounted(memory); }
void operator delete(void* memory, std::size_t) noexcept { uncounted(memory); }
void operator delete[](void* memory, std::size_t) noexcept { uncounted(memory); }
#endif

namespace netcode::recording {
namespace {

using test_games::all_types;
using testing::HasSubstr;

struct Body {
  RecordType type{};
  Bytes bytes;
};

constexpr std::uint64_t kFileId = 0x1122334455667788;

std::vector<Body> take_apart(const Bytes& file) {
  std::vector<Body> bodies;
  std::size_t at = kHeadBytes;
  while (at < file.size() - kFooterBytes) {
    const auto head = parse_record_head(BytesView(file).subspan(at, kRecordHeadBytes));
    const BytesView body = BytesView(file).subspan(at + kRecordHeadBytes, head->length);
    bodies.push_back({head->type, {body.begin(), body.end()}});
    at += kRecordHeadBytes + head->length;
  }
  return bodies;
}

Bytes put_together(const std::vector<Body>& bodies, bool footer = true) {
  Bytes file;
  append_head(file, kFileId);
  std::uint32_t sequence = 0;
  Footer last;
  for (const Body& body : bodies) {
    last = {.end_offset = file.size(), .end_sequence = sequence};
    append_record(file, kFileId, sequence++, body.type, body.bytes);
  }
  if (footer) append_footer(file, kFileId, last);
  return file;
}

// Everything that reads recordings, over these bytes. Gives what verify says.
VerifyReport read_all(Bytes file) {
  const std::size_t before = live_bytes;
  peak_bytes = before;
  VerifyReport report = verify_recording_bytes(file, all_types());
  const std::size_t file_bytes = file.size();
  if (auto replay = Replay::open_bytes(std::move(file), all_types())) {
    for (const Tick tick : {7U, 130U, 3U, 60U}) static_cast<void>((*replay)->seek(tick));
    for (int i = 0; i < 40; ++i) {
      const auto stepped = (*replay)->step();
      if (!stepped || !*stepped) break;
      static_cast<void>((*replay)->world());
    }
  }
  // The file itself is in memory here, once or twice.
  EXPECT_LE(peak_bytes - before, limits::kRecordingMemoryBytesMax + 2 * file_bytes);
  return report;
}

Bytes decompress(BytesView bytes) {
  Bytes out(static_cast<std::size_t>(ZSTD_getFrameContentSize(bytes.data(), bytes.size())));
  ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  return out;
}

class DamagedRecording : public testing::TestWithParam<test_games::Kind (*)()> {
 protected:
  const Bytes good_ = test_recordings::record(GetParam()(), {.ticks = 150,
                                                             .ticks_per_record = 10,
                                                             .keyframe_interval_ticks = 8,
                                                             .with_presence = true,
                                                             .with_sessions = true})
                          .bytes;
};
INSTANTIATE_TEST_SUITE_P(Games, DamagedRecording, testing::Values(test_games::counter_kind, test_games::maze_kind),
                         [](const auto& kind) { return kind.param().name; });

TEST_P(DamagedRecording, put_together_again_is_the_same_file) {
  EXPECT_EQ(put_together(take_apart(good_)), good_);
  EXPECT_TRUE(read_all(good_).ok);
}

TEST_P(DamagedRecording, with_right_checksums_is_never_worse_than_not_ok) {
  engine::Rng rng(12);
  const std::vector<Body> bodies = take_apart(good_);
  int opened = 0;
  for (int round = 0; round < 1500; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    std::vector<Body> bad = bodies;
    for (std::uint32_t i = 0; i <= rng.below(2); ++i) {
      Body& body = bad[rng.below(2) == 0 ? rng.below(static_cast<std::uint32_t>(bad.size())) : rng.below(4)];
      Bytes plain = body.type == RecordType::kKeyframe ? decompress(body.bytes) : body.bytes;
      if (plain.empty()) continue;
      for (std::uint32_t change = 0; change <= rng.below(4); ++change) {
        const std::uint32_t at = rng.below(static_cast<std::uint32_t>(plain.size()));
        switch (rng.below(6)) {
          case 0:  // a size or an offset blown up
            for (std::size_t j = at; j < std::min<std::size_t>(at + 4, plain.size()); ++j) plain[j] = 0xFF;
            break;
          case 1:
            plain.resize(at + 1);
            break;
          case 2:
            plain.insert(plain.begin() + at, rng.below(300), static_cast<std::uint8_t>(rng.next()));
            break;
          default:
            plain[at] = static_cast<std::uint8_t>(rng.next() >> rng.below(9));
        }
      }
      body.bytes = body.type == RecordType::kKeyframe ? compress_keyframe(plain) : plain;
    }
    if (rng.below(8) == 0) std::swap(bad[rng.below(static_cast<std::uint32_t>(bad.size()))], bad[0]);
    if (rng.below(8) == 0) bad.erase(bad.begin() + rng.below(static_cast<std::uint32_t>(bad.size())));
    const VerifyReport report = read_all(put_together(bad, rng.below(4) != 0));
    opened += report.ticks > 0 ? 1 : 0;
    ASSERT_EQ(report.ok, report.reason.empty() || report.truncated);
  }
  EXPECT_GT(opened, 200);
}

TEST_P(DamagedRecording, with_raw_damage_is_never_worse_than_not_ok) {
  engine::Rng rng(13);
  for (int round = 0; round < 1500; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Bytes bad = good_;
    for (std::uint32_t i = 0; i <= rng.below(5); ++i) {
      const std::uint32_t at = rng.below(static_cast<std::uint32_t>(bad.size()));
      switch (rng.below(4)) {
        case 0:
          bad[at] = 0xFF;
          break;
        case 1:
          bad.erase(bad.begin() + at, bad.begin() + std::min<std::ptrdiff_t>(at + rng.below(50), std::ssize(bad)));
          break;
        case 2:
          bad.insert(bad.begin() + at, rng.below(50), 0);
          break;
        default:
          bad[at] = static_cast<std::uint8_t>(rng.next());
      }
      if (bad.empty()) bad.push_back(0);
    }
    const VerifyReport report = read_all(bad);
    ASSERT_TRUE(!report.ok || report.truncated || bad == good_);
  }
}

const Bytes& counter_recording() {
  static const Bytes bytes =
      test_recordings::record(test_games::counter_kind(), {.ticks = 70, .ticks_per_record = 10}).bytes;
  return bytes;
}

TEST(DamagedRecording, with_a_keyframe_that_claims_gigabytes_is_refused_before_any_memory_is_taken) {
  auto bodies = take_apart(counter_recording());
  for (const std::size_t size : {limits::kRecordBytesMax + 1, std::size_t{200} << 20U}) {
    bodies[1].bytes = compress_keyframe(Bytes(size));
    EXPECT_THAT(read_all(put_together(bodies)).reason,
                HasSubstr("a keyframe that does not say its size, or is larger"));
  }
  // As large as may be: zeros are no keyframe, but are read.
  bodies[1].bytes = compress_keyframe(Bytes(limits::kRecordBytesMax));
  EXPECT_THAT(read_all(put_together(bodies)).reason, HasSubstr("the keyframe is not one"));
}

TEST(DamagedRecording, with_a_keyframe_of_another_tick_is_refused) {
  auto bodies = take_apart(counter_recording());
  auto keyframe = decode_keyframe(bodies[1].bytes);
  ASSERT_TRUE(keyframe);
  keyframe->keyframe.tick = 9;
  bodies[1].bytes = compress_keyframe(encode_keyframe(keyframe->keyframe, keyframe->hash));
  EXPECT_THAT(read_all(put_together(bodies)).reason, HasSubstr("after tick 0: a keyframe of tick 9"));
}

TEST(DamagedRecording, with_one_long_string_in_every_option_is_refused_before_it_is_unpacked) {
  auto bodies = take_apart(counter_recording());
  flatbuffers::FlatBufferBuilder builder;
  const auto text = builder.CreateString(std::string(2 << 20U, 'a'));
  const auto word = builder.CreateString("x");
  const auto bytes = builder.CreateVector(Bytes(10));
  const std::vector options(8000, fb::CreateOption(builder, text, text));
  const auto all = builder.CreateVector(options);
  fb::HeaderBuilder header(builder);
  header.add_format(kFormat);
  header.add_match_id(word);
  header.add_kind(word);
  header.add_build(word);
  header.add_rules_version(word);
  header.add_world_table(word);
  header.add_action_table(word);
  header.add_keyframe_table(word);
  header.add_schema(bytes);
  header.add_keyframe_interval_ticks(600);
  header.add_hash_interval_ticks(60);
  header.add_options(all);
  builder.Finish(header.Finish());
  bodies[0].bytes.assign(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  EXPECT_THAT(read_all(put_together(bodies)).reason, HasSubstr("options that are too long"));
}

TEST(DamagedRecording, with_one_seat_a_million_times_is_refused) {
  auto bodies = take_apart(counter_recording());
  flatbuffers::FlatBufferBuilder builder;
  const auto seat = fb::CreateSeatDirect(builder, 1, "ada");
  const auto rules = builder.CreateVector(Bytes(10));
  const fb::RngState rng(1, 1);
  const auto seats = builder.CreateVector(std::vector(1'000'000, seat));
  builder.Finish(fb::CreateKeyframe(builder, 0, &rng, seats, 2, 0, 0, rules));
  bodies[1].bytes = compress_keyframe({builder.GetBufferPointer(), builder.GetSize()});
  EXPECT_FALSE(read_all(put_together(bodies)).ok);
}

TEST(DamagedRecording, with_an_index_of_a_million_keyframes_is_refused) {
  auto bodies = take_apart(counter_recording());
  End end{.last_tick = 70};
  for (Tick tick = 0; tick < 1'000'000; ++tick) end.index.keyframes.push_back({.tick = tick});
  bodies.back().bytes = encode_end(end);
  EXPECT_THAT(read_all(put_together(bodies)).reason, HasSubstr("an index of 1000000 keyframes"));
}

TEST(DamagedRecording, with_a_session_a_million_times_is_refused) {
  auto bodies = take_apart(counter_recording());
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(fb::CreateSessions(builder, 0, builder.CreateVectorOfStructs(std::vector<fb::Session>(250'000))));
  bodies[2] = {RecordType::kSessions, {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()}};
  EXPECT_THAT(read_all(put_together(bodies)).reason, HasSubstr("a record of 250000 sessions"));
}

TEST(DamagedRecording, with_an_index_of_other_keyframes_or_in_another_place_is_refused) {
  const auto good = take_apart(
      test_recordings::record(test_games::counter_kind(), {.ticks = 200, .keyframe_interval_ticks = 5}).bytes);
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < good.size(); ++i)
    if (good[i].type == RecordType::kIndex) indexes.push_back(i);
  ASSERT_EQ(indexes.size(), 2U);
  const auto refusal_with = [&](std::size_t which, const std::function<void(Index&)>& change) {
    auto bodies = good;
    auto index = decode_index(bodies[indexes[which]].bytes);
    EXPECT_TRUE(index);
    change(*index);
    bodies[indexes[which]].bytes = encode_index(*index);
    return read_all(put_together(bodies)).reason;
  };
  const auto others = HasSubstr("an index of other keyframes than there are");
  EXPECT_EQ(refusal_with(0, [](Index&) {}), "");
  EXPECT_THAT(refusal_with(0, [](Index& index) { index.keyframes[3].offset += 1; }), others);
  EXPECT_THAT(refusal_with(1, [](Index& index) { index.earlier.clear(); }), others);
  EXPECT_THAT(refusal_with(1, [](Index& index) { index.earlier[0].sequence += 1; }), others);
  auto without = good;
  without.erase(without.begin() + static_cast<std::ptrdiff_t>(indexes[0]));
  EXPECT_THAT(read_all(put_together(without)).reason, HasSubstr("a keyframe, where an index should be"));
}

// Bodies of `ticks` records made by hand.
class Ticks {
 public:
  Ticks(Tick first, std::uint32_t count) {
    writer_.varint(first);
    writer_.varint(count);
  }
  Ticks& number(std::uint64_t value) {
    writer_.varint(value);
    return *this;
  }
  Ticks& op(Op kind, std::uint64_t argument) { return number(argument << 3U | static_cast<std::uint64_t>(kind)); }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  VarintWriter writer_{bytes_};
};

std::string refusal_of_first_ticks(const Bytes& body) {
  auto bodies = take_apart(counter_recording());
  bodies[2].bytes = body;
  const VerifyReport report = read_all(put_together(bodies));
  EXPECT_FALSE(report.ok);
  return report.reason;
}

TEST(DamagedRecording, with_counts_that_do_not_fit_their_record_is_refused) {
  const char* broken = "the record does not say what its format asks for";
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 0xFFFFFFFF).bytes()), HasSubstr(broken));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(0xFFFFFFFF).bytes()), HasSubstr(broken));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(2).op(Op::kRepeat, 0xFFFFFFF0).bytes()), HasSubstr(broken));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(2).op(Op::kSkip, 5).bytes()), HasSubstr(broken));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(2).op(Op::kAct, 0).bytes()), HasSubstr(broken));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(2).op(Op::kAct, 3).number(0xFFFFFF).bytes()),
              HasSubstr(broken));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(2).op(Op::kEvent, 0).number(7).bytes()), HasSubstr(broken));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(2).number(7).bytes()), HasSubstr(broken));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(2).op(Op::kLong, 40).number(0).bytes()),
              HasSubstr("operation 40, which this program does not know"));
  EXPECT_THAT(refusal_of_first_ticks(Ticks(5, 1).number(0).bytes()),
              HasSubstr("ticks from 5 on, where others are missing"));
}

TEST(DamagedRecording, with_an_action_that_is_no_action_is_refused) {
  // Player 3 acts with one byte, and is not there either: it is not a Move.
  EXPECT_THAT(refusal_of_first_ticks(Ticks(1, 1).number(2).op(Op::kAct, 3).number(3).number(9).bytes()),
              HasSubstr("counter.Move: not a counter.Move"));
}

TEST(DamagedRecording, is_not_played_on_after_its_damage_and_can_be_left_by_seeking) {
  auto bodies = take_apart(counter_recording());
  bodies[3].bytes = Ticks(11, 1).number(2).op(Op::kAct, 3).number(3).number(9).bytes();
  auto replay = Replay::open_bytes(put_together(bodies), all_types());
  ASSERT_TRUE(replay);
  const auto failed = (*replay)->seek(20);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().reason, HasSubstr("tick 11: counter.Move: not a counter.Move"));
  for (int i = 0; i < 2; ++i) {
    const auto stepped = (*replay)->step();
    ASSERT_FALSE(stepped);
    EXPECT_EQ(stepped.error().reason, failed.error().reason);
  }
  EXPECT_TRUE((*replay)->seek(7));
  EXPECT_EQ((*replay)->tick(), 7U);
  const auto stepped = (*replay)->step();
  EXPECT_TRUE(stepped && *stepped);
}

TEST(DamagedRecording, with_an_event_of_a_table_that_is_no_input_is_refused) {
  Bytes body = Ticks(1, 1).number(2).op(Op::kEvent, 0).number(0).bytes();
  VarintWriter writer(body);
  writer.text("counter.Won");
  const Bytes table = encode(counter::WonT{});
  writer.varint(table.size() << 1U | 1U);
  writer.bytes(table);
  EXPECT_THAT(refusal_of_first_ticks(body), HasSubstr("counter.Won is no event that is an input"));
}

}  // namespace
}  // namespace netcode::recording
