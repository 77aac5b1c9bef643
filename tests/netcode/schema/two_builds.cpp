#include "two_builds.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace netcode::testing {
namespace {

struct Scalar {
  const char* name;
  long double min;
  long double max;
  bool is_real = false;
};

template <class T>
constexpr Scalar integer(const char* name) {
  return {name, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
}

constexpr long double kFloatMax = std::numeric_limits<float>::max();
constexpr long double kDoubleMax = std::numeric_limits<double>::max();
constexpr std::array<Scalar, 11> kScalars = {Scalar{"bool", 0, 1},
                                             integer<std::int8_t>("byte"),
                                             integer<std::uint8_t>("ubyte"),
                                             integer<std::int16_t>("short"),
                                             integer<std::uint16_t>("ushort"),
                                             integer<std::int32_t>("int"),
                                             integer<std::uint32_t>("uint"),
                                             integer<std::int64_t>("long"),
                                             integer<std::uint64_t>("ulong"),
                                             Scalar{"float", -kFloatMax, kFloatMax, true},
                                             Scalar{"double", -kDoubleMax, kDoubleMax, true}};
constexpr std::array<std::size_t, 6> kKeys = {1, 2, 3, 4, 5, 6};
constexpr std::array<std::size_t, 5> kColours = {1, 2, 3, 4, 5};
constexpr int kColourMax = 9;

bool chance(engine::Rng& rng, std::uint32_t percent) { return rng.below(100) < percent; }

template <class List>
const auto& any_of(const List& list, engine::Rng& rng) {
  return list[rng.below(static_cast<std::uint32_t>(list.size()))];
}

std::size_t any_scalar(engine::Rng& rng) { return rng.below(static_cast<std::uint32_t>(kScalars.size())); }

bool is_struct(const std::string& type) { return type == "Point" || type == "Thing"; }

// Which kinds a type may have: a World's own vectors have keys, and nothing leads back to where it came from.
std::vector<Kind> kinds_of(const std::string& type) {
  if (type == "Point") return {Kind::kNumber, Kind::kEnum};
  if (type == "Thing") return {Kind::kNumber, Kind::kNumber, Kind::kEnum, Kind::kPoint};
  if (type == "Detail")
    return {Kind::kNumber, Kind::kEnum, Kind::kText, Kind::kPoint, Kind::kNumbers, Kind::kTexts, Kind::kPoints};
  if (type == "Note")
    return {Kind::kNumber,  Kind::kEnum,  Kind::kText,   Kind::kPoint,  Kind::kDetail,
            Kind::kNumbers, Kind::kTexts, Kind::kPoints, Kind::kDetails};
  return {Kind::kNumber,  Kind::kEnum,  Kind::kText,   Kind::kPoint, Kind::kDetail,
          Kind::kNumbers, Kind::kTexts, Kind::kThings, Kind::kNotes};
}

// What two fields of one name have in common, if one can be made of the other.
int shape_of(Kind kind) { return kind == Kind::kEnum ? static_cast<int>(Kind::kNumber) : static_cast<int>(kind); }
bool stands_outside(Kind kind) { return kind != Kind::kNumber && kind != Kind::kEnum && kind != Kind::kPoint; }

const char* child_of(Kind kind) {
  switch (kind) {
    case Kind::kPoint:
    case Kind::kPoints:
      return "Point";
    case Kind::kThings:
      return "Thing";
    case Kind::kNotes:
      return "Note";
    default:
      return "Detail";
  }
}

bool is_list(Kind kind) {
  return kind == Kind::kNumbers || kind == Kind::kTexts || kind == Kind::kPoints || kind == Kind::kDetails ||
         kind == Kind::kThings || kind == Kind::kNotes;
}

// --- numbers

long double any_number(std::size_t scalar, engine::Rng& rng) {
  const Scalar& of = kScalars[scalar];
  if (of.is_real && chance(rng, 10)) return static_cast<float>(1e30);
  if (of.is_real) return static_cast<long double>(rng.between(-400, 400)) / 16;
  switch (rng.below(6)) {
    case 0:
      return of.min;
    case 1:
      return of.max;
    case 2:
      return std::clamp(-1.0L, of.min, of.max);
    default:
      return std::min(static_cast<long double>(rng.below(300)), of.max);
  }
}

// None: there is no room for it.
std::optional<long double> fitted(const Build& to, const Model& field, long double number) {
  const Scalar& of = kScalars[field.kind == Kind::kEnum ? to.colour_scalar : field.scalar];
  if (of.is_real) {
    if (number < of.min || number > of.max) return std::nullopt;
    return std::string_view(of.name) == "float" ? static_cast<float>(number) : static_cast<double>(number);
  }
  const long double whole = std::nearbyint(number);
  if (whole < of.min || whole > of.max) return std::nullopt;
  if (field.kind == Kind::kEnum && !to.colours.contains(static_cast<int>(whole))) return std::nullopt;
  return whole == 0 ? 0 : whole;  // no -0
}

// --- schemas

std::string type_text(const Model& field) {
  switch (field.kind) {
    case Kind::kNumber:
      return kScalars[field.scalar].name;
    case Kind::kEnum:
      return "Colour";
    case Kind::kText:
      return "string";
    case Kind::kNumbers:
      return fmt::format("[{}]", kScalars[field.scalar].name);
    case Kind::kTexts:
      return "[string]";
    default:
      return is_list(field.kind) ? fmt::format("[{}]", child_of(field.kind)) : child_of(field.kind);
  }
}

std::string number_text(long double number) {
  return number == std::nearbyint(number) && std::abs(number) < 2e19L ? fmt::format("{:.0f}", number)
                                                                      : fmt::format("{:.17g}", number);
}

std::string text_of(const std::string& type, const std::vector<Model>& fields, const std::string& key) {
  std::string out = fmt::format("{} {} {{", is_struct(type) ? "struct" : "table", type);
  if (!key.empty()) out += fmt::format(" id:{} (key);", key);
  for (const Model& field : fields) {
    const bool has_default = !is_struct(type) && field.kind == Kind::kNumber && field.usual != 0;
    const bool is_lane = is_struct(type) && field.kind == Kind::kNumber && kScalars[field.scalar].is_real;
    out += fmt::format(" {}:{}{}{};", field.name, type_text(field),
                       has_default ? fmt::format(" = {}", number_text(field.usual)) : std::string(),
                       is_lane             ? " (quantize:\"1/16\")"
                       : field.is_required ? " (required)"
                                           : "");
  }
  out += " }\n";
  return out;
}

Model random_model(const std::string& type, std::string name, engine::Rng& rng) {
  Model out{.name = std::move(name), .kind = any_of(kinds_of(type), rng), .scalar = any_scalar(rng)};
  return out;
}

// In a build of its own.
void vary(Model& model, const std::string& type, engine::Rng& rng) {
  if (chance(rng, 25)) model.scalar = any_scalar(rng);
  if (chance(rng, 8)) model.kind = any_of(kinds_of(type), rng);
  if (chance(rng, 8) && (model.kind == Kind::kNumber || model.kind == Kind::kEnum))
    model.kind = model.kind == Kind::kNumber ? Kind::kEnum : Kind::kNumber;
  const bool is_bool = model.scalar == 0;
  if (chance(rng, 50)) model.usual = is_bool ? 1 : static_cast<long double>(rng.below(100));
  model.is_required = !is_struct(type) && stands_outside(model.kind) && chance(rng, 15);
}

// --- Worlds

Value random_object(const Build& build, const std::string& type, engine::Rng& rng);

Value random_value(const Build& build, const Model& field, engine::Rng& rng);

Value random_list(const Build& build, const Model& field, engine::Rng& rng) {
  Value out;
  const std::size_t count = rng.below(4);
  std::set<long double> keys;
  for (std::size_t i = 0; i < count; ++i) {
    if (field.kind == Kind::kNumbers) {
      out.list.push_back({.number = any_number(field.scalar, rng)});
      continue;
    }
    if (field.kind == Kind::kTexts) {
      out.list.push_back({.text = fmt::format("t{}", rng.below(100))});
      continue;
    }
    Value element = random_object(build, child_of(field.kind), rng);
    if (field.kind == Kind::kThings || field.kind == Kind::kNotes) {
      const long double key = any_number(field.kind == Kind::kThings ? build.thing_key : build.note_key, rng);
      if (!keys.insert(key).second) continue;
      element.fields["id"] = {.number = key};
    }
    out.list.push_back(std::move(element));
  }
  std::sort(out.list.begin(), out.list.end(), [&keys](const Value& a, const Value& b) {
    return !keys.empty() && a.fields.at("id").number < b.fields.at("id").number;
  });
  return out;
}

Value random_value(const Build& build, const Model& field, engine::Rng& rng) {
  switch (field.kind) {
    case Kind::kNumber:
      return {.number = any_number(field.scalar, rng)};
    case Kind::kEnum:
      return {.number =
                  static_cast<long double>(any_of(std::vector<int>(build.colours.begin(), build.colours.end()), rng))};
    case Kind::kText:
      return {.text = std::string(rng.below(9), 'x')};
    default:
      return is_list(field.kind) ? random_list(build, field, rng) : random_object(build, child_of(field.kind), rng);
  }
}

Value random_object(const Build& build, const std::string& type, engine::Rng& rng) {
  Value out;
  for (const Model& field : build.types.at(type)) {
    if (!is_struct(type) && !field.is_required && !chance(rng, 75)) continue;
    Value value = random_value(build, field, rng);
    // An entity's floats are steps of a sixteenth, in 32 bits.
    if (is_struct(type) && kScalars[field.scalar].is_real) value.number = std::clamp(value.number, -99.5L, 99.5L);
    out.fields[field.name] = std::move(value);
  }
  return out;
}

// --- what the other build makes of them

class Onlooker {
 public:
  Onlooker(const Build& to, const Build& from) : to_(to), from_(from) {}

  Value object(const std::string& type, const Value& seen) const {
    Value out;
    for (const Model& field : to_.types.at(type))
      if (auto value = this->field(type, field, seen)) out.fields[field.name] = std::move(*value);
    return out;
  }

 private:
  std::optional<Value> field(const std::string& type, const Model& to, const Value& seen) const {
    const std::vector<Model>& there = from_.types.at(type);
    const auto from =
        std::find_if(there.begin(), there.end(), [&to](const Model& candidate) { return candidate.name == to.name; });
    const bool is_known = from != there.end() && shape_of(from->kind) == shape_of(to.kind);
    const auto value = seen.fields.find(to.name);
    if (shape_of(to.kind) == shape_of(Kind::kNumber)) {
      std::optional<long double> number;
      if (is_known) number = fitted(to_, to, value != seen.fields.end() ? value->second.number : usual_of(*from));
      if (number) return Value{.number = *number};
      return is_struct(type) ? std::optional(Value()) : std::nullopt;
    }
    if (!is_known || value == seen.fields.end()) {
      if (is_struct(type)) return blank("Point");
      const bool is_shown = to.is_required || to.kind == Kind::kThings || to.kind == Kind::kNotes;
      return is_shown ? std::optional(to.kind == Kind::kDetail ? empty("Detail") : Value()) : std::nullopt;
    }
    return kept(to, value->second);
  }

  static long double usual_of(const Model& field) { return field.kind == Kind::kEnum ? 0 : field.usual; }

  Value kept(const Model& to, const Value& seen) const {
    if (to.kind == Kind::kText) return seen;
    if (!is_list(to.kind)) return object(child_of(to.kind), seen);
    Value out;
    const bool has_key = to.kind == Kind::kThings || to.kind == Kind::kNotes;
    const Model key{.name = "id", .scalar = to.kind == Kind::kThings ? to_.thing_key : to_.note_key};
    for (const Value& element : seen.list) {
      if (to.kind == Kind::kTexts) {
        out.list.push_back(element);
      } else if (to.kind == Kind::kNumbers) {
        out.list.push_back({.number = fitted(to_, to, element.number).value_or(0)});
      } else if (!has_key) {
        out.list.push_back(object(child_of(to.kind), element));
      } else if (fitted(to_, key, element.fields.at("id").number)) {
        out.list.push_back(object(child_of(to.kind), element));
        out.list.back().fields["id"] = element.fields.at("id");
      }
    }
    return out;
  }

  Value blank(const std::string& type) const {
    Value out;
    for (const Model& field : to_.types.at(type)) out.fields[field.name] = Value();
    return out;
  }

  // A table with what it requires alone, and that without anything in it.
  Value empty(const std::string& type) const {
    Value out;
    for (const Model& field : to_.types.at(type))
      if (field.is_required) out.fields[field.name] = Value();
    return out;
  }

  const Build& to_;
  const Build& from_;
};

// --- JSON

std::string json_of(const Build& build, const std::string& type, const Value& object);

std::string json_of(const Build& build, const Model& field, const Value& value) {
  if (field.kind == Kind::kNumber || field.kind == Kind::kEnum) return number_text(value.number);
  if (field.kind == Kind::kText) return fmt::format("\"{}\"", value.text);
  if (!is_list(field.kind)) return json_of(build, child_of(field.kind), value);
  std::string out;
  for (const Value& element : value.list) {
    out += out.empty() ? "" : ", ";
    if (field.kind == Kind::kNumbers)
      out += number_text(element.number);
    else if (field.kind == Kind::kTexts)
      out += fmt::format("\"{}\"", element.text);
    else
      out += json_of(build, child_of(field.kind), element);
  }
  return fmt::format("[{}]", out);
}

std::string json_of(const Build& build, const std::string& type, const Value& object) {
  std::string out;
  const auto add = [&out](const std::string& name, const std::string& value) {
    out += fmt::format("{}\"{}\": {}", out.empty() ? "" : ", ", name, value);
  };
  if (const auto id = object.fields.find("id"); id != object.fields.end()) add("id", number_text(id->second.number));
  for (const Model& field : build.types.at(type))
    if (const auto value = object.fields.find(field.name); value != object.fields.end())
      add(field.name, json_of(build, field, value->second));
  return fmt::format("{{{}}}", out);
}

}  // namespace

std::string Build::schema() const {
  std::string out = fmt::format("enum Colour : {} {{", kScalars[colour_scalar].name);
  for (const int colour : colours) out += fmt::format("{} C{} = {}", colour == 0 ? "" : ",", colour, colour);
  out += " }\n";
  for (const char* type : {"Point", "Thing", "Detail", "Note", "World"}) {
    const std::string name = type;
    const std::string key = name == "Thing" ? kScalars[thing_key].name : name == "Note" ? kScalars[note_key].name : "";
    out += text_of(name, types.at(name), key);
  }
  return out;
}

std::string Build::json(const Value& world) const { return json_of(*this, "World", world); }

std::array<Build, 2> random_builds(engine::Rng& rng) {
  std::array<Build, 2> builds;
  for (const char* type : {"Point", "Thing", "Detail", "Note", "World"}) {
    const std::size_t count = 3 + rng.below(8);
    std::vector<Model> game;
    for (std::size_t i = 0; i < count; ++i) game.push_back(random_model(type, fmt::format("f{}", i), rng));
    for (Build& build : builds) {
      std::vector<Model>& fields = build.types[type];
      for (const Model& model : game)
        if (chance(rng, 80)) fields.push_back(model);
      if (fields.empty()) fields.push_back(game.front());  // a struct has one at least
      for (Model& field : fields) vary(field, type, rng);
      for (std::size_t i = fields.size(); i > 1; --i)
        if (chance(rng, 50)) std::swap(fields[i - 1], fields[rng.below(static_cast<std::uint32_t>(i))]);
    }
  }
  for (Build& build : builds) {
    build.colours = {0};
    for (int colour = 1; colour <= kColourMax; ++colour)
      if (chance(rng, 60)) build.colours.insert(colour);
    build.colour_scalar = any_of(kColours, rng);
    build.thing_key = any_of(kKeys, rng);
    build.note_key = any_of(kKeys, rng);
  }
  return builds;
}

Value random_world(const Build& build, engine::Rng& rng) { return random_object(build, "World", rng); }

Value as_seen_by(const Build& to, const Build& from, const Value& world) {
  return Onlooker(to, from).object("World", world);
}

}  // namespace netcode::testing
