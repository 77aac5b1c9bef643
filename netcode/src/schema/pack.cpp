#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "schema/walk.hpp"

namespace netcode {

namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::uoffset_t;

class Packer {
 public:
  explicit Packer(std::size_t bytes) : builder_(bytes + 64) {}

  Bytes root(const TypeInfo& type, const AnyTable& root) {
    builder_.Finish(Offset<AnyTable>(table(type, root)));
    return Bytes(builder_.GetBufferPointer(), builder_.GetBufferPointer() + builder_.GetSize());
  }

 private:
  // What stands outside of the table first, as FlatBuffers are built; then the table, its widest fields first, so that
  // they need the least between them.
  uoffset_t table(const TypeInfo& type, const AnyTable& from) {
    std::vector<std::pair<const FieldInfo*, uoffset_t>> outside;
    for (const FieldInfo& field : type.fields)
      if (from.GetOptionalFieldOffset(field.offset) != 0 && width_of(field) == 0)
        outside.emplace_back(&field, child(field, from));
    const uoffset_t start = builder_.StartTable();
    for (const std::size_t width : {16U, 8U, 4U, 2U, 1U}) {
      for (const FieldInfo& field : type.fields)
        if (width_of(field) == width && from.GetOptionalFieldOffset(field.offset) != 0) put_inline(field, from, width);
      if (width != sizeof(uoffset_t)) continue;
      for (const auto& [field, at] : outside) builder_.AddOffset(field->offset, Offset<void>(at));
    }
    return builder_.EndTable(start);
  }

  /// What it is aligned to within its table; 0 if it stands outside.
  static std::size_t width_of(const FieldInfo& field) {
    if (field.shape == Shape::kScalar) return field.scalar_bytes;
    return field.shape == Shape::kStruct ? field.child->struct_align : 0;
  }

  void put_inline(const FieldInfo& field, const AnyTable& from, std::size_t width) {
    builder_.Align(width);
    builder_.PushBytes(from.GetAddressOf(field.offset),
                       field.shape == Shape::kStruct ? field.child->struct_bytes : field.scalar_bytes);
    builder_.TrackField(field.offset, builder_.GetSize());
  }

  uoffset_t child(const FieldInfo& field, const AnyTable& from) {
    switch (field.shape) {
      case Shape::kString:
        return string(*from.GetPointer<const flatbuffers::String*>(field.offset)).o;
      case Shape::kTable:
        return table(*field.child, *from.GetPointer<const AnyTable*>(field.offset));
      case Shape::kVectorOfStrings:
        return each_of<flatbuffers::String>(*from.GetPointer<const Strings*>(field.offset),
                                            [this](const auto& text) { return string(text); });
      case Shape::kVectorOfTables:
        return each_of<AnyTable>(*from.GetPointer<const Tables*>(field.offset), [this, &field](const auto& element) {
          return Offset<AnyTable>(table(*field.child, element));
        });
      default:
        return inline_vector(field, VectorView::of(from, field.offset));
    }
  }

  Offset<flatbuffers::String> string(const flatbuffers::String& text) {
    return builder_.CreateString(text.c_str(), text.size());
  }

  template <class Element, class Vector, class Pack>
  uoffset_t each_of(const Vector& from, Pack pack) {
    std::vector<Offset<Element>> packed;
    packed.reserve(from.size());
    for (uoffset_t i = 0; i < from.size(); ++i) packed.push_back(pack(*from.Get(i)));
    return builder_.CreateVector(packed).o;
  }

  uoffset_t inline_vector(const FieldInfo& field, VectorView from) {
    const std::size_t bytes = element_bytes(field) * from.size;
    const std::size_t align = field.shape == Shape::kVectorOfStructs ? field.child->struct_align : field.scalar_bytes;
    builder_.StartVector(bytes / align, align);
    builder_.PushBytes(from.data, bytes);
    return builder_.EndVector(from.size);
  }

  FlatBufferBuilder builder_;
};

}  // namespace

Bytes packed_buffer(const TypeInfo& type, BytesView bytes) {
  return Packer(bytes.size()).root(type, *flatbuffers::GetRoot<AnyTable>(bytes.data()));
}

}  // namespace netcode
