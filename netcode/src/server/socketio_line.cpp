#include "server/socketio_line.hpp"

#include <algorithm>
#include <iterator>

#include "netcode/limits.hpp"
#include "server/session_core.hpp"
#include "server/socketio_link.hpp"

namespace netcode {

void SocketioLine::to_client(std::function<void(socketio::SocketClient&)> work) {
  routes_->run(shard_, [self = shared_from_this(), work = std::move(work)] {
    if (self->client_) work(*self->client_);
  });
}

socketio::SocketClient::Identity SocketioLine::made_identity() const {
  return {.sid = socketio::random_sid(), .pid = is_kept_ ? socketio::random_sid() : std::string()};
}

void SocketioLine::accept(const std::string& nsp, const socketio::SocketClient::Identity& identity,
                          std::vector<socketio::MadePacket> missed) {
  if (client_->accept(nsp, identity, missed)) identities_[nsp] = identity;
}

void SocketioLine::give_up(const std::vector<Outgoing>& outgoing) {
  for (const Outgoing& one : outgoing) {
    if (one.kind != SocketioForm::Kind::kJoined || !session_) continue;
    routes_->to_session_later(*session_, [nsp = one.nsp](SessionCore& session) {
      SocketioLink::leave(session, nsp, to_string(socketio::EngineEnd::kTransportClose));
    });
  }
}

void SocketioLine::give_up_waiting() { give_up(std::exchange(waiting_, {})); }

void SocketioLine::welcome(const Owner& owner, const std::string& nsp, const socketio::SocketClient::Identity& identity,
                           std::vector<socketio::MadePacket> missed) {
  routes_->run(shard_, [self = shared_from_this(), owner, nsp, identity, missed = std::move(missed)]() mutable {
    if (self->client_) {
      self->session_ = owner.id;
      self->token_ = owner.token;
      return self->accept(nsp, identity, std::move(missed));
    }
    // Not inside the call that lets it in: first its handlers hear of it.
    self->routes_->to_session_later(owner.id, [self](SessionCore&) {
      if (!self->link_) return;
      const auto kept = self->link_->shared_from_this();
      self->link_->on_lost(to_string(socketio::EngineEnd::kTransportClose), false);
    });
  });
}

bool SocketioLine::write(std::vector<Outgoing> outgoing) {
  if (routes_->is_here(shard_)) return queue(std::move(outgoing));
  routes_->run(shard_, [self = shared_from_this(), outgoing = std::move(outgoing)]() mutable {
    if (self->queue(std::move(outgoing))) self->tell_writable();
  });
  return false;
}

bool SocketioLine::queue(std::vector<Outgoing> outgoing) {
  if (!client_) {
    give_up(outgoing);
    return false;
  }
  if (!client_->is_writable()) {
    std::erase_if(outgoing, [](const Outgoing& one) { return one.is_volatile; });
    std::move(outgoing.begin(), outgoing.end(), std::back_inserter(waiting_));
    return false;
  }
  if (!waiting_.empty()) write_last();
  write_now(std::move(outgoing));
  return client_ && session_ && client_->is_writable();
}

void SocketioLine::on_writable() {
  write_last();
  if (client_ && session_ && client_->is_writable()) tell_writable();
}

void SocketioLine::tell_writable() {
  to_link(*session_, [](SocketioLink& link) { link.on_writable(); });
}

void SocketioLine::drop(const std::string& nsp) {
  identities_.erase(nsp);
  std::erase_if(waiting_, [&nsp](const Outgoing& one) { return one.nsp == nsp; });
}

void SocketioLine::write_last() { write_now(std::exchange(waiting_, {})); }

// Together: a client that can take some takes all, however much it is.
void SocketioLine::write_now(std::vector<Outgoing> outgoing) {
  if (!client_) return;
  if (outgoing.size() == 1 && outgoing.front().kind == SocketioForm::Kind::kMessage) {  // as most are
    if (client_->is_joined(outgoing.front().nsp)) client_->send_made(outgoing.front().messages);
    return;
  }
  std::vector<socketio::MadePacket> together;
  const auto send_together = [&] {
    client_->send_made(together);
    together.clear();
  };
  for (Outgoing& one : outgoing) {
    if (one.kind == SocketioForm::Kind::kMessage) {
      if (client_->is_joined(one.nsp))
        std::move(one.messages.begin(), one.messages.end(), std::back_inserter(together));
      continue;
    }
    send_together();
    if (one.kind == SocketioForm::Kind::kJoined) {
      accept(one.nsp, made_identity(), {});
    } else if (one.kind == SocketioForm::Kind::kRefused) {
      client_->refuse_made(one.nsp, one.messages.front());
    } else {
      client_->leave(one.nsp);
      identities_.erase(one.nsp);
    }
  }
  send_together();
}

void SocketioLine::to_link(SessionId session, LinkWork work) {
  const std::uint64_t next = ++sent_;
  if (link_shard_.load(std::memory_order_acquire) == shard_ && routes_->is_here(shard_))
    return take(next, std::move(work));
  routes_->to_session(session, [self = shared_from_this(), number = next,
                                work = std::move(work)](SessionCore&) mutable { self->take(number, std::move(work)); });
}

// What comes while the session moves looks for it, and may find it later than what came after that.
void SocketioLine::take(std::uint64_t number, LinkWork work) {
  const auto self = shared_from_this();
  const auto do_next = [this](const LinkWork& next) {
    ++taken_;
    if (!link_) return;
    const auto kept = link_->shared_from_this();
    next(*link_);
  };
  if (number != taken_ + 1) return static_cast<void>(early_.emplace(number, std::move(work)));
  do_next(work);
  while (!early_.empty() && early_.begin()->first == taken_ + 1) do_next(early_.extract(early_.begin()).mapped());
}

std::uint32_t SocketioLine::ask(Asked asked) {
  if (asked_.size() >= limits::kAcksPendingMax) asked_.erase(asked_.begin());  // its answer would come too late
  const std::uint32_t number = next_asked_++;
  asked_.emplace(number, std::move(asked));
  return number;
}

std::optional<SocketioLine::Asked> SocketioLine::take_asked(std::uint32_t number) {
  const auto found = asked_.find(number);
  if (found == asked_.end()) return std::nullopt;
  Asked asked = std::move(found->second);
  asked_.erase(found);
  return asked;
}

}  // namespace netcode
