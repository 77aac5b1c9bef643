// The page at /watch: a match in a browser, live, over Socket.IO. Its files are assets/web/watch, compiled in, so that
// it asks no other host for anything.
#pragma once

#include "netcode/server.hpp"

namespace game::server {

/// Before the server runs. Only of use where clients of Socket.IO are served: SocketioConfig::is_served.
void serve_watch_page(netcode::Server& server);

}  // namespace game::server
