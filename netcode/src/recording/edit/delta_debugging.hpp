// Delta debugging: of many things the few without which a failure goes away. Zeller and Hildebrandt, "Simplifying and
// Isolating Failure-Inducing Input" (IEEE TSE 28, 2002), by complements: what is left is what no chunk of any size can
// be taken from. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace netcode::recording {

/// `still_fails`: with these alone? It is true of `all`. `may_go_on` is asked before each try: false ends it with what
/// is left by then.
template <class T, class StillFails, class MayGoOn>
std::vector<T> fewest_that_fail(std::vector<T> all, StillFails still_fails, MayGoOn may_go_on) {
  if (all.empty() || !may_go_on()) return all;
  if (still_fails(std::vector<T>())) return {};
  for (std::size_t chunks = 2; all.size() > 1;) {
    bool has_shrunk = false;
    const std::size_t size = (all.size() + chunks - 1) / chunks;
    for (std::size_t first = 0; first < all.size();) {
      if (!may_go_on()) return all;
      std::vector<T> rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
      rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), first + size)), all.end());
      if (!rest.empty() && still_fails(rest)) {
        all = std::move(rest);  // what comes next stands at `first` now
        has_shrunk = true;
      } else {
        first += size;
      }
    }
    if (has_shrunk) {
      chunks = std::max<std::size_t>(2, std::min(all.size(), chunks - 1));
    } else if (size == 1) {
      break;
    } else {
      chunks = std::min(all.size(), 2 * chunks);
    }
  }
  return all;
}

}  // namespace netcode::recording
