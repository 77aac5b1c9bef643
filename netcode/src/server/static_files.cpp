#include "server/static_files.hpp"

#include <spdlog/fmt/fmt.h>

#include <utility>

#include "engine/core/hash.hpp"
#include "protocol/connect_request.hpp"

namespace netcode {
namespace {

/// Does a browser have this already? "*", or a list; whether tags are weak makes no difference (RFC 9110, 13.1.2).
bool names(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const std::size_t end = if_none_match.find(',');
    std::string_view one = if_none_match.substr(0, end);
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
    if_none_match.remove_prefix(end == std::string_view::npos ? if_none_match.size() : end + 1);
  }
  return false;
}

bool is_content_type(std::string_view text) {
  return text.find('/') != std::string_view::npos && text.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

engine::Result<void> StaticFiles::add(std::string path, std::string content_type, std::string body) {
  if (!path.starts_with('/')) return engine::error("expected a path that begins with /");
  if (path == "/healthz" || path == "/socket.io" || path == "/socket.io/" || protocol::is_known_path(path))
    return engine::error("that path is the server's own");
  if (!is_content_type(content_type)) return engine::error("expected a content type such as text/html");
  if (files_.contains(path)) return engine::error("that path is served already");
  engine::Hasher hasher;  // of bytes that the program has chosen
  hasher.add({reinterpret_cast<const std::uint8_t*>(body.data()), body.size()});
  std::string etag = fmt::format("\"{:016x}\"", hasher.value());
  files_.emplace(std::move(path), File{std::move(content_type), std::move(body), std::move(etag)});
  return {};
}

std::optional<transport::HttpResponse> StaticFiles::answer(std::string_view path,
                                                           const transport::HttpRequest& request) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  std::vector<transport::HttpField> headers{{"Cache-Control", "no-cache"}, {"ETag", file.etag}};
  if (names(request.header("If-None-Match"), file.etag))
    return transport::HttpResponse{
        .status = 304, .content_type = file.content_type, .body = {}, .headers = std::move(headers)};
  return transport::HttpResponse{
      .status = 200, .content_type = file.content_type, .body = file.body, .headers = std::move(headers)};
}

}  // namespace netcode
