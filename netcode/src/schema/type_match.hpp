// Which field of one schema's types becomes which of another's: found once, by their names, for all that one table
// leads to.
//
// Threading: immutable once made. Ownership: holds both schemas' types.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/core/result.hpp"
#include "schema/type_table.hpp"

namespace netcode {

struct TypeMatch;

/// A field here, and where it comes from.
struct FieldMatch {
  const FieldInfo* to = nullptr;
  const FieldInfo* from = nullptr;   // null: nowhere
  const TypeMatch* child = nullptr;  // of what is in it; null: nowhere, or numbers and strings
};

/// A type here, and what is made into it.
struct TypeMatch {
  const TypeInfo* to = nullptr;
  std::vector<FieldMatch> fields{};  // each of `to`, in its order
  const FieldMatch* key = nullptr;   // of them; null: its elements have none

  /// Is the elements' key not what it is there?
  bool has_other_key() const { return key != nullptr && key->from != nullptr && !key->from->is_key; }
};

class TypeMatches {
 public:
  TypeMatches(TypeTable from, TypeTable to) : from_(std::move(from)), to_(std::move(to)) {}
  TypeMatches(const TypeMatches&) = delete;
  TypeMatches& operator=(const TypeMatches&) = delete;

  /// Of this table, which both have. Once. An error: it leads to more pairs of types than a game has.
  engine::Result<void> make(std::string_view table);
  const TypeMatch& root() const { return *root_; }

 private:
  const TypeTable from_;
  const TypeTable to_;
  std::map<std::pair<const TypeInfo*, const TypeInfo*>, TypeMatch> all_;
  const TypeMatch* root_ = nullptr;
};

}  // namespace netcode
