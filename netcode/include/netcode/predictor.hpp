// The own player ahead of the server: each action moves it at once, by the rules that the server runs too, and each
// snapshot corrects it: the server's state, moved again by the actions that the server has not taken yet.
//
// A game gives its model: what of its state is the player's own, and the two calls of its rules that change it. They
// must depend on nothing but what they are given, as other players are not known yet at that tick.
//
//   struct Model {
//     using State = Runner; using Action = Move; using Effects = Steps;
//     void act(Runner&, const Move&, netcode::Tick) const;  // as Rules::action, before the tick
//     Steps tick(Runner&, netcode::Tick) const;             // as Rules::tick, for this player alone
//   };
//   netcode::Predictor<Model> own(Model{...});
//   on a snapshot:  own.reconcile(state_of(world), info.tick, info.action_sequence);
//   with an action: own.act(sequence, client.action_tick(), move);
//
// What a tick brings about (a shot, a sound) is returned by act alone: once, however often its tick is computed again.
// What is to be drawn of it belongs into State, which is always as of the newest snapshot and the actions since.
//
// Pure. One owner, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "netcode/ids.hpp"
#include "netcode/limits.hpp"

namespace netcode {

template <class Model>
class Predictor {
 public:
  using State = typename Model::State;
  using Action = typename Model::Action;
  using Effects = typename Model::Effects;

  explicit Predictor(Model model = {}) : model_(std::move(model)) {}

  Model& model() { return model_; }
  const Model& model() const { return model_; }

  /// Nobody's, until the next reconcile().
  void clear() {
    is_known_ = false;
    pending_.clear();
  }

  /// An action was sent for `tick`: time goes by up to it, on the last action where some ticks were left out. For a
  /// tick that is over already it is late, as it will be there: it counts with the next. Nothing while nobody is known,
  /// or the server is silent for too long.
  Effects act(std::uint32_t sequence, Tick tick, const Action& action) {
    if (!is_known_ || pending_.size() == kPendingMax) return {};
    pending_.push_back({sequence, tick, action});
    if (tick <= tick_) {
      model_.act(state_, action, tick_ + 1);
      return {};
    }
    if (tick - tick_ > kPendingMax) tick_ = tick - 1;  // there is no computing that
    while (tick_ + 1 < tick) model_.tick(state_, ++tick_);
    ++tick_;
    model_.act(state_, action, tick_);
    return model_.tick(state_, tick_);
  }

  /// The server's state after `tick`; `taken` is the newest of our actions in it.
  void reconcile(const State& state, Tick tick, std::uint32_t taken) {
    const Tick ahead = tick_;
    while (!pending_.empty() && pending_.front().sequence <= taken) pending_.pop_front();
    state_ = state;
    tick_ = tick;
    if (!std::exchange(is_known_, true)) return;
    auto next = pending_.begin();
    while (tick_ < ahead && ahead - tick < kPendingMax) {
      ++tick_;
      // Late ones, too: they will be taken in the next tick.
      for (; next != pending_.end() && next->tick <= tick_; ++next) model_.act(state_, next->action, tick_);
      model_.tick(state_, tick_);
    }
  }

  bool is_known() const { return is_known_; }
  /// After the newest action.
  const State& state() const { return state_; }
  Tick tick() const { return tick_; }
  /// Actions that no snapshot has confirmed.
  std::size_t pending() const { return pending_.size(); }

 private:
  /// More is a server that does not answer: the player waits for it.
  static constexpr std::size_t kPendingMax = limits::kPredictedTicksMax;

  struct Pending {
    std::uint32_t sequence;
    Tick tick;
    Action action;
  };

  Model model_;
  bool is_known_ = false;
  State state_{};
  Tick tick_ = 0;
  std::deque<Pending> pending_;
};

}  // namespace netcode
