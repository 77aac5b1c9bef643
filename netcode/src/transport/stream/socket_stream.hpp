// The bytes of one TCP socket, plain or TLS, read and written without blocking: what HTTP and WebSocket both stand on,
// so that bytes are counted, sockets are closed and faults are tried in one place.
//
// Threading: its loop's thread. Ownership: lives in its owner, who keeps itself alive while it wants to hear of the
// socket. To move to another loop it is taken apart (`release`) and put together there.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "netcode/bytes.hpp"
#include "transport/loop/asio_types.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/loop/poller.hpp"
#include "transport/loop/unique_fd.hpp"
#include "transport/stream/tls.hpp"

namespace netcode::transport {

/// A connected socket on its way to the loop that will serve it.
struct SocketParts {
  UniqueFd fd = {};
  std::unique_ptr<TlsSession> tls = nullptr;  // null: plain
  Bytes early = {};                           // read and decrypted already, the first bytes to come
};

std::size_t bytes_in(std::span<const iovec> parts);
/// The operation would have to wait: on_readable or on_writable tells when to try again.
bool is_would_block(error_code error);

class SocketStream final : private Poller::Watcher {
 public:
  /// None of these calls comes from inside a call to the stream.
  class Owner {
   public:
    /// For the time of a call.
    virtual std::shared_ptr<void> keep_alive() = 0;
    /// There may be something to read. Comes once: read until would_block.
    virtual void on_readable() = 0;
    /// There may be room again.
    virtual void on_writable() = 0;
    /// What `drain` waited for: the peer's end or, `too_much`, more bytes than it may still send.
    virtual void on_drained(bool too_much) = 0;
    /// The loop ends: drop what waits, uncalled.
    virtual void on_abandoned() = 0;

   protected:
    ~Owner() = default;
  };

  SocketStream(IoLoop& loop, SocketParts parts);
  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;
  ~SocketStream();

  void set_owner(Owner& owner) { owner_ = &owner; }
  bool is_open() const { return static_cast<bool>(fd_); }
  int descriptor() const { return fd_.get(); }
  const TlsSession* tls() const { return tls_.get(); }
  /// The peer spoke plain: so do we, from now on.
  void drop_tls() { tls_.reset(); }

  /// False: a read would find nothing, as far as is known.
  bool may_read() const { return readable_ || !early_.empty() || !fd_; }
  error_code read(std::span<const iovec> into, std::size_t& bytes);
  /// Fewer bytes than there are: on_writable follows. The next write begins with those that were not taken.
  error_code write(std::span<const iovec> parts, std::size_t& bytes);

  /// The peer will send nothing more, and there is nothing left of it to read.
  bool peer_has_ended() const;
  /// The peer has ended or is gone; there may be bytes before its end.
  bool has_hung_up() const { return hung_up_; }

  /// Takes the socket out, with `unread`, the last bytes that were read here.
  SocketParts release(BytesView unread);
  /// Nothing more will be written: the peer sees our end behind what it has been sent.
  void end_output();
  /// Throws away what still comes, undecrypted, until the peer's end or `bytes_max`: closing with bytes unread would
  /// reset the connection, and the peer might lose our last words. The owner closes when it is told.
  void drain(std::size_t bytes_max);
  /// No call reaches the owner any more.
  void close();
  /// The same, and the peer is told by a reset, without what the kernel has not sent.
  void cut();

  /// Of the payload, not of TLS's records.
  std::uint64_t bytes_sent() const { return bytes_sent_; }
  std::uint64_t bytes_received() const { return bytes_received_; }

 private:
  void on_ready(std::uint32_t events) override;
  void abandon() override { owner_->on_abandoned(); }

  error_code receive(std::span<const iovec> into, std::size_t& bytes);
  error_code send(std::span<const iovec> parts, std::size_t& bytes);
  std::size_t take_early(std::span<const iovec> into);
  void drain_on();
  void shut();

  IoLoop& loop_;
  Owner* owner_ = nullptr;
  UniqueFd fd_;
  std::unique_ptr<TlsSession> tls_;
  Bytes early_;
  /// As far as is known: no read has come back short since the last event. TLS may hold bytes that the kernel has not.
  bool readable_;
  bool hung_up_ = false;  // no further event will come: reads find out
  bool is_draining_ = false;
  std::size_t drain_bytes_left_ = 0;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace netcode::transport
