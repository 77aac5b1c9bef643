// Who of a group's entities is gone and who is new.
//
// Threading: none of its own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "replication/packed/packed_state.hpp"

namespace netcode::packed {

/// An entity that was there before and still is, or one that is new.
struct Row {
  static constexpr std::uint32_t kBorn = UINT32_MAX;

  std::uint32_t key;
  std::uint32_t before;  // its place in the snapshot before, or kBorn
};

template <class Bits>
class PresenceCoder {
 public:
  /// `born_max`: more than so many that are new are no sound stream.
  PresenceCoder(GroupModels& models, Bits& bits, std::size_t born_max)
      : models_(models), bits_(bits), born_max_(born_max) {}

  /// Fills `rows` by rising key; `now` is what a writer writes. False: what is read is no sound stream.
  bool code(const std::vector<std::uint32_t>& old, const std::vector<std::uint32_t>* now, std::vector<Row>& rows) {
    stays_.clear();
    born_.clear();
    const bool is_other = now && *now != old;
    bool any_gone = false;
    if (is_other) {
      for (const std::uint32_t key : old) {
        stays_.push_back(std::binary_search(now->begin(), now->end(), key) ? 1 : 0);
        any_gone = any_gone || stays_.back() == 0;
      }
      std::set_difference(now->begin(), now->end(), old.begin(), old.end(), std::back_inserter(born_));
    }
    any_gone = !old.empty() && code_bit(bits_, any_gone, models_.any_gone);
    stays_.resize(old.size(), 1);
    if (any_gone)
      for (std::size_t i = 0; i < old.size(); ++i)
        stays_[i] = code_bit(bits_, stays_[i] == 0, models_.gone[i == 0 || stays_[i - 1] != 0 ? 0 : 1]) ? 0 : 1;
    if (!code_births(old)) return false;
    is_changed_ = any_gone || !born_.empty();
    rows.clear();
    rows.reserve(old.size() + born_.size());
    std::size_t born = 0;
    for (std::size_t i = 0; i < old.size(); ++i) {
      for (; born < born_.size() && born_[born] < old[i]; ++born) rows.push_back({born_[born], Row::kBorn});
      if (stays_[i] != 0) rows.push_back({old[i], static_cast<std::uint32_t>(i)});
    }
    for (; born < born_.size(); ++born) rows.push_back({born_[born], Row::kBorn});
    return true;
  }

  /// By what was coded last: is an entity gone or new?
  bool is_changed() const { return is_changed_; }

 private:
  bool code_births(const std::vector<std::uint32_t>& old) {
    std::int64_t key = -1;
    std::size_t i = 0;
    for (bool more = code_bit(bits_, !born_.empty(), models_.any_born); more;
         more = code_bit(bits_, Bits::kWrites && i < born_.size(), models_.more_born)) {
      const std::int64_t expected = i == 0 ? models_.next_key : key + 1;
      const std::int64_t wanted = Bits::kWrites ? std::int64_t{born_[i]} : 0;
      const std::int64_t off = models_.keys[i == 0 ? 0 : 1].code(bits_, wanted - expected);
      if constexpr (!Bits::kWrites) {
        if (born_.size() == born_max_) return false;
        if (off < -std::int64_t{UINT32_MAX} - 1 || off > UINT32_MAX || expected + off <= key ||
            expected + off > UINT32_MAX || expected + off < 0 || bits_.is_overrun())
          return false;
        if (std::binary_search(old.begin(), old.end(), static_cast<std::uint32_t>(expected + off))) return false;
        born_.push_back(static_cast<std::uint32_t>(expected + off));
      }
      key = expected + off;
      ++i;
    }
    if (!born_.empty()) models_.next_key = std::int64_t{born_.back()} + 1;
    return true;
  }

  GroupModels& models_;
  Bits& bits_;
  std::size_t born_max_;
  std::vector<std::uint8_t> stays_;
  std::vector<std::uint32_t> born_;
  bool is_changed_ = false;
};

}  // namespace netcode::packed
