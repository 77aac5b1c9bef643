#include "sound/voices.hpp"

#include <gtest/gtest.h>

namespace engine::app::sound {
namespace {

constexpr int kCount = Audio::kVoices;

Voices::Busy all() { return Voices::Busy().set(); }

// All voices busy with equally important sounds.
Voices full(int priority) {
  Voices voices;
  Voices::Busy busy;
  for (int i = 0; i < kCount; ++i) {
    EXPECT_EQ(voices.take(priority, busy), i);
    busy.set(static_cast<std::size_t>(i));
  }
  return voices;
}

TEST(Voices, are_24) { EXPECT_EQ(kCount, 24); }

TEST(Voices, take_a_free_one_before_any_gives_way) {
  Voices voices = full(0);
  EXPECT_EQ(voices.take(5, all().reset(17)), 17);
}

TEST(Voices, let_the_oldest_of_equals_give_way) {
  Voices voices = full(1);
  EXPECT_EQ(voices.take(1, all()), 0);
  EXPECT_EQ(voices.take(1, all()), 1);
  EXPECT_EQ(voices.take(1, all()), 2);
}

TEST(Voices, let_the_least_important_give_way_before_an_older_one) {
  Voices voices = full(1);
  ASSERT_EQ(voices.take(0, all().reset(9)), 9);
  EXPECT_EQ(voices.take(1, all()), 9);
}

TEST(Voices, refuse_what_is_less_important_than_all) {
  Voices voices = full(2);
  EXPECT_EQ(voices.take(1, all()), std::nullopt);
  EXPECT_EQ(voices.take(2, all()), 0) << "and the refused one took nobody's place";
}

TEST(Voices, forget_how_important_an_ended_sound_was) {
  Voices voices = full(2);
  ASSERT_EQ(voices.take(0, all().reset(3)), 3);
  EXPECT_EQ(voices.take(0, all()), 3);
}

}  // namespace
}  // namespace engine::app::sound
