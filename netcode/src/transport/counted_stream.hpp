// The layer between Beast's WebSocket and the TCP socket: what goes over the wire is ours to order, count and limit.
//
//   reads    pass through to Beast; bytes are counted and a FrameWatch reads along
//   writes   Beast's (handshake, pong, close) and ours (data frames, straight from the shared bodies) take turns, whole
//            frames at a time; several frames given at once leave in one sendmsg
//
// Beast's own frame writer is not used for messages: a server's frame is a header and the payload as it stands, and a
// composed operation per message would cost a quarter of a broadcast's time.
//
// Threading: the socket's loop. Ownership: lives in its connection, which outlives every operation here (`keep_alive`).
#pragma once

#include <sys/uio.h>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"
#include "transport/asio_types.hpp"
#include "transport/frame_format.hpp"
#include "transport/frame_watch.hpp"
#include "transport/io_faults.hpp"

namespace netcode::transport {

/// Whoever owns a CountedStream hears what Beast would not tell.
class StreamOwner {
 public:
  virtual std::shared_ptr<void> keep_alive() = 0;
  /// Bytes have come; the watch has seen them, Beast has not.
  virtual void on_bytes_read() = 0;
  /// The data given to write_data is in the kernel, or lost with the socket.
  virtual void on_data_written(error_code error) = 0;
  /// Beast begins to write a close frame, of ours or of its own.
  virtual void on_closing() = 0;

 protected:
  ~StreamOwner() = default;
};

class CountedStream;

/// A read that is counted on its way back to whoever asked for it.
template <class Buffers, class Handler>
struct CountedRead {
  CountedStream* stream;
  Buffers into;
  Handler handler;

  void operator()(error_code error, std::size_t bytes);
};

}  // namespace netcode::transport

/// It is otherwise its caller's: same executor, allocator, cancellation.
template <template <class, class> class Associator, class Buffers, class Handler, class Default>
struct boost::asio::associator<Associator, netcode::transport::CountedRead<Buffers, Handler>, Default>
    : Associator<Handler, Default> {
  using Read = netcode::transport::CountedRead<Buffers, Handler>;
  static auto get(const Read& read) noexcept { return Associator<Handler, Default>::get(read.handler); }
  static auto get(const Read& read, const Default& fallback) noexcept {
    return Associator<Handler, Default>::get(read.handler, fallback);
  }
};

namespace netcode::transport {

class CountedStream {
 public:
  using executor_type = Executor;

  /// `early`: what was read from the socket before it came here.
  CountedStream(TcpSocket socket, Bytes early, IoFaults& faults);

  executor_type get_executor() noexcept { return socket_.get_executor(); }
  TcpSocket& socket() { return socket_; }
  void set_owner(StreamOwner& owner) { owner_ = &owner; }
  /// Before a client's handshake: the first bytes to come are an HTTP response's head, not frames.
  void expect_http_head() { http_end_matched_ = 0; }
  /// From now on what is written is WebSocket frames.
  void set_open() { open_ = true; }

  const FrameWatch& watch() const { return watch_; }
  std::uint64_t bytes_sent() const { return bytes_sent_; }
  std::uint64_t bytes_received() const { return bytes_received_; }
  /// A close frame was written or waits to be: no data may follow it.
  bool closing() const { return closing_; }

  /// Writes `parts` as they stand, in order, one call at a time. Returns how it ended if it is over already; else the
  /// owner keeps the bytes and hears of the end.
  std::optional<error_code> write_data(std::span<const iovec> parts);

  /// Resets the connection; every operation under way fails.
  void cut();

  /// Beast is done with the frames: say so to the peer, wait for its end, close.
  void begin_teardown(bool is_server, asio::any_completion_handler<void(error_code)> done);

