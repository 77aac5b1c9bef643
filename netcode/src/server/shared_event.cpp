#include "server/shared_event.hpp"

#include <spdlog/spdlog.h>

#include "server/socketio_form.hpp"

namespace netcode {

SharedEvent::SharedEvent(protocol::SharedMessage scrim, EventTotalsPtr totals)
    : scrim_(std::move(scrim)), size_(scrim_->size()), totals_(std::move(totals)) {
  totals_->add(cost());
  totals_->note_encoded();
}

SharedEvent::SharedEvent(SocketioForm form, EventTotalsPtr totals)
    : size_(form.size()), socketio_(std::make_unique<const SocketioForm>(std::move(form))), totals_(std::move(totals)) {
  totals_->add(cost());
  totals_->note_encoded();
}

SharedEvent::~SharedEvent() { totals_->remove(cost()); }

const SocketioForm* SharedEvent::socketio(const ServerCore& server) const {
  if (is_json()) return socketio_.get();
  std::call_once(socketio_once_, [&] {
    auto form = socketio_form(*scrim_->bytes(), server);
    if (!form) return spdlog::error("kept from clients of Socket.IO: {}", form.error().reason);
    socketio_ = std::make_unique<const SocketioForm>(std::move(*form));
    totals_->note_encoded();
  });
  return socketio_.get();
}

}  // namespace netcode
