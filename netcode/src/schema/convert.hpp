// A buffer of one build of a game made into a buffer of another build: the same table of two schemas, field by field by
// their names.
//
// Threading: immutable once made. Ownership: holds its own copies of both schemas' types.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/schema.hpp"

namespace netcode {

class TypeMatches;

/// What both builds have of a field's name is kept, and all else is as the schema here says where a field is absent:
///
/// - A number is kept if the field here has room for it, whatever its type: an integer as it is,
///   a float of an integer, an integer of a float as the nearest one, a bool as 0 or 1. Otherwise,
///   and where it is a number that the enum here does not have, the field has its default; in a
///   struct or a vector, 0 (or the enum's lowest, where 0 is none).
/// - Of a table's scalar that is absent there the default there is kept, not the one here.
/// - Strings, structs, tables and vectors of any of them are kept element by element, if it is the same kind of thing
///   here. What they are called as types does not matter.
/// - Of elements with a key those are left out whose key the field here has no room for; all of them, where there is no
///   such field. Where the key here is another field, they are put in its order, and one of each stays.
/// - What is required here and absent there is empty: no text, no elements, zeros.
/// - Vectors of structs or tables directly in the root are always there, be they empty, as in packed snapshots.
///
/// Unions, fixed arrays and nested buffers are in no table that netcode checks (Schema::supports).
class Converter {
 public:
  /// An error says which schema has no such table, or cannot check it; or that there is more to match than a game has.
  static engine::Result<Converter> make(const Schema& from, const Schema& to, std::string_view table);
  Converter(Converter&&) noexcept;
  Converter& operator=(Converter&&) noexcept;
  ~Converter();

  /// `bytes` must have passed `from`'s Schema::check. An error: it takes more than `bytes_max` here, or something is
  /// required here that cannot be made of nothing, as a table that requires itself.
  engine::Result<Bytes> convert(BytesView bytes, std::size_t bytes_max) const;

 private:
  explicit Converter(std::unique_ptr<const TypeMatches> matches);
  std::unique_ptr<const TypeMatches> matches_;
};

}  // namespace netcode
