// All that waits to change a match at its next tick, and the seats of those who may: people, who come, act and go, and
// bots, who fill the seats that people leave.
//
// At a tick everything is applied in one order: bots leave first, so that never more are seated than may be; then
// joins, leaves, players' connections lost and found, and events in the order of their arrival; then bots for the seats
// that are left; then actions, by player. An event's sender is answered when the rules have taken or refused it.
//
// Threading: its match's shard. Pure. Ownership: its match.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/ack.hpp"
#include "netcode/handshake.hpp"
#include "server/action_inbox.hpp"
#include "server/bot_seats.hpp"
#include "server/kind.hpp"
#include "server/player_ids.hpp"
#include "server/seat_names.hpp"
#include "simulation/simulation.hpp"

namespace netcode {

class MatchInbox {
 public:
  /// All must outlive it.
  MatchInbox(const Kind& kind, const MatchOptions& options, const Simulation& simulation);
  /// Whoever still waits for an answer hears that the match is over.
  ~MatchInbox();
  MatchInbox(const MatchInbox&) = delete;
  MatchInbox& operator=(const MatchInbox&) = delete;

  // --- people
  /// An id and a name for who comes with `name`. An error: every id is taken, or rests, or the ticket is no table of
  /// the game's schema.
  engine::Result<PlayerId> seat(std::string_view name, const std::optional<Ticket>& ticket);
  void unseat(PlayerId player);
  const std::string& name_of(PlayerId player) const { return names_.name_of(player); }
  /// So many ids could be taken now.
  std::uint32_t ids_free() const { return ids_.available(simulation_.current_tick()); }

  // --- what they do
  /// Is it a valid Action, within its bounds?
  engine::Result<void> check_action(BytesView body) const;
  /// A checked one; kept without padding.
  ActionInbox::Verdict put(PlayerId player, const ActionInbox::Arrival& arrival);
  /// Of each that is dropped, without its client being told.
  void set_drop_sink(std::function<void(const ActionInbox::Dropped&)> sink) { actions_.set_drop_sink(std::move(sink)); }
  /// The player's last connection is lost: lets go of everything at the next tick, and the rules hear of it.
  void note_away(PlayerId player);
  /// A connection of a player's client is there. Who was not away is no news.
  void note_back(PlayerId player);
  ActionInbox::Progress progress(PlayerId player) const { return actions_.progress(player); }
  /// Ticks that came before the actions for them, since the last call.
  std::uint64_t take_missing();

  // --- other inputs
  /// An (input) event for the rules, kept without padding; `ack` is answered when they have had it. An error: it is
  /// none, or too many wait.
  engine::Result<void> post(PlayerId from, std::string_view table, BytesView body, Ack ack);
  void end(std::string result);
  bool is_full() const;
  /// Of inputs other than actions.
  bool is_empty() const { return inputs_.empty(); }

  // --- bots
  /// From the next tick on, beside so many people.
  std::uint32_t bots_wanted(std::uint32_t people) const;
  bool has_bots() const { return bots_.size() > 0; }
  BotSeats& bots() { return bots_; }

  /// Everything for the next tick, in order.
  using Apply = std::function<Applied(const Input&)>;
  void apply_all(std::uint32_t people, const Apply& apply);

 private:
  struct Waiting {
    Input input;
    Ack ack{};
  };
  /// A checked `body`, written anew if that is shorter; valid until the next call.
  BytesView without_padding(std::string_view table, BytesView body);
  /// What is taken back before the next tick never was.
  bool take_back(PlayerId player, InputKind kind);
  void unseat_bots(const std::vector<Waiting>& inputs, const Apply& apply);
  void seat_bots(std::uint32_t people, const Apply& apply);
  /// A view as the rules may use it at `tick`.
  ViewTime bounded(ViewTime view, Tick tick) const;
  Tick now() const { return simulation_.current_tick(); }

  const Kind& kind_;
  const MatchOptions& options_;
  const Simulation& simulation_;
  const Tick rewind_ticks_max_;
  PlayerIds ids_;
  BotSeats bots_;  // those that the rules know of
  SeatNames names_;
  std::vector<Waiting> inputs_;  // all but actions and bots', in the order of arrival; at most kInboxInputsMax
  ActionInbox actions_;
  std::set<PlayerId> away_;
  std::uint64_t missing_told_ = 0;
  Bytes packed_;  // what without_padding wrote
};

}  // namespace netcode
