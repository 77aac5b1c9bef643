// One snapshot's bits, written and read by the same walk, so that both ends see and learn the same: for each group who is
// gone and who is new, for each entity whether all of it is as guessed, and else each lane's distance from its guess.
//
// Threading: none of its own.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/limits.hpp"
#include "replication/packed/lane_guess.hpp"
#include "replication/packed/packed_state.hpp"

namespace netcode::packed {

template <class Bits>
class WorldCoder {
 public:
  /// `state` is that of the snapshot before, and becomes this one's. `target` is what a writer writes; a reader has
  /// none.
  WorldCoder(const LaneLayout& layout, State& state, Bits& bits, const LaneWorld* target)
      : layout_(layout), state_(state), bits_(bits), target_(target) {}

  /// False: what is read is no sound stream.
  bool code(Tick tick) {
    tick_ = tick;
    ticks_ = state_.tick == 0 || tick <= state_.tick ? 1 : tick - state_.tick;
    ticks_before_ = std::max<Tick>(state_.interval, 1);
    for (std::size_t i = 0; i < layout_.groups().size(); ++i)
      if (!group(i)) return false;
    for (std::size_t i = 0; i < layout_.slow().size(); ++i)
      if (!slow(i)) return false;
    state_.tick = tick;
    state_.interval = ticks_;
    return !is_overrun();
  }

 private:
  static constexpr bool kWrites = Bits::kWrites;

  bool is_overrun() const {
    if constexpr (kWrites) return false;
    else return bits_.is_overrun();
  }

  struct Choice {
    Guess first, second;
  };

  // --- entities

  bool group(std::size_t index) {
    const LaneGroup& layout = layout_.groups()[index];
    const GroupLanes& old = state_.world.groups[index];
    const GroupHistory& history = state_.history[index];
    GroupModels& models = state_.groups[index];
    const GroupLanes* target = target_ ? &target_->groups[index] : nullptr;
    const std::size_t lanes = layout.lanes.size();

    std::vector<bool> stays;
    std::vector<std::uint32_t> born;
    if (!presence(old.keys, target ? &target->keys : nullptr, models, stays, born)) return false;
    bytes_ += (old.keys.size() + born.size()) * layout.bytes;
    if (bytes_ > limits::kWorldBytesMax) return false;

    next_ = {};
    next_history_ = {};
    const std::size_t count = old.keys.size() + born.size();
    next_.keys.reserve(count);
    next_.values.reserve(count * lanes);
    next_history_.lanes.reserve(count * lanes);
    next_history_.entities.reserve(count);
    choose(layout, models);

    recent_hits_ = 0xFF;
    std::size_t next_born = 0;
    std::size_t target_at = 0;
    const auto bear_before = [&](std::uint64_t key) {
      for (; next_born < born.size() && born[next_born] < key; ++next_born)
        bear(layout, models, born[next_born], target ? &target->values[target_at++ * lanes] : nullptr);
    };
    for (std::size_t i = 0; i < old.keys.size(); ++i) {
      if (!stays[i]) continue;
      bear_before(old.keys[i]);
      const bool next_hit = i + 1 < old.keys.size() && (history.entities[i + 1].hits & 1U) != 0;
      move_on(layout, models, old, history, i, next_hit, target ? &target->values[target_at++ * lanes] : nullptr);
      if (is_overrun()) return false;
    }
    bear_before(UINT64_MAX);
    state_.world.groups[index] = std::move(next_);
    state_.history[index] = std::move(next_history_);
    return !is_overrun();
  }

  bool presence(const std::vector<std::uint32_t>& old, const std::vector<std::uint32_t>* target, GroupModels& models,
                std::vector<bool>& stays, std::vector<std::uint32_t>& born) {
    stays.assign(old.size(), true);
    bool any_gone = false;
    if (target) {
      for (std::size_t i = 0; i < old.size(); ++i) {
        stays[i] = std::binary_search(target->begin(), target->end(), old[i]);
        any_gone = any_gone || !stays[i];
      }
      std::set_difference(target->begin(), target->end(), old.begin(), old.end(), std::back_inserter(born));
    }
    if (!old.empty() && code_bit(bits_, any_gone, models.any_gone))
      for (std::size_t i = 0; i < old.size(); ++i)
        stays[i] = !code_bit(bits_, !stays[i], models.gone[i == 0 || stays[i - 1] ? 0 : 1]);
    std::size_t i = 0;
    std::int64_t key = -1;
    bool more = code_bit(bits_, !born.empty(), models.any_born);
    while (more) {
      const std::int64_t expected = i == 0 ? models.next_key : key + 1;
      const ResidualContext context{.size = {static_cast<std::uint8_t>(i == 0 ? 0 : 1)}};
      key = expected + models.keys.code(bits_, target ? std::int64_t{born[i]} - expected : 0, context);
      if constexpr (!kWrites) {
        if (key < 0 || key > UINT32_MAX || (!born.empty() && key <= std::int64_t{born.back()})) return false;
        if (std::binary_search(old.begin(), old.end(), static_cast<std::uint32_t>(key)) || is_overrun()) return false;
        born.push_back(static_cast<std::uint32_t>(key));
        if (born.size() > limits::kWorldBytesMax) return false;
      }
      ++i;
      more = code_bit(bits_, i < born.size() && kWrites, models.more_born);
    }
    if (!born.empty()) models.next_key = std::int64_t{born.back()} + 1;
    return true;
  }

