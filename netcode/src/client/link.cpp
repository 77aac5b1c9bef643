#include "client/link.hpp"

#include <utility>

namespace netcode::client {

using transport::CloseCode;
using transport::CloseInfo;

Link::~Link() {
  loop_.cancel(timer_);
  if (connection_) connection_->detach();
}

void Link::open(transport::Connector& connector, const std::string& url, const std::string& subprotocols,
                std::chrono::milliseconds timeout) {
  timeout_ = timeout;
  timer_ = loop_.call_at(loop_.now() + timeout, [this] { on_timeout(); });
  connector.connect(url, subprotocols,
                    [weak = weak_from_this()](engine::Result<std::shared_ptr<transport::Connection>> connection) {
                      if (const auto self = weak.lock(); self && self->owner_) {
                        self->on_opened(std::move(connection));
                      } else if (connection) {
                        (*connection)->abort();
                      }
                    });
}

void Link::on_opened(engine::Result<std::shared_ptr<transport::Connection>> connection) {
  if (!connection) return end({CloseCode::kAbnormal, connection.error().reason, false});
  connection_ = std::move(*connection);
  connection_->start(*this);
}

void Link::established() { loop_.cancel(std::exchange(timer_, {})); }

void Link::on_timeout() {
  const auto self = shared_from_this();
  if (connection_) connection_->detach();
  end({CloseCode::kAbnormal, engine::error("no answer within {} ms", timeout_.count()).reason, false});
}

void Link::ping() {
  if (connection_) connection_->ping({});
}

void Link::close(CloseCode code, std::string_view reason) {
  owner_ = nullptr;
  loop_.cancel(std::exchange(timer_, {}));
  if (!connection_) return;
  connection_->close(code, reason);
  connection_->detach();
}

void Link::fail(std::string reason) {
  loop_.cancel(timer_);
  timer_ = loop_.call_at(loop_.now(), [this, reason = std::move(reason)] {
    end({CloseCode::kAbnormal, reason, false});
  });
}

void Link::cut() { connection_ ? connection_->abort() : fail("aborted"); }

void Link::on_message(transport::MessageKind kind, BytesView bytes) {
  const auto self = shared_from_this();
  if (owner_) owner_->on_link_message(*this, kind, bytes);
}

void Link::on_writable() {
  const auto self = shared_from_this();
  if (owner_) owner_->on_link_writable(*this);
}

void Link::on_closed(const CloseInfo& info) { end(info); }

void Link::end(const CloseInfo& info) {
  const auto self = shared_from_this();
  loop_.cancel(std::exchange(timer_, {}));
  if (Owner* owner = std::exchange(owner_, nullptr)) owner->on_link_ended(*this, info);
}

}  // namespace netcode::client
