// Id<Tag>: a number that cannot be mistaken for another kind's number.
//
//   using MatchId = engine::Id<struct MatchTag>;
//   using SeatId = engine::Id<struct SeatTag, std::uint16_t>;
//
// Plain value; ordered and hashable, so that it is a key in any container.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace engine {

template <class Tag, class Rep = std::uint32_t>
struct Id {
  Rep value{};

  friend constexpr auto operator<=>(Id, Id) = default;
};

}  // namespace engine

template <class Tag, class Rep>
struct std::hash<engine::Id<Tag, Rep>> {
  std::size_t operator()(engine::Id<Tag, Rep> id) const noexcept { return std::hash<Rep>{}(id.value); }
};
