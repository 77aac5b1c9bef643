#include "random_json.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <limits>
#include <set>
#include <vector>

#include "socketio/packet.hpp"

namespace netcode::testing {
namespace {

namespace json = boost::json;

constexpr std::array kScalars = {"bool", "byte", "ubyte", "short", "ushort", "int",
                                 "uint", "long", "ulong", "float", "double"};
constexpr std::array kKeys = {"byte", "ubyte", "short", "ushort", "int", "uint", "long", "ulong", "string"};
constexpr std::array kTypesOfEnums = {"byte", "ubyte", "short", "ushort", "int", "uint", "long", "ulong"};
constexpr std::array kTypesOfFlags = {"ubyte", "ushort", "uint", "ulong"};

bool chance(engine::Rng& rng, std::uint32_t percent) { return rng.below(100) < percent; }

template <class List>
std::string any_of(const List& list, engine::Rng& rng) {
  return list[rng.below(static_cast<std::uint32_t>(list.size()))];
}

std::string scalar_type(engine::Rng& rng) {
  switch (rng.below(6)) {
    case 0:
      return "E";
    case 1:
      return "F";
    default:
      return any_of(kScalars, rng);
  }
}

// --- JSON

json::value integer(std::int64_t min, std::uint64_t max, engine::Rng& rng) {
  switch (rng.below(5)) {
    case 0:
      return min;
    case 1:
      return max;
    case 2:
      return std::max<std::int64_t>(min, -1);
    case 3:
      return static_cast<double>(rng.below(100));
    default:
      return std::min<std::uint64_t>(max, rng.below(100));
  }
}

template <class T>
json::value integer_of(engine::Rng& rng) {
  return integer(std::numeric_limits<T>::min(), static_cast<std::uint64_t>(std::numeric_limits<T>::max()), rng);
}

template <class T>
json::value wide(engine::Rng& rng) {
  if (chance(rng, 50)) return static_cast<double>(rng.below(1000));
  const std::array<T, 3> ends = {std::numeric_limits<T>::min(), std::numeric_limits<T>::max(),
                                 static_cast<T>(rng.next())};
  return json::value(fmt::format("{}", ends[rng.below(3)]));
}

json::value enumerator(const FieldInfo& field, engine::Rng& rng) {
  const EnumInfo& type = *field.enumeration;
  const bool is_wide = field.scalar == reflection::ULong || field.scalar == reflection::Long;
  const auto number = [&](std::int64_t value) -> json::value {
    if (!is_wide) return value;
    return json::value(field.scalar == reflection::ULong ? fmt::format("{}", static_cast<std::uint64_t>(value))
                                                         : fmt::format("{}", value));
  };
  if (type.is_flags) return number(static_cast<std::int64_t>(rng.next() & type.flags));
  auto chosen = type.names.begin();
  std::advance(chosen, rng.below(static_cast<std::uint32_t>(type.names.size())));
  return chance(rng, 50) ? json::value(chosen->second) : number(chosen->first);
}

json::value scalar(const FieldInfo& field, engine::Rng& rng) {
  if (field.enumeration != nullptr) return enumerator(field, rng);
  switch (field.scalar) {
    case reflection::Bool:
      return chance(rng, 50);
    case reflection::Byte:
      return integer_of<std::int8_t>(rng);
    case reflection::UByte:
      return integer_of<std::uint8_t>(rng);
    case reflection::Short:
      return integer_of<std::int16_t>(rng);
    case reflection::UShort:
      return integer_of<std::uint16_t>(rng);
    case reflection::Int:
      return integer_of<std::int32_t>(rng);
    case reflection::UInt:
      return integer_of<std::uint32_t>(rng);
    case reflection::Long:
      return wide<std::int64_t>(rng);
    case reflection::ULong:
      return wide<std::uint64_t>(rng);
    case reflection::Float: {
      const double wanted[] = {0.1, -1e-45, 3.4028235e38, 16777216, 1e10, 0.3};
      return static_cast<double>(chance(rng, 50) ? wanted[rng.below(6)] : rng.below(1000) / 8.0);
    }
    default: {  // that Boost.JSON reads exactly: of more digits it may read a neighbour
      const double wanted[] = {0.1, -5e-324, 1.7976931348623157e308, 9007199254740992.0, 1e21, 1e-7};
      return static_cast<double>(chance(rng, 50) ? wanted[rng.below(6)] : rng.below(1000) / 8.0);
    }
  }
}

std::string text(engine::Rng& rng) {
  static const std::vector<std::string> kTexts = {"",      "a", "\xC3\xA9", "\xF0\x9F\x98\x80", std::string("\0", 1),
                                                  "\"\\\n"};
  std::string out;
  for (std::uint32_t i = rng.below(4); i > 0; --i) out += kTexts[rng.below(static_cast<std::uint32_t>(kTexts.size()))];
  return out;
}

json::value element(const FieldInfo& field, engine::Rng& rng, int depth) {
  if (field.child != nullptr) return random_json(*field.child, rng, depth);
  return field.shape == Shape::kVectorOfStrings ? json::value(text(rng)) : scalar(field, rng);
}

json::value vector(const FieldInfo& field, engine::Rng& rng, int depth) {
  json::array out;
  std::set<std::string> keys;
  for (std::uint32_t i = rng.below(4); i > 0; --i) {
    json::value one = element(field, rng, depth);
    // The generator gives elements with keys the field "key", which is never left out.
    if (field.child != nullptr && one.get_object().contains("key")) {
      const json::value& key = one.at("key");
      const std::string said = key.is_string()   ? std::string(key.get_string())
                               : key.is_double() ? fmt::format("{:.0f}", key.get_double())
                               : key.is_uint64() ? fmt::format("{}", key.get_uint64())
                                                 : fmt::format("{}", key.get_int64());
      if (!keys.insert(said).second) continue;
    }
    out.push_back(std::move(one));
  }
  return out;
}

json::value field_json(const FieldInfo& field, engine::Rng& rng, int depth) {
  switch (field.shape) {
    case Shape::kScalar:
      return scalar(field, rng);
    case Shape::kString:
      return json::value(text(rng));
    case Shape::kStruct:
    case Shape::kTable:
      return random_json(*field.child, rng, depth + 1);
    case Shape::kArray: {
      json::array out;
      for (int i = 0; i < field.length; ++i) out.push_back(element(field, rng, depth));
      return out;
    }
    default:
      return vector(field, rng, depth + 1);
  }
}

void add_union(const FieldInfo& field, json::object& out, engine::Rng& rng, int depth) {
  auto member = field.enumeration->members.begin();
  std::advance(member, rng.below(static_cast<std::uint32_t>(field.enumeration->members.size())));
  const auto& [number, alternative] = *member;
  json::value value =
      alternative.child != nullptr ? random_json(*alternative.child, rng, depth + 1) : json::value(text(rng));
  const json::value type = chance(rng, 50) ? json::value(number) : json::value(field.enumeration->names.at(number));
  const std::string type_name = field.name + "_type";
  if (chance(rng, 50)) out.emplace(type_name, type);
  out.emplace(field.name, std::move(value));
  if (!out.contains(type_name)) out.emplace(type_name, type);
}

bool is_outside(Shape shape) { return shape != Shape::kScalar && shape != Shape::kStruct && shape != Shape::kArray; }

// --- what is said

std::string number_of(const FieldInfo& field, const json::value& value) {
  if (value.is_string()) {
    if (field.enumeration == nullptr) return std::string(value.get_string());
    const auto named = field.enumeration->values.find(std::string_view(value.get_string()));
    if (named == field.enumeration->values.end()) return std::string(value.get_string());
    return field.scalar == reflection::ULong ? fmt::format("{}", static_cast<std::uint64_t>(named->second))
                                             : fmt::format("{}", named->second);
  }
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  if (value.is_int64()) return fmt::format("{}", value.get_int64());
  if (value.is_uint64()) return fmt::format("{}", value.get_uint64());
  return fmt::format("{}", value.get_double());
}

bool are_equal_scalars(const FieldInfo& field, const json::value& given, const json::value& said) {
  if (!field.is_float()) return number_of(field, given) == number_of(field, said);
  const double a = given.to_number<double>(), b = said.to_number<double>();
  return field.scalar == reflection::Float ? static_cast<float>(a) == static_cast<float>(b) : a == b;
}

class Comparison {
 public:
  explicit Comparison(std::span<const std::string> attachments) : attachments_(attachments) {}

