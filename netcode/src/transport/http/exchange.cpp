#include "transport/http/exchange.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"

namespace netcode::transport {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [name](const HttpField& field) { return is_same_name(field.name, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

HttpResponse text_response(unsigned status, std::string reason) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(reason);
  return response;
}

Answerer& Answerer::operator=(Answerer&& other) noexcept {
  Answerer dropped(std::move(*this));
  sink_ = std::move(other.sink_);
  return *this;
}

Answerer::~Answerer() {
  if (sink_) answer(text_response(500, "the server dropped this request unanswered"));
}

void Answerer::answer(HttpResponse response) {
  ENGINE_ASSERT(sink_ != nullptr, "a request is answered once");
  std::exchange(sink_, nullptr)->answer(std::move(response));
}

void Answerer::on_gone(std::function<void()> gone) {
  ENGINE_ASSERT(sink_ != nullptr, "the request is answered");
  sink_->on_gone(std::move(gone));
}

}  // namespace netcode::transport
