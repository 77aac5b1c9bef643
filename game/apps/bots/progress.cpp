#include "game/apps/bots/progress.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "game/wire/world.hpp"

namespace game::apps {
namespace {

bool is_ahead(const arena::PlayerInfo* a, const arena::PlayerInfo* b) {
  if (a->score() != b->score()) return a->score() > b->score();
  if (a->deaths() != b->deaths()) return a->deaths() < b->deaths();
  return a->id() < b->id();
}

}  // namespace

std::string scoreboard(const arena::World& world) {
  if (world.players() == nullptr) return "";
  std::vector<const arena::PlayerInfo*> players(world.players()->begin(), world.players()->end());
  std::sort(players.begin(), players.end(), is_ahead);
  std::string text = fmt::format("        {:<32} {:>5} {:>6}\n", "player", "score", "deaths");
  for (const arena::PlayerInfo* player : players) {
    const char* name = player->name() != nullptr ? player->name()->c_str() : "";
    text += fmt::format("        {:<32} {:>5} {:>6}\n", name, player->score(), player->deaths());
  }
  return text;
}

Progress::Progress(bool shows_scores) : shows_scores_(shows_scores), is_terminal_(isatty(STDERR_FILENO) != 0) {}

void Progress::take(const arena::World& world) {
  if (shows_scores_ && world.players() != nullptr) scores_ = scoreboard(world);
}

void Progress::show(const std::string& line) {
  erase();
  std::string text = line + "\n";
  if (shows_scores_ && is_terminal_) {
    text += scores_;
    lines_ = std::count(text.begin(), text.end(), '\n');
  }
  std::fputs(text.c_str(), stderr);
}

void Progress::finish() {
  lines_ -= lines_ > 0 ? 1 : 0;  // the last line stays as well
  erase();
  if (shows_scores_) std::fputs(scores_.c_str(), stderr);
}

void Progress::erase() {
  if (lines_ > 0) std::fprintf(stderr, "\x1b[%tdF\x1b[J", lines_);  // to the line where it began, and clear from there
  lines_ = 0;
}

}  // namespace game::apps
