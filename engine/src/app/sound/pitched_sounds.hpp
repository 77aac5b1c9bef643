// Sounds at other pitches, made when first asked for. At most kEntriesMax are kept; the one that was not asked for the
// longest gives way, but none that a voice still plays.
//
// One thread calls it. It owns the chunks; the mixer reads them.
#pragma once

#include <SDL_mixer.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/app/audio.hpp"

namespace engine::app::sound {

class PitchedSounds {
 public:
  // 64 of 0.3 s are 7 MB; and there is always one that no voice plays.
  static constexpr std::size_t kEntriesMax = 64;
  static_assert(kEntriesMax > Audio::kVoices);

  using IsPlaying = std::function<bool(const Mix_Chunk*)>;

  /// `source` is the sound itself, of interleaved stereo floats.
  Mix_Chunk* at(SoundId sound, int pitch_step, const Mix_Chunk& source, const IsPlaying& is_playing);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    SoundId sound;
    int pitch_step = 0;
    std::uint64_t asked = 0;
    std::vector<float> samples;
    Mix_Chunk chunk{};
  };
  Entry& room_for_one(const IsPlaying& is_playing);

  std::vector<std::unique_ptr<Entry>> entries_;  // pointers: a chunk must stay where it is
  std::uint64_t count_ = 0;
};

}  // namespace engine::app::sound
