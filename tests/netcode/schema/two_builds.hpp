// Two builds of one random game, random Worlds of the one, and what the other is to make of them: told by the fields'
// names alone, over numbers, texts, lists and objects, without any of the code that does it for real.
#pragma once

#include <engine/core/rng.hpp>

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace netcode::testing {

enum class Kind { kNumber, kEnum, kText, kPoint, kDetail, kNumbers, kTexts, kPoints, kDetails, kThings, kNotes };

struct Model {
  std::string name;
  Kind kind = Kind::kNumber;
  std::size_t scalar = 0;    // of kScalars, also of kNumbers
  long double usual = 0;     // its default
  bool is_required = false;  // what stands outside of its table alone
};

/// What a buffer says. A long double has room for every integer of 64 bits.
struct Value {
  long double number = 0;
  std::string text{};
  std::vector<Value> list{};
  std::map<std::string, Value> fields{};
};

struct Build {
  std::map<std::string, std::vector<Model>> types;  // "Point", "Thing", "Detail", "Note", "World"
  std::set<int> colours;                            // the numbers of its enum; 0 is one
  std::size_t colour_scalar = 0;
  std::size_t thing_key = 0;
  std::size_t note_key = 0;

  /// For CompiledBuild: its text, and that of a World of it.
  std::string schema() const;
  std::string json(const Value& world) const;
};

/// Both of one game: what one of them has the other has in two of three cases, elsewhere, as another number, or as
/// another kind of thing altogether.
std::array<Build, 2> random_builds(engine::Rng& rng);
/// A World of this build.
Value random_world(const Build& build, engine::Rng& rng);
/// What it is to the other.
Value as_seen_by(const Build& to, const Build& from, const Value& world);

}  // namespace netcode::testing
