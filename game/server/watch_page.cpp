#include "game/server/watch_page.hpp"

#include <string>
#include <string_view>

namespace game::server {

// Of scrim_embed.
std::string_view watch_html();
std::string_view watch_css();
std::string_view watch_main_js();
std::string_view watch_feed_js();
std::string_view watch_arena_js();
std::string_view watch_map_js();
std::string_view watch_chart_js();
std::string_view watch_console_js();

void serve_watch_page(netcode::Server& server) {
  const auto serve = [&server](const char* path, const char* type, std::string_view body) {
    server.serve(path, std::string(type) + "; charset=utf-8", std::string(body));
  };
  serve("/watch", "text/html", watch_html());
  serve("/watch/watch.css", "text/css", watch_css());
  serve("/watch/main.js", "text/javascript", watch_main_js());
  serve("/watch/feed.js", "text/javascript", watch_feed_js());
  serve("/watch/arena.js", "text/javascript", watch_arena_js());
  serve("/watch/map.js", "text/javascript", watch_map_js());
  serve("/watch/chart.js", "text/javascript", watch_chart_js());
  serve("/watch/console.js", "text/javascript", watch_console_js());
}

}  // namespace game::server
