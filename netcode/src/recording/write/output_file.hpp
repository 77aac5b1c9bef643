// The file that a recording is written to: append, cut back, close. An interface, so that tests can fill a disk or
// break it.
//
// Threading: one caller at a time (the writer's thread). Ownership: closes itself.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"

namespace netcode::recording {

class OutputFile {
 public:
  virtual ~OutputFile() = default;
  /// All of it, or an error that says what the system said; some of it may be there then.
  virtual engine::Result<void> append(BytesView bytes) = 0;
  virtual engine::Result<void> truncate(std::uint64_t bytes) = 0;
  /// To the disk, as far as the system knows.
  virtual engine::Result<void> sync() = 0;
};

using OpenOutputFile = std::function<engine::Result<std::unique_ptr<OutputFile>>(const std::string& path)>;

/// Makes the file; one that is there already is an error: a recording is never written over.
engine::Result<std::unique_ptr<OutputFile>> create_output_file(const std::string& path);

}  // namespace netcode::recording
