#include "game/client/menu/theme.hpp"

#include <array>
#include <utility>

#include "engine/app/system_fonts.hpp"

namespace game::client {

using engine::app::Typeface;

namespace {

/// For what the game's own fonts lack: Cyrillic, Greek, Hebrew, Arabic, Armenian and Georgian, then Chinese, Japanese
/// and Korean, then everything. Debian's fonts-dejavu-core and fonts-droid-fallback have the first of either; the
/// others are what other systems have in their place.
constexpr std::array<std::string_view, 8> kFallbacks = {"DejaVuSans.ttf",
                                                        "NotoSans-Regular.ttf",
                                                        "DroidSansFallback.ttf",
                                                        "NotoSansCJK-Regular.ttc",
                                                        "NotoSansCJKjp-Regular.otf",
                                                        "wqy-microhei.ttc",
                                                        "FreeSans.ttf",
                                                        "unifont.otf"};

}  // namespace

std::vector<std::string> fallback_fonts() { return engine::app::find_fonts(engine::app::font_folders(), kFallbacks); }

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
  const std::vector<std::string> fallbacks = fallback_fonts();
  for (auto* const face : {&title, &head, &text, &strong, &mono}) (*face)->set_fallbacks(fallbacks);
  return MenuArt{std::move(*title), std::move(*head), std::move(*text), std::move(*strong), std::move(*mono)};
}

}  // namespace game::client
