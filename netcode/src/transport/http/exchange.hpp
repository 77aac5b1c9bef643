// One HTTP exchange: a bounded request, and its answer, now or later, from any thread.
//
//   handlers.on_http = [&](HttpRequest request, Answerer answerer) {
//     answerer.on_gone([] { nobody_waits(); });
//     const auto kept = std::make_shared<Answerer>(std::move(answerer));
//     shard.post([kept] { kept->answer({.status = 200, .body = "..."}); });
//   };
//
// While an answer is awaited the connection goes on reading, so that a client that leaves is noticed. Bounds on all of
// it are in netcode/limits.hpp; what is over them is answered with a status and a reason, and never reaches a handler.
//
// Threading: a handler is called on the listener's loop; an Answerer may be used from any thread, one at a time.
// Ownership: an Answerer may outlive its connection, its listener and their loop: its answer is dropped then.
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"

namespace netcode::transport {

struct HttpField {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method;
  std::string path;                          // percent-decoded, without the query
  std::map<std::string, std::string> query;  // percent-decoded; the first of equal names counts
  std::vector<std::string> subprotocols;     // Sec-WebSocket-Protocol, in the client's order
  std::string origin;                        // empty: not sent
  std::string remote_address;
  std::string target = {};              // as it was sent: path and query, percent-encoded
  std::vector<HttpField> headers = {};  // in the client's order
  Bytes body = {};                      // whole, whether it came in chunks or not

  /// The first header of this name, in letters of either case; empty if there is none.
  std::string_view header(std::string_view name) const;
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";  // empty: not said
  std::string body = {};
  /// Beside Content-Type, Content-Length, Connection and, unless it is here, Cache-Control. One without a value is left
  /// out.
  std::vector<HttpField> headers = {};
};

HttpResponse text_response(unsigned status, std::string reason);

/// The connection's end of an exchange. From any thread.
class AnswerSink {
 public:
  virtual ~AnswerSink() = default;
  virtual void answer(HttpResponse response) = 0;
  virtual void on_gone(std::function<void()> gone) = 0;
  virtual bool is_gone() const = 0;
};

/// The right to answer one request, once.
class Answerer {
 public:
  Answerer() = default;
  explicit Answerer(std::shared_ptr<AnswerSink> sink) : sink_(std::move(sink)) {}
  Answerer(Answerer&&) noexcept = default;
  Answerer& operator=(Answerer&& other) noexcept;
  /// Unanswered: the client is told 500.
  ~Answerer();

  /// Whether there is still something to answer.
  explicit operator bool() const { return sink_ != nullptr; }
  void answer(HttpResponse response);
  /// Calls `gone` once, on the connection's loop, if the client leaves or is given up before it was answered; inside
  /// this call if it has left already.
  void on_gone(std::function<void()> gone);
  /// Has the client left? Work for it may stop.
  bool is_gone() const { return sink_ == nullptr || sink_->is_gone(); }

 private:
  std::shared_ptr<AnswerSink> sink_;
};

/// Takes a request and answers it. A function that returns a response answers at once.
class HttpHandler {
 public:
  HttpHandler() = default;
  template <class F>
  requires std::invocable<F&, HttpRequest, Answerer> HttpHandler(F handler) : handler_(std::move(handler)) {}
  template <class F>
  requires std::is_invocable_r_v<HttpResponse, F&, const HttpRequest&> HttpHandler(F handler)
      : handler_([handler = std::move(handler)](const HttpRequest& request, Answerer answerer) mutable {
          answerer.answer(handler(request));
        }) {}

  explicit operator bool() const { return static_cast<bool>(handler_); }
  void operator()(HttpRequest request, Answerer answerer) const { handler_(std::move(request), std::move(answerer)); }

 private:
  std::function<void(HttpRequest, Answerer)> handler_;
};

}  // namespace netcode::transport
