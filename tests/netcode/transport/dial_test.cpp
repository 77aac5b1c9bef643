// A name's addresses, tried as RFC 8305 says.
#include "transport/http/dial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "netcode/limits.hpp"

namespace netcode::transport {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

tcp::endpoint loopback(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }

/// A port of this machine. Deaf: its queue is full, so the kernel drops what comes, as a host that is down would.
class Port {
 public:
  enum class Kind { kOpen, kDeaf, kClosed };
  explicit Port(Kind kind) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    auto endpoint = loopback(0);
    ::bind(fd_, endpoint.data(), static_cast<socklen_t>(endpoint.size()));
    auto size = static_cast<socklen_t>(endpoint.capacity());
    ::getsockname(fd_, endpoint.data(), &size);
    endpoint_ = endpoint;
    if (kind != Kind::kClosed) ::listen(fd_, kind == Kind::kOpen ? 16 : 0);
    for (int i = 0; kind == Kind::kDeaf && i < 4; ++i) {
      fill_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      ::connect(fill_.back(), endpoint.data(), static_cast<socklen_t>(endpoint.size()));
    }
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() {
    for (const int fd : fill_) ::close(fd);
    ::close(fd_);
  }
  tcp::endpoint endpoint() const { return endpoint_; }

 private:
  int fd_;
  tcp::endpoint endpoint_;
  std::vector<int> fill_;
};

class DialTest : public testing::Test {
 protected:
  struct Outcome {
    std::string reason;  // empty: connected
    tcp::endpoint to;
    engine::Duration took{};
  };
  Outcome dial_to(Endpoints endpoints, engine::Duration patience = 5s) {
    std::optional<Outcome> outcome;
    const auto begun = loop_.now();
    spawn(loop_.context(), run(loop_, std::move(endpoints), begun + patience, outcome));
    while (!outcome && loop_.now() < begun + 10s) loop_.run_for(1ms);
    return outcome.value_or(Outcome{"nothing came of it", {}, {}});
  }

  IoLoop loop_;
  Port open_{Port::Kind::kOpen};
  Port deaf_{Port::Kind::kDeaf};
  Port closed_{Port::Kind::kClosed};

 private:
  static Awaitable<void> run(IoLoop& loop, Endpoints endpoints, engine::TimePoint due,
                             std::optional<Outcome>& outcome) {
    const auto begun = loop.now();
    const auto socket = co_await dial(loop, std::move(endpoints), "the server", due);
    Outcome found;
    found.took = loop.now() - begun;
    if (socket) {
      auto size = static_cast<socklen_t>(found.to.capacity());
      ::getpeername(socket->get(), found.to.data(), &size);
    } else {
      found.reason = socket.error().reason;
    }
    outcome = found;
  }
};

TEST_F(DialTest, a_dead_first_address_costs_a_quarter_of_a_second) {
  const auto outcome = dial_to({deaf_.endpoint(), open_.endpoint()});
  EXPECT_EQ(outcome.reason, "");
  EXPECT_EQ(outcome.to, open_.endpoint());
  EXPECT_GE(outcome.took, limits::kAddressAttemptEvery);
  EXPECT_LT(outcome.took, 5s) << "it ate the whole time-out";
}

TEST_F(DialTest, an_address_that_refuses_is_followed_by_the_next_at_once) {
  const auto outcome = dial_to({closed_.endpoint(), closed_.endpoint(), open_.endpoint()});
  EXPECT_EQ(outcome.reason, "");
  EXPECT_EQ(outcome.to, open_.endpoint());
}

TEST_F(DialTest, the_first_that_answers_is_taken_and_the_others_are_let_go) {
  const auto outcome = dial_to({open_.endpoint(), deaf_.endpoint()});
  EXPECT_EQ(outcome.to, open_.endpoint());
}

TEST_F(DialTest, addresses_that_all_refuse_are_told_of_as_refused) {
  EXPECT_EQ(dial_to({closed_.endpoint(), closed_.endpoint()}).reason, "connection refused by the server");
}

TEST_F(DialTest, addresses_that_never_answer_are_given_up_in_time) {
  EXPECT_EQ(dial_to({deaf_.endpoint(), deaf_.endpoint()}, 50ms).reason, "no answer from the server in time");
}

TEST(InTurn, takes_families_in_turn_and_each_address_once) {
  const tcp::endpoint a6(asio::ip::make_address("::1"), 1), b6(asio::ip::make_address("::2"), 1);
  const tcp::endpoint a4(asio::ip::make_address("127.0.0.1"), 1);
  EXPECT_EQ(in_turn({a6, a6, b6, a4, a4}), (Endpoints{a6, a4, b6}));
  Endpoints many;
  for (std::uint16_t port = 1; port < 100; ++port) many.push_back(loopback(port));
  EXPECT_EQ(in_turn(many).size(), limits::kAddressesPerNameMax);
  EXPECT_TRUE(in_turn({}).empty());
}

}  // namespace
}  // namespace netcode::transport
