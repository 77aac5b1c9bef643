// What the record bodies that are FlatBuffers have in common: reading one from bytes that are not to be trusted.
//
// Pure; any thread. Ownership: a BodyBuffer copies its bytes.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <optional>
#include <string>
#include <utility>

#include "engine/core/result.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/bytes.hpp"
#include "netcode/limits.hpp"
#include "simulation/simulation.hpp"

namespace netcode::recording {

/// Of a header's options or a keyframe's seats; each is bounded by a limit of its own where it is read.
inline constexpr std::size_t kBodyTablesMax = 8192;

inline Bytes finished(flatbuffers::FlatBufferBuilder& builder) {
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

/// A record's body as a FlatBuffer, copied to where one may stand. Read through accessors and never unpacked as a
/// whole: a few bytes of offsets to one long string would unpack to gigabytes.
template <class T>
class BodyBuffer {
 public:
  explicit BodyBuffer(BytesView bytes) : aligned_(bytes.begin(), bytes.end()) {}
  explicit BodyBuffer(Bytes&& bytes) : aligned_(std::move(bytes)) {}

  /// Null if these are no such bytes. `identifier`: four letters, or none.
  const T* verified(const char* identifier = nullptr) const {
    flatbuffers::Verifier verifier(aligned_.data(), aligned_.size(), limits::kVerifyDepthMax, kBodyTablesMax);
    const bool good = !aligned_.empty() && verifier.VerifyBuffer<T>(identifier);
    return good ? flatbuffers::GetRoot<T>(aligned_.data()) : nullptr;
  }

 private:
  Bytes aligned_;
};

inline bool is_text(const flatbuffers::String& text, std::size_t bytes_max) {
  return text.size() <= bytes_max && engine::is_utf8(text.string_view());
}

inline engine::Result<std::optional<std::string>> read_result(const flatbuffers::String* result) {
  if (result == nullptr) return std::optional<std::string>{};
  if (!is_text(*result, kResultBytesMax)) return engine::error("a result that is too long or not UTF-8");
  return std::optional<std::string>{result->str()};
}

}  // namespace netcode::recording
