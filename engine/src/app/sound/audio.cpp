#include "engine/app/audio.hpp"

#include <SDL.h>
#include <SDL_mixer.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <numbers>
#include <span>
#include <vector>

#include "engine/core/assert.hpp"
#include "limiter.hpp"
#include "pitch.hpp"
#include "pitched_sounds.hpp"
#include "voices.hpp"

namespace engine::app {

namespace {

constexpr int kRateHz = 44100;
constexpr int kChannels = 2;
constexpr int kDeviceFrames = 512;  // 12 ms from play() to the device
constexpr double kSecondsMax = 20;  // sounds are held decoded: 7 MB
constexpr double kBytesPerSecond = double{kRateHz} * kChannels * sizeof(float);

struct FreeChunk {
  void operator()(Mix_Chunk* chunk) const { Mix_FreeChunk(chunk); }
};
using Chunk = std::unique_ptr<Mix_Chunk, FreeChunk>;

int mixer_volume(float volume) {
  return static_cast<int>(std::lround(std::clamp(volume, 0.0F, 1.0F) * float{MIX_MAX_VOLUME}));
}

// The nearer ear hears all of it, and the farther one less: a sound in the middle is as loud as its file.
Uint8 far_ear(float pan) {
  const float angle = std::min(std::abs(pan), 1.0F) * std::numbers::pi_v<float> / 2;
  return static_cast<Uint8>(std::lround(255 * std::cos(angle)));
}

bool plays_on_a_voice(const Mix_Chunk* chunk) {
  for (int voice = 0; voice < Audio::kVoices; ++voice) {
    if (Mix_Playing(voice) != 0 && Mix_GetChunk(voice) == chunk) return true;
  }
  return false;
}

}  // namespace

struct Audio::Impl {
  Impl();
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::string open();
  static void limit(void* limiter, Uint8* bytes, int size);

  bool has_device = false;  // without one, sounds are mere numbers and playing them is nothing
  std::string silence;

  sound::Limiter limiter{kRateHz};
  std::vector<Chunk> sounds;
  sound::PitchedSounds pitched;
  sound::Voices voices;
};

Audio::Impl::Impl() {
  silence = open();
  has_device = silence.empty();
}

std::string Audio::Impl::open() {
  ENGINE_ASSERT(Mix_QuerySpec(nullptr, nullptr, nullptr) == 0, "one Audio at a time: SDL_mixer is global");
  if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return std::string("no audio: ") + SDL_GetError();
  std::string reason;
  // Not tried in vain: ALSA would complain of it on stderr, in eight lines of its own.
  if (SDL_GetNumAudioDevices(0) == 0) {
    reason = std::string("no audio device: ") + SDL_GetCurrentAudioDriver() + " knows of none";
    // Floats, since they do not clip where sounds add up: the limiter gets to see the whole.
  } else if (Mix_OpenAudioDevice(kRateHz, AUDIO_F32SYS, kChannels, kDeviceFrames, nullptr, 0) != 0) {
    reason = std::string("no audio device: ") + Mix_GetError();
  }
  if (!reason.empty()) {
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
    return reason;
  }
  Mix_AllocateChannels(kVoices);
  Mix_MasterVolume(MIX_MAX_VOLUME);
  Mix_SetPostMix(&limit, &limiter);
  return {};
}

Audio::Impl::~Impl() {
  if (!has_device) return;
  Mix_SetPostMix(nullptr, nullptr);
  Mix_HaltChannel(-1);
  sounds.clear();
  Mix_CloseAudio();
  Mix_Quit();
  SDL_QuitSubSystem(SDL_INIT_AUDIO);
}

void Audio::Impl::limit(void* limiter, Uint8* bytes, int size) {
  const std::span samples(reinterpret_cast<float*>(bytes), static_cast<std::size_t>(size) / sizeof(float));
  static_cast<sound::Limiter*>(limiter)->process(samples);
}

Audio::Audio() : impl_(std::make_unique<Impl>()) {}
Audio::~Audio() = default;

const std::string& Audio::silence() const { return impl_->silence; }

Result<SoundId> Audio::load(const std::string& path) {
  Chunk chunk;
  if (impl_->has_device) {
    chunk.reset(Mix_LoadWAV(path.c_str()));
    if (!chunk) return engine::error("{}: {}", path, Mix_GetError());
    if (chunk->alen == 0) return engine::error("{}: there is no sound in it", path);
    const double seconds = chunk->alen / kBytesPerSecond;
    if (seconds > kSecondsMax) {
      return engine::error("{}: {:.0f} s of sound, more than {:.0f} s", path, seconds, kSecondsMax);
    }
  } else if (!std::ifstream(path)) {
    return engine::error("{}: cannot be read", path);
  }
  impl_->sounds.push_back(std::move(chunk));
  return SoundId{static_cast<std::uint32_t>(impl_->sounds.size() - 1)};
}

bool Audio::play(SoundId sound, const Play& how) {
  ENGINE_ASSERT(sound.value < impl_->sounds.size());
  ENGINE_ASSERT(!std::isnan(how.volume) && !std::isnan(how.pan) && !std::isnan(how.pitch));
  if (!impl_->has_device) return true;

  sound::Voices::Busy busy;
  for (int voice = 0; voice < kVoices; ++voice) busy.set(static_cast<std::size_t>(voice), Mix_Playing(voice) != 0);
  const auto voice = impl_->voices.take(how.priority, busy);
  if (!voice) return false;

  Mix_Chunk* chunk = impl_->sounds[sound.value].get();
  const int step = sound::pitch_step(how.pitch);
  if (step != 0) chunk = impl_->pitched.at(sound, step, *chunk, plays_on_a_voice);

  // Halted first, since a voice that is replaced while it plays would lose its panning, which is set before it plays
  // so that no block is mixed without.
  Mix_HaltChannel(*voice);
  Mix_Volume(*voice, mixer_volume(how.volume));
  Mix_SetPanning(*voice, how.pan > 0 ? far_ear(how.pan) : 255, how.pan < 0 ? far_ear(how.pan) : 255);
  return Mix_PlayChannel(*voice, chunk, 0) == *voice;
}

int Audio::playing() const { return impl_->has_device ? Mix_Playing(-1) : 0; }

void Audio::set_volume(float volume) {
  if (impl_->has_device) Mix_MasterVolume(mixer_volume(volume));
}

}  // namespace engine::app
