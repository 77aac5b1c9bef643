// The sounds as they were made, and the choice of what is heard, on SDL's "dummy" driver: a device nobody listens to.
#include "game/client/sounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace game::client {
namespace {

using engine::app::Audio;
using std::chrono::milliseconds;
using testing::HasSubstr;

const std::string kDir = SCRIM_SOUNDS_DIR;
constexpr double kRateHz = 44100;

std::vector<Sound> all_sounds() {
  std::vector<Sound> sounds;
  for (std::size_t i = 0; i < kSounds; ++i) sounds.push_back(static_cast<Sound>(i));
  return sounds;
}

// What follows the 44 bytes that make_sounds.py begins a file with, -1 to 1; this machine's byte order is the file's.
std::vector<double> samples_of(Sound sound) {
  std::ifstream file(kDir + "/" + std::string(name_of(sound)) + ".wav", std::ios::binary);
  file.seekg(44);
  std::vector<double> samples;
  for (std::int16_t sample = 0; file.read(reinterpret_cast<char*>(&sample), sizeof(sample));) {
    samples.push_back(sample / 32768.0);
  }
  return samples;
}

double loudness_of(const std::vector<double>& samples) {
  const std::size_t window = std::min(samples.size(), static_cast<std::size_t>(kRateHz / 20));
  double energy = 0;
  double loudest = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    energy += samples[i] * samples[i];
    if (i >= window) energy -= samples[i - window] * samples[i - window];
    loudest = std::max(loudest, energy);
  }
  return std::sqrt(loudest / static_cast<double>(window));
}

TEST(SoundFiles, have_a_name_of_their_own_each) {
  std::set<std::string_view> names;
  for (const Sound sound : all_sounds()) names.insert(name_of(sound));
  EXPECT_EQ(names.size(), kSounds);
}

TEST(SoundFiles, are_those_that_are_played_and_no_others) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kDir)) files += entry.path().extension() == ".wav";
  EXPECT_EQ(files, kSounds);
}

TEST(SoundFiles, are_short) {
  for (const Sound sound : all_sounds()) {
    SCOPED_TRACE(name_of(sound));
    const double seconds = static_cast<double>(samples_of(sound).size()) / kRateHz;
    EXPECT_GE(seconds, 0.04);
    EXPECT_LE(seconds, 2.0);
  }
}

TEST(SoundFiles, begin_and_end_in_silence_and_never_clip) {
  for (const Sound sound : all_sounds()) {
    SCOPED_TRACE(name_of(sound));
    const auto samples = samples_of(sound);
    ASSERT_FALSE(samples.empty());
    EXPECT_LT(std::abs(samples.front()), 0.001);
    EXPECT_LT(std::abs(samples.back()), 0.001);
    for (const double sample : samples) ASSERT_LE(std::abs(sample), 0.86);
  }
}

TEST(SoundFiles, are_about_as_loud_as_each_other) {
  for (const Sound sound : all_sounds()) {
    SCOPED_TRACE(name_of(sound));
    EXPECT_GT(loudness_of(samples_of(sound)), 0.14);
    EXPECT_LT(loudness_of(samples_of(sound)), 0.45);
  }
}

TEST(Heard, is_full_and_in_the_middle_where_one_is) {
  EXPECT_EQ(heard_at(0, 0).volume, 1);
  EXPECT_EQ(heard_at(0, 0).pan, 0);
}

TEST(Heard, falls_off_with_distance_to_nothing) {
  float before = 1;
  for (float distance = 200; distance < 1500; distance += 100) {
    const float volume = heard_at(0, distance).volume;
    EXPECT_LT(volume, before) << distance;
    before = volume;
  }
  EXPECT_GT(heard_at(640, 640).volume, 0.3F) << "what one sees is well heard";
  EXPECT_EQ(heard_at(0, 1500).volume, 0);
  EXPECT_EQ(heard_at(0, 9000).volume, 0);
}

TEST(Heard, is_on_its_side_and_never_in_one_ear_only) {
  EXPECT_LT(heard_at(-320, 320).pan, 0);
  EXPECT_FLOAT_EQ(heard_at(320, 320).pan, -heard_at(-320, 320).pan);
  EXPECT_FLOAT_EQ(heard_at(640, 640).pan, heard_at(5000, 640).pan);
  EXPECT_LT(heard_at(5000, 640).pan, 1);
}

class SoundsTest : public testing::Test {
 protected:
  SoundsTest() {
    setenv("SDL_AUDIODRIVER", "dummy", 1);
    audio_ = std::make_unique<Audio>();
    sounds_ = std::make_unique<Sounds>(*audio_, clock_);
  }

  engine::ManualClock clock_;
  std::unique_ptr<Audio> audio_;
  std::unique_ptr<Sounds> sounds_;
};

// A sound of two seconds is sure to be playing still when it is asked after.
constexpr Sound kLong = Sound::kRoundWon;

TEST_F(SoundsTest, are_all_there) {
  const auto loaded = sounds_->load(kDir);
  ASSERT_TRUE(loaded) << loaded.error().reason;
  for (const Sound sound : all_sounds()) sounds_->play(sound, Importance::kOwn);
}

TEST_F(SoundsTest, name_the_file_that_is_missing) {
  const auto loaded = sounds_->load("/no/such/folder");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().reason, HasSubstr("/no/such/folder/blaster.wav"));
}

TEST_F(SoundsTest, are_silent_before_they_are_loaded) {
  sounds_->play(kLong, Importance::kOwn);
  EXPECT_EQ(audio_->playing(), 0);
}

TEST_F(SoundsTest, play_eight_hits_of_a_frame_once) {
  ASSERT_TRUE(sounds_->load(kDir));
  for (int i = 0; i < 8; ++i) sounds_->play(kLong, Importance::kOwn);
  EXPECT_EQ(audio_->playing(), 1);
  clock_.advance(milliseconds(29));
  sounds_->play(kLong, Importance::kOwn);
  EXPECT_EQ(audio_->playing(), 1);
  clock_.advance(milliseconds(1));
  sounds_->play(kLong, Importance::kOwn);
  EXPECT_EQ(audio_->playing(), 2);
}

TEST_F(SoundsTest, play_ones_own_at_once_with_anothers) {
  ASSERT_TRUE(sounds_->load(kDir));
  sounds_->play(kLong, Importance::kWorld);
  sounds_->play(kLong, Importance::kOwn);
  EXPECT_EQ(audio_->playing(), 2);
  sounds_->play(kLong, Importance::kWorld);
  EXPECT_EQ(audio_->playing(), 2);
}

TEST_F(SoundsTest, take_no_voice_for_what_is_too_far) {
  ASSERT_TRUE(sounds_->load(kDir));
  sounds_->play(kLong, Importance::kOwn, 0, 2000);
  EXPECT_EQ(audio_->playing(), 0);
  sounds_->play(kLong, Importance::kOwn, 0, 500);
  EXPECT_EQ(audio_->playing(), 1);
}

}  // namespace
}  // namespace game::client
