// What the arena sounds like from where one is: which file each sound is, how loud, from which side, and how often.
// One owner, one thread. The Audio must outlive it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/app/audio.hpp"
#include "engine/core/clock.hpp"
#include "engine/core/result.hpp"

namespace game::client {

enum class Sound : std::uint8_t {
  kBlaster,
  kRapid,
  kRailFire,
  kRailReady,
  kDash,
  kDashReady,
  kNoEnergy,
  kHitGiven,
  kHitTaken,
  kShieldHit,
  kKill,
  kDeath,      // one's own
  kExplosion,  // another's
  kHeartbeat,  // once; again and again under 30 health
  kSpawn,
  kWallBounce,
  kPickupHealth,
  kPickupRapid,
  kPickupMega,
  kMegaCall,
  kMinuteLeft,
  kTenLeft,
  kCountdown,  // 3, 2 and 1 alike
  kGo,
  kLeadTaken,
  kLeadLost,
  kStreak3,
  kStreak5,
  kStreak8,
  kRevenge,
  kRoundWon,
  kRoundLost,
  kChat,
  kPlayerJoined,
  kPlayerLeft,
  kMenuMove,
  kMenuAccept,
  kMenuBack,
};
inline constexpr std::size_t kSounds = static_cast<std::size_t>(Sound::kMenuBack) + 1;

inline bool is_interface(Sound sound) { return sound >= Sound::kMenuMove; }

/// Where all voices are busy, the less important sound is not heard.
enum class Importance : std::uint8_t { kWorld, kThreat, kOwn };

/// The name of a sound's file, without ".wav".
std::string_view name_of(Sound sound);

/// How a place is heard: `volume` is 0 where it is too far.
struct Heard {
  float volume = 1;
  float pan = 0;
};
Heard heard_at(float offset_x_u, float distance_u);

class Sounds {
 public:
  /// However many at once ask for it, a sound is begun once in this time: 8 hits in a frame are one hit's tick.
  static constexpr engine::Duration kRepeatMin = std::chrono::milliseconds(30);

  explicit Sounds(engine::app::Audio& audio);
  Sounds(engine::app::Audio& audio, const engine::Clock& clock);

  /// Every sound, from <dir>/<name>.wav. After an error, which names the file, those that could be loaded are heard.
  engine::Result<void> load(const std::string& dir);

  /// `offset_x_u` is how far to the right of the listener it is, `distance_u` how far in all; both in units.
  void play(Sound sound, Importance importance, float offset_x_u = 0, float distance_u = 0, float pitch = 1);

  /// Of everything, 0 to 1, as it is felt: a half sounds half as loud.
  void set_volume(float volume);
  /// Of that, what the match is heard at and what the menu is: 0 to 1, felt likewise.
  void set_shares(float match, float interface);

 private:
  struct Slot {
    engine::app::SoundId id{};
    bool loaded = false;
    bool begun = false;
    engine::TimePoint begun_at{};
    Importance importance = Importance::kWorld;
  };

  engine::app::Audio& audio_;
  const engine::Clock& clock_;
  std::array<Slot, kSounds> slots_{};
  float match_share_ = 1;
  float interface_share_ = 1;
};

}  // namespace game::client
