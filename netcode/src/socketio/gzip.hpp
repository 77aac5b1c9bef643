// gzip, for the bodies of polls.
//
// Threading: pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace netcode::socketio {

/// What is smaller is not worth it, and official servers send it as it is.
inline constexpr std::size_t kGzipBytesMin = 1024;

/// As RFC 1952 has it, by zlib at its fastest.
std::string gzip(std::string_view data);

/// Does a request's Accept-Encoding take gzip? RFC 9110, 12.5.3: "gzip", "*", each perhaps with a weight; 0 is a no.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace netcode::socketio
