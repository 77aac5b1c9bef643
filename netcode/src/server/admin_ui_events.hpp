// What the Admin UI charts: connections, disconnections by reason, packets and bytes, summed up for each second.
//
// Threading: its owner's. Bounded: a second is a handful of sums, and whoever takes none has them cleared.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace netcode {

class AdminEvents {
 public:
  void opened() { ++opened_; }
  void ended(std::string_view reason) { ++ended_[std::string(reason)]; }
  void received(std::size_t bytes) {
    ++packets_in_;
    bytes_in_ += bytes;
  }
  void sent(std::size_t bytes) {
    ++packets_out_;
    bytes_out_ += bytes;
  }

  /// What has come since the last time, in the second of `now_ms` (since 1970).
  void close_second(std::int64_t now_ms);
  /// [{"timestamp","type","subType","count"}], once.
  boost::json::array take();

 private:
  void close_one(std::int64_t second_ms, std::string_view type, std::uint64_t& count);

  std::uint64_t opened_ = 0;
  std::map<std::string, std::uint64_t> ended_;  // by reason
  std::uint64_t packets_in_ = 0, packets_out_ = 0;
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0;
  boost::json::array closed_;
};

}  // namespace netcode
