// Listens for WebSockets and HTTP on one port, plain or over TLS.
//
// Threading: its loop's thread, apart from `on_connection`, which runs on the loop that `on_upgrade` chose.
// Ownership: goes before its loop. After `close` no handler is called any more on its loop; a handshake that has moved
// on to another loop still ends with its `on_connection`, so the handlers' captures live until those loops stand still.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/result.hpp"
#include "transport/http/accept.hpp"
#include "transport/loop/io_loop.hpp"

namespace netcode::transport {

struct ListenerState;
class TlsContext;

class Listener {
 public:
  /// On every address of the host's name. Port 0 picks a free one. With `tls` it speaks https:// and wss:// only. The
  /// error names host, port and why.
  static engine::Result<std::unique_ptr<Listener>> open(IoLoop& loop, const std::string& host, std::uint16_t port,
                                                        const ConnectionOptions& options, AcceptHandlers handlers,
                                                        std::shared_ptr<const TlsContext> tls = nullptr);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  std::uint16_t port() const;
  /// "127.0.0.1:9000": what it was opened with, the port as it came out.
  std::string address() const;
  /// Accepts no more. Connections stay.
  void close();

 private:
  explicit Listener(std::shared_ptr<ListenerState> state);

  std::shared_ptr<ListenerState> state_;
};

}  // namespace netcode::transport
