// Static files: answers to GET and HEAD that are the same for everybody, such as a page and its scripts. A browser asks
// each time whether what it has is still right, by its ETag (RFC 9110, 8.8.3), and is told 304 where it is.
//
// Threading: filled before the server runs, read from any thread then.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "transport/http/exchange.hpp"

namespace netcode {

class StaticFiles {
 public:
  /// `path`: below the path prefix. An error names what is wrong with it.
  engine::Result<void> add(std::string path, std::string content_type, std::string body);
  /// Nothing: there is no such file.
  std::optional<transport::HttpResponse> answer(std::string_view path, const transport::HttpRequest& request) const;

 private:
  struct File {
    std::string content_type;
    std::string body;
    std::string etag;
  };
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace netcode
