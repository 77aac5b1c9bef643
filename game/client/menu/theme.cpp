#include "game/client/menu/theme.hpp"

#include <utility>

namespace game::client {

using engine::app::Typeface;

engine::Result<MenuArt> MenuArt::open(const std::string& fonts_folder) {
  auto title = Typeface::open(fonts_folder + "/Jura-Bold.otf");
  if (!title) return title.error();
  auto head = Typeface::open(fonts_folder + "/Jura-Medium.otf");
  if (!head) return head.error();
  auto text = Typeface::open(fonts_folder + "/B612-Regular.otf");
  if (!text) return text.error();
  auto strong = Typeface::open(fonts_folder + "/B612-Bold.otf");
  if (!strong) return strong.error();
  auto mono = Typeface::open(fonts_folder + "/B612Mono-Regular.otf");
  if (!mono) return mono.error();
  return MenuArt{std::move(*title), std::move(*head), std::move(*text), std::move(*strong), std::move(*mono)};
}

}  // namespace game::client
