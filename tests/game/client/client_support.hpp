// What the tests of a match's picture share: typefaces, snapshots and events as they come off the wire, hands, and
// pictures that are looked at pixel by pixel. No window, no sound, no clock.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "arena_generated.h"
#include "engine/app/canvas.hpp"
#include "engine/app/controls.hpp"
#include "game/client/art.hpp"
#include "game/client/match_screen.hpp"
#include "game/sim/match.hpp"
#include "netcode/event.hpp"
#include "support.hpp"

namespace game::client::test {

using engine::app::Box;
using engine::app::Canvas;
using engine::app::Picture;
using game::test::u;

/// Opened once; they outlive every test.
Art art();

/// A map of 8192 x 1024 u without a wall or a pad, as a plan and compiled: room to fly straight for 19 seconds.
sim::MapPlan field();
const std::vector<std::uint8_t>& field_bytes();
/// No limits, no warm-up to speak of.
sim::Options endless(sim::Mode mode = sim::Mode::kFreeForAll);

/// What a client gets of a state.
class Snapshot {
 public:
  explicit Snapshot(const sim::State& state, std::string_view map = "field");
  explicit Snapshot(const arena::WorldT& world);

  const arena::World& world() const { return *flatbuffers::GetRoot<arena::World>(builder_.GetBufferPointer()); }
  /// To be changed at will and made a snapshot of again.
  std::unique_ptr<arena::WorldT> unpacked() const { return std::unique_ptr<arena::WorldT>(world().UnPack()); }
  sim::PlayerView view(std::uint32_t tick) const;

 private:
  flatbuffers::FlatBufferBuilder builder_;
};

/// An event as it comes off the wire, to whoever takes EventViews.
template <netcode::TableObject T, class Taker>
void tell(Taker&& taker, const T& event) {
  const netcode::Bytes body = netcode::encode(event);
  taker(netcode::EventView{.name = "", .table = T::TableType::GetFullyQualifiedName(), .body = body});
}

/// Hands on the controls of a match.
class Keys {
 public:
  Keys();
  void down(std::string_view button, float value = 1);
  void up(std::string_view button);
  void type(std::string_view text) { next_.text += text; }
  void point(Point mouse);
  /// What they did since the last frame; it is the controls' too.
  const engine::app::Input& frame();

  const engine::app::Controls& controls() const { return controls_; }
  const engine::app::Input& input() const { return now_; }

 private:
  engine::app::Controls controls_;
  engine::app::Input next_;
  engine::app::Input now_;
};

// --- pictures --------------------------------------------------------------------------------------------------------

/// A black picture and its canvas, whose view is that of overlays: 1280 x 720 units, as large as they fit.
struct Sheet {
  explicit Sheet(int width = 1280, int height = 720);
  /// The pixels of a part, in the overlays' units, that are not black.
  int lit(const Box& units) const;
  int lit() const;
  /// Those that are brighter than the ground of a match and its grid.
  int bright(const Box& units) const;
  /// The pixels of a part whose channels are each within `tolerance` of the colour's.
  int count(const Box& units, Color color, int tolerance = 12) const;
  void clear();

  std::unique_ptr<Picture> picture;
  Canvas canvas;

 private:
  template <class Fits>
  int count_if(const Box& units, Fits fits) const;
};

/// The share of the pixels that differ.
double difference(const Picture& a, const Picture& b);

}  // namespace game::client::test
