// What a recording is read from: bytes at offsets, a file's through a small window so that memory does not grow with
// it.
//
// Threading: one caller at a time. Ownership: a file on the disk is closed with its InputFile.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"

namespace netcode::recording {

class InputFile {
 public:
  virtual ~InputFile() = default;
  /// As it was when it was opened.
  virtual std::uint64_t size() const = 0;
  /// Fills `out` from `offset` on; all of it must be within size.
  virtual engine::Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
};

/// An error names the path.
engine::Result<std::unique_ptr<InputFile>> open_input_file(const std::string& path);
std::unique_ptr<InputFile> memory_input_file(Bytes bytes);

}  // namespace netcode::recording
