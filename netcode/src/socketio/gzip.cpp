#include "socketio/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>

#include "engine/core/assert.hpp"

namespace netcode::socketio {
namespace {

/// deflateInit2's: the largest window, with gzip's header.
constexpr int kWindowBits = 15 + 16;
constexpr int kMemoryLevel = 8;

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_same(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, [](unsigned char c, char d) { return std::tolower(c) == d; });
}

/// Up to the next `mark`, which `text` goes on after.
std::string_view next_part(std::string_view& text, char mark) {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(part);
}

/// Is the weight "q=0", "q=0.0" and so on?
bool is_no(std::string_view weight) {
  if (weight.size() < 3 || !is_same(weight.substr(0, 2), "q=")) return false;
  return std::ranges::all_of(weight.substr(2), [](char c) { return c == '0' || c == '.'; });
}

}  // namespace

std::string gzip(std::string_view data) {
  ENGINE_ASSERT(data.size() < std::numeric_limits<uInt>::max(), "bodies are bounded");
  z_stream stream{};
  ENGINE_ASSERT(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK,
                "there is memory");
  std::string packed(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ENGINE_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END, "deflateBound is enough");
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<bool> any;
  while (!accept_encoding.empty()) {
    std::string_view one = next_part(accept_encoding, ',');
    const std::string_view name = next_part(one, ';');
    const bool is_taken = !is_no(next_part(one, ';'));
    if (is_same(name, "gzip") || is_same(name, "x-gzip")) return is_taken;
    if (name == "*") any = is_taken;
  }
  return any.value_or(false);
}

}  // namespace netcode::socketio
