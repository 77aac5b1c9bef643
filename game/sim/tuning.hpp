// The arena's numbers, each with its unit. Lengths are in 1/256 u, speeds in 1/256 u per tick, times in ticks of 1/60
// s.
//
// They change how the arena plays and nothing else; a recording made with others does not verify.
#pragma once

#include <cstddef>
#include <cstdint>

#include "game/sim/vec.hpp"

namespace game::sim {

constexpr std::uint32_t seconds(std::uint32_t count) { return 60 * count; }

// ---- Ships ----
inline constexpr std::int32_t kShipRadius = 14 * kUnit;
inline constexpr std::int32_t kTopSpeed = 7 * kUnit;
inline constexpr std::int32_t kThrust = 171;
// Drag under thrust is v * kThrust / kTopSpeed, so that thrust and drag cancel at top speed: 90 % of it after 24 ticks,
// and a reversal passes through zero after 7.
inline constexpr std::int32_t kCoastDivisor = 17;
// Slower than this a coasting ship stands: together with kCoastDivisor it coasts 107 u from top speed.
inline constexpr std::int32_t kStandSpeed = 48;
inline constexpr std::int32_t kSpeedMax =
    24 * kUnit;  // of each component, whatever hits a ship: above a dash and its knocks

inline constexpr std::int32_t kDashSpeed = 19 * kUnit;
inline constexpr std::uint32_t kDashTicks = 8;
inline constexpr std::uint32_t kDashCooldownTicks = 90;  // from one dash's start to the next one's

// A press that comes this early counts once the ship can answer it.
inline constexpr std::uint32_t kEarlyPressTicks = 6;

inline constexpr std::int32_t kWallRestitution = 4915;       // 0.3 * 16384
inline constexpr std::int32_t kWallRestitutionDash = 13107;  // 0.8 * 16384
inline constexpr std::int32_t kShipRestitution = 8192;       // 0.5 * 16384

// ---- Health and energy ----
inline constexpr std::int32_t kHealthFull = 100;
inline constexpr std::int32_t kHealthMax = 200;
inline constexpr std::uint32_t kOverhealDecayTicks = 30;  // one point each: 2/s
// Energy is kept in thirds: 20/s is then one a tick.
inline constexpr std::int32_t kEnergyUnit = 3;
inline constexpr std::int32_t kEnergyMax = 100 * kEnergyUnit;
inline constexpr std::uint32_t kEnergySilenceTicks = 30;

// ---- Weapons ----
inline constexpr std::int32_t kShotSpeed = 15 * kUnit;
inline constexpr std::uint32_t kShotFlightTicks = 45;  // 675 u
inline constexpr std::int32_t kShotRadius = 5 * kUnit;
inline constexpr std::int32_t kSpread = 273;  // 1.5 degrees to either side, in 65536ths of a turn

inline constexpr std::int32_t kBlasterDamage = 20;
inline constexpr std::uint32_t kBlasterIntervalTicks = 9;
inline constexpr std::int32_t kBlasterEnergy = 4 * kEnergyUnit;

inline constexpr std::int32_t kRapidDamage = 14;
inline constexpr std::uint32_t kRapidIntervalTicks = 5;
inline constexpr std::int32_t kRapidEnergy = 2 * kEnergyUnit;  // about the blaster's in a second of fire

inline constexpr std::int32_t kRailDamage = 80;
inline constexpr std::uint32_t kRailIntervalTicks = 90;
inline constexpr std::int32_t kRailEnergy = 30 * kEnergyUnit;
inline constexpr std::int32_t kRailRange = 1000 * kUnit;
inline constexpr std::int32_t kRailRadius = 3 * kUnit;
inline constexpr std::int32_t kRailRecoil = 2 * kUnit;

// Where every hit is a kill, a miss has to cost something.
inline constexpr std::uint32_t kInstarailIntervalTicks = 90;

inline constexpr std::int32_t kKnockback = 179;  // 0.7 u/tick a hit

// ---- Pickups ----
inline constexpr std::int32_t kPickupRadius = 16 * kUnit;
inline constexpr std::int32_t kHealthPickup = 40;
inline constexpr std::int32_t kMegaPickup = 100;
inline constexpr std::uint32_t kHealthPeriodTicks = seconds(15);
inline constexpr std::uint32_t kRapidPeriodTicks = seconds(30);
inline constexpr std::uint32_t kMegaPeriodTicks = seconds(35);
inline constexpr std::uint32_t kMegaCallTicks = seconds(5);
inline constexpr std::uint32_t kRapidTicks = seconds(8);

// ---- Rewinding ----
// How far the others may be taken back to where a shooter was shown them, whatever the match was set to.
inline constexpr std::uint32_t kRewindTicksMax = seconds(1);
inline constexpr std::uint32_t kSnapshotIntervalTicksMax = seconds(1);
inline constexpr std::size_t kJudgedTargetsMax = 16;  // told of with each rail

// ---- Spawning ----
inline constexpr std::uint32_t kRespawnTicks = seconds(1);
inline constexpr std::uint32_t kShieldTicks = 90;
inline constexpr std::size_t kSpawnCandidates = 4;

// A ship is put at a place that another one stands at only if there is no other.
inline constexpr std::int32_t kSpawnRoom = 60 * kUnit;

// ---- Rounds ----
inline constexpr std::uint16_t kDuelFragLimit = 10;
inline constexpr std::int16_t kDuelLead = 2;  // it ends when the limit is reached with so much of a lead
inline constexpr std::uint16_t kTeamFragLimit = 50;

// ---- What a client sees ----
inline constexpr std::int32_t kViewWidth = 1280 * kUnit;
inline constexpr std::int32_t kViewHeight = 720 * kUnit;
inline constexpr std::int32_t kViewLead = 160 * kUnit;     // the camera leads the aim by at most this
inline constexpr std::int32_t kViewOutside = 120 * kUnit;  // and shows so much of what lies outside of the map at most

// ---- What a player is told of, where visibility is limited ----
// Others come in within this margin around the screen of a camera that leads by nothing: the lead, whichever way it may
// turn, and how far one flies until what is told now is drawn. They stay up to the second, so that nobody flickers.
inline constexpr std::int32_t kSightMargin = kViewLead + 80 * kUnit;
inline constexpr std::int32_t kSightMarginKept = kSightMargin + 80 * kUnit;
inline constexpr std::uint32_t kEncounterTicks = seconds(1);
inline constexpr std::int32_t kEarshot = 1500 * kUnit;
inline constexpr std::int32_t kEarshotNear = 1000 * kUnit;

// ---- Bounds ----
inline constexpr std::size_t kPlayersMax = 64;
inline constexpr std::size_t kMapsMax = 16;  // to vote between
// Nobody has more shots in the air than a rapid one fires during a flight, and one for the tick that both ends touch.
inline constexpr std::size_t kShotsMax = kPlayersMax * (kShotFlightTicks / kRapidIntervalTicks + 1);

static_assert(kDashSpeed + 4 * kKnockback < kSpeedMax);
static_assert(kSpeedMax < 32768, "a velocity is a short on the wire");
static_assert(kHealthMax < 256, "health is a byte on the wire");

}  // namespace game::sim
