// Who is called for what: one handler for each event of a namespace, and one for each other thing that happens.
//
// Threading: its client's. A handler may add and remove handlers, itself too.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "netcode/ack.hpp"

namespace netcode::client {

/// The one handler for something. It may replace itself while it runs.
template <class... Args>
class Slot {
 public:
  void set(std::function<void(Args...)> handler) {
    handler_ = handler ? std::make_shared<std::function<void(Args...)>>(std::move(handler)) : nullptr;
  }
  void operator()(Args... args) const {
    if (const auto running = handler_) (*running)(args...);
  }

 private:
  std::shared_ptr<std::function<void(Args...)>> handler_;
};

class Handlers {
 public:
  using Handler = std::function<void(BytesView body, Ack ack)>;

  /// Replaces the one that is there.
  void set(std::string_view space, std::string_view table, Handler handler, bool once) {
    handlers_.insert_or_assign(Key(space, table), Entry{std::make_shared<Handler>(std::move(handler)), once});
  }
  void remove(std::string_view space, std::string_view table) { handlers_.erase(Key(space, table)); }

  /// The one to call now, or null; one for a single event is taken out.
  std::shared_ptr<Handler> take(std::string_view space, std::string_view table) {
    const auto found = handlers_.find(Key(space, table));
    if (found == handlers_.end()) return nullptr;
    auto handler = found->second.handler;
    if (found->second.once) handlers_.erase(found);
    return handler;
  }

 private:
  using Key = std::pair<std::string, std::string>;
  struct Entry {
    std::shared_ptr<Handler> handler;  // shared, so that a handler which replaces itself lives to its end
    bool once = false;
  };
  std::map<Key, Entry> handlers_;
};

}  // namespace netcode::client
