// The connection to a server: its lobby, its matches, and the one that is played; told to the menu in its words, and to
// the match's screen in snapshots and events.
//
// One thread: everything happens in poll().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "game/client/match_screen.hpp"
#include "game/client/menu/choice.hpp"
#include "game/server/arena_rules.hpp"
#include "netcode/client.hpp"

namespace game::apps {

class Online final : public client::ActionLine {
 public:
  using Client = netcode::Client<server::ArenaRules>;

  struct Handlers {
    std::function<void()> on_joined;  // open a screen: joined(), client().map()
    std::function<void(const arena::World&, const netcode::SnapshotInfo&)> on_snapshot;
    std::function<void(const netcode::EventView&)> on_event;
    std::function<void(std::string_view result)> on_ended;                          // the match is over
    std::function<void(std::string_view title, std::string_view words)> on_failed;  // back to the menu
  };
  /// `simulate`: servers are reached as if over such a network.
  Online(std::string name, std::optional<netcode::NetworkProfile> simulate, Handlers handlers);

  /// From the next connection on.
  void set_name(std::string name) { name_ = std::move(name); }

  // --- asked for
  void connect(const std::string& url);
  /// Asks for the list of matches once; connect() does, too.
  void refresh() { wants_list_ = true; }
  void join(const std::string& url, const std::string& id, const netcode::JoinOptions& options);
  void quick_play(const std::string& url, const netcode::JoinOptions& options = {});
  void create(const std::string& url, const client::MatchSetup& match, const std::string& password);
  void leave();
  void disconnect();
  void say(const std::string& text);
  void vote(const std::string& map);

  // --- ActionLine
  bool due() override { return client_->action_due(); }
  std::uint32_t tick() const override { return client_->action_tick(); }
  float share() const override { return client_->action_share(); }
  std::uint32_t act(const sim::Action& action, netcode::ViewTime view) override;

  // --- each frame
  void poll();
  const client::ServerView& view() const { return view_; }
  bool is_in_match() const;
  bool is_reconnecting() const;
  const std::optional<netcode::JoinedMatch>& match() const { return client_->match(); }
  netcode::BytesView map() const { return client_->map(); }
  int ping_ms() const;
  const netcode::ClientStats& stats() const { return client_->stats(); }
  netcode::NetworkInfo network() const { return client_->network(); }
  /// Of the client that there is now.
  void measure_fields(bool on) { client_->measure_fields(on); }
  netcode::FieldCosts field_costs() const { return client_->field_costs(); }
  std::optional<netcode::SnapshotInfo> snapshot() const { return client_->snapshot(); }

 private:
  enum class Goal : std::uint8_t { kNone, kLobby, kMatch };
  void start(const std::string& url, Goal goal);
  void on_state(netcode::ClientState state, std::string_view reason);

  std::string name_;
  std::optional<netcode::NetworkProfile> simulate_;
  Handlers handlers_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<Client> old_client_;  // whose handler we may be in
  client::ServerView view_;
  Goal goal_ = Goal::kNone;
  bool was_in_match_ = false;
  std::optional<netcode::MatchRequest> to_create_;
  bool list_under_way_ = false;
  bool wants_list_ = false;
};

}  // namespace game::apps
