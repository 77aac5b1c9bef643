#include "schema/convert.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "netcode/limits.hpp"
#include "schema/number.hpp"
#include "schema/table_parts.hpp"
#include "schema/type_match.hpp"
#include "schema/walk.hpp"

namespace netcode {

namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::uoffset_t;

bool are_same_numbers(const FieldInfo& to, const FieldInfo& from) {
  return to.scalar == from.scalar && to.scalar != reflection::Bool && to.enumeration == nullptr;
}

void write_or_blank(const FieldInfo& to, const FieldInfo& from, const std::uint8_t* at, std::uint8_t* out) {
  if (are_same_numbers(to, from)) {
    std::memcpy(out, at, to.scalar_bytes);
  } else if (!write_number(to, read_number(from, at), out)) {
    write_number(to, blank_number(to), out);
  }
}

// `out` is zero before.
void fill_blank(const TypeInfo& type, std::uint8_t* out) {
  for (const FieldInfo& field : type.fields) {
    if (field.shape == Shape::kStruct) fill_blank(*field.child, out + field.offset);
    if (field.shape == Shape::kScalar) write_number(field, blank_number(field), out + field.offset);
  }
}

// `out` is zero before.
void convert_struct(const TypeMatch& type_match, const std::uint8_t* at, std::uint8_t* out) {
  for (const FieldMatch& match : type_match.fields) {
    std::uint8_t* to = out + match.to->offset;
    if (match.child != nullptr) {
      convert_struct(*match.child, at + match.from->offset, to);
    } else if (match.to->shape == Shape::kStruct) {
      fill_blank(*match.to->child, to);
    } else if (match.from != nullptr) {
      write_or_blank(*match.to, *match.from, at + match.from->offset, to);
    } else {
      write_number(*match.to, blank_number(*match.to), to);
    }
  }
}

/// Writes one buffer.
class Writer {
 public:
  explicit Writer(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  engine::Result<Bytes> root(const TypeMatch& type_match, const AnyTable& from) {
    const auto at = table(type_match, from, true);
    if (!at) return at.error();
    builder_.Finish(Offset<AnyTable>(*at));
    if (builder_.GetSize() > bytes_max_) return too_large(*type_match.to);
    return Bytes(builder_.GetBufferPointer(), builder_.GetBufferPointer() + builder_.GetSize());
  }

 private:
  using Place = engine::Result<uoffset_t>;

  Place table(const TypeMatch& type_match, const AnyTable& from, bool is_root) {
    if (++tables_ > limits::kVerifyTablesMax) return too_many_tables();
    TableParts fields;
    for (const FieldMatch& match : type_match.fields) {
      const FieldInfo& to = *match.to;
      const std::uint8_t* at = match.from != nullptr ? from.GetAddressOf(match.from->offset) : nullptr;
      if (to.shape == Shape::kScalar) {
        add_scalar(match, at, fields);
      } else if (at == nullptr) {
        const bool is_elements = to.shape == Shape::kVectorOfStructs || to.shape == Shape::kVectorOfTables;
        if (!to.is_required && !(is_root && is_elements)) continue;
        if (auto added = add_empty(to, fields, 0); !added) return added.error();
      } else if (to.shape == Shape::kStruct) {
        convert_struct(*match.child, at, fields.add(to));
      } else {
        const auto child = this->child(match, from);
        if (!child) return child.error();
        fields.add_outside(to, *child);
      }
    }
    return end_table(*type_match.to, fields);
  }

  // `at` is null: it is absent, and has the default that it has there.
  static void add_scalar(const FieldMatch& match, const std::uint8_t* at, TableParts& fields) {
    if (match.from == nullptr || (at == nullptr && match.from->is_optional)) return;
    const FieldInfo& to = *match.to;
    std::uint8_t* out = fields.add(to);
    const Number number = at != nullptr ? read_number(*match.from, at) : default_number(*match.from);
    alignas(std::uint64_t) std::uint8_t usual[sizeof(std::uint64_t)] = {};
    const bool is_kept = write_number(to, number, out);
    const bool is_usual =
        !to.is_optional && write_number(to, default_number(to), usual) && std::memcmp(out, usual, to.scalar_bytes) == 0;
    if (!is_kept || is_usual) fields.drop_last();
  }

  // What is required here and is not there.
  engine::Result<void> add_empty(const FieldInfo& field, TableParts& fields, std::uint32_t depth) {
    if (field.shape == Shape::kStruct) {
      fill_blank(*field.child, fields.add(field));
      return {};
    }
    if (field.shape == Shape::kTable) {
      const auto made = empty_table(*field.child, depth + 1);
      if (!made) return made.error();
      fields.add_outside(field, *made);
    } else if (field.shape == Shape::kString) {
      fields.add_outside(field, builder_.CreateString("", 0).o);
    } else if (field.shape != Shape::kScalar) {
      fields.add_outside(field, empty_vector(field));
    }
    return {};
  }

  Place empty_table(const TypeInfo& type, std::uint32_t depth) {
    if (depth > limits::kVerifyDepthMax) return engine::error("a {} is required, and there is none", type.name);
    if (++tables_ > limits::kVerifyTablesMax) return too_many_tables();
    TableParts fields;
    for (const FieldInfo& field : type.fields)
      if (field.is_required)
        if (auto added = add_empty(field, fields, depth); !added) return added.error();
    return end_table(type, fields);
  }

  uoffset_t empty_vector(const FieldInfo& field) {
    builder_.StartVector(0, align_of_elements(field));
    return builder_.EndVector(0);
  }

  static std::size_t align_of_elements(const FieldInfo& field) {
    switch (field.shape) {
      case Shape::kVectorOfStructs:
        return field.child->struct_align;
      case Shape::kVectorOfScalars:
        return field.scalar_bytes;
      default:
        return sizeof(uoffset_t);
    }
  }

  Place end_table(const TypeInfo& type, const TableParts& fields) {
    const uoffset_t at = fields.end_table(builder_);
    if (!has_room_for(0)) return too_large(type);
    return at;
  }

  Place child(const FieldMatch& match, const AnyTable& from) {
    const std::uint16_t field = match.from->offset;
    switch (match.to->shape) {
      case Shape::kString:
        return string(*from.GetPointer<const flatbuffers::String*>(field), *match.to);
      case Shape::kTable:
        return table(*match.child, *from.GetPointer<const AnyTable*>(field), false);
      case Shape::kVectorOfStrings:
        return strings(*from.GetPointer<const Strings*>(field), *match.to);
      case Shape::kVectorOfTables:
        return tables(match, *from.GetPointer<const Tables*>(field));
      case Shape::kVectorOfStructs:
        return structs(match, VectorView::of(from, field));
      default:
        return numbers(match, VectorView::of(from, field));
    }
  }

  Place string(const flatbuffers::String& text, const FieldInfo& field) {
    if (!has_room_for(text.size())) return too_large(field);
    return builder_.CreateString(text.c_str(), text.size()).o;
  }

  Place strings(const Strings& from, const FieldInfo& field) {
    std::vector<Offset<flatbuffers::String>> made;
    for (const flatbuffers::String* text : from) {
      const auto at = string(*text, field);
      if (!at) return at.error();
      made.emplace_back(*at);
    }
    if (!has_room_for(made.size() * sizeof(uoffset_t))) return too_large(field);
    return builder_.CreateVector(made).o;
  }

  Place tables(const FieldMatch& match, const Tables& from) {
    const auto kept =
        kept_of(*match.child, from.size(), [&from, key = match.child->key](uoffset_t i, std::uint8_t* out) {
          const std::uint8_t* at = from.Get(i)->GetAddressOf(key->from->offset);
          if (key->to->shape != Shape::kScalar) return at != nullptr;
          return write_number(*key->to, at != nullptr ? read_number(*key->from, at) : default_number(*key->from), out);
        });
    std::vector<Offset<AnyTable>> made;
    for (const uoffset_t i : kept) {
      const auto at = table(*match.child, *from.Get(i), false);
      if (!at) return at.error();
      made.emplace_back(*at);
    }
    return builder_.CreateVector(made).o;
  }

  Place structs(const FieldMatch& match, VectorView from) {
    const std::size_t step = match.from->child->struct_bytes;
    const auto kept = kept_of(*match.child, from.size, [&](uoffset_t i, std::uint8_t* out) {
      const FieldMatch& key = *match.child->key;
      return write_number(*key.to, read_number(*key.from, from.data + step * i + key.from->offset), out);
    });
    const TypeInfo& type = *match.to->child;
    std::uint8_t* out = nullptr;
    if (!has_room_for(kept.size() * type.struct_bytes)) return too_large(*match.to);
    const uoffset_t at = begin_inline_vector(builder_, kept.size(), type.struct_bytes, type.struct_align, out);
    for (const uoffset_t i : kept) {
      convert_struct(*match.child, from.data + step * i, out);
      out += type.struct_bytes;
    }
    return at;
  }

  Place numbers(const FieldMatch& match, VectorView from) {
    const FieldInfo& to = *match.to;
    std::uint8_t* out = nullptr;
    if (!has_room_for(std::size_t{from.size} * to.scalar_bytes)) return too_large(to);
    const uoffset_t at = begin_inline_vector(builder_, from.size, to.scalar_bytes, to.scalar_bytes, out);
    for (std::size_t i = 0; i < from.size; ++i)
      write_or_blank(to, *match.from, from.data + i * match.from->scalar_bytes, out + i * to.scalar_bytes);
    return at;
  }

  /// Which of so many elements there is room for here, in the order that they are to have. `key_of` writes the key here
  /// of one of them; false: there is no room for it.
  template <class KeyOf>
  static std::vector<uoffset_t> kept_of(const TypeMatch& type_match, uoffset_t count, KeyOf&& key_of) {
    std::vector<uoffset_t> kept;
    if (type_match.key != nullptr && type_match.key->from == nullptr) return kept;
    kept.reserve(count);
    const bool is_sorted = type_match.has_other_key() && type_match.key->to->shape == Shape::kScalar;
    std::vector<std::pair<Number, uoffset_t>> by_key;
    for (uoffset_t i = 0; i < count; ++i) {
      alignas(std::uint64_t) std::uint8_t key[sizeof(std::uint64_t)] = {};
      if (type_match.key != nullptr && !key_of(i, key)) continue;
      if (is_sorted) {
        by_key.emplace_back(read_number(*type_match.key->to, key), i);
      } else {
        kept.push_back(i);
      }
    }
    std::sort(by_key.begin(), by_key.end());
    for (std::size_t i = 0; i < by_key.size(); ++i)
      if (i == 0 || by_key[i].first != by_key[i - 1].first) kept.push_back(by_key[i].second);
    return kept;
  }

  bool has_room_for(std::size_t bytes) const { return bytes <= bytes_max_ && builder_.GetSize() <= bytes_max_ - bytes; }

  template <class Named>
  engine::Error too_large(const Named& what) const {
    return engine::error("with {} it is larger than {} bytes", what.name, bytes_max_);
  }
  static engine::Error too_many_tables() { return engine::error("more than {} tables", limits::kVerifyTablesMax); }

  FlatBufferBuilder builder_;
  const std::size_t bytes_max_;
  std::size_t tables_ = 0;
};

}  // namespace

engine::Result<Converter> Converter::make(const Schema& from, const Schema& to, std::string_view table) {
  for (const Schema* schema : {&from, &to})
    if (auto supported = schema->supports(table); !supported) return supported.error();
  auto from_types = TypeTable::load(*reflection::GetSchema(from.bfbs().data()));
  if (!from_types) return from_types.error();
  auto to_types = TypeTable::load(*reflection::GetSchema(to.bfbs().data()));
  if (!to_types) return to_types.error();
  auto matches = std::make_unique<TypeMatches>(std::move(*from_types), std::move(*to_types));
  if (auto made = matches->make(table); !made) return made.error();
  return Converter(std::move(matches));
}

Converter::Converter(std::unique_ptr<const TypeMatches> matches) : matches_(std::move(matches)) {}
Converter::Converter(Converter&&) noexcept = default;
Converter& Converter::operator=(Converter&&) noexcept = default;
Converter::~Converter() = default;

engine::Result<Bytes> Converter::convert(BytesView bytes, std::size_t bytes_max) const {
  return Writer(bytes_max).root(matches_->root(), *flatbuffers::GetRoot<AnyTable>(bytes.data()));
}

}  // namespace netcode
