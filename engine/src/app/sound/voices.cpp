#include "voices.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace engine::app::sound {

std::optional<int> Voices::take(int priority, const Busy& busy) {
  std::size_t chosen = 0;
  while (chosen < voices_.size() && busy.test(chosen)) ++chosen;
  if (chosen == voices_.size()) {
    const auto least = std::min_element(voices_.begin(), voices_.end(), [](const Voice& a, const Voice& b) {
      return std::tie(a.priority, a.begun) < std::tie(b.priority, b.begun);
    });
    if (least->priority > priority) return std::nullopt;
    chosen = static_cast<std::size_t>(least - voices_.begin());
  }
  voices_[chosen] = {.priority = priority, .begun = ++count_};
  return static_cast<int>(chosen);
}

}  // namespace engine::app::sound
