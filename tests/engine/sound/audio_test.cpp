// The whole of it on SDL's "disk" driver, which writes what would be heard into a file as interleaved stereo floats.
#include "engine/app/audio.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

namespace engine::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kRateHz = 44100;
constexpr double kToneHz = 500;

void write_number(std::ofstream& file, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) file.put(static_cast<char>(value >> (8 * i)));
}

// 16-bit mono.
void write_wav(const std::string& path, double seconds, double loudness) {
  const auto frames = static_cast<std::uint32_t>(seconds * kRateHz);
  std::ofstream file(path, std::ios::binary);
  file << "RIFF";
  write_number(file, 36 + 2 * frames, 4);
  file << "WAVEfmt ";
  write_number(file, 16, 4);
  write_number(file, 1, 2);
  write_number(file, 1, 2);
  write_number(file, kRateHz, 4);
  write_number(file, kRateHz * 2, 4);
  write_number(file, 2, 2);
  write_number(file, 16, 2);
  file << "data";
  write_number(file, 2 * frames, 4);
  for (std::uint32_t i = 0; i < frames; ++i) {
    const double wave = std::sin(2 * std::numbers::pi * kToneHz * i / kRateHz);
    write_number(file, static_cast<std::uint32_t>(std::lround(32767 * loudness * wave)), 2);
  }
}

struct Heard {
  double left = 0;  // peaks
  double right = 0;
  double cycles = 0;   // of the louder ear
  double seconds = 0;  // from its first sound to its last
};

class AudioTest : public testing::Test {
 protected:
  AudioTest() {
    dir_ = fs::temp_directory_path() / ("scrim_audio_test." + std::to_string(getpid()));
    fs::create_directories(dir_);
    set("SDL_AUDIODRIVER", "disk");
    set("SDL_DISKAUDIOFILE", file("heard.raw"));
    set("SDL_DISKAUDIODELAY", "1");  // ms a block: faster than it would be heard
  }
  ~AudioTest() override { fs::remove_all(dir_); }

  static void set(const char* name, const std::string& value) { setenv(name, value.c_str(), 1); }
  std::string file(const char* name) const { return (dir_ / name).string(); }

  std::string wav(double seconds, double loudness = 0.5) const {
    const std::string path = file("tone.wav");
    write_wav(path, seconds, loudness);
    return path;
  }

  static bool falls_silent(const Audio& audio) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (audio.playing() > 0) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  // Once the device is closed.
  Heard heard() const {
    std::ifstream in(file("heard.raw"), std::ios::binary);
    Heard heard;
    double before[2] = {};
    double cycles[2] = {};
    int first = -1;
    int last = -1;
    float frame[2];
    for (int i = 0; in.read(reinterpret_cast<char*>(frame), sizeof(frame)); ++i) {
      heard.left = std::max(heard.left, std::abs(double{frame[0]}));
      heard.right = std::max(heard.right, std::abs(double{frame[1]}));
      for (int ear = 0; ear < 2; ++ear) {
        cycles[ear] += before[ear] < 0 && frame[ear] >= 0 ? 1 : 0;
        before[ear] = double{frame[ear]};
      }
      if (frame[0] == 0 && frame[1] == 0) continue;
      if (first < 0) first = i;
      last = i;
    }
    heard.cycles = std::max(cycles[0], cycles[1]);
    heard.seconds = static_cast<double>(last - first) / kRateHz;
    return heard;
  }

  Heard hear(const Audio::Play& how, double seconds = 0.2, float volume = 1) const {
    {
      Audio audio;
      EXPECT_EQ(audio.silence(), "");
      audio.set_volume(volume);
      const auto sound = audio.load(wav(seconds));
      EXPECT_TRUE(sound) << sound.error().reason;
      EXPECT_TRUE(audio.play(*sound, how));
      EXPECT_TRUE(falls_silent(audio));
    }
    return heard();
  }

  fs::path dir_;
};

TEST_F(AudioTest, plays_a_sound_as_its_file_is) {
  const Heard heard = hear({});
  EXPECT_NEAR(heard.left, 0.5, 0.01);
  EXPECT_NEAR(heard.right, 0.5, 0.01);
  EXPECT_NEAR(heard.cycles, 100, 2);
}

TEST_F(AudioTest, pans) {
  const Heard left = hear({.pan = -1});
  EXPECT_NEAR(left.left, 0.5, 0.01);
  EXPECT_NEAR(left.right, 0, 0.01);
  const Heard right = hear({.pan = 1});
  EXPECT_NEAR(right.left, 0, 0.01);
  EXPECT_NEAR(right.right, 0.5, 0.01);
  const Heard between = hear({.pan = 0.5F});
  EXPECT_NEAR(between.left, 0.5 * std::numbers::sqrt2 / 2, 0.01);
  EXPECT_NEAR(between.right, 0.5, 0.01);
}

