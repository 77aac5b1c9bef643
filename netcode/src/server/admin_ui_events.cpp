#include "server/admin_ui_events.hpp"

#include <boost/json/object.hpp>
#include <utility>

namespace netcode {

namespace json = boost::json;

void AdminEvents::close_second(std::int64_t now_ms) {
  const std::int64_t second_ms = now_ms - now_ms % 1000;
  close_one(second_ms, "rawConnection", opened_);
  for (const auto& [reason, count] : std::exchange(ended_, {}))
    closed_.push_back(
        json::object{{"timestamp", second_ms}, {"type", "rawDisconnection"}, {"subType", reason}, {"count", count}});
  close_one(second_ms, "packetsIn", packets_in_);
  close_one(second_ms, "packetsOut", packets_out_);
  close_one(second_ms, "bytesIn", bytes_in_);
  close_one(second_ms, "bytesOut", bytes_out_);
}

void AdminEvents::close_one(std::int64_t second_ms, std::string_view type, std::uint64_t& count) {
  if (count == 0) return;
  closed_.push_back(json::object{{"timestamp", second_ms}, {"type", type}, {"count", std::exchange(count, 0)}});
}

json::array AdminEvents::take() { return std::exchange(closed_, {}); }

}  // namespace netcode
