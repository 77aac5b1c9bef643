// What is under way in one direction of a simulated connection: each thing is taken out once it has arrived, in order.
//
// Threading: its loop's thread. Ownership: holds what is under way until it is taken; `wake` is called from the loop
// and must not outlive what it refers to.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "simnet/link_model.hpp"
#include "transport/loop/loop.hpp"

namespace netcode::transport {

template <class Item>
class DelayLine {
 public:
  /// `wake` is told when the first thing under way has arrived.
  DelayLine(Loop& loop, std::shared_ptr<LinkModel> model, std::function<void()> wake)
      : loop_(loop), model_(std::move(model)), wake_(std::move(wake)) {}
  DelayLine(const DelayLine&) = delete;
  DelayLine& operator=(const DelayLine&) = delete;
  ~DelayLine() { loop_.cancel(timer_); }

  void push(Item item, std::size_t bytes) {
    const engine::TimePoint due = model_->arrival(loop_.now(), bytes);
    under_way_.push_back({std::move(item), bytes, due});
    bytes_ += bytes;
    if (under_way_.size() == 1) arm();
  }

  /// The first thing under way, if it has arrived; it stays until it is taken.
  Item* arrived() {
    return !under_way_.empty() && under_way_.front().due <= loop_.now() ? &under_way_.front().item : nullptr;
  }
  Item take() {
    Item item = std::move(under_way_.front().item);
    bytes_ -= under_way_.front().bytes;
    under_way_.pop_front();
    arm();
    return item;
  }
  /// As arrived or not, for an end that nobody waits for.
  std::deque<Item> take_all() {
    std::deque<Item> all;
    while (!under_way_.empty()) all.push_back(take());
    return all;
  }

  std::size_t bytes() const { return bytes_; }

 private:
  struct UnderWay {
    Item item;
    std::size_t bytes;
    engine::TimePoint due;
  };

  void arm() {
    loop_.cancel(std::exchange(timer_, {}));
    if (!under_way_.empty()) timer_ = loop_.call_at(under_way_.front().due, wake_);
  }

  Loop& loop_;
  std::shared_ptr<LinkModel> model_;
  std::function<void()> wake_;
  std::deque<UnderWay> under_way_;
  std::size_t bytes_ = 0;
  Loop::TimerId timer_;
};

}  // namespace netcode::transport
