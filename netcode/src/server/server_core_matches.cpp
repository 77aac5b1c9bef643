// ServerCore: the matches that the program opens, and the way of its calls to a match.
//
// A task knows the shard that it was posted to, and looks at no other one: where a match is may change on the way, and
// what is another shard's is another thread's. Then it is posted on.
#include <spdlog/spdlog.h>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "server/live_match.hpp"
#include "server/server_core.hpp"

namespace netcode {

engine::Result<void> ServerCore::open(std::string_view kind_name, std::string_view id,
                                      std::optional<MatchOptions> options) {
  const std::lock_guard lock(start_mutex_);
  auto checked = [&]() -> engine::Result<void> {
    const Kind* kind = find_kind(kind_name);
    if (!kind) return engine::error("open: kind: none is called {}", kind_name);
    if (!protocol::is_match_id(id))
      return engine::error("open: id: 1 to {} of A-Z a-z 0-9 _ and -, not '{}'", limits::kMatchIdBytesMax,
                           engine::printable_utf8(id));
    if (!options) options = kind->options;
    options->keep_when_empty = true;
    if (auto ok = check(*options); !ok) return engine::error("open: match {}: {}", id, ok.error().reason);
    return {};
  }();
  const Routes::State state = routes_->state();
  if (!checked && state == Routes::State::kNotYet && !standing_problem_) standing_problem_ = checked.error().reason;
  if (!checked) return checked;
  if (state == Routes::State::kOver) return engine::error("open: the server has stopped");
  Standing standing{std::string(kind_name), std::string(id), std::move(options)};
  if (state == Routes::State::kNotYet) {
    standing_.push_back(std::move(standing));
    return {};
  }
  if (post_standing(std::move(standing))) return {};
  return engine::error("open: the server has stopped");
}

bool ServerCore::post_standing(Standing standing) {
  const std::uint32_t home = directory_.place(standing.id);
  return routes_->post(home, [this, home, standing = std::move(standing)] {
    // One of this id may have been there, and have ended since: then the place is another one.
    if (directory_.place(standing.id) != home) return static_cast<void>(post_standing(standing));
    if (auto opened = open_standing(home, standing); !opened) spdlog::error("{}", opened.error().reason);
  });
}

engine::Result<void> ServerCore::open_standing(std::uint32_t home, const Standing& standing) {
  auto made = shards_[home]->open_match(*find_kind(standing.kind), standing.id, *standing.options);
  if (!made) return engine::error("match {}: {}", standing.id, made.error().reason);
  return {};
}

engine::Result<void> ServerCore::with_match(const std::string& id, MatchWork work) {
  {
    const std::lock_guard lock(start_mutex_);
    if (routes_->state() == Routes::State::kNotYet) {
      if (early_.size() >= limits::kCallsBeforeRunMax)
        return engine::error("{} calls for matches wait for the server to run, the limit", early_.size());
      early_.emplace_back(id, std::move(work));
      return {};
    }
  }
  const std::uint32_t home = directory_.shard_of_match(id);
  if (routes_->run(home, [this, home, id, work = std::move(work)] { reach_match(home, id, work); })) return {};
  return engine::error("match {}: the server has stopped", id);
}

void ServerCore::reach_match(std::uint32_t here, const std::string& id, const MatchWork& work) {
  if (LiveMatch* match = shards_[here]->match(id)) {
    if (auto done = work(*match); !done) spdlog::warn("match {}: {}", id, done.error().reason);
    return;
  }
  const auto home = directory_.home_of_match(id);
  if (!home || *home == here) return spdlog::warn("match {}: a call for it finds no such match", id);
  routes_->post(*home, [this, home = *home, id, work] { reach_match(home, id, work); });
}

engine::Result<void> ServerCore::check_input(const std::string& match, std::string_view table) const {
  const auto event = events_.find(table);
  if (event == events_.end() || !event->second.second->is_input)
    return engine::error("post: {} is no event of a defined kind that is marked (input)", table);
  const auto known = directory_.find(match);
  const Kind* kind = known ? find_kind(known->kind) : nullptr;
  if (!kind || kind->schema.event_of_table(table)) return {};
  return engine::error("post: match {} is of kind {}, whose schema has no {}", match, kind->name, table);
}

}  // namespace netcode
