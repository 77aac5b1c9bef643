// Reads HTTP/1.1 requests out of a connection's bytes: one whole request at a time, or what is wrong with it.
//
// Pure: bytes in, verdicts out. What a request may not be is refused with a status and a reason here, before any
// handler is asked. Threading: its connection's loop.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "netcode/bytes.hpp"
#include "transport/http/exchange.hpp"

namespace netcode::transport {

class RequestReader {
 public:
  struct Whole {
    HttpRequest request;
    std::string websocket_key;  // of one that wants an upgrade
    bool wants_upgrade = false;
    bool keeps_alive = false;  // as the client would have it
  };
  struct NeedsMore {};
  /// The client waits to be told that it may send the body: "100 Continue".
  struct NeedsContinue {};
  using Progress = std::variant<NeedsMore, NeedsContinue, Whole, HttpResponse>;

  explicit RequestReader(std::size_t body_bytes_max);
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;
  ~RequestReader();

  /// Takes as many of `bytes` as belong to this request; `taken` says how many. After a request or a refusal the reader
  /// is through. `is_full`: there is no room for more bytes than these.
  Progress read(BytesView bytes, bool is_full, std::size_t& taken);
  /// Whether anything of a request has come.
  bool has_begun() const { return has_begun_; }
  bool is_head_request() const;
  /// What is refused, as far as its head tells; null: not even that is whole.
  std::optional<HttpRequest> refused() const;

 private:
  struct Parser;

  std::optional<HttpResponse> head_refusal() const;
  HttpRequest head_request() const;
  Whole whole();

  const std::size_t body_bytes_max_;
  std::unique_ptr<Parser> parser_;
  bool has_begun_ = false;
  bool head_is_read_ = false;
  std::size_t body_wire_bytes_ = 0;
  bool waits_for_chunk_ = false;  // the head of one has come in part
};

}  // namespace netcode::transport
