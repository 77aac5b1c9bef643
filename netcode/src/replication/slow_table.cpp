#include "replication/slow_table.hpp"

#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "netcode/limits.hpp"

namespace netcode {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::uoffset_t;

bool is_left_out(const FieldInfo& field, bool is_world) {
  return is_world && (field.shape == Shape::kVectorOfStructs || field.shape == Shape::kVectorOfTables);
}

void append(Bytes& to, const std::uint8_t* bytes, std::size_t size) { to.insert(to.end(), bytes, bytes + size); }

void append_length(Bytes& to, std::size_t length) {
  for (int i = 0; i < 4; ++i) to.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
}

void copy_struct(const TypeInfo& type, const std::uint8_t* from, std::uint8_t* to) {
  for (const FieldInfo& field : type.fields) {
    if (field.shape == Shape::kStruct) {
      copy_struct(*field.child, from + field.offset, to + field.offset);
    } else {
      std::memcpy(to + field.offset, from + field.offset, field.scalar_bytes);
    }
  }
}

// What lies between its fields means nothing: zeros.
void append_struct(const TypeInfo& type, const std::uint8_t* from, Bytes& to) {
  to.resize(to.size() + type.struct_bytes);
  copy_struct(type, from, &to[to.size() - type.struct_bytes]);
}

void append_child(const FieldInfo& field, const AnyTable& table, Bytes& to) {
  const auto each = [&](const auto& vector, auto&& element) {
    append_length(to, vector.size());
    for (uoffset_t i = 0; i < vector.size(); ++i) element(*vector.Get(i));
  };
  const auto text = [&](const flatbuffers::String& string) {
    append_length(to, string.size());
    append(to, string.Data(), string.size());
  };
  switch (field.shape) {
    case Shape::kScalar:
      return append(to, table.GetAddressOf(field.offset), field.scalar_bytes);
    case Shape::kStruct:
      return append_struct(*field.child, table.GetAddressOf(field.offset), to);
    case Shape::kString:
      return text(*table.GetPointer<const flatbuffers::String*>(field.offset));
    case Shape::kTable:
      return append_slow_table(*field.child, *table.GetPointer<const AnyTable*>(field.offset), false, to);
    case Shape::kVectorOfStrings:
      return each(*table.GetPointer<const Strings*>(field.offset), text);
    case Shape::kVectorOfTables:
      return each(*table.GetPointer<const Tables*>(field.offset),
                  [&](const AnyTable& element) { append_slow_table(*field.child, element, false, to); });
    case Shape::kVectorOfStructs: {
      const VectorView vector = VectorView::of(table, field.offset);
      append_length(to, vector.size);
      for (std::size_t i = 0; i < vector.size; ++i)
        append_struct(*field.child, vector.data + i * field.child->struct_bytes, to);
      return;
    }
    default: {
      const VectorView vector = VectorView::of(table, field.offset);
      append_length(to, vector.size);
      append(to, vector.data, vector.size * field.scalar_bytes);
    }
  }
}

/// Reads a run, which may be anything.
class Builder {
 public:
  Builder(FlatBufferBuilder& builder, BytesView run) : builder_(builder), run_(run) {}

  engine::Result<uoffset_t> table(const TypeInfo& type, bool is_world, std::span<const SlowField> more,
                                  std::uint32_t depth) {
    if (depth > limits::kVerifyDepthMax)
      return engine::error("{} is deeper than {}", type.name, limits::kVerifyDepthMax);
    if (++tables_ > limits::kVerifyTablesMax) return engine::error("more than {} tables", limits::kVerifyTablesMax);
    std::vector<std::pair<const FieldInfo*, BytesView>> inside;
    std::vector<SlowField> outside(more.begin(), more.end());
    for (const FieldInfo& field : type.fields) {
      if (is_left_out(field, is_world)) continue;
      const auto presence = take(1);
      if (!presence) return presence.error();
      if ((*presence)[0] == 0) {
        if (field.is_required) return engine::error("{}.{} is missing", type.name, field.name);
        continue;
      }
      if (field.shape == Shape::kScalar || field.shape == Shape::kStruct) {
        auto bytes = take(inline_bytes(field));
        if (!bytes) return bytes.error();
        inside.emplace_back(&field, *bytes);
        continue;
      }
      auto at = child(field, depth);
      if (!at) return at.error();
      outside.push_back({field.offset, *at});
    }
    const uoffset_t start = builder_.StartTable();
    for (const std::size_t width : {16U, 8U, 4U, 2U, 1U}) {
      for (const auto& [field, bytes] : inside)
        if (align_of(*field) == width) put_inline(*field, bytes, width);
      if (width != sizeof(uoffset_t)) continue;
      for (const SlowField& field : outside) builder_.AddOffset(field.field, Offset<void>(field.at));
    }
    return builder_.EndTable(start);
  }

