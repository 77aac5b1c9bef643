// What of the requests' bodies is refused, and what comes out as it went in. Their bytes at random: messages_test.cpp.
#include "protocol/requests.hpp"

#include <gtest/gtest.h>

#include <string>

#include "netcode/limits.hpp"
#include "protocol/messages.hpp"

namespace netcode::protocol {
namespace {

engine::Result<NamespaceRequest> namespace_request(const Bytes& bytes) {
  AlignedBuffer buffer;
  return decode_namespace_request(buffer.copy(bytes));
}

TEST(NamespaceRequest, comes_out_as_it_went_in) {
  const auto plain = namespace_request(encode_namespace_request("/admin"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->space, "/admin");
  EXPECT_FALSE(plain->auth);
  const auto shown = namespace_request(encode_namespace_request("/admin", Auth("tag.Login", Bytes{1, 2, 3})));
  ASSERT_TRUE(shown);
  ASSERT_TRUE(shown->auth);
  EXPECT_EQ(shown->auth->table(), "tag.Login");
  EXPECT_EQ(Bytes(shown->auth->body().begin(), shown->auth->body().end()), (Bytes{1, 2, 3}));
}

TEST(NamespaceRequest, is_refused_past_its_limits) {
  const auto reason = [](const Bytes& bytes) {
    const auto request = namespace_request(bytes);
    return request ? std::string() : request.error().reason;
  };
  EXPECT_EQ(reason({1, 2, 3}), "scrim:namespace: not a NamespaceRequest");
  EXPECT_EQ(reason(encode_namespace_request(std::string(65, 'x'))), "namespace is 65 bytes long, 64 is the limit");
  EXPECT_EQ(reason(encode_namespace_request("/a", Auth("a.B", Bytes(2049, 1)))), "auth: 2049 bytes, 2048 is the limit");
  EXPECT_EQ(reason(encode_namespace_request("/a", Auth("", Bytes{1}))), "auth: its table has no name");
  EXPECT_EQ(reason(encode_namespace_request("/a", Auth(std::string(129, 'x'), Bytes{1}))),
            "auth: its table's name is 129 bytes long, 128 is the limit");
}

TEST(NamespaceLeft, comes_out_as_it_went_in_and_is_checked) {
  AlignedBuffer buffer;
  const auto left = decode_namespace_left(buffer.copy(encode_namespace_left({.space = "/admin", .reason = "enough"})));
  ASSERT_TRUE(left);
  EXPECT_EQ(left->space, "/admin");
  EXPECT_EQ(left->reason, "enough");
  const auto reason = [&](const Bytes& bytes) {
    const auto decoded = decode_namespace_left(buffer.copy(bytes));
    return decoded ? std::string() : decoded.error().reason;
  };
  EXPECT_EQ(reason({1, 2, 3}), "scrim:left_namespace: not a NamespaceLeft");
  EXPECT_EQ(reason(encode_namespace_left({.space = std::string(65, 'x'), .reason = ""})),
            "namespace is 65 bytes long, 64 is the limit");
  EXPECT_EQ(reason(encode_namespace_left({.space = "/a", .reason = "\xFF"})), "reason is not UTF-8");
}

}  // namespace
}  // namespace netcode::protocol
