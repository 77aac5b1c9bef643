#include "engine/app/input_layers.hpp"

#include <algorithm>

namespace engine::app {

bool InputLayers::is_for(const ButtonChange& change, int top) {
  if (!change.down) {
    presses_.erase(change.button);
    return true;
  }
  const auto found = presses_.find(change.button);
  if (change.repeated) return found != presses_.end() && found->second.layer == top;
  // A stick or trigger that was less than pressed is pressed anew: a worn one may never come to rest.
  const bool goes_down = found == presses_.end() || !change.button.is_of_pad() || found->second.value < kPressedAt;
  const int layer = goes_down ? top : found->second.layer;
  presses_[change.button] = {layer, change.value};
  return layer == top;
}

Input InputLayers::route(const Input& all, int top) {
  Input routed = all;
  routed.layer = top;
  routed.buttons.clear();
  routed.text.clear();
  std::size_t taken = 0;
  // The text up to a place, which a key of another layer may have written.
  const auto take_text = [&](std::size_t end, bool is_for_top) {
    end = std::clamp(end, taken, all.text.size());
    if (is_for_top) routed.text.append(all.text, taken, end - taken);
    taken = end;
  };
  bool is_text_for_top = true;
  for (const ButtonChange& change : all.buttons) {
    take_text(change.text_before, is_text_for_top);
    const bool is_ours = is_for(change, top);
    is_text_for_top = is_ours || !change.down;
    if (!is_ours) continue;
    routed.buttons.push_back(change);
    if (change.text_before != ButtonChange::kAllText) routed.buttons.back().text_before = routed.text.size();
  }
  take_text(all.text.size(), is_text_for_top);
  if (all.lost_focus) presses_.clear();
  return routed;
}

}  // namespace engine::app
