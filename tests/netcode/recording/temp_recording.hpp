// A file of a test's own with a recording in it, which is gone with it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "netcode/bytes.hpp"

namespace test_recordings {

class TempRecording {
 public:
  /// `more`: to tell several of one test apart.
  explicit TempRecording(const netcode::Bytes& bytes, const std::string& more = "")
      : path_(name_of_test() + more + ".scrim") {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  TempRecording(const TempRecording&) = delete;
  TempRecording& operator=(const TempRecording&) = delete;
  ~TempRecording() { std::filesystem::remove(path_); }

  const std::string& path() const { return path_; }

 private:
  static std::string name_of_test() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(test->test_suite_name()) + "." + test->name();
    std::replace(name.begin(), name.end(), '/', '_');
    return ::testing::TempDir() + name + "_" + std::to_string(::getpid());
  }

  std::string path_;
};

}  // namespace test_recordings
