#include "tcp_counters.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace scenes {
namespace {

// A connection over loopback, both ends of it.
class CountersOfTcp : public testing::Test {
 protected:
  CountersOfTcp() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, any, size), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    EXPECT_EQ(::getsockname(listener_, any, &size), 0);
    port_ = ntohs(address.sin_port);
    EXPECT_EQ(::connect(client_, any, size), 0);
    server_ = ::accept(listener_, nullptr, nullptr);
    EXPECT_EQ(::getsockname(client_, any, &size), 0);
    client_port_ = ntohs(address.sin_port);
  }
  ~CountersOfTcp() override {
    for (const int descriptor : {server_, client_, listener_}) ::close(descriptor);
  }

  static void pass(int from, int to, std::size_t bytes) {
    const std::string sent(bytes, 'x');
    ASSERT_EQ(::send(from, sent.data(), bytes, 0), static_cast<ssize_t>(bytes));
    std::string received(bytes, ' ');
    ASSERT_EQ(::recv(to, received.data(), bytes, MSG_WAITALL), static_cast<ssize_t>(bytes));
  }

  const int listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const int client_ = ::socket(AF_INET, SOCK_STREAM, 0);
  int server_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t client_port_ = 0;
};

TEST_F(CountersOfTcp, tell_what_a_servers_end_has_sent_and_received) {
  pass(server_, client_, 1'234);
  pass(server_, client_, 66);
  pass(client_, server_, 500);
  const auto connections = connections_of_port(port_);
  ASSERT_TRUE(connections) << connections.error().reason;
  ASSERT_EQ(connections->size(), 1U);
  const auto& [port, counters] = *connections->begin();
  EXPECT_EQ(port, client_port_);
  EXPECT_EQ(counters.bytes_sent, 1'300U);
  EXPECT_EQ(counters.bytes_received, 500U);
  EXPECT_EQ(counters.data_segments_sent, 2U);
  EXPECT_GE(counters.segments_sent, 2U) << "acknowledgements may have gone alone";
}

TEST_F(CountersOfTcp, are_those_of_the_other_end_by_its_own_port) {
  pass(client_, server_, 77);
  const auto connections = connections_of_port(client_port_);
  ASSERT_TRUE(connections) << connections.error().reason;
  ASSERT_EQ(connections->count(port_), 1U);
  EXPECT_EQ(connections->at(port_).bytes_sent, 77U);
}

TEST_F(CountersOfTcp, are_none_for_a_port_without_connections) {
  const auto connections = connections_of_port(1);
  ASSERT_TRUE(connections) << connections.error().reason;
  EXPECT_TRUE(connections->empty());
}

}  // namespace
}  // namespace scenes
