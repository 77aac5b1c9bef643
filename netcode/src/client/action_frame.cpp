#include "netcode/action_frame.hpp"

#include "protocol/messages.hpp"

namespace netcode {

Bytes action_frame(BytesView action) {
  return protocol::encode(
      protocol::ActionView{.tick = 0, .sequence = 0, .snapshot_tick = 0, .received = 0, .body = action});
}

}  // namespace netcode
