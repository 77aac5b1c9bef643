// The handlers of one namespace: middleware, events, connects and disconnects.
//
// Threading: any. Shards read while others may register, so a reader takes an immutable table and works on that.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/server.hpp"

namespace netcode {

class NamespaceCore {
 public:
  using Handler = std::function<void(Session&, BytesView body, Ack ack)>;

  struct Entry {
    std::shared_ptr<Handler> handler;
    bool once = false;
  };
  struct Table {
    std::vector<Middleware> middleware;
    std::map<std::string, Entry, std::less<>> events;  // by the table's full name
    std::vector<std::function<void(Session&, const EventView&)>> on_any;
    std::vector<std::function<void(Session&)>> on_connect;
    std::vector<std::function<void(Session&, std::string_view)>> on_disconnect;
  };

  NamespaceCore(ServerCore& server, std::string name) : server_(server), name_(std::move(name)), api_(*this) {}

  ServerCore& server() const { return server_; }
  const std::string& name() const { return name_; }
  Namespace& api() { return api_; }

  std::shared_ptr<const Table> table() const;
  void change(const std::function<void(Table&)>& change);
  /// The handler of this table, taken out if it was to run once. Null: there is none.
  std::shared_ptr<Handler> take_handler(std::string_view table);
  /// The first middleware that refuses has the word.
  Handshake::Verdict ask(Handshake& handshake) const;

 private:
  ServerCore& server_;
  std::string name_;
  Namespace api_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Table> table_ = std::make_shared<const Table>();
};

}  // namespace netcode
