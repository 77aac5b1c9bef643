#include "replication/plain_encoder.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"
#include "replication/lane_world.hpp"

namespace netcode {
namespace {

/// What was made of a frame for those who see the same.
struct PlainNotes final : FrameNotes {
  struct Encoding {
    VisibleSetPtr visible;
    PlayerId viewer;  // kNoPlayer: who it is makes no difference
    std::shared_ptr<const protocol::SharedSnapshot> snapshot;
  };
  std::vector<Encoding> encodings;
};

}  // namespace

// Every plain snapshot stands for itself: what was handed before makes no difference.
SnapshotEncoder::Encoded PlainEncoder::encode(const FrameView& view, const protocol::SnapshotHead& head,
                                              const HandedFrame& /*before*/) {
  const bool has_own = layout_ && layout_->has_owner_only();
  const PlayerId viewer = has_own ? view.viewer : kNoPlayer;
  auto& notes = view.frame->notes(*this);
  if (!notes) notes = std::make_unique<PlainNotes>();
  auto& made = static_cast<PlainNotes&>(*notes).encodings;
  const auto same = std::find_if(made.begin(), made.end(), [&](const PlainNotes::Encoding& before) {
    return before.visible == view.visible && before.viewer == viewer;
  });
  if (same != made.end()) return {.message = same->snapshot->frame(head), .is_new = false, .chain = nullptr};

  ENGINE_ASSERT(!view.visible || filter_, "what is hidden needs a filter");
  const BytesView whole = view.frame->world();
  Bytes shown;
  if (view.visible) shown = filter_->filtered(whole, *view.visible);
  if (has_own) {
    if (!view.visible) shown.assign(whole.begin(), whole.end());
    hide_owner_only(*layout_, viewer, shown);
  }
  auto snapshot = std::make_shared<const protocol::SharedSnapshot>(shown.empty() ? whole : BytesView(shown));
  made.push_back({.visible = view.visible, .viewer = viewer, .snapshot = snapshot});
  return {.message = snapshot->frame(head), .is_new = true, .chain = nullptr};
}

}  // namespace netcode
