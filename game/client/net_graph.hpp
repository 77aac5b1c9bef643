// The net graph: what the network does to this game, as small plots of the last ten seconds in a corner.
//
// One thread. It collects while it is off too, so that what has just gone wrong can be looked at; it draws, and opens
// what it draws with, only while on. What the snapshots' fields take is measured only while it is on: its lines come
// when a client tells of it.
#pragma once

#include <memory>
#include <string>

#include "engine/app/overlay.hpp"
#include "engine/app/picture.hpp"
#include "game/client/field_history.hpp"
#include "game/client/net_history.hpp"
#include "game/client/palette.hpp"

namespace game::client {

class NetGraph {
 public:
  /// `font`: a file.
  explicit NetGraph(std::string font) : font_(std::move(font)) {}

  /// Once a frame of a match.
  void add(double now_s, const netcode::NetworkInfo& network, const netcode::ClientStats& stats,
           const std::optional<netcode::SnapshotInfo>& snapshot, const Motion& motion);
  /// The same with what the client tells; nothing: these lines are left out.
  void add_fields(double now_s, const netcode::FieldCosts& costs) { fields_.add(now_s, costs); }
  void toggle() { is_on_ = !is_on_; }
  bool is_on() const { return is_on_; }
  /// Over a finished picture.
  void draw(engine::app::Picture& picture, const SideColors& colors);

  const NetHistory& history() const { return history_; }

 private:
  std::string font_;
  NetHistory history_;
  FieldHistory fields_;
  netcode::Tick newest_tick_ = 0;
  bool is_on_ = false;
  std::unique_ptr<engine::app::Overlay> overlay_;
};

}  // namespace game::client
