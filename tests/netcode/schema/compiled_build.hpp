// A build of a game, written as text in a test: its schema, loaded, and buffers of its World.
#pragma once

#include <memory>
#include <string>

#include "netcode/bytes.hpp"
#include "netcode/schema.hpp"

namespace netcode::testing {

class CompiledBuild {
 public:
  /// "table World { ... }", which may begin with a namespace. Throws where it is no schema.
  explicit CompiledBuild(const std::string& text, const std::string& world_table = kWorld);
  ~CompiledBuild();
  const Schema& schema() const { return *schema_; }
  /// Throws where this is no World.
  Bytes world(const std::string& json) { return table(world_table_, json); }
  /// The same of another table.
  Bytes table(const std::string& name, const std::string& json);

  static constexpr const char* kWorld = "World";

 private:
  std::string world_table_;
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::unique_ptr<Schema> schema_;
};

}  // namespace netcode::testing
