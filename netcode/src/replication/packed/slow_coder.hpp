// Slow state as bits: which elements are gone, new or other than before, and the bytes in which they differ.
//
// Threading: none of its own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "netcode/limits.hpp"
#include "replication/lane_world.hpp"
#include "replication/packed/packed_state.hpp"

namespace netcode::packed {

template <class Bits>
class SlowCoder {
 public:
  SlowCoder(SlowModels& models, Bits& bits, std::size_t& bytes) : models_(models), bits_(bits), bytes_(bytes) {}

  /// What the vector `i` of `target` has other than that of `before`. False: it is more than a reader takes.
  bool write(const SlowState& before, const SlowState& target, std::size_t i) {
    const bool is_other = !before.is_same(target) && before[i] != target[i];
    code_bit(bits_, is_other, models_.any_change);
    if (!is_other) return true;
    Elements elements = before[i];
    return code(elements, &target[i]);
  }

  /// The vector `i` of `state`, as it was before, becomes what is read. False: that is no sound stream.
  bool read(SlowState& state, std::size_t i) {
    return !code_bit(bits_, false, models_.any_change) || code(state.edit()[i], nullptr);
  }

 private:
  using Elements = SlowState::Elements;

  bool code(Elements& elements, const Elements* target) {
    Elements next;
    for (SlowElement& element : elements) {
      const SlowElement* to = target ? find(*target, element.key) : nullptr;
      if (code_bit(bits_, target && !to, models_.gone)) continue;
      if (code_bit(bits_, to && to->run != element.run, models_.changed)) {
        if (!run(element.run, to ? &to->run : nullptr)) return false;
      } else if (bytes_ += element.run.size() + 1; bytes_ > limits::kWorldBytesMax) {
        return false;  // what stays counts: else a World grows with every snapshot
      }
      next.push_back(std::move(element));
    }
    if (!births(next, target)) return false;
    elements = std::move(next);
    return !bits_.is_overrun();
  }

  static bool by_key(const SlowElement& a, const SlowElement& b) { return a.key < b.key; }
  static const SlowElement* find(const Elements& in, std::uint32_t key) {
    const auto found = std::lower_bound(in.begin(), in.end(), key,
                                        [](const SlowElement& element, std::uint32_t k) { return element.key < k; });
    return found == in.end() || found->key != key ? nullptr : &*found;
  }

  bool births(Elements& next, const Elements* target) {
    std::vector<const SlowElement*> born;
    if (target)
      for (const SlowElement& element : *target)
        if (!find(next, element.key)) born.push_back(&element);
    std::int64_t expected = 0;
    std::size_t i = 0;
    Elements read;
    for (bool more = code_bit(bits_, !born.empty(), models_.any_born); more;
         more = code_bit(bits_, i < born.size(), models_.more_born)) {
      const std::int64_t off = models_.keys.code(bits_, target ? std::int64_t{born[i]->key} - expected : 0);
      if (off < 0 || off > UINT32_MAX - expected || bits_.is_overrun()) return false;
      const std::int64_t key = expected + off;
      SlowElement element{.key = static_cast<std::uint32_t>(key), .run = {}};
      if (find(next, element.key) || !run(element.run, target ? &born[i]->run : nullptr)) return false;
      read.push_back(std::move(element));
      expected = key + 1;
      ++i;
    }
    const auto old = static_cast<std::ptrdiff_t>(next.size());
    next.insert(next.end(), std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
    std::inplace_merge(next.begin(), next.begin() + old, next.end(), by_key);
    return true;
  }

  // A negative one is none.
  std::int64_t length(std::int64_t before, std::int64_t target) {
    const std::int64_t more = models_.lengths.code(bits_, Bits::kWrites ? target - before : 0);
    const bool fits = more >= -before && more <= static_cast<std::int64_t>(limits::kWorldBytesMax) - before;
    return fits ? before + more : -1;
  }

  bool run(Bytes& bytes, const Bytes* target) {
    std::int64_t size = static_cast<std::int64_t>(bytes.size());
    if (!code_bit(bits_, !target || target->size() == bytes.size(), models_.same_length))
      size = length(size, target ? static_cast<std::int64_t>(target->size()) : 0);
    if (size < 0 || size > static_cast<std::int64_t>(limits::kWorldBytesMax)) return false;
    bytes_ += static_cast<std::size_t>(size) + 1;
    if (bytes_ > limits::kWorldBytesMax) return false;
    const std::size_t old_size = bytes.size();
    bytes.resize(static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::uint8_t to = target ? (*target)[i] : 0;
      if (i < old_size && code_bit(bits_, to == bytes[i], models_.same[std::min<std::size_t>(i, 63)])) continue;
      bytes[i] = byte(to);
      if (bits_.is_overrun()) return false;
    }
    return true;
  }

  std::uint8_t byte(std::uint8_t value) {
    std::size_t node = 1;
    for (int i = 7; i >= 0; --i)
      node = 2 * node + (code_bit(bits_, ((value >> i) & 1) != 0, models_.byte[node]) ? 1 : 0);
    return static_cast<std::uint8_t>(node);
  }

  SlowModels& models_;
  Bits& bits_;
  std::size_t& bytes_;  // of the World so far
};

}  // namespace netcode::packed
