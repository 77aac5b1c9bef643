#include "server/admin_ui_page.hpp"

#include <utility>

namespace netcode {
namespace {

constexpr std::size_t kWaitingBytesMax = std::size_t{256} * 1024;

}  // namespace

void AdminPage::send(const Text& text) {
  if (is_behind_) return;
  // Alone it may be larger: the list of all sockets is.
  if (!waiting_.empty() && waiting_bytes_ + text->size() > kWaitingBytesMax) {
    waiting_.clear();
    waiting_bytes_ = 0;
    is_behind_ = true;
    return;
  }
  waiting_.push_back(text);
  waiting_bytes_ += text->size();
  if (client_.is_writable()) on_writable();
}

bool AdminPage::on_writable() {
  if (std::exchange(is_behind_, false)) return false;
  std::vector<socketio::MadePacket> messages;
  for (const Text& text : std::exchange(waiting_, {})) messages.push_back(socketio::MadePacket::text(*text));
  waiting_bytes_ = 0;
  client_.send_made(messages);
  return true;
}

}  // namespace netcode
