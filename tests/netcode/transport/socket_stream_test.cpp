#include "transport/stream/socket_stream.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string_view>
#include <utility>

namespace netcode::transport {
namespace {

class SocketStreamTest : public testing::Test {
 protected:
  SocketStreamTest() {
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()), 0);
    ours_ = UniqueFd(fds[0]);
    theirs_ = UniqueFd(fds[1]);
  }

  IoLoop loop_;
  UniqueFd ours_;
  UniqueFd theirs_;
};

TEST_F(SocketStreamTest, takes_what_was_read_before_it_was_taken_apart_along_in_order) {
  SocketStream stream(loop_, {.fd = std::move(ours_), .early = {3, 4}});
  const SocketParts parts = stream.release(Bytes{1, 2});
  EXPECT_TRUE(parts.fd);
  EXPECT_EQ(parts.early, (Bytes{1, 2, 3, 4}));
}

TEST_F(SocketStreamTest, takes_no_memory_along_that_nothing_was_read_into) {
  Bytes buffer(4096);
  buffer.clear();
  SocketStream stream(loop_, {.fd = std::move(ours_)});
  EXPECT_EQ(stream.release(buffer).early.capacity(), 0U) << "it would stay with the connection for its life";
}

TEST_F(SocketStreamTest, reads_what_was_taken_along_first_and_keeps_no_memory_for_it) {
  ASSERT_EQ(::send(theirs_.get(), "cd", 2, 0), 2);
  SocketStream stream(loop_, {.fd = std::move(ours_), .early = {'a', 'b'}});
  std::array<char, 8> bytes{};
  const iovec room{bytes.data(), bytes.size()};
  std::size_t read = 0;
  EXPECT_TRUE(stream.may_read());
  ASSERT_FALSE(stream.read({&room, 1}, read));
  EXPECT_EQ(std::string_view(bytes.data(), read), "ab");
  ASSERT_FALSE(stream.read({&room, 1}, read));
  EXPECT_EQ(std::string_view(bytes.data(), read), "cd");
  EXPECT_EQ(stream.release({}).early.capacity(), 0U);
}

}  // namespace
}  // namespace netcode::transport
