#include "transport/stream/socket_options.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "netcode/limits.hpp"
#include "transport/loop/unique_fd.hpp"

namespace netcode::transport {
namespace {

/// A TCP connection of this machine to itself.
class SocketOptionsTest : public testing::Test {
 protected:
  SocketOptionsTest() {
    const UniqueFd listening(::socket(AF_INET, SOCK_STREAM, 0));
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* address = reinterpret_cast<sockaddr*>(&address_);
    EXPECT_EQ(::bind(listening.get(), address, size), 0);
    EXPECT_EQ(::listen(listening.get(), 1), 0);
    EXPECT_EQ(::getsockname(listening.get(), address, &size), 0);
    ours_.reset(::socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(::connect(ours_.get(), address, size), 0);
    theirs_.reset(::accept(listening.get(), nullptr, nullptr));
    EXPECT_TRUE(theirs_);
  }
  int tcp(int option) const {
    int value = -1;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(ours_.get(), IPPROTO_TCP, option, &value, &size), 0);
    return value;
  }

  sockaddr_in address_{};
  UniqueFd ours_;
  UniqueFd theirs_;
};

TEST_F(SocketOptionsTest, send_at_once_hold_little_back_in_the_kernel_and_give_up_the_silent) {
  ConnectionOptions options;
  options.kernel_unsent_bytes_max = 12'345;
  set_socket_options(ours_.get(), options);
  EXPECT_NE(tcp(TCP_NODELAY), 0);
  EXPECT_EQ(tcp(TCP_NOTSENT_LOWAT), 12'345);
  EXPECT_EQ(tcp(TCP_USER_TIMEOUT), limits::kSilenceMax.count());
}

TEST_F(SocketOptionsTest, let_the_peer_learn_of_a_close_by_a_reset) {
  set_reset_on_close(ours_.get());
  ours_.reset();
  char byte = 0;
  EXPECT_EQ(::recv(theirs_.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(SocketOptionsTest, tell_the_address_of_the_peer_while_there_is_one) {
  EXPECT_EQ(remote_address_of(ours_.get()), "127.0.0.1:" + std::to_string(ntohs(address_.sin_port)));
  const UniqueFd alone(::socket(AF_INET, SOCK_STREAM, 0));
  EXPECT_EQ(remote_address_of(alone.get()), "");
}

}  // namespace
}  // namespace netcode::transport
