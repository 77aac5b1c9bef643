// What walks a buffer by its TypeTable: the verifier, the check of values, and the comparison of two buffers.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <string>

#include "netcode/bytes.hpp"
#include "schema/type_table.hpp"

namespace netcode {

/// FlatBuffers' verifier, driven by the table instead of by generated code: may `bytes` be read as `type`, within the
/// limits of depth and tables? (flatbuffers::Verify of reflection.h reads the root's and the child tables' offsets
/// before it has checked that they are inside the buffer.)
bool verify_buffer(const TypeInfo& type, BytesView bytes);

/// Of a buffer that verifies: the first value that its type does not allow, as "text is not UTF-8"; empty if all are
/// allowed.
std::string first_bad_value(const TypeInfo& type, BytesView bytes);

/// Of two buffers that verify: the first field that differs, as "items[3].x: 12 != 13"; empty if none does.
std::string first_different_field(const TypeInfo& type, BytesView left, BytesView right);

/// Of a buffer that verifies: its fields on one line, those that are missing left out; after `bytes_max` bytes cut.
std::string text_of(const TypeInfo& type, BytesView bytes, std::size_t bytes_max);

/// Of a buffer that first_bad_value has passed, too: written anew, with nothing that its type does not know and no
/// bytes that nothing leads to. What is shared within it is written as often as it is used.
Bytes packed_buffer(const TypeInfo& type, BytesView bytes);

using AnyTable = flatbuffers::Table;
using Strings = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;
using Tables = flatbuffers::Vector<flatbuffers::Offset<AnyTable>>;

/// Any vector in a verified buffer: its length, then its elements.
struct VectorView {
  const std::uint8_t* data = nullptr;
  flatbuffers::uoffset_t size = 0;

  static VectorView of(const AnyTable& table, std::uint16_t field) {
    const auto* at = table.GetPointer<const std::uint8_t*>(field);
    if (at == nullptr) return {};
    return {at + sizeof(flatbuffers::uoffset_t), flatbuffers::ReadScalar<flatbuffers::uoffset_t>(at)};
  }
};

/// Bytes that one element of a vector or an array of scalars or structs takes.
inline std::size_t element_bytes(const FieldInfo& field) {
  return field.child != nullptr ? field.child->struct_bytes : field.scalar_bytes;
}

/// Which of the union's alternatives is in the table; 0: none.
inline std::uint8_t union_type(const FieldInfo& field, const AnyTable& table) {
  return table.GetField<std::uint8_t>(field.type_offset, 0);
}

/// Offsets may point to one string or vector many times over, so that 64 KiB of message unpack to hundreds of MiB.
/// Nobody means that: what vectors and strings add up to may exceed the buffer by what sharing a few strings explains,
/// no more.
class SharedBudget {
 public:
  explicit SharedBudget(std::size_t buffer_bytes) : bytes_left_(buffer_bytes * kFactorMax + kFreeBytes) {}

  /// False: it is more than is left.
  bool spend(std::size_t bytes) {
    if (bytes > bytes_left_) return false;
    bytes_left_ -= bytes;
    return true;
  }

 private:
  static constexpr std::size_t kFactorMax = 4;
  static constexpr std::size_t kFreeBytes = 4096;
  std::size_t bytes_left_;
};

}  // namespace netcode
