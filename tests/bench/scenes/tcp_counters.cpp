#include "tcp_counters.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace scenes {

namespace {

using Connections = std::map<std::uint16_t, TcpCounters>;

constexpr std::size_t kAnswerBytesMax = 64 * 1024;  // the kernel's own messages are shorter
constexpr std::uint32_t kEstablished = 1;           // TCP_ESTABLISHED, whose header does not go with linux/tcp.h

engine::Error system_error(const char* what) {
  return engine::error("{}: {}", what, std::generic_category().message(errno));
}

class Socket {
 public:
  Socket() : descriptor_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

struct Request {
  nlmsghdr head;
  inet_diag_req_v2 body;
};

engine::Result<void> ask(const Socket& socket, std::uint16_t port) {
  Request request{};
  request.head.nlmsg_len = sizeof request;
  request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = AF_INET;
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.idiag_ext = 1U << (INET_DIAG_INFO - 1);
  request.body.idiag_states = 1U << kEstablished;
  request.body.id.idiag_sport = htons(port);
  request.body.id.idiag_cookie[0] = request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  if (::send(socket.descriptor(), &request, sizeof request, 0) < 0) return system_error("sock_diag: send");
  return {};
}

// A copy of T from the start of `bytes`; zeros where those end early, as an older kernel's shorter tcp_info does.
template <class T>
T copy_of(std::span<const std::byte> bytes) {
  T out{};
  std::memcpy(&out, bytes.data(), std::min(sizeof out, bytes.size()));
  return out;
}

// The beginning of `bytes` is an item of `length`: what is behind it and its padding to 4 bytes.
std::span<const std::byte> after(std::span<const std::byte> bytes, std::size_t length) {
  return bytes.subspan(std::min((length + 3) & ~std::size_t{3}, bytes.size()));
}

void take_connection(std::span<const std::byte> body, std::uint16_t port, Connections& out) {
  if (body.size() < sizeof(inet_diag_msg)) return;
  const auto message = copy_of<inet_diag_msg>(body);
  if (ntohs(message.id.idiag_sport) != port) return;
  for (auto rest = after(body, sizeof message); rest.size() >= sizeof(rtattr);) {
    const auto attribute = copy_of<rtattr>(rest);
    if (attribute.rta_len < sizeof attribute || attribute.rta_len > rest.size()) return;
    if (attribute.rta_type == INET_DIAG_INFO) {
      const auto info = copy_of<tcp_info>(rest.subspan(sizeof attribute, attribute.rta_len - sizeof attribute));
      out[ntohs(message.id.idiag_dport)] = {.bytes_sent = info.tcpi_bytes_sent,
                                            .bytes_received = info.tcpi_bytes_received,
                                            .segments_sent = info.tcpi_segs_out,
                                            .data_segments_sent = info.tcpi_data_segs_out,
                                            .has_timestamps = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0};
    }
    rest = after(rest, attribute.rta_len);
  }
}

// Of one answer of the kernel; true: it was the last.
engine::Result<bool> take_answer(std::span<const std::byte> bytes, std::uint16_t port, Connections& out) {
  while (bytes.size() >= sizeof(nlmsghdr)) {
    const auto head = copy_of<nlmsghdr>(bytes);
    if (head.nlmsg_len < sizeof head || head.nlmsg_len > bytes.size()) return engine::error("sock_diag: a torn answer");
    const auto body = bytes.subspan(sizeof head, head.nlmsg_len - sizeof head);
    if (head.nlmsg_type == NLMSG_DONE) return true;
    if (head.nlmsg_type == NLMSG_ERROR) {
      errno = -copy_of<nlmsgerr>(body).error;
      return system_error("sock_diag");
    }
    if (head.nlmsg_type == SOCK_DIAG_BY_FAMILY) take_connection(body, port, out);
    bytes = after(bytes, head.nlmsg_len);
  }
  return false;
}

}  // namespace

engine::Result<Connections> connections_of_port(std::uint16_t port) {
  const Socket socket;
  if (socket.descriptor() < 0) return system_error("sock_diag: socket");
  if (auto asked = ask(socket, port); !asked) return asked.error();
  Connections out;
  std::vector<std::byte> buffer(kAnswerBytesMax);
  for (;;) {
    const ssize_t received = ::recv(socket.descriptor(), buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return system_error("sock_diag: recv");
    if (received == 0) return engine::error("sock_diag: no end of the answer");
    const auto is_last = take_answer(std::span(buffer).first(static_cast<std::size_t>(received)), port, out);
    if (!is_last) return is_last.error();
    if (*is_last) return out;
  }
}

}  // namespace scenes
