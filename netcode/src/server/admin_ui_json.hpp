// What the Admin UI is told, in the shapes that its page expects (npm @socket.io/admin-ui 0.5.1).
//
// Text from outside is made UTF-8 here: names of rooms, headers and queries need not be, and one that is not would have
// the page's browser close its WebSocket. Cookies and credentials of clients are left out.
//
// Threading: pure.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/admin_ui_sockets.hpp"
#include "socketio/packet.hpp"

namespace netcode {

/// Milliseconds since 1970.
std::int64_t unix_time_ms();
/// "2026-11-30T12:00:00.000Z" of them.
std::string iso_time(std::int64_t ms);

/// {"id","clientId","transport","nsp","data","handshake","rooms"}. `is_secure`: it came over TLS.
boost::json::object admin_socket_json(const AdminSocket& socket, const std::vector<std::string>& rooms, bool is_secure);

/// {"supportedFeatures":[...]}. `lists_all`: each socket and event, beside the sums.
boost::json::object admin_config_json(bool is_read_only, bool lists_all);

struct AdminStats {
  std::string hostname;
  int pid = 0;
  double uptime_s = 0;
  std::size_t clients = 0;
  std::size_t polling_clients = 0;  // of them
};
boost::json::object admin_stats_json(const AdminStats& stats, boost::json::array events,
                                     const std::map<std::string, std::size_t>& namespaces);

/// ["socket_disconnected",nsp,id,reason,time]
boost::json::array admin_gone_json(const AdminSocket& socket, std::string_view why, std::string_view time);
/// ["room_joined",nsp,room,id,time], or "room_left"
boost::json::array admin_room_json(const AdminSocket& socket, std::string_view room, bool is_in, std::string_view time);

/// An event as it is shown: its name and arguments, bytes as their number, too much as how much it was.
boost::json::array admin_event_json(const socketio::Packet& event);

/// Made once for all pages.
std::shared_ptr<const std::string> admin_text(std::string_view space, boost::json::array event);

}  // namespace netcode
