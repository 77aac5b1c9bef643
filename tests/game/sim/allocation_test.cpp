// A tick allocates nothing: counted by this program's own operator new.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <new>

#include "crowd.hpp"

namespace {

std::uint64_t allocations = 0;  // the tests have one thread

void* allocate(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
// What the library sorts with; else it would come from another place than it goes to.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace game::sim {
namespace {

TEST(Allocation, a_tick_of_a_fight_allocates_nothing) {
  test::Crowd crowd(8, 4, 51);
  crowd.events.reserve(256);
  for (int i = 0; i < 300; ++i) crowd.step();
  for (int i = 0; i < 3000; ++i) {
    const auto actions = crowd.think();
    for (std::size_t p = 0; p < actions.size(); ++p)
      apply_action(crowd.state, static_cast<PlayerId>(p + 1), actions[p]);
    crowd.events.clear();
    const std::uint64_t before = allocations;
    step(crowd.state, *crowd.map, crowd.rng, crowd.state.tick + 1, crowd.events);
    ASSERT_EQ(allocations, before) << "tick " << crowd.state.tick;
  }
  EXPECT_GT(allocations, 0U);
}

}  // namespace
}  // namespace game::sim