  std::string of_objects(const TypeInfo& type, const json::value& given, const json::value& said) const {
    for (const FieldInfo& field : type.fields) {
      const json::value* a = given.get_object().if_contains(field.name);
      if (a == nullptr || a->is_null()) continue;
      const json::value* b = said.get_object().if_contains(field.name);
      const TypeInfo* child = field.child;
      if (field.shape == Shape::kUnion) {
        const auto& types = field.enumeration->values;
        child = field.enumeration->members
                    .at(types.find(std::string_view(said.at(field.name + "_type").get_string()))->second)
                    .child;
      }
      const std::string found = b == nullptr ? " is not there" : of_values(field, child, *a, *b);
      if (!found.empty()) return field.name + "." + found;
    }
    return {};
  }

 private:
  std::string of_values(const FieldInfo& field, const TypeInfo* child, const json::value& given,
                        const json::value& said) const {
    if (given.is_array()) return of_arrays(field, given.get_array(), said);
    if (child != nullptr) return of_objects(*child, given, said);
    const bool is_text =
        field.shape == Shape::kString || field.shape == Shape::kUnion || field.shape == Shape::kVectorOfStrings;
    return (is_text ? given == said : are_equal_scalars(field, given, said)) ? std::string() : " is another";
  }

  std::string of_arrays(const FieldInfo& field, const json::array& given, const json::value& said) const {
    if (const auto number = socketio::attachment_of(said)) {
      const std::string& bytes = attachments_[*number];
      if (bytes.size() != given.size()) return " has another size";
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::int64_t byte =
            field.scalar == reflection::Byte ? static_cast<std::int8_t>(bytes[i]) : static_cast<std::uint8_t>(bytes[i]);
        if (number_of(field, given[i]) != std::to_string(byte)) return fmt::format("[{}] is another byte", i);
      }
      return {};
    }
    const json::array& others = said.get_array();
    if (others.size() != given.size()) return " has another size";
    for (std::size_t i = 0; i < given.size(); ++i) {
      const bool is_there = std::any_of(others.begin(), others.end(), [&](const json::value& other) {
        const bool has_key = field.child != nullptr && given[i].get_object().contains("key");
        return (has_key || &other == &others[i]) && of_values(field, field.child, given[i], other).empty();
      });
      if (!is_there) return fmt::format("[{}] is not there", i);
    }
    return {};
  }

