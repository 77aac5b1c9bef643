#include <algorithm>
#include <utility>

#include "game/client/menu/screens.hpp"

namespace game::client {
namespace {

using engine::app::Align;
using engine::app::Box;

constexpr double kRefreshEvery_s = 2;
constexpr Box kListPanel = {kMarginLeft, 234, 736, 388};
constexpr Box kList = {kMarginLeft + 8, 274, 712, 340};
constexpr Box kDetails = {856, 234, 328, 388};
constexpr int kRecentMax = 3;

std::string ping_in_words(const ServerView& server) {
  return server.ping_ms ? std::to_string(*server.ping_ms) + " ms" : "-";
}

std::string notes_of(const MatchRow& match) {
  std::string notes;
  const auto add = [&](bool is_so, std::string_view word) {
    if (is_so) notes.append(notes.empty() ? "" : ", ").append(word);
  };
  add(match.is_locked, "locked");
  add(match.has_password, "password");
  add(match.is_private, "private");
  return notes;
}

/// Bots give up their seats.
bool is_full(const MatchRow& match) { return match.players >= match.players_max + match.bots; }

}  // namespace

void BrowserScreen::enter(MenuContext& context) {
  address_ = context.settings.server;
  refresh_s_ = 0;
  follow_ = true;
  const ServerView& server = context.server;
  const bool is_there = server.url == full_address(address_) && (server.state == ServerView::State::kConnected ||
                                                                 server.state == ServerView::State::kConnecting);
  if (!is_there) context.emit(Connect{full_address(address_)});
}

void BrowserScreen::leave(MenuContext& context) {
  context.emit(Disconnect{});
  context.back = true;
}

void BrowserScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  const ServerView& server = context.server;
  follow(context);
  say_heading(ui, "Find a match",
              server.state == ServerView::State::kConnected
                  ? short_address(server.url) + (server.ping_ms ? "   " + ping_in_words(server) : "")
                  : "");
  address(context);
  matches(context);
  if (back_button(ui)) leave(context);

  refresh_s_ += ui.input().dt_s;
  if (refresh_s_ >= kRefreshEvery_s && server.state == ServerView::State::kConnected) {
    refresh_s_ = 0;
    context.emit(RefreshMatches{});
  }
}

void BrowserScreen::connect(MenuContext& context, const std::string& typed) {
  address_ = full_address(typed);
  if (address_.empty()) return;
  context.settings.server = address_;
  refresh_s_ = 0;
  follow_ = true;
  context.emit(Connect{address_});
}

/// The list comes after the connection: until then, or until a hand moves, the focus waits where it may be of use.
void BrowserScreen::follow(MenuContext& context) {
  const ServerView& server = context.server;
  const MenuInput& input = context.ui.input();
  const bool was_moved = std::find(input.direction.begin(), input.direction.end(), true) != input.direction.end();
  if (was_moved || input.next || input.previous || input.mouse_moved || input.mouse_pressed) follow_ = false;
  const bool is_settled = server.state != ServerView::State::kConnecting && server.state != ServerView::State::kNone;
  if (!follow_ || !is_settled || server.url != full_address(address_)) return;
  const bool is_connected = server.state == ServerView::State::kConnected;
  context.ui.set_focus(!is_connected ? "retry" : server.matches.empty() ? "quick" : "list");
  if (!is_connected || !server.matches.empty()) follow_ = false;
}

void BrowserScreen::address(MenuContext& context) {
  Ui& ui = context.ui;
  const FieldResult field = ui.field("address", {kMarginLeft, 138, 592, 40}, "Server's address", address_,
                                     {.bytes_max = Settings::kAddressBytesMax, .placeholder = "host:port"});
  const bool pressed = ui.button("connect", {704, 138, 128, 40}, "Connect", {.is_small = true});
  if (field.submitted || pressed) connect(context, address_);

  const std::vector<std::string>& recent = context.settings.servers;
  if (recent.empty()) return;
  ui.text({kMarginLeft, 211}, "Recent", {Face::kText, 13, palette::kMuted});
  float x = kMarginLeft + 64;
  for (int i = 0; i < std::min(kRecentMax, static_cast<int>(recent.size())); ++i) {
    const std::string url = recent[static_cast<std::size_t>(i)];
    if (ui.button("recent" + std::to_string(i), {x, 191, 216, 30}, short_address(url), {.is_small = true})) {
      connect(context, url);
    }
    x += 226;
  }
}

std::vector<const MatchRow*> BrowserScreen::sorted(const MenuContext& context) const {
  std::vector<const MatchRow*> rows;
  for (const MatchRow& match : context.server.matches) rows.push_back(&match);
  const auto key = [&](const MatchRow& match) -> std::pair<std::uint32_t, std::string> {
    switch (sorted_by_) {
      case Key::kMap:
        return {0, name_of(context.kinds.maps, match.map)};
      case Key::kMode:
        return {0, name_of(context.kinds.modes, match.mode)};
      case Key::kNotes:
        return {0, notes_of(match)};
      case Key::kPlayers:
        break;
    }
    return {match.players - std::min(match.players, match.bots), {}};
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const MatchRow* a, const MatchRow* b) {
    return is_descending_ ? key(*b) < key(*a) : key(*a) < key(*b);
  });
  return rows;
}

