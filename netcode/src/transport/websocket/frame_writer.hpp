// Writes WebSocket frames to a socket: messages straight from the bodies that connections share, control frames, and
// the close frame, whole frames at a time in the order in which they were given.
//
// Most writes are in the kernel when the call ends, several messages in one sendmsg, and leave nothing here. What the
// kernel does not take waits: at most the messages of one write, two pongs, a ping of ours and a close frame.
//
// Threading: its loop's thread. Ownership: lives in its connection, with the socket.
#pragma once

#include <sys/uio.h>

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <vector>

#include "netcode/bytes.hpp"
#include "outgoing_message.hpp"
#include "transport/loop/asio_types.hpp"
#include "transport/stream/socket_stream.hpp"
#include "transport/websocket/frame_format.hpp"

namespace netcode::transport {

class FrameWriter {
 public:
  enum class To : std::uint8_t {
    kClient,  // frames are sent as they stand
    kServer,  // frames are masked
  };
  /// How a write ended; none: it waits, and on_writable() goes on with it.
  using Ended = std::optional<error_code>;

  FrameWriter(SocketStream& socket, To to) : socket_(socket), to_(to) {}

  /// Once at a time: not while messages_wait().
  Ended write(std::vector<OutgoingMessage> messages);
  /// A ping, a pong or a close, copied. Nothing may follow a close.
  Ended write_control(Opcode opcode, BytesView payload);
  /// What is no frame: the answer to a handshake, before all else.
  Ended write_raw(Bytes bytes);

  struct Progress {
    bool messages_written = false;
    error_code error = {};  // nothing waits any more: it is lost
  };
  /// Goes on, as far as the kernel takes it.
  Progress on_writable();
  /// Forgets what waits.
  void drop();

  bool is_idle() const { return jobs_.empty(); }
  bool messages_wait() const { return !messages_.empty(); }
  std::size_t waiting(Opcode opcode) const;
  /// A close frame was written or waits to be.
  bool closing() const { return closing_; }

 private:
  using Parts = boost::container::small_vector<iovec, 8>;

  /// Something that waits for the kernel to take it.
  struct Job {
    std::vector<iovec> parts;
    Bytes own;  // what the parts point into, unless they are messages
    Opcode opcode = Opcode::kContinuation;
    bool is_messages = false;
  };

  Ended send_or_wait(std::span<const iovec> parts, Job job);
  error_code send_some(std::vector<iovec>& parts);
  Parts plain_parts();
  Parts masked_parts();
  void forget_messages();

  SocketStream& socket_;
  std::vector<OutgoingMessage> messages_;  // of the write under way
  Bytes headers_;                          // of their frames; the masked payloads as well
  std::list<Job> jobs_;                    // in the order of their bytes
  const To to_;
  bool closing_ = false;
};

}  // namespace netcode::transport