  bool is_at_end() const { return run_.empty(); }

 private:
  static std::size_t inline_bytes(const FieldInfo& field) {
    return field.shape == Shape::kStruct ? field.child->struct_bytes : field.scalar_bytes;
  }
  static std::size_t align_of(const FieldInfo& field) {
    return field.shape == Shape::kStruct ? field.child->struct_align : field.scalar_bytes;
  }

  engine::Result<BytesView> take(std::size_t size) {
    if (size > run_.size()) return engine::error("slow state ends early");
    const BytesView taken = run_.first(size);
    run_ = run_.subspan(size);
    return taken;
  }

  // Of a string's bytes or a vector's elements. Those take a byte at least, but for tables without fields, of which
  // there are never too many.
  engine::Result<std::size_t> length(std::size_t element_bytes_min = 1) {
    const auto bytes = take(4);
    if (!bytes) return bytes.error();
    const std::uint32_t length = flatbuffers::ReadScalar<std::uint32_t>(bytes->data());
    if (length * element_bytes_min > run_.size()) return engine::error("slow state ends early");
    return std::size_t{length};
  }

  void put_inline(const FieldInfo& field, BytesView bytes, std::size_t width) {
    builder_.Align(width);
    builder_.PushBytes(bytes.data(), bytes.size());
    builder_.TrackField(field.offset, builder_.GetSize());
  }

  engine::Result<uoffset_t> text() {
    const auto size = length();
    if (!size) return size.error();
    const auto bytes = take(*size);
    if (!bytes) return bytes.error();
    return builder_.CreateString(reinterpret_cast<const char*>(bytes->data()), bytes->size()).o;
  }

  template <class Element, class Build>
  engine::Result<uoffset_t> each(std::size_t element_bytes_min, Build&& build) {
    const auto count = length(element_bytes_min);
    if (!count) return count.error();
    std::vector<Offset<Element>> elements;
    for (std::size_t i = 0; i < *count; ++i) {
      const engine::Result<uoffset_t> element = build();
      if (!element) return element.error();
      elements.push_back(Offset<Element>(*element));
    }
    return builder_.CreateVector(elements).o;
  }

  engine::Result<uoffset_t> child(const FieldInfo& field, std::uint32_t depth) {
    switch (field.shape) {
      case Shape::kString:
        return text();
      case Shape::kTable:
        return table(*field.child, false, {}, depth + 1);
      case Shape::kVectorOfStrings:
        return each<flatbuffers::String>(4, [this] { return text(); });
      case Shape::kVectorOfTables:
        return each<AnyTable>(field.child->fields.size(),
                              [this, &field, depth] { return table(*field.child, false, {}, depth + 1); });
      default: {
        const auto count = length(element_bytes(field));
        if (!count) return count.error();
        const auto bytes = take(*count * element_bytes(field));
        if (!bytes) return bytes.error();
        const std::size_t align =
            field.shape == Shape::kVectorOfStructs ? field.child->struct_align : field.scalar_bytes;
        builder_.StartVector(bytes->size() / align, align);
        builder_.PushBytes(bytes->data(), bytes->size());
        return builder_.EndVector(*count);
      }
    }
  }

  FlatBufferBuilder& builder_;
  BytesView run_;
  std::size_t tables_ = 0;
};

}  // namespace

void append_slow_table(const TypeInfo& type, const AnyTable& table, bool is_world, Bytes& to) {
  for (const FieldInfo& field : type.fields) {
    if (is_left_out(field, is_world)) continue;
    const bool is_there = table.GetOptionalFieldOffset(field.offset) != 0;
    to.push_back(is_there ? 1 : 0);
    if (is_there) append_child(field, table, to);
  }
}

engine::Result<Offset<AnyTable>> build_slow_table(FlatBufferBuilder& builder, const TypeInfo& type, BytesView run,
                                                  bool is_world, std::span<const SlowField> more) {
  Builder built(builder, run);
  // What is none of the World's own stands in one of its vectors.
  const auto at = built.table(type, is_world, more, is_world ? 1 : 2);
  if (!at) return at.error();
  if (!built.is_at_end()) return engine::error("slow state of {} goes on after its end", type.name);
  return Offset<AnyTable>(*at);
}

}  // namespace netcode
