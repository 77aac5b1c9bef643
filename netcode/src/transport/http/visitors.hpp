// Connections that have not become a WebSocket, oldest first: they read a request, or take an answer and go. Who takes
// long makes room when there are too many, or when descriptors run out, so that strangers that say nothing do not keep
// out those who speak. One whose request a handler is about to answer is none of them.
//
// Threading: the listener's loop. Ownership: borrowed; a Visitor leaves before it goes.
#pragma once

#include <cstddef>
#include <list>
#include <optional>

namespace netcode::transport {

class Visitor;

class Visitors {
 public:
  std::size_t size() const { return visitors_.size(); }
  /// Ends the one that has been here longest. False: there is none.
  bool evict_oldest();

 private:
  friend class Visitor;
  std::list<Visitor*> visitors_;
};

class Visitor {
 public:
  explicit Visitor(Visitors& visitors) : visitors_(visitors) {}
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;
  virtual ~Visitor() { leave(); }
  /// Ends its connection.
  virtual void evict() = 0;

 protected:
  /// As the youngest.
  void enter() {
    leave();
    place_ = visitors_.visitors_.insert(visitors_.visitors_.end(), this);
  }
  void leave() {
    if (place_) visitors_.visitors_.erase(*place_);
    place_.reset();
  }

 private:
  friend class Visitors;
  Visitors& visitors_;
  std::optional<std::list<Visitor*>::iterator> place_;
};

inline bool Visitors::evict_oldest() {
  if (visitors_.empty()) return false;
  Visitor* const oldest = visitors_.front();
  oldest->leave();
  oldest->evict();
  return true;
}

}  // namespace netcode::transport
