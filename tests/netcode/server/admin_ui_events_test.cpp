#include "server/admin_ui_events.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace netcode {

TEST(AdminEvents, are_summed_up_for_each_second) {
  AdminEvents events;
  events.opened();
  events.opened();
  events.ended("transport close");
  events.ended("ping timeout");
  events.ended("transport close");
  events.received(10);
  events.received(5);
  events.sent(7);
  events.close_second(1'700'000'001'234);
  events.sent(3);
  events.close_second(1'700'000'002'999);
  events.close_second(1'700'000'003'999);  // nothing has come
  EXPECT_EQ(boost::json::serialize(events.take()),
            R"([{"timestamp":1700000001000,"type":"rawConnection","count":2},)"
            R"({"timestamp":1700000001000,"type":"rawDisconnection","subType":"ping timeout","count":1},)"
            R"({"timestamp":1700000001000,"type":"rawDisconnection","subType":"transport close","count":2},)"
            R"({"timestamp":1700000001000,"type":"packetsIn","count":2},)"
            R"({"timestamp":1700000001000,"type":"packetsOut","count":1},)"
            R"({"timestamp":1700000001000,"type":"bytesIn","count":15},)"
            R"({"timestamp":1700000001000,"type":"bytesOut","count":7},)"
            R"({"timestamp":1700000002000,"type":"packetsOut","count":1},)"
            R"({"timestamp":1700000002000,"type":"bytesOut","count":3}])");
  EXPECT_TRUE(events.take().empty()) << "once";
}

}  // namespace netcode
