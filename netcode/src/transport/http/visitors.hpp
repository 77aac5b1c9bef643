// Accepted sockets that have not become a WebSocket, oldest first: they read a request or an answer's end. Who takes
// long makes room when there are too many, or when descriptors run out, so that strangers that say nothing do not keep
// out those who speak.
//
// Threading: the listener's loop. Ownership: a Visitor is its conversation's and goes before the socket does.
#pragma once

#include <cstddef>
#include <list>

#include "transport/loop/asio_types.hpp"

namespace netcode::transport {

class Visitors {
 public:
  std::size_t size() const { return sockets_.size(); }
  /// Closes the oldest one's socket: its conversation ends with its next step. False: there is none.
  bool evict_oldest() {
    if (sockets_.empty()) return false;
    TcpSocket* const socket = sockets_.front();
    sockets_.pop_front();
    error_code ignored;
    socket->close(ignored);
    return true;
  }

 private:
  friend class Visitor;
  std::list<TcpSocket*> sockets_;
};

class Visitor {
 public:
  Visitor(Visitors& visitors, TcpSocket& socket) : visitors_(visitors), socket_(socket) {
    visitors_.sockets_.push_back(&socket_);
  }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;
  ~Visitor() { visitors_.sockets_.remove(&socket_); }  // some hundred at most, and as a rule near the end

 private:
  Visitors& visitors_;
  TcpSocket& socket_;
};

}  // namespace netcode::transport
