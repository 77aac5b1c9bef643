// Snapshots as clients of Socket.IO are sent them.
//
//   451-["snapshot",{"_placeholder":true,"num":0},{"tick":7,...}]   the World's bytes
//   42["snapshot",{"dots":[{"id":1,"x":4096,...}]},{"tick":7,...}] the World as an object: made once of a frame for
//                                                                   all who see the same
//
// Threading: the match's shard.
#pragma once

#include "netcode/bytes.hpp"
#include "replication/world_frame.hpp"
#include "server/kind.hpp"
#include "socketio/made_packet.hpp"

namespace netcode {

/// `message`: what the plain encoder made of the view, whole. `kind`: of the match, for a client that wants objects;
/// else null. None, and a line in the log: the World holds what JSON cannot have.
socketio::MadePackets snapshot_messages(const FrameView& view, const SharedBytes& message, const Kind* kind);

}  // namespace netcode
