// A client at the door, and what middleware says to it: now, or later and from any thread, when a database was asked.
//
//   server.use([](netcode::Handshake& h) { return h.name() == "it" ? h.refuse("no") : h.accept(); });
//   server.use([](netcode::Handshake& h) {
//     const auto* login = h.auth<tag::Login>();  // what the client shows: ClientConfig::auth
//     return login && login->code() == 4711 ? h.accept() : h.refuse("the code, please");
//   });
//   server.use([&accounts](netcode::Handshake& h) {
//     auto [verdict, answer] = h.later();
//     accounts.ask(h.name(), [answer](bool known) { known ? answer.accept() : answer.refuse("who?"); });
//     return verdict;
//   });
//
// Threading: middleware runs on the thread of a shard; a HandshakeAnswer may be used from any.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "netcode/auth.hpp"
#include "netcode/event.hpp"
#include "netcode/match_info.hpp"

namespace netcode {

/// What a client was accepted with, for the rules of the matches that it joins: a table of the game's schema.
struct Ticket {
  std::string table;
  Bytes body;
};

/// What a middleware decided.
struct HandshakeDecision {
  std::optional<std::string> refusal;  // a reason, shown to the client
  boost::json::value data{};           // ... and what a client of Socket.IO gets with it; null: nothing
  std::optional<Ticket> ticket;        // of an acceptance
};

/// The answer to a Handshake that was to come later. The first one counts; that none came, because all copies of this
/// are gone or kHandshakeAnswerMax is over, refuses the client. It may be kept for longer than its server.
class HandshakeAnswer {
 public:
  void accept() const { decide({}); }
  template <TableObject T>
  void accept(const T& ticket) const {
    decide({.refusal = {}, .ticket = Ticket{T::TableType::GetFullyQualifiedName(), encode(ticket)}});
  }
  void refuse(std::string reason) const;

 private:
  friend class Handshake;
  friend class NamespaceCore;
  class State;
  void decide(HandshakeDecision decision) const;
  /// `decided` is called once, on any thread, or at once.
  void then(std::function<void(HandshakeDecision)> decided) const;

  std::shared_ptr<State> state_;
};

/// A client before it has a session, or before it enters a further namespace.
class Handshake {
 public:
  class Verdict {
   public:
    Verdict(HandshakeDecision decision) : decision_(std::move(decision)) {}

   private:
    friend class Handshake;
    friend class NamespaceCore;
    HandshakeDecision decision_;
    std::optional<HandshakeAnswer> later_;
  };

  Handshake(std::string name, std::string remote_address, std::string space, Fields query,
            std::optional<Auth> auth = std::nullopt)
      : name_(std::move(name)),
        remote_address_(std::move(remote_address)),
        space_(std::move(space)),
        query_(std::move(query)),
        auth_(std::move(auth)) {}

  const std::string& name() const { return name_; }
  const std::string& remote_address() const { return remote_address_; }
  const std::string& space() const { return space_; }
  /// The URL's query; empty when a session enters a further namespace.
  const Fields& query() const { return query_; }
  /// What the client shows at this door, verified; null if that is nothing, or another table. Valid as long as this is.
  /// It is neither logged nor recorded, nor kept once the client is in.
  template <Table T>
  const T* auth() const {
    const Auth* shown = shown_as(T::GetFullyQualifiedName());
    return shown ? shown->as<T>() : nullptr;
  }
  /// What a client of Socket.IO shows, as it came: null if that is nothing.
  const boost::json::value& auth_json() const { return auth_json_; }
  void set_auth_json(boost::json::value auth) { auth_json_ = std::move(auth); }
  /// Makes what a client shows as JSON a table, whose name it does not say. Nothing: it is no such table.
  using AuthReader = std::function<std::optional<Auth>(std::string_view table)>;
  void read_auth(AuthReader reader) { reader_ = std::move(reader); }

  Verdict accept() const { return HandshakeDecision(); }
  /// With what Rules::join is given of this client. Of several middlewares the last ticket counts.
  template <TableObject T>
  Verdict accept(const T& ticket) const {
    return HandshakeDecision{.refusal = {}, .ticket = Ticket{T::TableType::GetFullyQualifiedName(), encode(ticket)}};
  }
  Verdict refuse(std::string reason, boost::json::value data = {}) const {
    return HandshakeDecision{
        .refusal = reason.empty() ? "refused" : std::move(reason), .data = std::move(data), .ticket = {}};
  }
  /// The verdict to return now, and the answer to give when there is one. Meanwhile the client waits at the door.
  std::pair<Verdict, HandshakeAnswer> later() const;

 private:
  std::string name_;
  std::string remote_address_;
  std::string space_;
  Fields query_;
  const Auth* shown_as(std::string_view table) const {
    if (!reader_) return auth_ ? &*auth_ : nullptr;
    for (const Auth& made : read_)
      if (made.table() == table) return &made;
    auto made = reader_(table);
    return made ? &read_.emplace_back(std::move(*made)) : nullptr;
  }

  std::optional<Auth> auth_;
  mutable std::list<Auth> read_;  // a list: what was given out stays where it is
  boost::json::value auth_json_;
  AuthReader reader_;
};
using Middleware = std::function<Handshake::Verdict(Handshake&)>;

}  // namespace netcode
