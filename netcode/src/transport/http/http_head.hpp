// An HTTP request's head as Beast holds it, for the two files that need it so.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

namespace netcode::transport {

struct HttpHead {
  boost::beast::http::request<boost::beast::http::empty_body> message;
};

}  // namespace netcode::transport
