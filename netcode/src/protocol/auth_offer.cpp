#include "protocol/auth_offer.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol/base64url.hpp"

namespace netcode::protocol {
namespace {

constexpr std::size_t kDigitsMax = (limits::kAuthBytesMax * 4 + 2) / 3;

engine::Result<Auth> read_offer(std::string_view offer) {
  const auto dot = offer.rfind('.');  // no digit of base64url is one
  if (dot == std::string_view::npos) return engine::error("auth: scrim.auth.<table>.<base64url> is expected");
  const std::string_view table = offer.substr(0, dot), digits = offer.substr(dot + 1);
  if (digits.size() > kDigitsMax)
    return engine::error("auth: {} digits, {} bytes are the limit", digits.size(), limits::kAuthBytesMax);
  auto body = decode_base64url(digits);
  if (!body) return engine::error("auth: {}", body.error().reason);
  Auth auth{std::string(table), std::move(*body)};
  if (auto ok = check_auth_size(auth); !ok) return ok.error();
  return auth;
}

}  // namespace

engine::Result<void> check_auth_size(const Auth& auth) {
  if (auth.table().empty()) return engine::error("auth: its table has no name");
  if (!engine::is_utf8(auth.table())) return engine::error("auth: its table's name is not UTF-8");
  if (auth.table().size() > limits::kAuthTableBytesMax)
    return engine::error("auth: its table's name is {} bytes long, {} is the limit", auth.table().size(),
                         limits::kAuthTableBytesMax);
  if (auth.body().size() > limits::kAuthBytesMax)
    return engine::error("auth: {} bytes, {} is the limit", auth.body().size(), limits::kAuthBytesMax);
  return {};
}

std::string auth_offer(const Auth& auth) {
  return fmt::format("{}{}.{}", kAuthOfferPrefix, auth.table(), encode_base64url(auth.body()));
}

engine::Result<std::optional<Auth>> find_auth(std::span<const std::string> offered) {
  const auto is_auth = [](const std::string& offer) { return offer.starts_with(kAuthOfferPrefix); };
  const auto found = std::find_if(offered.begin(), offered.end(), is_auth);
  if (found == offered.end()) return std::optional<Auth>();
  if (std::find_if(found + 1, offered.end(), is_auth) != offered.end())
    return engine::error("auth: more than one is offered");
  auto auth = read_offer(std::string_view(*found).substr(kAuthOfferPrefix.size()));
  if (!auth) return auth.error();
  return std::optional<Auth>(std::move(*auth));
}

}  // namespace netcode::protocol
