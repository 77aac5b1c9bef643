#include "transport/websocket/handshake_key.hpp"

#include <gtest/gtest.h>

namespace netcode::transport {
namespace {

TEST(HandshakeKey, is_answered_as_rfc_6455_shows_in_section_1_3) {
  EXPECT_EQ(websocket_accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(HandshakeKey, is_sixteen_bytes_that_differ_from_connection_to_connection) {
  const auto key = make_websocket_key();
  EXPECT_EQ(key.size(), 24U);
  EXPECT_TRUE(key.ends_with("==")) << key;
  EXPECT_NE(make_websocket_key(), key);
}

}  // namespace
}  // namespace netcode::transport
