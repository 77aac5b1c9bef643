// tcp_proxy LISTEN_PORT UPSTREAM_HOST:PORT PROFILE [--seed N]: passes TCP connections on as if over a worse network.
//
// For what cannot be told to simulate one itself: any client, any server, and both ends' real sockets. Bytes of each
// direction are held until a LinkModel says that they have arrived, at most kHeldBytesMax of them: then the sender's
// kernel makes it wait. Listens on 127.0.0.1 and prints "listening on 127.0.0.1:PORT"; port 0 is one that is free. Ends
// with SIGTERM or SIGINT. One thread.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <list>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/core/clock.hpp"
#include "netcode/network_profile.hpp"
#include "simnet/link_model.hpp"
#include "simnet/network_conditions.hpp"
#include "transport/loop/unique_fd.hpp"

namespace {

using engine::TimePoint;
using netcode::transport::LinkModel;
using netcode::transport::NetworkConditions;
using netcode::transport::UniqueFd;
using SteadyClock = std::chrono::steady_clock;

/// What two kernels hold of a connection between them, roughly.
constexpr std::size_t kHeldBytesMax = 64 * 1024;
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kConnectionsMax = 1'000;

volatile bool g_should_stop = false;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

void set_no_delay(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// What is under way from one socket to another.
class Direction {
 public:
  Direction(int from, int to, const std::shared_ptr<NetworkConditions>& conditions)
      : from_(from), to_(to), model_(conditions) {}

  bool wants_to_read() const { return !has_ended_ && held_bytes_ < kHeldBytesMax; }
  bool wants_to_write(TimePoint now) const { return !held_.empty() && held_.front().due <= now; }
  TimePoint due() const { return held_.empty() ? TimePoint::max() : held_.front().due; }
  bool is_over() const { return has_ended_ && held_.empty(); }
  LinkModel& model() { return model_; }

  /// False: the connection was lost.
  bool read(TimePoint now) {
    std::string bytes(kReadBytes, '\0');
    const auto size = ::recv(from_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    bytes.resize(static_cast<std::size_t>(size));
    has_ended_ = bytes.empty();
    held_bytes_ += bytes.size();
    held_.push_back({model_.arrival(now, bytes.size()), std::move(bytes)});
    return true;
  }

  /// An empty one is the end. False: the connection was lost.
  bool write(TimePoint now) {
    while (wants_to_write(now)) {
      std::string& bytes = held_.front().bytes;
      if (bytes.empty()) ::shutdown(to_, SHUT_WR);
      const auto size = bytes.empty() ? 0 : ::send(to_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (size < 0) return errno == EAGAIN || errno == EINTR;
      held_bytes_ -= static_cast<std::size_t>(size);
      bytes.erase(0, static_cast<std::size_t>(size));
      if (!bytes.empty()) return true;
      held_.pop_front();
    }
    return true;
  }

 private:
  struct Held {
    TimePoint due;
    std::string bytes;
  };

  int from_, to_;
  LinkModel model_;
  std::deque<Held> held_;
  std::size_t held_bytes_ = 0;
  bool has_ended_ = false;
};

class Passage {
 public:
  Passage(UniqueFd client, UniqueFd server, const std::shared_ptr<NetworkConditions>& conditions)
      : client_(std::move(client)),
        server_(std::move(server)),
        up_(client_.get(), server_.get(), conditions),
        down_(server_.get(), client_.get(), conditions),
        // The kernels have shaken hands; over the network that would have taken so long.
        opens_(down_.model().syn_arrival(up_.model().syn_arrival(SteadyClock::now()))) {}

  bool is_over() const { return is_lost_ || (up_.is_over() && down_.is_over()); }
  TimePoint due(TimePoint now) const { return now < opens_ ? opens_ : std::min(up_.due(), down_.due()); }
  void add_to(std::vector<pollfd>& polled, TimePoint now) const {
    polled.push_back({client_.get(), events(up_, down_, now), 0});
    polled.push_back({server_.get(), events(down_, up_, now), 0});
  }
  void work(const pollfd& client, const pollfd& server, TimePoint now) {
    constexpr short kReadable = POLLIN | POLLHUP | POLLERR;
    if (now < opens_) return;
    if ((client.revents & kReadable) != 0 && up_.wants_to_read()) is_lost_ |= !up_.read(now);
    if ((server.revents & kReadable) != 0 && down_.wants_to_read()) is_lost_ |= !down_.read(now);
    is_lost_ |= !up_.write(now) || !down_.write(now);
  }

 private:
  short events(const Direction& read, const Direction& written, TimePoint now) const {
    if (now < opens_) return 0;
    return static_cast<short>((read.wants_to_read() ? POLLIN : 0) | (written.wants_to_write(now) ? POLLOUT : 0));
  }

  UniqueFd client_, server_;
  Direction up_, down_;
  TimePoint opens_;
  bool is_lost_ = false;
};

UniqueFd listen_on(const std::string& port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoul(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind to " + port);
  if (::listen(fd.get(), 128) != 0) fail("listen");
  socklen_t size = sizeof address;
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("listening on 127.0.0.1:%u\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return fd;
}

/// Not open where nobody listens there.
UniqueFd connect_to(const std::string& host_and_port) {
  const auto colon = host_and_port.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("the upstream is HOST:PORT, not " + host_and_port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(host_and_port.substr(0, colon).c_str(), host_and_port.substr(colon + 1).c_str(), &hints, &found);
  if (error != 0) throw std::runtime_error(host_and_port + ": " + ::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> keeper(found, &::freeaddrinfo);
  UniqueFd fd(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(fd.get(), found->ai_addr, found->ai_addrlen) != 0) return UniqueFd();
  set_no_delay(fd.get());
  return fd;
}

void accept_one(int listener, const std::string& upstream, const std::shared_ptr<NetworkConditions>& conditions,
                std::list<Passage>& passages) {
  UniqueFd client(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (client.get() < 0 || passages.size() == kConnectionsMax) return;
  UniqueFd server = connect_to(upstream);
  if (server.get() < 0) return;
  set_no_delay(client.get());
  passages.emplace_back(std::move(client), std::move(server), conditions);
}

void wait(std::vector<pollfd>& polled, TimePoint now, TimePoint until) {
  // A signal between two looks at g_should_stop is seen a second later.
  const auto time = std::clamp(until - now, engine::Duration::zero(), engine::Duration(std::chrono::seconds(1)));
  const timespec timeout{time.count() / 1'000'000'000, time.count() % 1'000'000'000};
  if (::ppoll(polled.data(), polled.size(), &timeout, nullptr) < 0 && errno != EINTR) fail("poll");
}

void run(const std::string& port, const std::string& upstream, const netcode::NetworkProfile& profile,
         std::uint64_t seed) {
  const auto conditions = std::make_shared<NetworkConditions>(profile, SteadyClock::now(), seed);
  const UniqueFd listener = listen_on(port);
  std::list<Passage> passages;
  std::vector<pollfd> polled;
  while (!g_should_stop) {
    TimePoint now = SteadyClock::now();
    TimePoint next = TimePoint::max();
    polled.assign(1, {listener.get(), POLLIN, 0});
    for (const Passage& one : passages) {
      one.add_to(polled, now);
      // What is due and does not leave waits for its socket.
      if (one.due(now) > now) next = std::min(next, one.due(now));
    }
    wait(polled, now, next);
    now = SteadyClock::now();
    std::size_t at = 1;
    for (Passage& one : passages) {
      one.work(polled[at], polled[at + 1], now);
      at += 2;
    }
    std::erase_if(passages, [](const Passage& one) { return one.is_over(); });
    if ((polled[0].revents & POLLIN) != 0) accept_one(listener.get(), upstream, conditions, passages);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const bool has_seed = words.size() == 5 && words[3] == "--seed";
    if (words.size() != 3 && !has_seed)
      throw std::runtime_error("usage: tcp_proxy LISTEN_PORT UPSTREAM_HOST:PORT PROFILE [--seed N]");
    const auto profile = netcode::network_profile(words[2]);
    if (!profile) throw std::runtime_error(profile.error().reason);
    std::signal(SIGINT, [](int) { g_should_stop = true; });
    std::signal(SIGTERM, [](int) { g_should_stop = true; });
    run(words[0], words[1], *profile, has_seed ? std::stoull(words[4]) : 1);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tcp_proxy: %s\n", error.what());
    return 2;
  }
}
