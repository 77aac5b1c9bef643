#include "netcode/limits.hpp"
#include "schema/walk.hpp"

namespace netcode {

namespace {

using flatbuffers::soffset_t;  // in FLATBUFFERS_MAX_BUFFER_SIZE
using flatbuffers::uoffset_t;
using flatbuffers::Verifier;

class BufferVerifier {
 public:
  explicit BufferVerifier(BytesView bytes)
      : start_(bytes.data()),
        verifier_(bytes.data(), bytes.size(), limits::kVerifyDepthMax, limits::kVerifyTablesMax) {}

  bool root(const TypeInfo& type) {
    const uoffset_t offset = verifier_.VerifyOffset(0);
    return offset != 0 && table(type, start_ + offset);
  }

 private:
  bool table(const TypeInfo& type, const std::uint8_t* at) {
    if (!verifier_.VerifyTableStart(at)) return false;
    const auto& table = *reinterpret_cast<const AnyTable*>(at);
    for (const FieldInfo& field : type.fields) {
      const flatbuffers::voffset_t offset = table.GetOptionalFieldOffset(field.offset);
      if (field.shape == Shape::kUnion) {
        if (!alternative(field, table, offset == 0 ? nullptr : at + offset)) return false;
      } else if (offset == 0) {
        if (field.is_required) return false;
      } else if (!this->field(field, at + offset)) {
        return false;
      }
    }
    return verifier_.EndTable();
  }

  // Of its type, whose field was looked at before, and none where that is NONE; null: there is none.
  bool alternative(const FieldInfo& field, const AnyTable& table, const std::uint8_t* at) {
    const std::uint8_t type = union_type(field, table);
    if (type == 0 || at == nullptr) return type == 0 && at == nullptr && !field.is_required;
    const auto member = field.enumeration->members.find(type);
    const uoffset_t offset = aligned_offset(static_cast<std::size_t>(at - start_));
    if (member == field.enumeration->members.end() || offset == 0) return false;
    at += offset;
    switch (member->second.shape) {
      case Shape::kString:
        return string(at);
      case Shape::kStruct:
        return structure(*member->second.child, static_cast<std::size_t>(at - start_));
      case Shape::kTable:
        return this->table(*member->second.child, at);
      default:
        return false;
    }
  }

  bool structure(const TypeInfo& type, std::size_t position) {
    return verifier_.VerifyAlignment(position, type.struct_align) && verifier_.Verify(position, type.struct_bytes);
  }

  bool field(const FieldInfo& field, const std::uint8_t* at) {
    const std::size_t position = static_cast<std::size_t>(at - start_);
    if (field.shape == Shape::kScalar || field.shape == Shape::kUnionType) {
      return verifier_.VerifyAlignment(position, field.scalar_bytes) && verifier_.Verify(position, field.scalar_bytes);
    }
    if (field.shape == Shape::kStruct) return structure(*field.child, position);
    const uoffset_t offset = aligned_offset(position);
    if (offset == 0) return false;
    at += offset;
    switch (field.shape) {
      case Shape::kString:
        return string(at);
      case Shape::kTable:
        return table(*field.child, at);
      case Shape::kVectorOfScalars:
        return vector(at, field.scalar_bytes, field.scalar_bytes);
      case Shape::kVectorOfStructs:
        return vector(at, field.child->struct_bytes, field.child->struct_align);
      case Shape::kVectorOfStrings:
        return each_of(at, [this](const std::uint8_t* element) { return string(element); });
      case Shape::kVectorOfTables:
        return each_of(at, [this, &field](const std::uint8_t* element) { return table(*field.child, element); });
      default:
        return false;
    }
  }

  // 0 if the bytes at `position` are not an offset to somewhere in the buffer.
  uoffset_t aligned_offset(std::size_t position) { return verifier_.VerifyOffset(position); }

  bool string(const std::uint8_t* at) {
    return verifier_.VerifyString(reinterpret_cast<const flatbuffers::String*>(at));
  }

  bool vector(const std::uint8_t* at, std::size_t element_size, std::size_t element_align) {
    const std::size_t elements = static_cast<std::size_t>(at - start_) + sizeof(uoffset_t);
    return verifier_.VerifyVectorOrString(at, element_size) &&
           (flatbuffers::ReadScalar<uoffset_t>(at) == 0 || verifier_.VerifyAlignment(elements, element_align));
  }

  template <class Element>
  bool each_of(const std::uint8_t* at, Element element) {
    if (!vector(at, sizeof(uoffset_t), sizeof(uoffset_t))) return false;
    const uoffset_t size = flatbuffers::ReadScalar<uoffset_t>(at);
    for (uoffset_t i = 0; i < size; ++i) {
      const std::uint8_t* entry = at + sizeof(uoffset_t) * (std::size_t{i} + 1);
      const uoffset_t offset = aligned_offset(static_cast<std::size_t>(entry - start_));
      if (offset == 0 || !element(entry + offset)) return false;
    }
    return true;
  }

  const std::uint8_t* start_;
  Verifier verifier_;
};

}  // namespace

bool verify_buffer(const TypeInfo& type, BytesView bytes) {
  return bytes.size() >= FLATBUFFERS_MIN_BUFFER_SIZE && bytes.size() < FLATBUFFERS_MAX_BUFFER_SIZE &&
         BufferVerifier(bytes).root(type);
}

}  // namespace netcode