  void choose(const LaneGroup& layout, const GroupModels& models) {
    choices_.clear();
    for (std::size_t lane = 0; lane < layout.lanes.size(); ++lane) {
      const auto open = [&](std::size_t guess) { return is_open(layout.lanes[lane], static_cast<Guess>(guess)); };
      choices_.push_back({static_cast<Guess>(cheapest(models.lanes[lane].cost, open)),
                          static_cast<Guess>(cheapest(models.lanes[lane].miss_cost, open))});
    }
  }

  GuessInput input_of(const LaneGroup& layout, const GroupModels& models, const std::int64_t* old,
                      const LaneHistory* history, const std::int64_t* now, std::size_t lane) const {
    const int rate = layout.lanes[lane].rate;
    return {.value = old[lane],
            .step = history[lane].step,
            .rate_before = rate < 0 ? 0 : old[rate],
            .rate = rate < 0 ? 0 : now[rate],
            .tick_offset = models.lanes[lane].tick_offset,
            .tick = tick_,
            .ticks = ticks_,
            .ticks_before = ticks_before_};
  }

  void move_on(const LaneGroup& layout, GroupModels& models, const GroupLanes& from, const GroupHistory& history,
               std::size_t index, bool next_hit, const std::int64_t* target) {
    const std::size_t lanes = layout.lanes.size();
    const std::int64_t* old = &from.values[index * lanes];
    const LaneHistory* before = &history.lanes[index * lanes];
    const std::size_t at = next_.values.size();
    next_.keys.push_back(from.keys[index]);
    next_.values.resize(at + lanes);
    next_history_.lanes.resize(at + lanes);
    std::int64_t* now = &next_.values[at];

    bool is_hit = true;
    for (std::size_t lane = 0; lane < lanes && is_hit; ++lane) {
      now[lane] = guess_of(layout.lanes[lane], choices_[lane].first, input_of(layout, models, old, before, now, lane));
      if (target) is_hit = now[lane] == target[lane];
    }
    is_hit = hit(models, history.entities[index].hits, next_hit, is_hit);
    EntityHistory entity{static_cast<std::uint8_t>((history.entities[index].hits << 1) | (is_hit ? 1 : 0))};
    next_history_.entities.push_back(entity);
    recent_hits_ = static_cast<std::uint8_t>((recent_hits_ << 1) | (is_hit ? 1 : 0));
    LaneHistory* after = &next_history_.lanes[at];
    if (!is_hit) {
      residual_before_ = 0;
      for (std::size_t lane = 0; lane < lanes; ++lane)
        after[lane].residual = lane_of(layout, models, old, before, now, lane, target);
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) after[lane].step = difference(layout.lanes[lane], now[lane], old[lane]);
  }

  bool hit(GroupModels& models, std::uint8_t hits, bool next_hit, bool value) {
    const std::size_t near = (recent_hits_ & 7U) | (next_hit ? 8U : 0U);
    const auto missed = static_cast<std::size_t>(8 - std::popcount(recent_hits_));
    return models.hit_mixers[hits & 3U].code(
        bits_, value,
        {&models.hit[0][hits & 63U], &models.hit[1][near | ((hits & 3U) << 4)], &models.hit[2][missed | ((hits & 7U) << 3 & 0x30U)]});
  }

