// Which voice a new sound gets. Pure: who is busy comes in, the choice goes out.
// One thread calls it.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>

#include "engine/app/audio.hpp"

namespace engine::app::sound {

class Voices {
 public:
  using Busy = std::bitset<Audio::kVoices>;

  /// A free voice, else the one of the least important sound that is no more important than this (of equals the
  /// oldest), which gives way; none if all are more important.
  std::optional<int> take(int priority, const Busy& busy);

 private:
  struct Voice {
    int priority = 0;
    std::uint64_t begun = 0;
  };
  std::array<Voice, Audio::kVoices> voices_{};
  std::uint64_t count_ = 0;  // of sounds begun: who is older, without a clock
};

}  // namespace engine::app::sound