TEST_F(AudioTest, is_as_loud_as_asked) {
  EXPECT_NEAR(hear({.volume = 0.5F}).left, 0.25, 0.01);
  EXPECT_NEAR(hear({.volume = 0}).left, 0, 0.001);
  EXPECT_NEAR(hear({.volume = 7}).left, 0.5, 0.01);
  EXPECT_NEAR(hear({.volume = -1}).left, 0, 0.001);
}

TEST_F(AudioTest, has_one_volume_over_all) { EXPECT_NEAR(hear({.volume = 0.5F}, 0.2, 0.5F).left, 0.125, 0.01); }

TEST_F(AudioTest, pitches_by_playing_all_of_a_sound_faster_or_slower) {
  for (const float pitch : {0.5F, 1.0F, 1.5F, 2.0F}) {
    SCOPED_TRACE(pitch);
    const Heard heard = hear({.pitch = pitch});
    EXPECT_NEAR(heard.cycles, 100, 2);
    EXPECT_NEAR(heard.seconds, 0.2 / double{pitch}, 0.003);
  }
}

TEST_F(AudioTest, plays_the_same_sound_at_many_pitches) {
  Audio audio;
  const auto sound = audio.load(wav(0.02));
  ASSERT_TRUE(sound);
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(audio.play(*sound, {.volume = 0.05F, .pitch = 0.5F + 0.003F * static_cast<float>(i)})) << i;
  }
  EXPECT_TRUE(falls_silent(audio));
}

TEST_F(AudioTest, does_not_clip_when_many_sounds_add_up) {
  {
    Audio audio;
    const auto sound = audio.load(wav(0.2, 0.9));
    ASSERT_TRUE(sound);
    for (int i = 0; i < Audio::kVoices; ++i) EXPECT_TRUE(audio.play(*sound, {}));
    EXPECT_TRUE(falls_silent(audio));
  }
  EXPECT_GT(heard().left, 0.9);
  EXPECT_LE(heard().left, 0.951);
}

TEST_F(AudioTest, refuses_what_is_less_important_than_all_that_plays) {
  set("SDL_DISKAUDIODELAY", "1000");  // nothing ends meanwhile
  Audio audio;
  const auto sound = audio.load(wav(1));
  ASSERT_TRUE(sound);
  for (int i = 0; i < Audio::kVoices; ++i) ASSERT_TRUE(audio.play(*sound, {.priority = 1}));
  EXPECT_EQ(audio.playing(), Audio::kVoices);
  EXPECT_FALSE(audio.play(*sound, {.priority = 0}));
  EXPECT_TRUE(audio.play(*sound, {.priority = 1}));
  EXPECT_TRUE(audio.play(*sound, {.priority = 2}));
  EXPECT_EQ(audio.playing(), Audio::kVoices);
}

TEST_F(AudioTest, names_the_file_that_it_cannot_load) {
  Audio audio;
  const auto missing = audio.load(file("no_such.wav"));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().reason, HasSubstr("no_such.wav"));

  std::ofstream(file("text.wav")) << "this is no sound, whatever its name says";
  const auto text = audio.load(file("text.wav"));
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().reason, HasSubstr("text.wav"));

  const auto folder = audio.load(dir_.string());
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().reason, HasSubstr(dir_.string()));
}

TEST_F(AudioTest, refuses_a_file_without_sound_and_one_with_too_much) {
  Audio audio;
  EXPECT_FALSE(audio.load(wav(0)));
  const auto much = audio.load(wav(21));
  ASSERT_FALSE(much);
  EXPECT_THAT(much.error().reason, HasSubstr("tone.wav: 21 s of sound"));
}

TEST_F(AudioTest, survives_a_wav_cut_anywhere) {
  Audio audio;
  const auto whole = fs::file_size(wav(0.01));
  for (std::uintmax_t size = 0; size < whole; size += 3) {
    const std::string path = wav(0.01);
    fs::resize_file(path, size);
    const auto sound = audio.load(path);
    EXPECT_TRUE(!sound || audio.play(*sound, {.pitch = 1.5F})) << size;
  }
}

TEST_F(AudioTest, is_silent_without_a_device_and_says_why) {
  set("SDL_AUDIODRIVER", "no_such_driver");
  Audio audio;
  EXPECT_THAT(audio.silence(), HasSubstr("audio"));
  const auto sound = audio.load(wav(0.1));
  ASSERT_TRUE(sound) << sound.error().reason;
  EXPECT_TRUE(audio.play(*sound, {.pitch = 1.5F}));
  EXPECT_EQ(audio.playing(), 0);
  audio.set_volume(0.5F);
  EXPECT_FALSE(audio.load(file("no_such.wav"))) << "a missing file is missed all the same";
}

TEST_F(AudioTest, is_silent_when_the_device_cannot_be_opened) {
  set("SDL_DISKAUDIOFILE", file("no_such_folder/heard.raw"));
  Audio audio;
  EXPECT_THAT(audio.silence(), HasSubstr("no audio device"));
}

TEST_F(AudioTest, can_be_opened_again) {
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(hear({}).left, 0.5, 0.01);
}

}  // namespace
}  // namespace engine::app