void BrowserScreen::matches(MenuContext& context) {
  Ui& ui = context.ui;
  ui.panel(kListPanel);
  ui.panel(kDetails);
  const bool is_connected = context.server.state == ServerView::State::kConnected;
  const std::vector<const MatchRow*> matches = is_connected ? sorted(context) : std::vector<const MatchRow*>();
  if (matches.empty()) {
    say_why_empty(context);
    return details(context, nullptr);
  }
  static const Column kColumns[] = {{"Map", 16, 130},
                                    {"Mode", 156, 160},
                                    {"Players", 326, 80, Align::kRight},
                                    {"Ping", 426, 80, Align::kRight},
                                    {"Notes", 536, 150}};
  static constexpr std::pair<std::size_t, Key> kSortable[] = {
      {0, Key::kMap}, {1, Key::kMode}, {2, Key::kPlayers}, {4, Key::kNotes}};
  for (const auto& [index, key] : kSortable) {
    const Column& column = kColumns[index];
    const int arrow = sorted_by_ == key ? (is_descending_ ? -1 : 1) : 0;
    if (ui.header("by_" + column.title, {kList.x + column.x, kList.y - 30, column.width, 26}, column, arrow)) {
      is_descending_ = sorted_by_ == key ? !is_descending_ : key == Key::kPlayers;
      sorted_by_ = key;
    }
  }
  ui.text({kList.x + 506, kList.y - 12}, "Ping", {Face::kText, 13, palette::kMuted, Align::kRight});

  std::vector<ListRow> rows;
  for (const MatchRow* match : matches) {
    const std::string players = std::to_string(match->players) + " / " + std::to_string(match->players_max);
    rows.push_back({{{name_of(context.kinds.maps, match->map)},
                     {name_of(context.kinds.modes, match->mode)},
                     {players, is_full(*match) ? palette::kWarning : palette::kText},
                     {ping_in_words(context.server)},
                     {notes_of(*match), palette::kMuted}},
                    match->has_password || match->is_locked});
  }
  const auto chosen = std::find_if(matches.begin(), matches.end(), [&](const MatchRow* m) { return m->id == chosen_; });
  if (chosen != matches.end()) list_.selected = static_cast<int>(chosen - matches.begin());
  ui.prefer_focus("list");
  const ListResult result = ui.list("list", kList, kColumns, rows, list_);
  const MatchRow* match = matches[static_cast<std::size_t>(list_.selected)];
  chosen_ = match->id;
  if (result.activated) join(context, *match, match->is_locked || is_full(*match));
  details(context, match);
}

void BrowserScreen::say_why_empty(MenuContext& context) {
  Ui& ui = context.ui;
  const ServerView& server = context.server;
  const std::string where = short_address(server.url.empty() ? address_ : server.url);
  std::string title;
  std::string words = server.words;
  bool may_retry = false;
  switch (server.state) {
    case ServerView::State::kNone:
      title = "Not connected";
      words = "Type a server's address, and press Enter.";
      break;
    case ServerView::State::kConnecting:
      title = "Connecting to " + where + " ...";
      break;
    case ServerView::State::kConnected:
      title = server.list_problem.empty() ? "No match is being played" : "There is no list of matches";
      words = server.list_problem.empty() ? "Quick play begins one; or make one to your liking." : server.list_problem;
      break;
    case ServerView::State::kRefused:
      title = "No connection to " + where;
      may_retry = true;
      break;
    case ServerView::State::kLost:
      title = "The connection to " + where + " was lost";
      may_retry = true;
      break;
  }
  ui.wrapped({kListPanel.x + 48, 330, kListPanel.width - 96, 40}, std::move(title),
             {Face::kHead, 24, palette::kBright});
  ui.wrapped({kListPanel.x + 48, 382, kListPanel.width - 96, 120}, std::move(words),
             {Face::kText, 16, palette::kMuted});
  if (may_retry) ui.prefer_focus("retry");
  if (may_retry && ui.button("retry", {kListPanel.x + 48, 470, 150, 40}, "Try again", {.is_small = true})) {
    connect(context, server.url.empty() ? address_ : server.url);
  }
}

void BrowserScreen::details(MenuContext& context, const MatchRow* match) {
  Ui& ui = context.ui;
  const float x = kDetails.x + 28;
  const float width = kDetails.width - 56;
  if (match) {
    ui.text({x, 280}, name_of(context.kinds.maps, match->map),
            {Face::kHead, 28, palette::kBright, Align::kLeft, width});
    ui.text({x, 308}, name_of(context.kinds.modes, match->mode),
            {Face::kText, 16, palette::kText, Align::kLeft, width});
    const std::uint32_t people = match->players - std::min(match->players, match->bots);
    ui.text({x, 344},
            std::to_string(people) + " people, " + std::to_string(match->bots) + " bots, " +
                std::to_string(match->spectators) + " watching",
            {Face::kText, 14, palette::kMuted, Align::kLeft, width});
    ui.text({x, 366}, "Match " + match->id, {Face::kMono, 14, palette::kMuted, Align::kLeft, width});
  } else {
    ui.text({x, 280}, "No match chosen", {Face::kHead, 24, palette::kMuted});
  }
  const bool is_connected = context.server.state == ServerView::State::kConnected;
  const bool takes = match && !match->is_locked && !is_full(*match);
  if (ui.button("join", {x, 392, width, 40}, match && is_full(*match) ? "Full" : "Join", {takes, true})) {
    join(context, *match, false);
  }
  if (ui.button("spectate", {x, 440, width, 40}, "Watch", {match != nullptr, true})) join(context, *match, true);
  if (ui.button("quick", {x, 514, width, 40}, "Quick play here", {is_connected, true})) {
    context.emit(QuickPlay{context.server.url});
  }
  if (ui.button("create", {x, 562, width, 40}, "Make a match", {is_connected, true})) context.go = ScreenId::kCreate;
}

void BrowserScreen::join(MenuContext& context, const MatchRow& match, bool spectate) {
  context.wanted = {context.server.url, match.id, "", spectate};
  if (match.has_password) {
    context.go = ScreenId::kPassword;
  } else {
    context.emit(context.wanted);
  }
}

}  // namespace game::client
