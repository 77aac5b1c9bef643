#include "raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>

namespace netcode::transport {

using namespace std::chrono_literals;

RawClient::RawClient(IoLoop& loop, std::uint16_t port, bool small_window)
    : loop_(loop), fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (small_window) {
    const int bytes = 2048;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

RawClient::~RawClient() { ::close(fd_); }

void RawClient::send(std::string_view bytes) {
  const auto end = loop_.now() + 10s;
  while (!bytes.empty() && !ended && loop_.now() < end) {
    const auto sent = send_some(bytes);
    if (sent < 0) return;  // cut by the server: the test sees it when it reads
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent == 0) loop_.run_for(1ms);
  }
}

std::ptrdiff_t RawClient::send_some(std::string_view bytes) {
  const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 && errno == EAGAIN ? 0 : sent;
}

void RawClient::flood(std::string_view bytes) {
  std::string_view left;
  for (auto last = loop_.now(); loop_.now() < last + 100ms; loop_.run_for(1ms)) {
    if (left.empty()) left = bytes;
    const auto sent = ::send(fd_, left.data(), left.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent <= 0) continue;
    left.remove_prefix(static_cast<std::size_t>(sent));
    last = loop_.now();
  }
}

bool RawClient::read_until(const std::function<bool()>& condition) {
  std::array<char, 65536> buffer;
  const auto end = loop_.now() + 10s;
  while (!condition() && loop_.now() < end) {
    loop_.run_for(1ms);
    while (const std::size_t got = read_some(buffer)) received.append(buffer.data(), got);
  }
  return condition();
}

std::size_t RawClient::read_some(std::span<char> into) {
  const auto got = ::recv(fd_, into.data(), into.size(), MSG_DONTWAIT);
  if (got > 0) return static_cast<std::size_t>(got);
  if (got == 0 || (errno != EAGAIN && errno != EINTR)) ended = true;
  return 0;
}

void RawClient::shut() { ::shutdown(fd_, SHUT_WR); }

bool RawClient::is_reset_by_sending(std::string_view bytes) {
  return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN;
}

void RawClient::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(fd_);
  fd_ = -1;
}

std::string RawClient::upgrade_request(std::string_view target, std::string_view more_headers) {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         std::string(more_headers) + "\r\n";
}

std::string RawClient::frame(int first_byte, std::string_view payload, bool masked) {
  std::string frame(1, static_cast<char>(first_byte));
  const int mask_bit = masked ? 0x80 : 0;
  if (payload.size() < 126) {
    frame += static_cast<char>(mask_bit | static_cast<int>(payload.size()));
  } else {
    frame += static_cast<char>(mask_bit | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  if (masked) frame += std::string(4, '\0');
  return frame + std::string(payload);
}

int RawClient::answers() const {
  constexpr std::string_view kLength = "Content-Length: ";
  std::string_view rest = received;
  for (int count = 0;; ++count) {
    const auto end = rest.find("\r\n\r\n");
    const auto length = rest.find(kLength);
    if (end == std::string_view::npos || length > end) return count;
    const auto body = std::stoul(std::string(rest.substr(length + kLength.size(), 12)));
    if (rest.size() < end + 4 + body) return count;
    rest.remove_prefix(end + 4 + body);
  }
}

int RawClient::close_code() const {
  const auto head_end = received.find("\r\n\r\n");
  if (head_end == std::string::npos) return 0;
  std::string_view frames = std::string_view(received).substr(head_end + 4);
  while (frames.size() >= 4) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(frames[i]); };
    if (byte(0) == 0x88) return byte(2) * 256 + byte(3);
    std::size_t size = 2U + byte(1);
    if (byte(1) == 126) size = 4U + byte(2) * 256U + byte(3);
    if (size > frames.size()) break;
    frames.remove_prefix(size);
  }
  return 0;
}

}  // namespace netcode::transport
