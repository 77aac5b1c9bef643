// The clients' ends of what an Engine.IO server speaks through: an HTTP exchange and a WebSocket, driven by the test.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"
#include "transport/close.hpp"
#include "transport/http/exchange.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::socketio {

/// The client's end of an exchange.
class Waiting final : public transport::AnswerSink {
 public:
  void answer(transport::HttpResponse response) override { response_ = std::move(response); }
  void on_gone(std::function<void()> gone) override { gone_ = std::move(gone); }
  bool is_gone() const override { return false; }

  /// "200 body"; empty: not answered yet.
  std::string heard() const { return response_ ? std::to_string(response_->status) + " " + response_->body : ""; }
  const transport::HttpResponse& response() const { return *response_; }
  void leave() {
    if (!response_ && gone_) gone_();
  }

 private:
  std::optional<transport::HttpResponse> response_;
  std::function<void()> gone_;
};

/// A WebSocket whose client is the test.
class TestSocket final : public transport::Connection {
 public:
  void start(transport::ConnectionHandler& handler) override { handler_ = &handler; }
  void detach() override { handler_ = nullptr; }
  bool writable() const override { return handler_ && !is_closed && !is_stuck; }
  transport::WriteState write(std::vector<OutgoingMessage> messages) override {
    for (const OutgoingMessage& message : messages) {
      std::string& one = sent.emplace_back(message.kind == MessageKind::kBinary ? "bytes " : "");
      one.append(message.head.begin(), message.head.end());
      if (message.body)
        one.append(message.body->begin() + static_cast<std::ptrdiff_t>(message.body_offset), message.body->end());
    }
    return transport::WriteState::kDone;
  }
  void ping(BytesView /*payload*/) override {}
  void close(transport::CloseCode with, std::string_view /*reason*/) override {
    code = with;
    is_closed = true;
  }
  void abort() override { is_closed = true; }
  std::string remote_address() const override { return "test"; }
  std::uint64_t bytes_sent() const override { return 0; }
  std::uint64_t bytes_received() const override { return 0; }

  void say(std::string_view text, MessageKind kind = MessageKind::kText) {
    if (handler_) handler_->on_message(kind, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  /// More can be written again.
  void drain() {
    is_stuck = false;
    if (handler_) handler_->on_writable();
  }
  void leave(bool by_peer = true) {
    is_closed = true;
    if (handler_) handler_->on_closed({.by_peer = by_peer});
  }

  std::vector<std::string> sent;
  bool is_closed = false;
  transport::CloseCode code{};  // with which the server closed it
  bool is_stuck = false;        // no more can be written

 private:
  transport::ConnectionHandler* handler_ = nullptr;
};

}  // namespace netcode::socketio
