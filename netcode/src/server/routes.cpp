#include "server/routes.hpp"

#include <mutex>
#include <utility>

#include "server/directory.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {

void Routes::open(const Directory& directory, std::vector<Shard*> shards) {
  const std::unique_lock lock(mutex_);
  directory_ = &directory;
  shards_ = std::move(shards);
  state_ = State::kOpen;
}

void Routes::close() {
  const std::unique_lock lock(mutex_);
  directory_ = nullptr;
  shards_.clear();
  state_ = State::kOver;
}

Routes::State Routes::state() const {
  const std::shared_lock lock(mutex_);
  return state_;
}

bool Routes::is_here(std::uint32_t shard) const {
  const std::shared_lock lock(mutex_);
  return state_ == State::kOpen && shards_[shard]->is_here();
}

bool Routes::run(std::uint32_t shard, transport::Loop::Task task) {
  {
    const std::shared_lock lock(mutex_);
    if (state_ != State::kOpen) return false;
    if (!shards_[shard]->is_here()) {
      shards_[shard]->loop().post(std::move(task));
      return true;
    }
  }
  task();  // this thread is the shard's own: it is there for as long as this takes
  return true;
}

bool Routes::post(std::uint32_t shard, transport::Loop::Task task) {
  const std::shared_lock lock(mutex_);
  if (state_ != State::kOpen) return false;
  shards_[shard]->loop().post(std::move(task));
  return true;
}

bool Routes::post(transport::Loop& loop, transport::Loop::Task task) {
  const std::shared_lock lock(mutex_);
  if (state_ != State::kOpen) return false;
  loop.post(std::move(task));
  return true;
}

void Routes::run_on_all(const RoundTask& task) {
  Round round;
  std::vector<std::uint32_t> here;  // one, or all in virtual time
  {
    const std::shared_lock lock(mutex_);
    if (state_ != State::kOpen) return;
    const std::lock_guard order(rounds_mutex_);
    for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
      if (shards_[shard]->is_here()) here.push_back(shard);
    round = {.number = ++rounds_, .from = here.empty() ? std::nullopt : std::optional(here.front())};
    for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
      if (!shards_[shard]->is_here()) shards_[shard]->loop().post([task, shard, round] { task(shard, round); });
  }
  for (const std::uint32_t shard : here) task(shard, {.number = round.number, .from = shard});
}

std::uint64_t Routes::post_between_rounds(std::uint32_t shard, transport::Loop::Task task) {
  const std::shared_lock lock(mutex_);
  const std::lock_guard order(rounds_mutex_);
  if (state_ == State::kOpen) shards_[shard]->loop().post(std::move(task));
  return rounds_;
}

std::shared_ptr<FanOut> Routes::speaker() const {
  const std::shared_lock lock(mutex_);
  for (const Shard* shard : shards_)
    if (auto speaker = shard->speaker()) return speaker;
  return nullptr;
}

void Routes::to_session(SessionId id, SessionWork work, int attempt, bool may_run_here) {
  Shard* here = nullptr;
  {
    const std::shared_lock lock(mutex_);
    if (state_ != State::kOpen) return;
    const auto place = directory_->find_session(id);
    if (!place) return;
    Shard& shard = *shards_[place->shard];
    if (!may_run_here || !shard.is_here()) {
      shard.loop().post([self = shared_from_this(), &shard, id, work = std::move(work), attempt]() mutable {
        self->at_shard(shard, id, std::move(work), attempt);
      });
      return;
    }
    here = &shard;
  }
  at_shard(*here, id, std::move(work), attempt);
}

// Between two shards a session is with neither for an instant: then it is looked for again.
void Routes::at_shard(Shard& shard, SessionId id, SessionWork work, int attempt) {
  if (SessionCore* session = shard.session(id)) {
    const auto kept = session->shared_from_this();
    return work(*kept);
  }
  if (attempt == kLookForSessionMax) return;
  shard.loop().call_at(shard.now() + kLookForSessionEvery,
                       [self = shared_from_this(), id, work = std::move(work), attempt]() mutable {
                         self->to_session(id, std::move(work), attempt + 1, true);
                       });
}

}  // namespace netcode
