// A value that takes room on the heap from its first use on: of what could be learned of a lane, most lanes need
// little.
//
// Threading: a value.
#pragma once

#include <memory>

namespace netcode::packed {

/// Copies have a value of their own.
template <class T>
class WhenUsed {
 public:
  WhenUsed() = default;
  WhenUsed(const WhenUsed& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  WhenUsed(WhenUsed&&) noexcept = default;
  WhenUsed& operator=(const WhenUsed& other) {
    value_ = other.value_ ? std::make_unique<T>(*other.value_) : nullptr;
    return *this;
  }
  WhenUsed& operator=(WhenUsed&&) noexcept = default;
  ~WhenUsed() = default;

  /// Null: it has not been used yet.
  const T* if_used() const { return value_.get(); }
  T* if_used() { return value_.get(); }
  T& use() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace netcode::packed
