#include "netcode/predictor.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "engine/core/rng.hpp"

namespace netcode {
namespace {

/// A cart on rails: pushed, it goes on; and a horn that sounds once for each press.
struct Cart {
  int position = 0;
  int push = 0;
  bool horn = false;
  int horns = 0;
  friend bool operator==(const Cart&, const Cart&) = default;
};
struct Push {
  int by = 0;
  bool horn = false;
};
struct Heard {
  int horns = 0;
};
struct CartModel {
  using State = Cart;
  using Action = Push;
  using Effects = Heard;
  void act(Cart& cart, const Push& push, Tick /*tick*/) const {
    cart.push = push.by;
    cart.horn = push.horn;
  }
  Heard tick(Cart& cart, Tick tick) const {
    cart.position += cart.push * static_cast<int>(tick % 7);
    const bool sounds = std::exchange(cart.horn, false);
    cart.horns += sounds ? 1 : 0;
    return {sounds ? 1 : 0};
  }
};

TEST(Predictor, knows_nobody_before_the_first_snapshot) {
  Predictor<CartModel> own;
  own.act(1, 10, {.by = 1});
  EXPECT_FALSE(own.is_known());
  own.reconcile({.position = 5}, 9, 0);
  EXPECT_TRUE(own.is_known());
  EXPECT_EQ(own.state().position, 5);
  EXPECT_EQ(own.tick(), 9U);
}

TEST(Predictor, lets_the_ticks_between_go_by_on_the_last_action) {
  Predictor<CartModel> own;
  own.reconcile({.push = 1}, 7, 0);
  own.act(1, 10, {.by = 10});
  EXPECT_EQ(own.tick(), 10U);
  EXPECT_EQ(own.state().position, 1 + 2 + 10 * 3) << "ticks 8 and 9 as before, the 10th as told";
}

TEST(Predictor, tells_of_a_ticks_effects_once_however_often_it_is_computed_again) {
  Predictor<CartModel> own;
  own.reconcile({}, 7, 0);
  EXPECT_EQ(own.act(1, 8, {.horn = true}).horns, 1);
  own.reconcile({}, 7, 0);
  own.reconcile({}, 7, 0);
  EXPECT_EQ(own.act(2, 9, {}).horns, 0);
  EXPECT_EQ(own.state().horns, 1) << "and the state has it once";
}

TEST(Predictor, does_not_run_ahead_of_the_ticks_that_are_named) {
  Predictor<CartModel> own;
  own.reconcile({}, 20, 0);
  EXPECT_EQ(own.act(1, 15, {.by = 3, .horn = true}).horns, 0);
  EXPECT_EQ(own.tick(), 20U) << "that tick is over";
  EXPECT_EQ(own.act(2, 21, {.by = 3, .horn = true}).horns, 1);
  EXPECT_EQ(own.tick(), 21U);
}

TEST(Predictor, forgets_what_the_server_has_refused) {
  Predictor<CartModel> own;
  own.reconcile({}, 7, 0);
  own.act(1, 8, {.by = 100});
  own.act(2, 9, {.by = 1});
  own.reconcile({.position = 0, .push = 0}, 8, 1);  // the server did not let it move
  EXPECT_EQ(own.state().position, 2);
}

TEST(Predictor, stops_where_the_server_does_not_answer_for_two_seconds) {
  Predictor<CartModel> own;
  own.reconcile({}, 7, 0);
  for (std::uint32_t i = 1; i <= 1'000; ++i) own.act(i, 7 + i, {.by = 1});
  EXPECT_EQ(own.tick(), 7 + limits::kPredictedTicksMax);
  EXPECT_EQ(own.pending(), limits::kPredictedTicksMax);
  own.reconcile({}, 1'000, 993);
  own.act(1'001, 1'008, {.by = 1});
  EXPECT_EQ(own.tick(), 1'008U) << "and goes on with it";
}

/// What the server does with actions: each at its tick, late ones at the next.
class CartServer {
 public:
  void take(std::uint32_t sequence, Tick tick, const Push& push) {
    waiting_.insert({std::max(tick, tick_ + 1), {sequence, push}});
  }
  void tick() {
    ++tick_;
    for (auto due = waiting_.begin(); due != waiting_.end() && due->first <= tick_; due = waiting_.erase(due)) {
      model_.act(cart_, due->second.push, tick_);
      taken_ = std::max(taken_, due->second.sequence);
    }
    model_.tick(cart_, tick_);
  }
  const Cart& cart() const { return cart_; }
  Tick now() const { return tick_; }
  std::uint32_t taken() const { return taken_; }

 private:
  struct Waiting {
    std::uint32_t sequence;
    Push push;
  };
  CartModel model_;
  Cart cart_;
  Tick tick_ = 0;
  std::uint32_t taken_ = 0;
  std::multimap<Tick, Waiting> waiting_;
};

TEST(Predictor, is_the_server_at_every_tick_whose_actions_came_in_time_and_right_again_after_those_that_did_not) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    engine::Rng rng(seed);
    struct Sent {
      Tick arrives;
      std::uint32_t sequence;
      Tick tick;
      Push push;
    };
    struct Snapshot {
      Tick arrives;
      Tick tick;
      std::uint32_t taken;
      Cart cart;
    };
    CartServer server;
    Predictor<CartModel> own;
    std::deque<Sent> up;
    std::deque<Snapshot> down;
    std::map<Tick, Cart> predicted;
    Tick stalled_until = 0;
    Tick disturbed_until = 0;
    int checked = 0;
    for (Tick now = 1; now < 2'000; ++now) {
      // Ten ticks ahead, six of which the way takes; now and then a stall makes some late.
      if (rng.below(100) == 0) {
        stalled_until = now + 12;
        disturbed_until = now + 60;
      }
      const Push push{.by = rng.between(-3, 3), .horn = rng.below(10) == 0};
      const std::uint32_t sequence = now;
      up.push_back({std::max(now + 6, stalled_until), sequence, now + 10, push});
      own.act(sequence, now + 10, push);
      if (own.is_known()) predicted[now + 10] = own.state();
      while (!up.empty() && up.front().arrives <= now) {
        server.take(up.front().sequence, up.front().tick, up.front().push);
        up.pop_front();
      }
      server.tick();
      if (const auto guess = predicted.find(server.now());
          guess != predicted.end() && now > 60 && server.now() > disturbed_until) {
        EXPECT_EQ(guess->second, server.cart()) << "tick " << server.now();
        ++checked;
      }
      if (now % 2 == 0) down.push_back({now + 6, server.now(), server.taken(), server.cart()});
      while (!down.empty() && down.front().arrives <= now) {
        own.reconcile(down.front().cart, down.front().tick, down.front().taken);
        down.pop_front();
      }
      EXPECT_LE(own.state().horns, server.cart().horns + 30);
      if (HasFailure()) return;
    }
    EXPECT_GT(checked, 500);
  }
}

}  // namespace
}  // namespace netcode
