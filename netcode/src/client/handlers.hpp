// Who is called for what: the handlers of each event of a namespace, and of each other thing that happens, in the order
// of their registration.
//
// Threading: its client's. A handler may add and remove handlers, itself too: that counts from the next event on.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "netcode/ack.hpp"

namespace netcode::client {

/// The handlers for something.
template <class... Args>
class Slot {
 public:
  /// An empty one removes all that are there.
  void add(std::function<void(Args...)> handler) {
    if (!handler) return void(handlers_ = nullptr);
    auto next = handlers_ ? std::make_shared<List>(*handlers_) : std::make_shared<List>();
    next->push_back(std::move(handler));
    handlers_ = std::move(next);
  }
  void operator()(Args... args) const {
    const auto running = handlers_;  // kept, whatever they do
    if (!running) return;
    for (const auto& handler : *running) handler(args...);
  }

 private:
  using List = std::vector<std::function<void(Args...)>>;
  std::shared_ptr<const List> handlers_;
};

class Handlers {
 public:
  using Handler = std::function<void(BytesView body, Ack& ack)>;

  void add(std::string_view space, std::string_view table, Handler handler, bool takes_ack, bool once) {
    handlers_[Key(space, table)].push_back({std::make_shared<Handler>(std::move(handler)), takes_ack, once});
  }
  void remove(std::string_view space, std::string_view table) { handlers_.erase(Key(space, table)); }

  struct Taken {
    std::vector<std::shared_ptr<Handler>> handlers;  // shared, so that one which is removed lives to its end
    bool take_ack = false;                           // one of them answers itself
  };
  /// Those to call now; the ones for a single event are taken out.
  Taken take(std::string_view space, std::string_view table) {
    Taken taken;
    const auto found = handlers_.find(Key(space, table));
    if (found == handlers_.end()) return taken;
    for (const Entry& entry : found->second) {
      taken.handlers.push_back(entry.handler);
      taken.take_ack |= entry.takes_ack;
    }
    std::erase_if(found->second, [](const Entry& entry) { return entry.once; });
    if (found->second.empty()) handlers_.erase(found);
    return taken;
  }

 private:
  using Key = std::pair<std::string, std::string>;
  struct Entry {
    std::shared_ptr<Handler> handler;
    bool takes_ack = false;
    bool once = false;
  };
  std::map<Key, std::vector<Entry>> handlers_;
};

}  // namespace netcode::client
