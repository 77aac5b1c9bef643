// What a client shows at a door, for the middleware there: a table of the game's schema, such as a name and a password
// or a ticket of an account service.
//
//   netcode::Client<tag::Game> client({.url = url, .name = "ada", .auth = login});  // a tag::LoginT
//   client.enter("/admin", admin, [](const auto& ok) { ... });                      // a tag::AdminT
//   server.use([](netcode::Handshake& h) {
//     const auto* login = h.auth<tag::Login>();
//     return login && knows(*login) ? h.accept() : h.refuse("log in, please");
//   });
//
// Threading: a value.
#pragma once

#include <string>
#include <utility>

#include "netcode/event.hpp"
#include "netcode/limits.hpp"

namespace netcode {

class Auth {
 public:
  /// Not explicit: wherever an Auth is wanted, flatc's object is given.
  template <TableObject T>
  Auth(const T& object) : table_(T::TableType::GetFullyQualifiedName()), body_(encode(object)) {}
  /// A table whose type is only known by its full name.
  Auth(std::string table, Bytes body) : table_(std::move(table)), body_(std::move(body)) {}

  const std::string& table() const { return table_; }
  BytesView body() const { return body_; }
  /// Null if it is of another type, or no such table at all. Valid as long as this is.
  template <Table T>
  const T* as() const {
    if (table_ != T::GetFullyQualifiedName()) return nullptr;
    flatbuffers::Verifier verifier(body_.data(), body_.size(), limits::kVerifyDepthMax, limits::kVerifyTablesMax);
    return verifier.VerifyBuffer<T>(nullptr) ? flatbuffers::GetRoot<T>(body_.data()) : nullptr;
  }

 private:
  std::string table_;
  Bytes body_;
};

}  // namespace netcode
