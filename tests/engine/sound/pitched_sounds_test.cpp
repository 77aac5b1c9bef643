#include "sound/pitched_sounds.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <vector>

namespace engine::app::sound {
namespace {

class PitchedSoundsTest : public testing::Test {
 protected:
  // A chunk of this sound at the given step.
  Mix_Chunk* at(std::uint32_t sound, int step) {
    return pitched_.at(SoundId{sound}, step, source_, [&](const Mix_Chunk* c) { return playing_.contains(c); });
  }

  std::vector<float> samples_ = std::vector<float>(200, 0.5F);
  Mix_Chunk source_{.allocated = 0,
                    .abuf = reinterpret_cast<Uint8*>(samples_.data()),
                    .alen = static_cast<Uint32>(samples_.size() * sizeof(float)),
                    .volume = MIX_MAX_VOLUME};
  std::set<const Mix_Chunk*> playing_;
  PitchedSounds pitched_;
};

TEST_F(PitchedSoundsTest, are_made_once_per_sound_and_pitch) {
  Mix_Chunk* first = at(0, 5);
  EXPECT_EQ(at(0, 5), first);
  EXPECT_NE(at(0, 6), first);
  EXPECT_NE(at(1, 5), first);
  EXPECT_EQ(pitched_.size(), 3U);
}

TEST_F(PitchedSoundsTest, are_shorter_the_higher) {
  EXPECT_EQ(at(0, 24)->alen, source_.alen / 2);
  EXPECT_EQ(at(0, -24)->alen, source_.alen * 2);
}

TEST_F(PitchedSoundsTest, are_bounded_and_the_one_not_asked_for_the_longest_gives_way) {
  std::vector<Mix_Chunk*> chunks;
  for (std::uint32_t i = 0; i < PitchedSounds::kEntriesMax; ++i) chunks.push_back(at(i, 1));
  ASSERT_EQ(at(0, 1), chunks[0]);
  EXPECT_EQ(at(1000, 1), chunks[1]);
  EXPECT_EQ(at(0, 1), chunks[0]);
  EXPECT_EQ(pitched_.size(), PitchedSounds::kEntriesMax);
}

TEST_F(PitchedSoundsTest, are_kept_while_they_play) {
  std::vector<Mix_Chunk*> chunks;
  for (std::uint32_t i = 0; i < PitchedSounds::kEntriesMax; ++i) chunks.push_back(at(i, 1));
  playing_ = {chunks[0], chunks[1]};
  EXPECT_EQ(at(1000, 1), chunks[2]);
}

}  // namespace
}  // namespace engine::app::sound
