#include "replication/plain_encoder.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "replication/lane_world.hpp"

namespace netcode {
namespace {

/// What was made of a frame for those who see the same.
struct PlainNotes final : FrameNotes {
  struct Slow {
    VisibleSetPtr visible;
    std::shared_ptr<const SlowState> state;
  };
  struct Encoding {
    VisibleSetPtr visible;
    PlayerId viewer;                     // kNoPlayer: who it is makes no difference
    std::vector<std::uint16_t> without;  // vectors that are left out
    std::shared_ptr<const protocol::SharedSnapshot> snapshot;
    bool is_shared = false;  // somebody else has had it, too
  };
  void forget_unshared() override {
    std::erase_if(encodings, [](const Encoding& made) { return !made.is_shared; });
    encodings.shrink_to_fit();
  }
  std::vector<Slow> slow;
  std::vector<Encoding> encodings;
};

PlainNotes& notes_of(const WorldFrame& frame, const SnapshotEncoder& encoder) {
  auto& notes = frame.notes(encoder);
  if (!notes) notes = std::make_unique<PlainNotes>();
  return static_cast<PlainNotes&>(*notes);
}

const SlowState& slow_of(const FrameView& view, const LaneLayout& layout, const VisibleWorld& filter,
                         PlainNotes& notes) {
  for (const PlainNotes::Slow& slow : notes.slow)
    if (slow.visible == view.visible) return *slow.state;
  const BytesView world = view.frame->world();
  auto state = std::make_shared<const SlowState>(
      read_slow_state(layout, view.visible ? BytesView(filter.filtered(world, view.visible.get())) : world));
  notes.slow.push_back({view.visible, state});
  return *state;
}

}  // namespace

SnapshotEncoder::Encoded PlainEncoder::encode(const FrameView& view, const protocol::SnapshotHead& head,
                                              const HandedFrame& before) {
  PlainNotes& notes = notes_of(*view.frame, *this);
  std::vector<std::uint16_t> without;
  if (before.view.frame && needs_baseline()) {
    const SlowState& now = slow_of(view, *layout_, *filter_, notes);
    const SlowState& then = slow_of(before.view, *layout_, *filter_, notes_of(*before.view.frame, *this));
    for (std::size_t i = 0; i < now.size(); ++i)
      if (layout_->slow()[i].key && !layout_->slow()[i].is_required && now[i] == then[i])
        without.push_back(layout_->slow()[i].field);
  }
  // A game may leave out what is empty: to a client that would say that it is as before.
  const bool lacks_empty = std::any_of(layout_->slow().begin(), layout_->slow().end(), [&](const SlowVector& slow) {
    return slow.key && !has_vector(slow, view.frame->world()) &&
           std::find(without.begin(), without.end(), slow.field) == without.end();
  });
  const PlayerId viewer = layout_->has_owner_only() ? view.viewer : kNoPlayer;
  const auto same = std::find_if(notes.encodings.begin(), notes.encodings.end(), [&](const PlainNotes::Encoding& made) {
    return made.visible == view.visible && made.viewer == viewer && made.without == without;
  });
  if (same != notes.encodings.end()) {
    same->is_shared = true;
    return {.message = same->snapshot->frame(head), .is_new = false, .chain = nullptr};
  }

  const BytesView whole = view.frame->world();
  Bytes shown;
  if (view.visible || !without.empty() || lacks_empty) shown = filter_->filtered(whole, view.visible.get(), without);
  if (layout_->has_owner_only()) {
    if (shown.empty()) shown.assign(whole.begin(), whole.end());
    hide_owner_only(*layout_, viewer, shown);
  }
  auto snapshot = std::make_shared<const protocol::SharedSnapshot>(shown.empty() ? whole : BytesView(shown));
  notes.encodings.push_back(
      {.visible = view.visible, .viewer = viewer, .without = std::move(without), .snapshot = snapshot});
  return {.message = snapshot->frame(head), .is_new = true, .chain = nullptr};
}

}  // namespace netcode
