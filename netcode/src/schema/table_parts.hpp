// A table's fields, as they are put together before it is begun: FlatBuffers are built from the leaves.
//
// Threading: one thread at a time. Ownership: refers to the types' fields.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"
#include "schema/type_table.hpp"

namespace netcode {

class TableParts {
 public:
  /// A scalar's or a struct's bytes: zeros, aligned for any scalar, until the next one is added.
  std::uint8_t* add(const FieldInfo& field) {
    constexpr std::size_t kAlign = sizeof(std::uint64_t);
    inside_.push_back({&field, (bytes_.size() + kAlign - 1) / kAlign * kAlign});
    bytes_.resize(inside_.back().at + bytes_in_line(field));
    return bytes_.data() + inside_.back().at;
  }
  void drop_last() {
    bytes_.resize(inside_.back().at);
    inside_.pop_back();
  }
  /// What stands outside of the table, at `at` in the builder.
  void add_outside(const FieldInfo& field, flatbuffers::uoffset_t at) { outside_.emplace_back(&field, at); }

  /// Writes the table: the widest fields first, so that they need the least between them.
  flatbuffers::uoffset_t end_table(flatbuffers::FlatBufferBuilder& builder) const {
    const flatbuffers::uoffset_t start = builder.StartTable();
    for (const std::size_t width : {16U, 8U, 4U, 2U, 1U}) {
      for (const auto& [field, at] : inside_) {
        if (width_of(*field) != width) continue;
        builder.Align(width);
        builder.PushBytes(bytes_.data() + at, bytes_in_line(*field));
        builder.TrackField(field->offset, builder.GetSize());
      }
      if (width != sizeof(flatbuffers::uoffset_t)) continue;
      for (const auto& [field, at] : outside_) builder.AddOffset(field->offset, flatbuffers::Offset<void>(at));
    }
    return builder.EndTable(start);
  }

 private:
  struct Inline {
    const FieldInfo* field;
    std::size_t at;  // in `bytes_`
  };

  static std::size_t bytes_in_line(const FieldInfo& field) {
    return field.shape == Shape::kStruct ? field.child->struct_bytes : field.scalar_bytes;
  }
  static std::size_t width_of(const FieldInfo& field) {
    return field.shape == Shape::kStruct ? field.child->struct_align : field.scalar_bytes;
  }

  std::vector<Inline> inside_;
  Bytes bytes_;
  std::vector<std::pair<const FieldInfo*, flatbuffers::uoffset_t>> outside_;
};

/// A vector of so many elements, all zeros: `out` are theirs, until the next thing is built.
inline flatbuffers::uoffset_t begin_inline_vector(flatbuffers::FlatBufferBuilder& builder, std::size_t count,
                                                  std::size_t bytes, std::size_t align, std::uint8_t*& out) {
  const flatbuffers::uoffset_t at = builder.CreateUninitializedVector(count * bytes / align, align, &out);
  // The length that was written counts units of its alignment.
  flatbuffers::WriteScalar(out - sizeof(flatbuffers::uoffset_t), static_cast<flatbuffers::uoffset_t>(count));
  if (count > 0) std::memset(out, 0, count * bytes);
  return at;
}

}  // namespace netcode