  std::span<const std::string> attachments_;
};

}  // namespace

std::string random_json_schema(engine::Rng& rng) {
  std::string out = fmt::format("enum E : {} {{ None, One, Many = 100 }}\n", any_of(kTypesOfEnums, rng));
  const std::string flags = any_of(kTypesOfFlags, rng);
  out += fmt::format("enum F : {} (bit_flags) {{ A, B, D = {} }}\n", flags, flags == "ulong" ? 63 : 7);
  const std::vector<std::string> structs = {"S0", "S1", "S2"}, tables = {"T0", "T1", "T2"};
  for (std::size_t s = 0; s < structs.size(); ++s) {
    out += fmt::format("struct {} {{", structs[s]);
    if (chance(rng, 50)) out += fmt::format(" key:{} (key);", kKeys[rng.below(8)]);
    for (std::uint32_t i = 0; i <= rng.below(4); ++i) {
      const bool is_nested = s > 0 && chance(rng, 30);
      const std::string type = is_nested ? structs[rng.below(static_cast<std::uint32_t>(s))] : scalar_type(rng);
      out +=
          chance(rng, 40) ? fmt::format(" f{}:[{}:{}];", i, type, 1 + rng.below(4)) : fmt::format(" f{}:{};", i, type);
    }
    out += " }\n";
  }
  out += "union U { T0, T1, S0, S2, Words:string }\n";
  for (const std::string name : {"T0", "T1", "T2", "T"}) {
    out += fmt::format("table {} {{", name);
    if (name != "T" && chance(rng, 50)) out += fmt::format(" key:{} (key);", any_of(kKeys, rng));
    for (std::uint32_t i = 0; i < (name == "T" ? 12 : 1 + rng.below(6)); ++i) {
      const std::string field = fmt::format(" f{}", i);
      const std::string number = scalar_type(rng);
      const std::array outside = {std::string("string"),
                                  any_of(tables, rng),
                                  "[" + number + "]",
                                  std::string("[string]"),
                                  "[" + any_of(structs, rng) + "]",
                                  "[" + any_of(tables, rng) + "]",
                                  std::string("U"),
                                  any_of(structs, rng)};
      const bool is_number = number != "E" && number != "F";
      const std::string usual = number == "bool" ? "true" : "7";
      switch (rng.below(6)) {
        case 0:
          out += field + ":" + number + (is_number ? " = null;" : ";");
          break;
        case 1:
          out += field + ":" + number + (is_number ? " = " + usual + ";" : ";");
          break;
        default:
          out += field + ":" + any_of(outside, rng) + ";";
      }
    }
    out += " }\n";
  }
  return out;
}