  std::int32_t lane_of(const LaneGroup& layout, GroupModels& group, const std::int64_t* old, const LaneHistory* before,
                       std::int64_t* now, std::size_t lane, const std::int64_t* target) {
    const Lane& what = layout.lanes[lane];
    LaneModels& models = group.lanes[lane];
    const GuessInput in = input_of(layout, group, old, before, now, lane);
    const Choice& choice = choices_[lane];
    const std::int64_t first = guess_of(what, choice.first, in);
    const std::int64_t rate_step = what.rate < 0 ? in.step : now[what.rate] - old[what.rate];
    const ResidualContext context{
        .size = {class_of(before[lane].residual), class_of(residual_before_), class_of(rate_step)},
        .sign = {static_cast<std::uint8_t>(sign_class(before[lane].residual)),
                 static_cast<std::uint8_t>(sign_class(residual_before_)), static_cast<std::uint8_t>(sign_class(rate_step))}};
    std::int64_t residual = target ? difference(what, target[lane], first) : 0;
    if (models.residuals.code_is_nonzero(bits_, residual != 0, context)) {
      if (choice.first == choice.second) {
        residual = models.residuals.code_nonzero(bits_, residual, context);
        now[lane] = fit(what, static_cast<std::uint64_t>(first) + static_cast<std::uint64_t>(residual));
      } else {
        const std::int64_t second = guess_of(what, choice.second, in);
        residual = models.after_miss.code(bits_, target ? difference(what, target[lane], second) : 0, context);
        now[lane] = fit(what, static_cast<std::uint64_t>(second) + static_cast<std::uint64_t>(residual));
      }
      residual = difference(what, now[lane], first);
    } else {
      now[lane] = first;
    }
    const bool is_missed = now[lane] != first;
    for (std::size_t i = 0; i < kGuesses; ++i) {
      const auto guess = static_cast<Guess>(i);
      if (!is_open(what, guess)) continue;
      const std::uint32_t cost = cost_of(difference(what, now[lane], guess_of(what, guess, in)));
      note_cost(models.cost[i], cost);
      if (is_missed) note_cost(models.miss_cost[i], cost);
    }
    if (now[lane] != old[lane]) models.tick_offset = now[lane] - std::int64_t{tick_};
    residual_before_ = residual;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(residual, INT32_MIN, INT32_MAX));
  }

  // --- those that are new

