// The layer between Beast's WebSocket and the socket: which frames go over the wire, in which order, is ours to say.
//
//   reads    one at a time, Beast's; a FragmentCounter reads along
//   writes   Beast's (handshake, pong, close) and ours (data frames, straight from the shared bodies, and the close
//            frame) take turns, whole frames at a time; several frames given at once leave in one sendmsg
//
// Beast's own frame writer is not used for messages: a server's frame is a header and the payload as it stands, and a
// composed operation per message would cost a fifth of a broadcast's time. Nor is its async_close: it and the read that
// meets the peer's close frame wait for each other for ever. With our close frame written here Beast only ever reads;
// what it would write behind that frame (a pong, its own close) is left out.
//
// Threading: its loop's thread. Ownership: lives in its connection, which the operations that wait here keep alive.
#pragma once

#include <sys/uio.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"
#include "transport/loop/asio_types.hpp"
#include "transport/loop/completion.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/stream/socket_stream.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/fragment_counter.hpp"

namespace netcode::transport {

/// Whoever owns a FrameStream hears what Beast would not tell.
class FrameOwner {
 public:
  virtual std::shared_ptr<void> keep_alive() = 0;
  /// Bytes have come; the counter has seen them, Beast has not.
  virtual void on_bytes_read() = 0;
  /// The data given to write_data is in the kernel, or lost with the socket. Never from inside a call to the stream.
  virtual void on_data_written(error_code error) = 0;
  /// Beast begins to write a close frame, of ours or of its own.
  virtual void on_closing() = 0;
  /// In words, for a close frame that Beast sends without a reason; empty if there is none to give.
  virtual std::string reason_for(CloseCode code) const = 0;

 protected:
  ~FrameOwner() = default;
};

class FrameStream : private SocketStream::Owner {
 public:
  using executor_type = Executor;
  using IoDone = Completion<error_code, std::size_t>;
  using TeardownDone = Completion<error_code>;

  FrameStream(IoLoop& loop, SocketParts socket);
  FrameStream(const FrameStream&) = delete;
  FrameStream& operator=(const FrameStream&) = delete;
  virtual ~FrameStream() = default;

  executor_type get_executor() noexcept { return executor_; }
  void set_owner(FrameOwner& owner) { owner_ = &owner; }
  /// Before a client's handshake: the first bytes to come are an HTTP response's head, not frames.
  void expect_http_head() { http_end_matched_ = 0; }
  /// From now on what is written is WebSocket frames.
  void set_open() { open_ = true; }

  const FragmentCounter& fragment_counter() const { return fragment_counter_; }
  std::uint64_t bytes_sent() const { return socket_.bytes_sent(); }
  std::uint64_t bytes_received() const { return socket_.bytes_received(); }
  bool peer_has_ended() const { return socket_.peer_has_ended(); }
  /// A close frame was written or waits to be: no data may follow it.
  bool closing() const { return closing_; }

  /// Writes `parts` as they stand, in order, one call at a time. Returns how it ended if it is over already; else the
  /// owner keeps the bytes and hears of the end.
  std::optional<error_code> write_data(std::span<const iovec> parts);
  /// Writes a close frame of ours, after what is being written. The last frame: reading goes on for the peer's.
  void write_close(Bytes frame);
  /// The peer breaks off or goes on sending, but nobody reads it any more: what comes is thrown away, unparsed, until
  /// the peer's end, or until it was too much. A close frame of ours still goes out.
  void discard_input();

  /// Closes the socket; every operation that waits fails.
  void close();
  /// The same, and the peer is told by a reset, without what the kernel has not sent.
  void cut();

  /// Beast is done with the frames: say so to the peer, wait for its end, close. Always succeeds: what counts is why
  /// the frames ended, and Beast would report this instead.
  void begin_teardown(bool is_server, TeardownDone done);

  // What Beast asks of its next layer: AsyncReadStream, AsyncWriteStream --------------------------------------------

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto&& handler, const Buffers& into) {
          read_into_.size = 0;
          for (auto it = asio::buffer_sequence_begin(into); it != asio::buffer_sequence_end(into); ++it) {
            const asio::mutable_buffer part = *it;
            if (part.size() > 0 && read_into_.size < read_into_.parts.size()) {
              read_into_.parts[read_into_.size++] = {part.data(), part.size()};
            }
          }
          start_read(IoDone(std::forward<decltype(handler)>(handler)));
        },
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
          write_control(std::move(parts), IoDone(std::forward<decltype(handler)>(handler)));
        },
        token, buffers);
  }

 private:
  /// Where a read goes. Beast gives two pieces at most, the ends of its ring.
  struct ReadInto {
    std::array<iovec, 2> parts{};
    std::size_t size = 0;
  };

  /// Something that waits for the socket to take it.
  struct Job {
    std::vector<iovec> parts;
    std::size_t total = 0;
    bool is_data = false;
    bool is_pong = false;  // Beast waits for it
    bool is_pong_copy = false;
    bool is_close = false;  // ours; Beast may wait for it, in place of its own
    std::optional<IoDone> done;
    Bytes copy;
  };

  std::shared_ptr<void> keep_alive() override { return owner_->keep_alive(); }
  void on_readable() override;
  void on_writable() override;
  void on_drained(bool too_much) override { too_much ? cut() : close(); }
  void on_abandoned() override;

  void start_read(IoDone done);
  std::optional<error_code> try_read(std::size_t& bytes);
  void account_read(std::size_t bytes);

  void write_control(std::vector<iovec> parts, IoDone done);
  Bytes explained_close(std::span<const iovec> parts) const;
  error_code send_some(std::vector<iovec>& parts);
  void fail_jobs(error_code error);
  void write_after_close(std::uint8_t first_byte, std::size_t total, IoDone done);
  void end_output();
  void end_all();

  Executor executor_;
  FrameOwner* owner_ = nullptr;
  SocketStream socket_;

  ReadInto read_into_;
  std::optional<IoDone> reading_;
  bool open_ = false;
  bool closing_ = false;
  bool discarding_ = false;
  std::uint8_t http_end_matched_;  // of "\r\n\r\n"
  FragmentCounter fragment_counter_;

  std::list<Job> jobs_;  // in the order of their bytes: at most one of data, a pong, one more of Beast's, our close
  std::optional<TeardownDone> draining_;
};

/// Found by Beast through FrameStream's namespace.
template <class Handler>
void async_teardown(boost::beast::role_type role, FrameStream& stream, Handler&& handler) {
  stream.begin_teardown(role == boost::beast::role_type::server,
                        FrameStream::TeardownDone(std::forward<Handler>(handler)));
}
inline void beast_close_socket(FrameStream& stream) { stream.cut(); }

}  // namespace netcode::transport
