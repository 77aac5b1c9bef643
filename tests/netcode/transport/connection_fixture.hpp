// One suite over sockets, over the in-memory link and as if over a network: what a Connection does in all three.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "test_world.hpp"

namespace netcode::transport {

/// A way to be connected.
struct Kind {
  const char* name;
  MakeWorld make;
  friend void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }
};

class ConnectionTest : public testing::TestWithParam<Kind> {
 protected:
  /// Options first, then connect().
  Pair& connect(bool start = true) {
    world_ = GetParam().make(options_);
    pair_ = connect_pair(*world_, start);
    return *pair_;
  }
  void TearDown() override {
    pair_.reset();
    world_.reset();
  }

  bool run_until(const std::function<bool()>& condition) { return world_->run_until(condition); }

  TestWorld::Options options_;
  std::unique_ptr<TestWorld> world_;
  std::unique_ptr<Pair> pair_;
};

inline auto all_kinds() {
  return testing::Values(Kind{"memory", &make_memory_world}, Kind{"simulated", &make_simulated_world},
                         Kind{"sockets", &make_socket_world});
}

inline std::string name_of_kind(const testing::TestParamInfo<Kind>& info) { return info.param.name; }

}  // namespace netcode::transport