  void bear(const LaneGroup& layout, GroupModels& group, std::uint32_t key, const std::int64_t* target) {
    const std::size_t lanes = layout.lanes.size();
    const std::size_t at = next_.values.size();
    next_.keys.push_back(key);
    next_.values.resize(at + lanes);
    next_history_.lanes.resize(at + lanes);
    next_history_.entities.push_back({});
    std::int64_t* now = &next_.values[at];
    LaneHistory* after = &next_history_.lanes[at];
    const Owner owner = owner_of(layout, now);
    residual_before_ = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const Lane& what = layout.lanes[lane];
      LaneModels& models = group.lanes[lane];
      const std::int64_t owners = lane == 0 && layout.owner == 0 ? 0 : value_of(owner_of(layout, now), what.name);
      const std::array<std::int64_t, 4> guesses = {
          0, models.last_birth, owners, fit(what, static_cast<std::uint64_t>(models.tick_offset) + tick_)};
      const std::size_t choice = cheapest(models.birth_cost, [](std::size_t) { return true; });
      const ResidualContext context{.size = {0, class_of(residual_before_), static_cast<std::uint8_t>(choice)},
                                    .sign = {0, static_cast<std::uint8_t>(sign_class(residual_before_)), 0}};
      const std::int64_t residual =
          models.at_birth.code(bits_, target ? difference(what, target[lane], guesses[choice]) : 0, context);
      now[lane] = fit(what, static_cast<std::uint64_t>(guesses[choice]) + static_cast<std::uint64_t>(residual));
      for (std::size_t i = 0; i < guesses.size(); ++i)
        note_cost(models.birth_cost[i], cost_of(difference(what, now[lane], guesses[i])));
      models.last_birth = now[lane];
      models.tick_offset = now[lane] - std::int64_t{tick_};
      after[lane].step = 0;
      residual_before_ = residual;
    }
    (void)owner;
  }

  struct Owner {
    const LaneGroup* group = nullptr;
    const std::int64_t* values = nullptr;
  };

  // The entity that its owner's PlayerId is the key of, in the first group of such.
  Owner owner_of(const LaneGroup& layout, const std::int64_t* now) const {
    if (layout.owner < 0) return {};
    for (std::size_t i = 0; i < layout_.groups().size(); ++i) {
      const LaneGroup& group = layout_.groups()[i];
      if (group.owner >= 0 || &group == &layout) continue;
      const GroupLanes& there = state_.world.groups[i];
      const auto found = std::lower_bound(there.keys.begin(), there.keys.end(), now[layout.owner],
                                          [](std::uint32_t key, std::int64_t id) { return std::int64_t{key} < id; });
      if (found == there.keys.end() || std::int64_t{*found} != now[layout.owner]) return {};
      return {&group, &there.values[static_cast<std::size_t>(found - there.keys.begin()) * group.lanes.size()]};
    }
    return {};
  }

  static std::int64_t value_of(const Owner& owner, const std::string& name) {
    if (!owner.group) return 0;
    for (std::size_t i = 0; i < owner.group->lanes.size(); ++i)
      if (owner.group->lanes[i].name == name) return owner.values[i];
    return 0;
  }

  // --- slow state

  bool slow(std::size_t index) {
    SlowModels& models = state_.slow[index];
    std::vector<SlowElement>& elements = state_.world.slow[index];
    const std::vector<SlowElement>* target = target_ ? &target_->slow[index] : nullptr;
    if (!code_bit(bits_, target && *target != elements, models.any_change)) return true;
    std::vector<SlowElement> next;
    std::size_t at = 0;
    for (SlowElement& element : elements) {
      const SlowElement* to = nullptr;
      if (target) {
        while (at < target->size() && (*target)[at].key < element.key) ++at;
        if (at < target->size() && (*target)[at].key == element.key) to = &(*target)[at];
      }
      if (code_bit(bits_, target && !to, models.gone)) continue;
      if (code_bit(bits_, to && to->run != element.run, models.changed))
        if (!run(models, element.run, to ? &to->run : nullptr)) return false;
      next.push_back(std::move(element));
    }
    std::vector<const SlowElement*> born;
    if (target)
      for (const SlowElement& element : *target)
        if (!std::binary_search(next.begin(), next.end(), element, by_key)) born.push_back(&element);
    std::size_t i = 0;
    std::int64_t key = -1;
    for (bool more = code_bit(bits_, !born.empty(), models.any_born); more;
         more = code_bit(bits_, i < born.size(), models.more_born)) {
      key = key + 1 + models.keys.code(bits_, target ? std::int64_t{born[i]->key} - key - 1 : 0, {});
      if (key < 0 || key > UINT32_MAX || is_overrun()) return false;
      SlowElement element{.key = static_cast<std::uint32_t>(key), .run = {}};
      if (std::binary_search(next.begin(), next.end(), element, by_key)) return false;
      if (!run(models, element.run, target ? &born[i]->run : nullptr)) return false;
      next.insert(std::upper_bound(next.begin(), next.end(), element, by_key), std::move(element));
      ++i;
    }
    elements = std::move(next);
    return !is_overrun();
  }

  static bool by_key(const SlowElement& a, const SlowElement& b) { return a.key < b.key; }

  bool run(SlowModels& models, Bytes& bytes, const Bytes* target) {
    const auto old_size = static_cast<std::int64_t>(bytes.size());
    std::int64_t size = old_size;
    if (!code_bit(bits_, !target || target->size() == bytes.size(), models.same_length))
      size += models.lengths.code(bits_, target ? static_cast<std::int64_t>(target->size()) - old_size : 0, {});
    if (size < 0 || bytes_ + static_cast<std::size_t>(size) > limits::kWorldBytesMax) return false;
    bytes_ += static_cast<std::size_t>(size);
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
      const std::uint8_t to = target ? (*target)[i] : 0;
      if (i < bytes.size()) {
        if (code_bit(bits_, to == bytes[i], models.same[std::min<std::size_t>(i, 63)])) continue;
        bytes[i] = byte(models, to);
      } else {
        bytes.push_back(byte(models, to));
      }
      if (is_overrun()) return false;
    }
    bytes.resize(static_cast<std::size_t>(size));
    return true;
  }

  std::uint8_t byte(SlowModels& models, std::uint8_t value) {
    std::size_t node = 1;
    for (int i = 7; i >= 0; --i) node = 2 * node + (code_bit(bits_, ((value >> i) & 1) != 0, models.byte[node]) ? 1 : 0);
    return static_cast<std::uint8_t>(node);
  }

  const LaneLayout& layout_;
  State& state_;
  Bits& bits_;
  const LaneWorld* target_;
  Tick tick_ = 0;
  Tick ticks_ = 1;
  Tick ticks_before_ = 1;
  std::size_t bytes_ = 0;
  std::vector<Choice> choices_;
  GroupLanes next_;
  GroupHistory next_history_;
  std::uint8_t recent_hits_ = 0xFF;
  std::int64_t residual_before_ = 0;
};

}  // namespace netcode::packed
