#include "replication/plain_encoder.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"

namespace netcode {

// Every plain snapshot stands for itself: the baseline makes no difference.
SnapshotEncoder::Encoded PlainEncoder::encode(const FrameView& view, const FrameView& /*baseline*/) {
  auto& made = view.frame->encodings();
  const auto same = std::find_if(made.begin(), made.end(),
                                 [&](const WorldFrame::Encoding& before) { return before.visible == view.visible; });
  if (same != made.end()) return {.snapshot = same->snapshot, .is_new = false};
  ENGINE_ASSERT(!view.visible || filter_, "what is hidden needs a filter");
  const BytesView whole = view.frame->world();
  const Bytes shown = view.visible ? filter_->filtered(whole, *view.visible) : Bytes();
  auto snapshot = std::make_shared<const protocol::SharedSnapshot>(view.visible ? BytesView(shown) : whole);
  made.push_back({.visible = view.visible, .baseline = 0, .snapshot = snapshot});
  return {.snapshot = std::move(snapshot), .is_new = true};
}

}  // namespace netcode
