// Ring<T>: a first-in first-out queue with a bound. Pushing to a full ring is refused, and what to do then is up to the
// caller: a bounded queue is only useful to whoever decides what gives way.
//
// Takes its memory once. References stay valid until their element is popped. One owner, one thread.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/assert.hpp"

namespace engine {

template <class T>
class Ring {
  static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no references to give out");

 public:
  explicit Ring(std::size_t capacity) : capacity_(capacity) { slots_.reserve(capacity); }

  Ring(const Ring& other) : Ring(other.capacity_) {
    for (std::size_t i = 0; i < other.size_; ++i) slots_.push_back(other[i]);
    size_ = other.size_;
  }
  // The ring moved from is empty and keeps its capacity.
  Ring(Ring&& other) noexcept
      : capacity_(other.capacity_),
        slots_(std::exchange(other.slots_, {})),
        head_(std::exchange(other.head_, 0)),
        size_(std::exchange(other.size_, 0)) {}
  Ring& operator=(Ring other) noexcept {
    std::swap(capacity_, other.capacity_);
    std::swap(slots_, other.slots_);
    std::swap(head_, other.head_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Ring() = default;

  // False, and nothing changed, if the ring is full.
  [[nodiscard]] bool push_back(T value) {
    if (full()) return false;
    const std::size_t slot = slot_of(size_);
    // Slots come into being in order, so that T needs no default constructor.
    if (slot == slots_.size()) {
      slots_.push_back(std::move(value));
    } else {
      slots_[slot] = std::move(value);
    }
    ++size_;
    return true;
  }

  void pop_front() {
    ENGINE_ASSERT(!empty());
    // What the element owned is released now, not when its slot is next used.
    if constexpr (!std::is_trivially_destructible_v<T>) {
      [[maybe_unused]] const T popped(std::move(slots_[head_]));
    }
    head_ = slot_of(1);
    --size_;
  }

  void clear() {
    slots_.clear();
    head_ = 0;
    size_ = 0;
  }

  // 0 is the oldest. The index must be below size().
  [[nodiscard]] T& operator[](std::size_t index) {
    ENGINE_ASSERT(index < size_);
    return slots_[slot_of(index)];
  }
  [[nodiscard]] const T& operator[](std::size_t index) const {
    ENGINE_ASSERT(index < size_);
    return slots_[slot_of(index)];
  }

  [[nodiscard]] T& front() { return (*this)[0]; }
  [[nodiscard]] const T& front() const { return (*this)[0]; }
  [[nodiscard]] T& back() { return (*this)[size_ - 1]; }
  [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool full() const { return size_ == capacity_; }

 private:
  // `index` is at most capacity_, so that one subtraction wraps it.
  [[nodiscard]] std::size_t slot_of(std::size_t index) const {
    const std::size_t slot = head_ + index;
    return slot < capacity_ ? slot : slot - capacity_;
  }

  std::size_t capacity_;
  std::vector<T> slots_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace engine
