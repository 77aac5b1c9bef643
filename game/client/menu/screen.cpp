#include "game/client/menu/screen.hpp"

namespace game::client {

void say_heading(Ui& ui, std::string title, std::string words) {
  ui.text({kMarginLeft, 88}, std::move(title), {Face::kTitle, 40, palette::kBright});
  if (!words.empty()) {
    ui.text({kMarginRight, 86}, std::move(words), {Face::kText, 15, palette::kMuted, engine::app::Align::kRight, 600});
  }
}

bool back_button(Ui& ui, std::string text) {
  return ui.button("back", {kMarginLeft, 642, 130, 36}, std::move(text), {.is_small = true});
}

std::string short_address(std::string_view url) {
  if (url.starts_with("ws://")) url.remove_prefix(5);
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

std::string full_address(std::string_view typed) {
  while (typed.starts_with(' ')) typed.remove_prefix(1);
  while (typed.ends_with(' ') || typed.ends_with('/')) typed.remove_suffix(1);
  if (typed.empty()) return {};
  std::string url(typed);
  if (url.find("://") == std::string::npos) url.insert(0, "ws://");
  const std::string_view host = std::string_view(url).substr(url.find("://") + 3);
  // "[::1]" has colons that begin no port.
  const std::size_t after_brackets = host.find(']') == std::string_view::npos ? 0 : host.find(']');
  const bool has_port = host.find(':', after_brackets) != std::string_view::npos;
  if (!has_port && host.find('/') == std::string_view::npos && url.starts_with("ws://")) url += ":8787";
  return url;
}

}  // namespace game::client
