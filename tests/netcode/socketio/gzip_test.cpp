#include "socketio/gzip.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>

namespace netcode::socketio {
namespace {

std::string unpacked(const std::string& packed, std::size_t size) {
  std::string data(size + 1, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(data.data());
  stream.avail_out = static_cast<uInt>(data.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  data.resize(stream.total_out);
  inflateEnd(&stream);
  return data;
}

}  // namespace

TEST(Gzip, is_what_zlib_unpacks) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (const std::size_t size : {0U, 1U, 1000U, 70'000U, 300'000U}) {
    std::string noise(size, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    EXPECT_EQ(unpacked(gzip(noise), size), noise);
    EXPECT_EQ(unpacked(gzip(std::string(size, 'x')), size), std::string(size, 'x'));
  }
  EXPECT_LT(gzip(std::string(10'000, 'x')).size(), 200U);
}

TEST(Gzip, is_taken_by_who_says_so) {
  for (const char* yes : {"gzip", "GZIP", "deflate, gzip", " gzip ;q=0.5", "gzip;q=1.0, identity; q=0.5", "*",
                          "br, *;q=0.1", "x-gzip", "gzip, *;q=0", "deflate;q=0,gzip"})
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  for (const char* no :
       {"", "deflate", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzipped", "identity", "gzip;q=0, *", ",,", ";"})
    EXPECT_FALSE(accepts_gzip(no)) << no;
}

}  // namespace netcode::socketio
