#include "game/client/sounds.hpp"

#include <algorithm>

namespace game::client {

namespace {

struct Entry {
  Sound sound;
  std::string_view name;
  float volume;  // the files are equally loud, so this is how loud it is among the others
};

// In the order of Sound. Loudest is what one must not miss, quietest what is heard several times a second.
constexpr std::array<Entry, kSounds> kTable = {{
    {Sound::kBlaster, "blaster", 0.30F},
    {Sound::kRapid, "rapid", 0.24F},
    {Sound::kRailFire, "rail_fire", 0.60F},
    {Sound::kRailReady, "rail_ready", 0.28F},
    {Sound::kDash, "dash", 0.32F},
    {Sound::kDashReady, "dash_ready", 0.18F},
    {Sound::kNoEnergy, "no_energy", 0.30F},
    {Sound::kHitGiven, "hit_given", 0.42F},
    {Sound::kHitTaken, "hit_taken", 0.60F},
    {Sound::kShieldHit, "shield_hit", 0.35F},
    {Sound::kKill, "kill", 0.70F},
    {Sound::kDeath, "death", 0.70F},
    {Sound::kExplosion, "explosion", 0.50F},
    {Sound::kHeartbeat, "heartbeat", 0.40F},
    {Sound::kSpawn, "spawn", 0.32F},
    {Sound::kWallBounce, "wall_bounce", 0.20F},
    {Sound::kPickupHealth, "pickup_health", 0.45F},
    {Sound::kPickupRapid, "pickup_rapid", 0.40F},
    {Sound::kPickupMega, "pickup_mega", 0.60F},
    {Sound::kMegaCall, "mega_call", 0.48F},
    {Sound::kMinuteLeft, "minute_left", 0.50F},
    {Sound::kTenLeft, "ten_left", 0.45F},
    {Sound::kCountdown, "countdown", 0.40F},
    {Sound::kGo, "go", 0.60F},
    {Sound::kLeadTaken, "lead_taken", 0.48F},
    {Sound::kLeadLost, "lead_lost", 0.48F},
    {Sound::kStreak3, "streak_3", 0.48F},
    {Sound::kStreak5, "streak_5", 0.54F},
    {Sound::kStreak8, "streak_8", 0.62F},
    {Sound::kRevenge, "revenge", 0.54F},
    {Sound::kRoundWon, "round_won", 0.70F},
    {Sound::kRoundLost, "round_lost", 0.60F},
    {Sound::kChat, "chat", 0.26F},
    {Sound::kPlayerJoined, "player_joined", 0.26F},
    {Sound::kPlayerLeft, "player_left", 0.26F},
    {Sound::kMenuMove, "menu_move", 0.22F},
    {Sound::kMenuAccept, "menu_accept", 0.32F},
    {Sound::kMenuBack, "menu_back", 0.28F},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kSounds; ++i) {
    if (kTable[i].sound != static_cast<Sound>(i)) return false;
  }
  return true;
}
static_assert(in_order());

constexpr std::size_t index_of(Sound sound) { return static_cast<std::size_t>(sound); }

constexpr float kPanWidth = 640;  // half the view: what is at its edge is as far aside as anything
constexpr float kPanMost = 0.8F;  // no sound in one ear only
constexpr float kNear = 120;      // as loud as one's own up to here
constexpr float kSilent = 1500;   // beyond every sightline

const engine::SteadyClock kSteadyClock;

}  // namespace

std::string_view name_of(Sound sound) { return kTable[index_of(sound)].name; }

Heard heard_at(float offset_x_u, float distance_u) {
  const float near = std::clamp((kSilent - distance_u) / (kSilent - kNear), 0.0F, 1.0F);
  return {.volume = near * near, .pan = std::clamp(offset_x_u / kPanWidth, -1.0F, 1.0F) * kPanMost};
}

Sounds::Sounds(engine::app::Audio& audio) : Sounds(audio, kSteadyClock) {}

Sounds::Sounds(engine::app::Audio& audio, const engine::Clock& clock) : audio_(audio), clock_(clock) {}

engine::Result<void> Sounds::load(const std::string& dir) {
  engine::Result<void> result;
  for (const Entry& entry : kTable) {
    const auto id = audio_.load(dir + "/" + std::string(entry.name) + ".wav");
    if (id) {
      slots_[index_of(entry.sound)] = {.id = *id, .loaded = true};
    } else if (result) {
      result = id.error();
    }
  }
  return result;
}

void Sounds::play(Sound sound, Importance importance, float offset_x_u, float distance_u, float pitch) {
  Slot& slot = slots_[index_of(sound)];
  const Heard heard = heard_at(offset_x_u, distance_u);
  if (!slot.loaded || heard.volume <= 0) return;

  // A more important one is not swallowed by another's: one's own shot is always heard.
  const auto now = clock_.now();
  if (slot.begun && now - slot.begun_at < kRepeatMin && importance <= slot.importance) return;

  const float share = is_interface(sound) ? interface_share_ : match_share_;
  const bool begun = audio_.play(slot.id, {.volume = kTable[index_of(sound)].volume * heard.volume * share,
                                           .pan = heard.pan,
                                           .pitch = pitch,
                                           .priority = static_cast<int>(importance)});
  if (!begun) return;
  slot.begun = true;
  slot.begun_at = now;
  slot.importance = importance;
}

void Sounds::set_volume(float volume) { audio_.set_volume(volume * volume); }

void Sounds::set_shares(float match, float interface) {
  match_share_ = match * match;
  interface_share_ = interface * interface;
}

}  // namespace game::client
