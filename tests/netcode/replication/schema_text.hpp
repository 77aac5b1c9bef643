// Schemas written as text in a test, compiled when it runs, with the attributes that scrim.fbs declares.
#pragma once

#include <flatbuffers/idl.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "netcode/schema.hpp"
#include "replication/lane_layout.hpp"

namespace netcode::testing {

inline constexpr std::string_view kAttributes =
    "attribute \"event\"; attribute \"input\"; attribute \"predict\"; attribute \"scale\"; attribute \"interpolate\";"
    "attribute \"quantize\"; attribute \"owner\"; attribute \"owner_only\"; attribute \"priority\"; "
    "namespace t;\n";

/// A schema whose World is t.World. Throws where it is no schema.
class TextSchema {
 public:
  explicit TextSchema(std::string_view text) : parser_(options()) {
    const std::string all = std::string(kAttributes).append(text).append("root_type World;");
    if (!parser_.Parse(all.c_str())) throw std::runtime_error(parser_.error_);
    parser_.Serialize();
    const BytesView bfbs(parser_.builder_.GetBufferPointer(), parser_.builder_.GetSize());
    auto schema = Schema::load(bfbs, kWorld);
    if (!schema) throw std::runtime_error(schema.error().reason);
    schema_ = std::make_unique<Schema>(std::move(*schema));
  }

  const Schema& schema() const { return *schema_; }
  engine::Result<std::shared_ptr<const LaneLayout>> load() const { return LaneLayout::load(*schema_, kWorld); }
  std::shared_ptr<const LaneLayout> layout() const {
    auto layout = load();
    if (!layout) throw std::runtime_error(layout.error().reason);
    return *layout;
  }

  static constexpr const char* kWorld = "t.World";

 private:
  static flatbuffers::IDLOptions options() {
    flatbuffers::IDLOptions options;
    options.binary_schema_builtins = true;
    return options;
  }

  flatbuffers::Parser parser_;
  std::unique_ptr<Schema> schema_;
};

}  // namespace netcode::testing
