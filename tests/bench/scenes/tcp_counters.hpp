// What the kernel counts of TCP connections, asked of it from outside (sock_diag over netlink, as `ss -tin` does): no
// program that is measured has to give its sockets away. Linux 4.19 or newer; needs no rights.
//
// Threading: any.
#pragma once

#include <cstdint>
#include <map>

#include "engine/core/result.hpp"

namespace scenes {

/// Of one end of a connection, since it came about.
struct TcpCounters {
  std::uint64_t bytes_sent = 0;  // payload, sent again where it was lost
  std::uint64_t bytes_received = 0;
  std::uint32_t segments_sent = 0;       // with and without payload
  std::uint32_t data_segments_sent = 0;  // with
  bool has_timestamps = false;           // 12 bytes more in each header
};

/// The established IPv4 connections of this host whose own port is `port`, by the port of their other end: a server's
/// end of each.
engine::Result<std::map<std::uint16_t, TcpCounters>> connections_of_port(std::uint16_t port);

}  // namespace scenes
