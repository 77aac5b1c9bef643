#include "measure.hpp"

#include <sys/mman.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <ctime>
#include <functional>
#include <map>
#include <new>
#include <stdexcept>
#include <thread>

#include "child.hpp"
#include "host.hpp"
#include "tcp_counters.hpp"
#include "watchers.hpp"

namespace scenes {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{10};
constexpr std::chrono::seconds kStartTimeout{20};
constexpr std::chrono::seconds kEndTimeout{10};
constexpr std::chrono::seconds kSettle{2};
constexpr std::uint32_t kIpAndTcpHeaderBytes = 40;
constexpr std::uint32_t kTimestampBytes = 12;
constexpr std::uint32_t kEthernetMtu = 1500;

// A Shared in memory that processes which are forked later see too.
class SharedMemory {
 public:
  SharedMemory() {
    void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("mmap: no memory to share");
    shared_ = new (memory) Shared;
  }
  ~SharedMemory() { ::munmap(shared_, sizeof(Shared)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  Shared& operator*() const { return *shared_; }

 private:
  Shared* shared_ = nullptr;
};

bool wait_until(std::chrono::seconds at_most, const std::function<bool()>& condition) {
  const auto end = SteadyClock::now() + at_most;
  while (!condition()) {
    if (SteadyClock::now() >= end) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

engine::Result<double> cpu_seconds(pid_t process) {
  clockid_t clock_id{};
  timespec used{};
  if (::clock_getcpuclockid(process, &clock_id) != 0 || ::clock_gettime(clock_id, &used) != 0)
    return engine::error("the server's CPU time cannot be read");
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

struct Sample {
  SteadyClock::time_point at;
  double cpu_s = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t objects = 0;
  std::map<std::uint16_t, TcpCounters> connections;
};

engine::Result<Sample> sample(const Shared& shared, pid_t server) {
  Sample out;
  out.at = SteadyClock::now();
  out.snapshots = shared.snapshots;
  out.payload_bytes = shared.payload_bytes;
  out.objects = shared.objects;
  const auto cpu_s = cpu_seconds(server);
  if (!cpu_s) return cpu_s.error();
  out.cpu_s = *cpu_s;
  auto connections = connections_of_port(static_cast<std::uint16_t>(shared.port.load()));
  if (!connections) return connections.error();
  out.connections = std::move(*connections);
  return out;
}

// What went over all connections that were there at both times.
struct Traffic {
  std::size_t connections = 0;
  double bytes_sent = 0;
  double bytes_received = 0;
  double segments = 0;
  double data_segments = 0;
  bool has_timestamps = false;
};

Traffic traffic_between(const Sample& begin, const Sample& end) {
  Traffic out;
  for (const auto& [port, now] : end.connections) {
    const auto found = begin.connections.find(port);
    if (found == begin.connections.end()) continue;
    const TcpCounters& then = found->second;
    ++out.connections;
    out.bytes_sent += static_cast<double>(now.bytes_sent - then.bytes_sent);
    out.bytes_received += static_cast<double>(now.bytes_received - then.bytes_received);
    out.segments += now.segments_sent - then.segments_sent;  // counters of 32 bits, which may wrap
    out.data_segments += now.data_segments_sent - then.data_segments_sent;
    out.has_timestamps |= now.has_timestamps;
  }
  return out;
}

// Those of Ethernet that carry the same: what loopback sends as one segment may be several there.
double ethernet_segments(const Traffic& traffic, std::uint32_t header_bytes) {
  if (traffic.data_segments == 0) return traffic.segments;
  const double room = kEthernetMtu - header_bytes;
  const double each = std::ceil(traffic.bytes_sent / traffic.data_segments / room);
  return traffic.segments + traffic.data_segments * (each - 1);
}

engine::Result<Figures> figures_between(const Sample& begin, const Sample& end, Scene scene, std::uint32_t clients) {
  const Traffic traffic = traffic_between(begin, end);
  if (traffic.connections != clients)
    return engine::error("{} clients, but {} connections of the server's port", clients, traffic.connections);
  const auto snapshots = static_cast<double>(end.snapshots - begin.snapshots);
  if (snapshots == 0) return engine::error("no snapshot came");
  Figures out;
  out.scene = scene;
  out.clients = clients;
  out.seconds = std::chrono::duration<double>(end.at - begin.at).count();
  const double client_seconds = clients * out.seconds;
  out.snapshots_per_client_s = snapshots / client_seconds;
  out.objects_per_snapshot = static_cast<double>(end.objects - begin.objects) / snapshots;
  out.payload_bytes_per_snapshot = static_cast<double>(end.payload_bytes - begin.payload_bytes) / snapshots;
  out.header_bytes = kIpAndTcpHeaderBytes + (traffic.has_timestamps ? kTimestampBytes : 0);
  const double segments = ethernet_segments(traffic, out.header_bytes);
  out.tcp_bytes_per_s = traffic.bytes_sent / client_seconds;
  out.segments_per_s = segments / client_seconds;
  out.wire_bytes_per_s = (traffic.bytes_sent + segments * out.header_bytes) / client_seconds;
  out.up_bytes_per_s = traffic.bytes_received / client_seconds;
  out.server_cpu_us = (end.cpu_s - begin.cpu_s) * 1e6 / snapshots;
  return out;
}

engine::Result<Figures> measure_running(Scene scene, const MeasureOptions& options, const Shared& shared, Child& server,
                                        Child& clients) {
  const auto is_broken = [&] { return !server.is_running() || !clients.is_running(); };
  const auto pass = [&](std::chrono::seconds time) { return !wait_until(time, is_broken); };
  wait_until(kStartTimeout, [&] { return shared.playing == options.clients || is_broken(); });
  if (is_broken() || shared.playing != options.clients)
    return engine::error("{} of {} clients came to play", shared.playing.load(), options.clients);
  if (!pass(kSettle)) return engine::error("the server or the clients have ended");
  const auto begin = sample(shared, server.id());
  if (!begin) return begin.error();
  if (!pass(std::chrono::seconds(options.seconds))) return engine::error("the server or the clients have ended");
  const auto end = sample(shared, server.id());
  if (!end) return end.error();
  return figures_between(*begin, *end, scene, options.clients);
}

}  // namespace

double Figures::bytes_per_object_and_update() const {
  const double updates_per_s = snapshots_per_client_s * objects_per_snapshot;
  return updates_per_s == 0 ? 0 : wire_bytes_per_s / updates_per_s;
}

engine::Result<Figures> measure(Scene scene, const MeasureOptions& options) {
  const SharedMemory memory;
  Shared& shared = *memory;
  Child server([&] { return host(scene, options.clients, shared); });
  if (!wait_until(kStartTimeout, [&] { return shared.port != 0 || !server.is_running(); }) || !server.is_running())
    return engine::error("the server did not start");
  Child clients([&] { return watch(options.clients, shared); });
  auto figures = measure_running(scene, options, shared, server, clients);
  shared.stop = true;
  wait_until(kEndTimeout, [&] { return !clients.is_running(); });
  server.signal(SIGTERM);
  const bool has_ended = wait_until(kEndTimeout, [&] { return !server.is_running(); });
  if (figures && (!has_ended || server.wait() != 0)) return engine::error("the server did not end well");
  return figures;
}

}  // namespace scenes
