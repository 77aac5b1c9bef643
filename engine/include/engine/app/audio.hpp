// Short sounds, 24 at once: where there is no room, the least important and oldest gives way, and a less important one
// is not begun. Each is panned, pitched and as loud as asked.
//
// One thread calls it; the mixing runs on the device's own. Without a device it is silent, and says why.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/ids.hpp"
#include "engine/core/result.hpp"

namespace engine::app {

struct SoundId {
  std::uint32_t value = 0;
};

class Audio {
 public:
  static constexpr int kVoices = 24;

  Audio();
  Audio(const Audio&) = delete;
  Audio& operator=(const Audio&) = delete;
  ~Audio();

  /// Why nothing is heard; empty if sounds are.
  const std::string& silence() const;

  /// A WAV or Ogg file. An error names it.
  Result<SoundId> load(const std::string& path);

  struct Play {
    float volume = 1;  // 0 to 1
    float pan = 0;     // -1 left to 1 right
    float pitch = 1;   // 0.5 to 2: times the speed
    int priority = 0;  // higher stays
  };
  /// False: all voices are busy with more important sounds.
  bool play(SoundId sound, const Play& how);
  int playing() const;

  /// Of everything, 0 to 1.
  void set_volume(float volume);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace engine::app
