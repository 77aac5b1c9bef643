// Where the keyframes of a recording are, by its indexes: each names some keyframes and leads to the indexes 1, 2, 4, 8
// ... before it, so that any keyframe is found in a few reads, in a file with its end and in one without.
//
// Indexes are hints: what they lead to is believed once its record was read. Threading: none. Memory: two indexes.
#pragma once

#include <optional>
#include <vector>

#include "recording/format/record_bodies.hpp"
#include "recording/read/record_reader.hpp"

namespace netcode::recording {

/// The last whole index of a file that has no end, looked for from behind; none if there is none, or it is far. Moves
/// `records`.
std::optional<Index> last_index(RecordReader& records);

class KeyframeSearch {
 public:
  /// An index that stands on the way; one that is older than what is known says nothing new.
  void learn(Index index);
  /// That of the recording's end: there is nothing beyond it.
  void learn_end(Index index);
  /// A keyframe that was met by reading on from what is known.
  void add(const Place& keyframe);

  /// Of the keyframes that are known one by one; null if none is.
  const Place* newest() const;
  /// The last keyframe at or before `tick`, of those that are known. Moves `records`.
  std::optional<Place> find(RecordReader& records, Tick tick) const;

 private:
  std::optional<Index> last_;
  bool is_whole_ = false;  // it is the end's
  std::optional<Place> newest_;
  std::vector<Place> beyond_;  // the last index, at most kKeyframesPerIndex
};

}  // namespace netcode::recording
