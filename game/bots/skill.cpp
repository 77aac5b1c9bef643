#include "game/bots/skill.hpp"

#include <algorithm>
#include <array>

namespace game::bots {
namespace {

constexpr std::uint32_t ticks(std::uint32_t ms) { return ms * 60 / 1000; }
constexpr std::int32_t degrees(std::int32_t tenths) { return tenths * 65536 / 3600; }
constexpr std::int32_t degrees_per_second(std::int32_t whole) { return whole * 65536 / 360 / 60; }

constexpr std::array<Skill, kLevelMax> kSkills = {{
    {ticks(450), degrees(90), degrees_per_second(250), 20, false, false},
    {ticks(350), degrees(60), degrees_per_second(360), 24, false, false},
    {ticks(280), degrees(40), degrees_per_second(480), 28, false, true},
    {ticks(220), degrees(25), degrees_per_second(600), 32, true, true},
    {ticks(180), degrees(15), degrees_per_second(720), 36, true, true},
}};

}  // namespace

Skill skill_of(int level) {
  return kSkills[static_cast<std::size_t>(std::clamp(level, kLevelMin, kLevelMax) - kLevelMin)];
}

}  // namespace game::bots
