#include <spdlog/fmt/fmt.h>

#include <iterator>

#include "engine/core/utf8.hpp"
#include "schema/walk.hpp"

namespace netcode {

namespace {

// Stops where there is enough: what is left over is not walked.
class Text {
 public:
  explicit Text(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void table(const TypeInfo& type, const AnyTable& from) {
    open('{');
    for (const FieldInfo& field : type.fields) {
      if (is_full()) break;
      if (from.GetAddressOf(field.offset) == nullptr) continue;
      next(field.name);
      of_field(field, from);
    }
    close('}');
  }

  std::string take() {
    if (is_full()) out_ = std::string(engine::utf8_prefix(out_, bytes_max_)) + "...";
    return std::move(out_);
  }

 private:
  bool is_full() const { return out_.size() > bytes_max_; }
  void open(char bracket) {
    out_ += bracket;
    is_first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    is_first_ = false;
  }
  void next(std::string_view name = {}) {
    if (!is_first_) out_ += ", ";
    is_first_ = false;
    if (!name.empty()) fmt::format_to(std::back_inserter(out_), "{}: ", name);
  }

  void of_field(const FieldInfo& field, const AnyTable& from) {
    switch (field.shape) {
      case Shape::kScalar:
        return scalar(field, from.GetAddressOf(field.offset));
      case Shape::kStruct:
        return structure(*field.child, from.GetAddressOf(field.offset));
      case Shape::kString:
        return string(*from.GetPointer<const flatbuffers::String*>(field.offset));
      case Shape::kTable:
        return table(*field.child, *from.GetPointer<const AnyTable*>(field.offset));
      case Shape::kVectorOfScalars:
      case Shape::kVectorOfStructs:
        return inline_vector(field, VectorView::of(from, field.offset));
      case Shape::kVectorOfStrings:
        return vector(*from.GetPointer<const Strings*>(field.offset), [this](const auto& one) { string(one); });
      case Shape::kVectorOfTables:
        return vector(*from.GetPointer<const Tables*>(field.offset),
                      [&](const AnyTable& one) { table(*field.child, one); });
      default:
        out_ += '?';
    }
  }

  void scalar(const FieldInfo& field, const std::uint8_t* at) {
    if (field.is_float()) {
      fmt::format_to(std::back_inserter(out_), "{}", read_real(field.scalar, at));
      return;
    }
    const std::int64_t value = read_integer(field.scalar, at);
    if (field.enumeration != nullptr && enumerator(*field.enumeration, value)) return;
    if (field.scalar == reflection::Bool) {
      out_ += value != 0 ? "true" : "false";
    } else if (field.scalar == reflection::ULong) {
      out_ += std::to_string(static_cast<std::uint64_t>(value));
    } else {
      out_ += std::to_string(value);
    }
  }

  // False: it has no name. Of flags, all names of those that are set.
  bool enumerator(const EnumInfo& type, std::int64_t value) {
    if (const auto name = type.names.find(value); name != type.names.end()) {
      out_ += name->second;
      return true;
    }
    if (!type.is_flags || value == 0 || !type.has(value)) return false;
    bool is_first = true;
    for (const auto& [flag, name] : type.names) {
      if ((value & flag) == 0) continue;
      if (!std::exchange(is_first, false)) out_ += '|';
      out_ += name;
    }
    return true;
  }

  void structure(const TypeInfo& type, const std::uint8_t* at) {
    open('{');
    for (const FieldInfo& field : type.fields) {
      next(field.name);
      field.shape == Shape::kStruct ? structure(*field.child, at + field.offset) : scalar(field, at + field.offset);
    }
    close('}');
  }

  void string(const flatbuffers::String& from) {
    out_ += '"';
    for (const char c : engine::printable_utf8(engine::utf8_prefix(from.string_view(), bytes_max_))) {
      if (c == '"' || c == '\\') out_ += '\\';
      out_ += c;
    }
    out_ += '"';
  }

  void inline_vector(const FieldInfo& field, VectorView from) {
    const std::size_t step = element_bytes(field);
    open('[');
    for (std::size_t i = 0; i < from.size && !is_full(); ++i) {
      next();
      const std::uint8_t* at = from.data + step * i;
      field.shape == Shape::kVectorOfStructs ? structure(*field.child, at) : scalar(field, at);
    }
    close(']');
  }

  template <class Vector, class Each>
  void vector(const Vector& from, Each each) {
    open('[');
    for (flatbuffers::uoffset_t i = 0; i < from.size() && !is_full(); ++i) {
      next();
      each(*from.Get(i));
    }
    close(']');
  }

  const std::size_t bytes_max_;
  std::string out_;
  bool is_first_ = true;
};

}  // namespace

std::string text_of(const TypeInfo& type, BytesView bytes, std::size_t bytes_max) {
  Text text(bytes_max);
  text.table(type, *flatbuffers::GetRoot<AnyTable>(bytes.data()));
  return text.take();
}

}  // namespace netcode
