#include "protocol/connect_request.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>

#include "engine/core/percent.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"

namespace netcode::protocol {
namespace {

using Goal = ConnectRequest::Goal;

constexpr std::string_view kMatchPath = "/match/";
constexpr std::string_view kQuickPath = "/quick/";
constexpr std::uint32_t kLinks = 2;

std::string path_of(const ConnectRequest& request) {
  switch (request.goal) {
    case Goal::kMatch:
      return fmt::format("{}{}", kMatchPath, engine::percent_encode(request.match));
    case Goal::kQuick:
      return fmt::format("{}{}", kQuickPath, engine::percent_encode(request.kind));
    case Goal::kLobby:
      break;
  }
  return "/";
}

// The query of a request, as it grows.
class Query {
 public:
  void add(std::string_view key, std::string_view value) {
    text_ += fmt::format("{}{}={}", text_.empty() ? '?' : '&', key, engine::percent_encode(value));
  }
  void add_number(std::string_view key, std::uint32_t value) { add(key, fmt::format("{}", value)); }
  void add_hash(std::string_view key, std::optional<std::uint64_t> hash) {
    if (hash) add(key, fmt::format("{:016x}", *hash));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

template <class T>
engine::Result<std::optional<T>> number(const Fields& query, const std::string& key, int base) {
  const auto field = query.find(key);
  if (field == query.end()) return std::optional<T>();
  const std::string& text = field->second;
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (problem == std::errc::result_out_of_range) return engine::error("{}={} is too large", key, text.substr(0, 32));
  if (problem != std::errc() || end != text.data() + text.size())
    return engine::error("{}={} is not a number", key, text.substr(0, 32));
  return std::optional<T>(value);
}

std::string text_of(const Fields& query, const std::string& key) {
  const auto field = query.find(key);
  return field == query.end() ? std::string() : field->second;
}

engine::Result<void> read_path(std::string_view path, ConnectRequest& out) {
  if (path.starts_with(kMatchPath)) {
    out.goal = Goal::kMatch;
    out.match = path.substr(kMatchPath.size());
    if (!is_match_id(out.match)) return engine::error("a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  } else if (path.starts_with(kQuickPath)) {
    out.goal = Goal::kQuick;
    out.kind = path.substr(kQuickPath.size());
  } else if (path != "/") {
    return engine::error("no path of ours: /, /match/<id> or /quick/<kind> is expected");
  }
  return {};
}

engine::Result<void> read_session(const Fields& query, ConnectRequest& out) {
  out.token = text_of(query, "token");
  out.resume = !out.token.empty() && text_of(query, "resume") == "1";
  const auto link = number<std::uint32_t>(query, "link", 10);
  if (!link) return link.error();
  if (*link && **link >= kLinks) return engine::error("link={}: a session has links 0 and 1", **link);
  if (*link && !out.resume) return engine::error("link goes with token and resume=1");
  if (*link) out.link = static_cast<std::uint8_t>(**link);
  const auto received = number<std::uint32_t>(query, "received", 10);
  if (!received) return received.error();
  out.received = received->value_or(0);
  const auto epoch = number<std::uint32_t>(query, "epoch", 10);
  if (!epoch) return epoch.error();
  out.epoch = epoch->value_or(0);
  return {};
}

engine::Result<void> read_name(const Fields& query, ConnectRequest& out) {
  const std::string name = text_of(query, "name");
  if (name.size() > limits::kNameBytesMax)
    return engine::error("a name of {} bytes, {} is the limit", name.size(), limits::kNameBytesMax);
  if (!engine::is_utf8(name)) return engine::error("the name is not UTF-8");
  out.name = engine::visible_name(name);
  if (!out.name.empty() || !out.token.empty()) return {};
  return name.empty() ? engine::error("a name, please: ?name=...")
                      : engine::error("this name shows nothing: a letter, digit or symbol is expected");
}

engine::Result<void> read_hash(const Fields& query, const std::string& key, std::optional<std::uint64_t>& out) {
  const auto hash = number<std::uint64_t>(query, key, 16);
  if (!hash) return hash.error();
  out = *hash;
  return {};
}

engine::Result<void> read_conversion(const Fields& query, ConnectRequest& out) {
  out.converts = text_of(query, "converts");  // compared, and no more
  const auto codec = number<std::uint32_t>(query, "codec", 10);
  if (!codec) return codec.error();
  out.codec = *codec;
  return read_hash(query, "holds", out.holds);
}

}  // namespace

std::string format(const ConnectRequest& request) {
  Query query;
  if (request.token.empty()) {
    query.add("name", request.name);
  } else {
    query.add("token", request.token);
    query.add_number("received", request.received);
    if (request.epoch != 0) query.add_number("epoch", request.epoch);
    if (request.resume) query.add("resume", "1");
    if (request.link) query.add_number("link", *request.link);
  }
  if (request.spectate) query.add("spectate", "1");
  if (!request.password.empty()) query.add("password", request.password);
  query.add_hash("schema", request.schema_hash);
  query.add_hash("unpacks", request.unpacks);
  query.add_hash("packs", request.packs);
  if (!request.converts.empty()) query.add("converts", request.converts);
  if (request.codec) query.add_number("codec", *request.codec);
  query.add_hash("holds", request.holds);
  query.add_hash("rules", request.rules_hash);
  query.add_hash("map", request.map_hash);
  return fmt::format("{}{}", path_of(request), query.text());
}

engine::Result<ConnectRequest> parse(std::string_view path, const Fields& query) {
  ConnectRequest out;
  if (auto read = read_path(path, out); !read) return read.error();
  if (auto read = read_session(query, out); !read) return read.error();
  out.password = text_of(query, "password");
  if (out.password.size() > limits::kPasswordBytesMax)
    return engine::error("a password of {} bytes, {} is the limit", out.password.size(), limits::kPasswordBytesMax);
  out.spectate = text_of(query, "spectate") == "1";
  if (auto read = read_name(query, out); !read) return read.error();
  if (auto read = read_hash(query, "schema", out.schema_hash); !read) return read.error();
  if (auto read = read_hash(query, "unpacks", out.unpacks); !read) return read.error();
  if (auto read = read_hash(query, "packs", out.packs); !read) return read.error();
  if (auto read = read_conversion(query, out); !read) return read.error();
  if (auto read = read_hash(query, "rules", out.rules_hash); !read) return read.error();
  if (auto read = read_hash(query, "map", out.map_hash); !read) return read.error();
  return out;
}

bool is_known_path(std::string_view path) {
  return path == "/" || path.starts_with(kMatchPath) || path.starts_with(kQuickPath);
}

}  // namespace netcode::protocol