json::value random_json(const TypeInfo& type, engine::Rng& rng, int depth) {
  json::object out;
  for (const FieldInfo& field : type.fields) {
    if (field.shape == Shape::kUnionType || field.shape == Shape::kUnsupported) continue;
    const bool is_wanted = type.is_struct || field.is_required || field.is_key || chance(rng, 70);
    const bool is_too_deep = depth > 3 && is_outside(field.shape) && !field.is_required && !field.is_key;
    if (!is_wanted || is_too_deep) {
      if (is_outside(field.shape) && chance(rng, 20)) out.emplace(field.name, nullptr);
    } else if (field.shape == Shape::kUnion) {
      add_union(field, out, rng, depth);
    } else {
      out.emplace(field.name, field_json(field, rng, depth));
    }
  }
  return out;
}

std::string missing_in(const TypeInfo& type, const json::value& given, const json::value& said,
                       std::span<const std::string> attachments) {
  return Comparison(attachments).of_objects(type, given, said);
}

void damage(json::value& value, engine::Rng& rng) {
  if (json::object* object = value.if_object(); object != nullptr && !object->empty() && chance(rng, 85)) {
    auto chosen = object->begin();
    std::advance(chosen, rng.below(static_cast<std::uint32_t>(object->size())));
    if (chance(rng, 10)) {
      object->erase(chosen);
    } else if (chance(rng, 10)) {
      object->emplace("f" + std::to_string(rng.below(20)), 1);
    } else {
      damage(chosen->value(), rng);
    }
  } else if (json::array* array = value.if_array(); array != nullptr && !array->empty() && chance(rng, 85)) {
    if (chance(rng, 20)) array->push_back((*array)[0]);
    damage((*array)[rng.below(static_cast<std::uint32_t>(array->size()))], rng);
  } else {
    const std::array<json::value, 14> others = {nullptr,
                                                true,
                                                0,
                                                -1,
                                                1e300,
                                                1.5,
                                                std::numeric_limits<double>::infinity(),
                                                -0.0,
                                                "",
                                                "\xFF",
                                                json::array(),
                                                json::object(),
                                                std::numeric_limits<std::uint64_t>::max(),
                                                "-1"};
    value = others[rng.below(static_cast<std::uint32_t>(others.size()))];
  }
}

}  // namespace netcode::testing
