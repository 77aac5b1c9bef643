// A bench whose server records, and the recording when it has stopped.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "netcode/recording.hpp"
#include "server_fixture.hpp"

namespace field {

class RecordedTest : public ServerTest {
 protected:
  RecordedTest() {
    static int count = 0;
    dir_ = ::testing::TempDir() + "scrim_recorded_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
  }
  ~RecordedTest() override {
    bench_.reset();
    std::filesystem::remove_all(dir_);
  }

  netcode::ServerConfig recorded() const {
    netcode::ServerConfig out = config();
    out.record_dir = dir_;
    std::filesystem::create_directories(dir_);
    return out;
  }
  /// Stops the server. The recording of its only match, or of its first one.
  std::string stopped() {
    bench_->stop();
    const auto recordings = server().stats().recordings;
    EXPECT_FALSE(recordings.empty());
    return recordings.empty() ? std::string() : recordings.front();
  }
  template <class T>
  static netcode::VerifyReport verify(const std::string& path) {
    return netcode::verify_recording(path, {{"field", netcode::rules_type<T>()}});
  }

  std::string dir_;
};

}  // namespace field
