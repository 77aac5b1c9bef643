#include "server/door.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol/auth_offer.hpp"
#include "protocol/requests.hpp"

namespace netcode {
namespace {

constexpr std::string_view kMatchPath = "/match/";
constexpr std::string_view kQuickPath = "/quick/";
constexpr std::uint32_t kLinks = 2;

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

// A connection that is only to be told its end.
class Deaf final : public transport::ConnectionHandler {
 public:
  void on_message(transport::MessageKind, BytesView) override {}
  void on_writable() override {}
  void on_closed(const transport::CloseInfo&) override {}
};

}  // namespace

std::string address_of(std::string_view remote) {
  std::string_view host = remote.substr(0, remote.rfind(':'));
  if (!host.starts_with('[') || !host.ends_with(']')) return std::string(host);
  const std::string inner(host.substr(1, host.size() - 2));
  std::array<unsigned char, 16> bytes{};
  const std::string plain = inner.substr(0, inner.find('%'));  // a scope
  if (inet_pton(AF_INET6, plain.c_str(), bytes.data()) != 1) return std::string(host);
  const std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
    return inet_ntop(AF_INET, bytes.data() + mapped.size(), text.data(), text.size());
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return std::string(inet_ntop(AF_INET6, bytes.data(), text.data(), text.size())) + "/64";
}

std::optional<std::string> path_below(std::string_view prefix, std::string_view path) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  if (path.empty()) return "/";
  if (path.front() != '/') return std::nullopt;  // "/gamesome" is not below "/games"
  return std::string(path);
}

bool is_known_path(std::string_view path) {
  return path == "/" || path.starts_with(kMatchPath) || path.starts_with(kQuickPath);
}

engine::Result<Visit> understand(const transport::HttpRequest& request) {
  Visit visit;
  visit.query = request.query;
  visit.remote_address = address_of(request.remote_address);
  if (request.path.starts_with(kMatchPath)) {
    visit.goal = Visit::Goal::kMatch;
    visit.match = request.path.substr(kMatchPath.size());
    if (!protocol::is_match_id(visit.match)) return engine::error("a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  } else if (request.path.starts_with(kQuickPath)) {
    visit.goal = Visit::Goal::kQuick;
    visit.kind = request.path.substr(kQuickPath.size());
  }

  visit.token = text_of(request.query, "token");
  visit.resume = !visit.token.empty() && text_of(request.query, "resume") == "1";
  auto link = number<std::uint32_t>(request.query, "link", 10);
  if (!link) return link.error();
  if (*link && **link >= kLinks) return engine::error("link={}: a session has links 0 and 1", **link);
  if (*link && !visit.resume) return engine::error("link goes with token and resume=1");
  if (*link) visit.link = static_cast<std::uint8_t>(**link);
  visit.password = text_of(request.query, "password");
  if (visit.password.size() > limits::kPasswordBytesMax)
    return engine::error("a password of {} bytes, {} is the limit", visit.password.size(), limits::kPasswordBytesMax);
  visit.spectate = text_of(request.query, "spectate") == "1";

  const std::string name = text_of(request.query, "name");
  if (name.size() > limits::kNameBytesMax)
    return engine::error("a name of {} bytes, {} is the limit", name.size(), limits::kNameBytesMax);
  if (!engine::is_utf8(name)) return engine::error("the name is not UTF-8");
  visit.name = engine::visible_name(name);
  if (visit.name.empty() && visit.token.empty())
    return name.empty() ? engine::error("a name, please: ?name=...")
                        : engine::error("this name shows nothing: a letter, digit or symbol is expected");

  auto received = number<std::uint32_t>(request.query, "received", 10);
  if (!received) return received.error();
  visit.received = received->value_or(0);
  auto epoch = number<std::uint32_t>(request.query, "epoch", 10);
  if (!epoch) return epoch.error();
  visit.epoch = epoch->value_or(0);
  auto schema = number<std::uint64_t>(request.query, "schema", 16);
  if (!schema) return schema.error();
  visit.schema_hash = *schema;
  auto unpacks = number<std::uint64_t>(request.query, "unpacks", 16);
  if (!unpacks) return unpacks.error();
  visit.unpacks = *unpacks;
  auto map = number<std::uint64_t>(request.query, "map", 16);
  if (!map) return map.error();
  visit.map_hash = *map;
  if (!visit.token.empty()) return visit;  // that session was let in before
  auto auth = protocol::find_auth(request.subprotocols);
  if (!auth) return auth.error();
  visit.auth = std::move(*auth);
  return visit;
}

void turn_away(const std::shared_ptr<transport::Connection>& connection, transport::CloseCode code,
               std::string_view reason) {
  static Deaf deaf;
  connection->start(deaf);
  connection->close(code, reason);
}

}  // namespace netcode
