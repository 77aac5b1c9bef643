#include "transport/stream/tls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <csignal>
#include <thread>

#include "listener_fixture.hpp"
#include "netcode/limits.hpp"
#include "tls_client.hpp"

namespace netcode::transport {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kGet = "GET /secret HTTP/1.1\r\nHost: x\r\n\r\n";

class TlsTest : public ListenerTest {
 protected:
  void open_tls() { open(certificate_.context()); }

  TestCertificate certificate_;
};

TEST_F(TlsTest, requests_are_served_over_tls_1_3_and_1_2_and_the_connection_kept_alive) {
  open_tls();
  for (const int version : {0, TLS1_2_VERSION}) {
    TlsClient client(loop_, port(), version);
    ASSERT_TRUE(client.shake_hands());
    EXPECT_EQ(client.version(), version == 0 ? "TLSv1.3" : "TLSv1.2");
    for (int i = 0; i < 2; ++i) {
      client.received.clear();
      client.send(kGet);
      ASSERT_TRUE(client.read_until([&] { return client.received.ends_with("served /secret"); }));
    }
  }
}

TEST_F(TlsTest, what_is_older_than_tls_1_2_is_refused) {
  open_tls();
  TlsClient client(loop_, port(), TLS1_1_VERSION);
  EXPECT_FALSE(client.shake_hands());
  EXPECT_TRUE(client.ended);
}

TEST_F(TlsTest, the_end_is_told_with_a_close_notify) {
  open_tls();
  TlsClient client(loop_, port());
  ASSERT_TRUE(client.shake_hands());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(client.read_until([&] { return client.ended; }));
  EXPECT_TRUE(client.received.ends_with("served /"));
  EXPECT_TRUE(client.ended_cleanly);
}

TEST_F(TlsTest, a_handshake_that_stalls_is_cut_after_the_handshake_timeout) {
  options_.handshake_timeout = 30ms;
  open_tls();
  for (const std::string_view begun : {std::string_view(), std::string_view("\x16\x03\x01\x02\x00\x01", 6)}) {
    RawClient client(loop_, port());
    client.send(begun);
    const auto from = loop_.now();
    EXPECT_TRUE(client.read_to_end());
    EXPECT_EQ(client.received, "");
    EXPECT_LT(loop_.now() - from, 5s);
  }
  EXPECT_TRUE(http_requests_.empty());
}

TEST_F(TlsTest, bytes_that_are_no_tls_end_the_connection_and_no_other) {
  open_tls();
  RawClient garbage(loop_, port());
  garbage.send(std::string(64, '\x01'));
  EXPECT_TRUE(garbage.read_to_end());
  TlsClient client(loop_, port());
  client.send(kGet);
  EXPECT_TRUE(client.read_until([&] { return client.received.ends_with("served /secret"); }));
}

TEST_F(TlsTest, plain_http_to_a_port_of_https_is_told_so) {
  open_tls();
  RawClient client(loop_, port());
  client.send(kGet);
  EXPECT_TRUE(client.read_to_end());
  EXPECT_THAT(client.received, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(client.received, HasSubstr("HTTPS"));
}

TEST_F(TlsTest, a_large_body_and_a_large_answer_arrive_whole) {
  const std::string large = text_of(pattern(2'000'000));
  handlers_.on_http = [&](const HttpRequest& request) {
    return HttpResponse{.status = 200, .body = std::to_string(request.body.size()) + large};
  };
  open_tls();
  TlsClient client(loop_, port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + std::string(200'000, 'b'));
  loop_.run_for(20ms);  // until nothing more fits the kernel's buffers
  ASSERT_TRUE(client.read_until([&] { return client.received.ends_with(large); }));
  EXPECT_THAT(client.received, HasSubstr("\r\n\r\n200000"));
}

TEST_F(TlsTest, a_client_that_leaves_while_its_answer_is_awaited_is_noticed) {
  int gone = 0;
  std::vector<Answerer> kept;
  handlers_.on_http = [&](HttpRequest, Answerer answerer) {
    answerer.on_gone([&] { ++gone; });
    kept.push_back(std::move(answerer));
  };
  open_tls();
  auto client = std::make_unique<TlsClient>(loop_, port());
  client->send(kGet);
  ASSERT_TRUE(client->read_until([&] { return kept.size() == 1; }));
  client.reset();
  const auto end = loop_.now() + 10s;
  while (gone == 0 && loop_.now() < end) loop_.run_for(1ms);
  EXPECT_EQ(gone, 1);
}

TEST_F(TlsTest, a_websocket_opens_over_tls_and_echoes_on_the_loop_that_was_chosen) {
  IoLoop other;
  std::thread::id ran_on;
  Heard heard;
  std::shared_ptr<Connection> moved;
  handlers_.on_upgrade = [&](const HttpRequest&) { return Upgrade{&other, ""}; };
  handlers_.on_connection = [&](const HttpRequest&, std::shared_ptr<Connection> connection) {
    ran_on = std::this_thread::get_id();
    moved = std::move(connection);
    heard.then_on_message = [&](const Heard::Message& message) { moved->write(one_frame(message.bytes)); };
    moved->start(heard);
  };
  open_tls();
  std::thread thread([&] { other.run(); });
  const auto thread_id = thread.get_id();
  {
    TlsClient client(loop_, port());
    // The frames come in the record of the request: what was decrypted moves with the socket.
    client.send(RawClient::upgrade_request() + RawClient::frame(0x82, "early") + RawClient::frame(0x82, "and more"));
    ASSERT_TRUE(client.read_until([&] { return client.received.ends_with("and more"); }));
    EXPECT_THAT(client.received, HasSubstr("HTTP/1.1 101 "));
    EXPECT_THAT(client.received, HasSubstr("early"));
    client.update_keys();
    client.send(RawClient::frame(0x82, "with new keys"));
    ASSERT_TRUE(client.read_until([&] { return client.received.ends_with("with new keys"); }));
    // One record holds more than one read takes, and is taken apart.
    client.send(RawClient::frame(0x82, std::string(15'000, 'x')));
    ASSERT_TRUE(client.read_until([&] { return client.received.ends_with(std::string(15'000, 'x')); }));
    client.send(RawClient::frame(0x88, "\x03\xe8"));
    ASSERT_TRUE(client.read_until([&] { return client.ended; }));
    EXPECT_TRUE(client.ended_cleanly);
  }
  other.post([&] {
    moved->detach();
    moved.reset();
    other.stop();
  });
  thread.join();
  EXPECT_EQ(ran_on, thread_id);
}

TEST_F(TlsTest, a_message_that_the_kernel_takes_in_part_is_followed_by_on_writable_and_arrives_whole) {
  open_tls();
  TlsClient client(loop_, port());
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  const Bytes large = pattern(20'000'000);
  ASSERT_EQ(connections_[0]->write(one_frame(large)), WriteState::kLater);
  connections_[0]->ping(bytes_of("there?"));
  ASSERT_TRUE(client.read_until([&] { return heard_[0].writable_calls == 1; }));
  EXPECT_EQ(connections_[0]->write(one_frame(bytes_of("and a little one"))), WriteState::kDone);
  ASSERT_TRUE(client.read_until([&] { return client.received.ends_with("and a little one"); }));
  EXPECT_NE(client.received.find(text_of(large)), std::string::npos);
}

TEST_F(TlsTest, a_peer_that_is_gone_raises_no_signal) {
  open_tls();
  auto client = std::make_unique<TlsClient>(loop_, port());
  client->send(RawClient::upgrade_request());
  ASSERT_TRUE(client->read_until([&] { return !connections_.empty(); }));
  client.reset();
  for (int i = 0; i < 3 && connections_[0]->writable(); ++i) connections_[0]->write(one_frame(pattern(1000)));
  const auto end = loop_.now() + 10s;
  while (!heard_[0].closed && loop_.now() < end) loop_.run_for(1ms);
  ASSERT_TRUE(heard_[0].closed.has_value());
  EXPECT_EQ(heard_[0].closed->code, CloseCode::kAbnormal);
}

TEST_F(TlsTest, broken_frames_over_tls_are_closed_with_their_code) {
  open_tls();
  TlsClient client(loop_, port());
  client.send(RawClient::upgrade_request() + RawClient::frame(0x82, "unmasked", false));
  ASSERT_TRUE(client.read_until([&] { return client.received.find("\x03\xea") != std::string::npos; }));
}

TEST(Tls, a_file_that_cannot_be_used_is_named) {
  const TestCertificate certificate, other;
  const auto missing = TlsContext::load("/nowhere/cert.pem", certificate.key_file());
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().reason, HasSubstr("/nowhere/cert.pem"));
  const auto swapped = TlsContext::load(certificate.key_file(), certificate.key_file());
  ASSERT_FALSE(swapped);
  EXPECT_THAT(swapped.error().reason, HasSubstr(certificate.key_file()));
  const auto mismatch = TlsContext::load(certificate.certificate_file(), other.key_file());
  ASSERT_FALSE(mismatch);
  EXPECT_THAT(mismatch.error().reason, HasSubstr(other.key_file()));
}

}  // namespace
}  // namespace netcode::transport
