// Two builds of one random game, random Worlds of the one, and what the other is to make of them: told by the fields'
// names alone, over numbers, texts, lists and objects, without any of the code that does it for real.
#pragma once

#include <engine/core/rng.hpp>

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/schema.hpp"

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

  std::string schema() const;
};

/// Both of one game: what one of them has the other has in two of three cases, elsewhere, as another number, or as
/// another kind of thing altogether.
std::array<Build, 2> random_builds(engine::Rng& rng);
/// A World of this build.
Value random_world(const Build& build, engine::Rng& rng);
/// What it is to the other.
Value as_seen_by(const Build& to, const Build& from, const Value& world);

/// A build's schema, loaded, and the buffers of its Worlds.
class CompiledBuild {
 public:
  explicit CompiledBuild(const Build& build);
  /// Of a test's own text, "table World { ... }", which may begin with a namespace. Throws where it is no schema.
  explicit CompiledBuild(const std::string& text, const std::string& world_table = kWorld);
  ~CompiledBuild();
  const Schema& schema() const { return *schema_; }
  Bytes world(const Value& value);
  Bytes world(const std::string& json);

  static constexpr const char* kWorld = "World";

 private:
  struct Impl;
  CompiledBuild(const std::string& text, const std::string& world_table, const Build& build);
  std::unique_ptr<Impl> impl_;
  std::unique_ptr<Schema> schema_;
  const Build build_;
};

}  // namespace netcode::testing
