#include "compiled_build.hpp"

#include <flatbuffers/idl.h>
#include <spdlog/fmt/fmt.h>

#include <stdexcept>
#include <utility>

namespace netcode::testing {

struct CompiledBuild::Impl {
  flatbuffers::Parser parser;

  explicit Impl(const std::string& text) {
    parser.opts.binary_schema_builtins = true;
    parser.opts.lang_to_generate = flatbuffers::IDLOptions::kCpp;  // whose unions may have structs and strings
    const std::string all = fmt::format(
        "attribute \"owner\"; attribute \"owner_only\"; attribute \"quantize\";\n{}\nroot_type World;", text);
    if (!parser.Parse(all.c_str())) throw std::runtime_error(fmt::format("{}\n{}", parser.error_, text));
  }
};

CompiledBuild::CompiledBuild(const std::string& text, const std::string& world_table)
    : world_table_(world_table), impl_(std::make_unique<Impl>(text)) {
  impl_->parser.Serialize();
  auto schema =
      Schema::load({impl_->parser.builder_.GetBufferPointer(), impl_->parser.builder_.GetSize()}, world_table);
  if (!schema) throw std::runtime_error(fmt::format("{}\n{}", schema.error().reason, text));
  schema_ = std::make_unique<Schema>(std::move(*schema));
}

CompiledBuild::~CompiledBuild() = default;

Bytes CompiledBuild::table(const std::string& name, const std::string& json) {
  flatbuffers::Parser& parser = impl_->parser;
  parser.SetRootType(name.c_str());
  parser.builder_.Clear();
  if (!parser.Parse(json.c_str())) throw std::runtime_error(fmt::format("{}\n{}", parser.error_, json));
  return {parser.builder_.GetBufferPointer(), parser.builder_.GetBufferPointer() + parser.builder_.GetSize()};
}

}  // namespace netcode::testing