  // What Beast asks of its next layer: AsyncReadStream, AsyncWriteStream ---------------------------------------------

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto&& handler, const Buffers& into) { start_read(into, std::forward<decltype(handler)>(handler)); },
        token, buffers);
  }

  /// Completes when all is written, never with less.
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto&& handler, const Buffers& from) {
          std::vector<iovec> parts;
          for (auto it = asio::buffer_sequence_begin(from); it != asio::buffer_sequence_end(from); ++it) {
            const asio::const_buffer part = *it;
            if (part.size() > 0) parts.push_back({const_cast<void*>(part.data()), part.size()});
          }
          write_control(std::move(parts), WriteDone(std::forward<decltype(handler)>(handler)));
        },
        token, buffers);
  }

 private:
  using WriteDone = asio::any_completion_handler<void(error_code, std::size_t)>;

  /// Something that waits for the socket to take it.
  struct Job {
    std::vector<iovec> parts;
    std::size_t total = 0;
    bool is_data = false;
    bool is_pong_copy = false;
    std::optional<WriteDone> done;  // Asio 1.26's any_completion_handler does not survive assignment
    Bytes copy;
  };

  template <class Buffers, class Handler>
  void start_read(const Buffers& into, Handler&& handler);
  template <class Buffers>
  void account_read(const Buffers& into, std::size_t bytes);
  void account_read(BytesView bytes);
  template <class Buffers, class Handler>
  friend struct CountedRead;

  void write_control(std::vector<iovec> parts, WriteDone done);
  void complete(WriteDone done, error_code error, std::size_t bytes);
  error_code send_some(std::vector<iovec>& parts);
  error_code send_once(std::span<const iovec> parts, std::size_t& sent);
  void wait_writable();
  void pump();
  void fail_all(error_code error);
  void drain(asio::any_completion_handler<void(error_code)> done);
  void finish_teardown(asio::any_completion_handler<void(error_code)> done);

  TcpSocket socket_;
  IoFaults& faults_;
  StreamOwner* owner_ = nullptr;

  Bytes early_;
  FrameWatch watch_;
  std::uint8_t http_end_matched_ = kNoHttpHead;  // of "\r\n\r\n"
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;

  // In the order of their bytes: at most one of data, a pong, and one more of Beast's.
  std::list<Job> jobs_;
  bool open_ = false;
  bool closing_ = false;

  static constexpr std::uint8_t kNoHttpHead = 4;
};

/// Found by Beast through CountedStream's namespace.
template <class Handler>
void async_teardown(boost::beast::role_type role, CountedStream& stream, Handler&& handler) {
  stream.begin_teardown(role == boost::beast::role_type::server, std::forward<Handler>(handler));
}
inline void beast_close_socket(CountedStream& stream) { stream.cut(); }

template <class Buffers, class Handler>
void CountedRead<Buffers, Handler>::operator()(error_code error, std::size_t bytes) {
  if (!error && stream->faults_.strikes()) {
    error = asio::error::connection_reset;
    bytes = 0;
  }
  if (bytes > 0) stream->account_read(into, bytes);
  std::move(handler)(error, bytes);
}

template <class Buffers, class Handler>
void CountedStream::start_read(const Buffers& into, Handler&& handler) {
  if (early_.empty()) {
    socket_.async_read_some(into,
                            CountedRead<Buffers, std::decay_t<Handler>>{this, into, std::forward<Handler>(handler)});
    return;
  }
  const auto bytes = asio::buffer_copy(into, asio::buffer(early_));
  early_.erase(early_.begin(), early_.begin() + static_cast<std::ptrdiff_t>(bytes));
  early_.shrink_to_fit();
  account_read(into, bytes);
  asio::post(get_executor(),
             [handler = std::forward<Handler>(handler), bytes]() mutable { std::move(handler)(error_code{}, bytes); });
}

template <class Buffers>
void CountedStream::account_read(const Buffers& into, std::size_t bytes) {
  for (auto it = asio::buffer_sequence_begin(into); bytes > 0; ++it) {
    const asio::const_buffer part = *it;
    const auto taken = std::min(bytes, part.size());
    account_read(BytesView(static_cast<const std::uint8_t*>(part.data()), taken));
    bytes -= taken;
  }
  if (owner_ != nullptr) owner_->on_bytes_read();
}

}  // namespace netcode::transport
