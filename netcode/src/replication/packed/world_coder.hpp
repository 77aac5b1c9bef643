// One snapshot's bits, written and read by the same walk, so that both ends see and learn the same: for each group who is
// gone and who is new, for each entity whether all of it is as guessed, and else each lane's distance from its guess.
//
// Threading: none of its own.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "netcode/limits.hpp"
#include "replication/packed/lane_guess.hpp"
#include "replication/packed/packed_state.hpp"
#include "replication/packed/slow_coder.hpp"

namespace netcode::packed {

template <class Bits>
class WorldCoder {
 public:
  /// `state` is that of the snapshot before, and becomes this one's. `target` is what a writer writes; a reader has
  /// none.
  WorldCoder(const LaneLayout& layout, State& state, Bits& bits, std::shared_ptr<const LaneWorld> target)
      : layout_(layout), state_(state), bits_(bits), target_(std::move(target)) {}

  /// False: what is read is no sound stream.
  bool code(Tick tick) {
    tick_ = tick;
    ticks_ = state_.tick() == 0 || tick <= state_.tick() ? 1 : tick - state_.tick();
    ticks_before_ = state_.past.size() > 1 ? std::max<Tick>(state_.tick() - state_.past[1].tick, 1) : 1;
    find_pairs();
    if constexpr (!kWrites) read_.groups.resize(layout_.groups().size());
    for (group_ = 0; group_ < layout_.groups().size(); ++group_) {
      if (!code_group(layout_.groups()[group_], state_.groups[group_])) return false;
      field_ += 2 + layout_.groups()[group_].lanes.size();
    }
    if constexpr (!kWrites) read_.slow = state_.world().slow;
    for (std::size_t i = 0; i < layout_.slow().size(); ++i) {
      bits_.at(field_++);
      SlowCoder<Bits> slow(state_.slow[i], bits_, bytes_);
      if constexpr (kWrites) {
        auto before = state_.world().slow[i];
        slow.code(before, &target_->slow[i]);
      } else {
        if (!slow.code(read_.slow[i], nullptr)) return false;
      }
    }
    if constexpr (!kWrites) target_ = std::make_shared<const LaneWorld>(std::move(read_));
    if (state_.past.size() == kPastMax) state_.past.pop_back();
    state_.past.insert(state_.past.begin(), {.tick = tick, .world = std::move(target_)});
    return !bits_.is_overrun();
  }

 private:
  static constexpr bool kWrites = Bits::kWrites;
  static constexpr std::size_t kPartnersMax = 3;
  static constexpr std::size_t kPairsMax = 7;
  static constexpr std::uint32_t kQuietCost = 64;  // 4096ths of a binary digit

  struct Choice {
    Guess first, second;
    bool is_quiet;
    bool learns;
    std::array<std::uint8_t, kPartnersMax> partners;
    std::uint8_t partner_count;
  };

  /// Two of state_.past.
  struct Pair {
    std::size_t before, after;
  };

  /// One entity in the snapshots before, the newest first, as far back as it was there without a break.
  struct Past {
    std::array<const std::int64_t*, kPastMax> rows;
    std::size_t count;
  };

  // --- a group

  bool code_group(const LaneGroup& layout, GroupModels& models) {
    const GroupLanes& old = state_.world().groups[group_];
    bits_.at(field_);
    if (!code_presence(old.keys, models)) return false;
    bytes_ += (old.keys.size() + born_.size()) * layout.bytes;
    if (bytes_ > limits::kWorldBytesMax) return false;
    choose(layout, models);

    const std::size_t lanes = layout.lanes.size();
    const GroupHistory history = std::move(state_.history[group_]);
    GroupHistory& next = state_.history[group_];
    next = {};
    next.entities.reserve(old.keys.size() + born_.size());
    next.residuals.reserve((old.keys.size() + born_.size()) * lanes);
    if constexpr (!kWrites) {
      read_.groups[group_].keys.reserve(old.keys.size() + born_.size());
      read_.groups[group_].values.reserve((old.keys.size() + born_.size()) * lanes);
    }
    recent_hits_ = 0xFF;
    row_ = 0;
    std::size_t born = 0;
    for (std::size_t i = 0; i <= old.keys.size(); ++i) {
      const bool is_end = i == old.keys.size();
      for (; born < born_.size() && (is_end || born_[born] < old.keys[i]); ++born) bear(layout, models, born_[born]);
      if (is_end || !stays_[i]) continue;
      const bool next_hit = i + 1 < old.keys.size() && (history.entities[i + 1].hits & 1U) != 0;
      move_on(layout, models, past_of(old.keys[i], i, lanes), history.entities[i], &history.residuals[i * lanes], old.keys[i],
              next_hit);
      if (bits_.is_overrun()) return false;
    }
    return true;
  }

  bool code_presence(const std::vector<std::uint32_t>& old, GroupModels& models) {
    stays_.assign(old.size(), 1);
    born_.clear();
    bool any_gone = false;
    if constexpr (kWrites) {
      const std::vector<std::uint32_t>& now = target_->groups[group_].keys;
      if (now != old) {
        for (std::size_t i = 0; i < old.size(); ++i) {
          stays_[i] = std::binary_search(now.begin(), now.end(), old[i]) ? 1 : 0;
          any_gone = any_gone || stays_[i] == 0;
        }
        std::set_difference(now.begin(), now.end(), old.begin(), old.end(), std::back_inserter(born_));
      }
    }
    if (!old.empty() && code_bit(bits_, any_gone, models.any_gone))
      for (std::size_t i = 0; i < old.size(); ++i)
        stays_[i] = code_bit(bits_, stays_[i] == 0, models.gone[i == 0 || stays_[i - 1] != 0 ? 0 : 1]) ? 0 : 1;
    std::int64_t key = -1;
    std::size_t i = 0;
    for (bool more = code_bit(bits_, !born_.empty(), models.any_born); more;
         more = code_bit(bits_, kWrites && i < born_.size(), models.more_born)) {
      const std::int64_t expected = i == 0 ? models.next_key : key + 1;
      const ResidualContext context{.size = {static_cast<std::uint8_t>(i == 0 ? 0 : 1)}, .sign = {}};
      const std::int64_t wanted = kWrites ? std::int64_t{born_[i]} : 0;
      const std::int64_t off = models.keys.code(bits_, wanted - expected, context);
      if constexpr (!kWrites) {
        if (off < -std::int64_t{UINT32_MAX} || off > UINT32_MAX || expected + off <= key || expected + off > UINT32_MAX ||
            expected + off < 0 || bits_.is_overrun())
          return false;
        if (std::binary_search(old.begin(), old.end(), static_cast<std::uint32_t>(expected + off))) return false;
        born_.push_back(static_cast<std::uint32_t>(expected + off));
      }
      key = expected + off;
      ++i;
    }
    if (!born_.empty()) models.next_key = std::int64_t{born_.back()} + 1;
    return true;
  }

  void choose(const LaneGroup& layout, GroupModels& models) {
    choices_.clear();
    for (std::size_t lane = 0; lane < layout.public_lanes; ++lane) {
      const auto open = [&](std::size_t guess) { return is_open(layout.lanes[lane], static_cast<Guess>(guess)); };
      LaneModels& of = models.lanes[lane];
      const std::size_t first = cheapest(of.cost, open);
      Choice choice{.first = static_cast<Guess>(first),
                    .second = static_cast<Guess>(cheapest(of.miss_cost, open)),
                    .is_quiet = of.cost[first] < kQuietCost,
                    .learns = layout.lanes[lane].is_signed,
                    .partners = {},
                    .partner_count = 0};
      for (std::size_t i = lane; i-- > 0 && choice.partner_count < kPartnersMax;)
        if (layout.lanes[i].is_signed && static_cast<int>(i) != layout.lanes[lane].rate)
          choice.partners[choice.partner_count++] = static_cast<std::uint8_t>(i);
      if (choice.learns && !choice.is_quiet) of.learner.prepare();
      choices_.push_back(choice);
    }
  }

  Past past_of(std::uint32_t key, std::size_t index, std::size_t lanes) const {
    Past past{};
    for (const PastWorld& world : state_.past) {
      const GroupLanes& group = world.world->groups[group_];
      std::size_t at = index;
      if (at >= group.keys.size() || group.keys[at] != key) {
        at = static_cast<std::size_t>(std::lower_bound(group.keys.begin(), group.keys.end(), key) - group.keys.begin());
        if (at == group.keys.size() || group.keys[at] != key) break;
      }
      past.rows[past.count++] = &group.values[at * lanes];
    }
    return past;
  }

  /// The row that is coded next: what a writer writes, or room for what a reader reads.
  std::int64_t* next_row(std::uint32_t key, std::size_t lanes) {
    if constexpr (kWrites) {
      return nullptr;
    } else {
      GroupLanes& to = read_.groups[group_];
      to.keys.push_back(key);
      to.values.resize(to.values.size() + lanes);
      return &to.values[to.values.size() - lanes];
    }
  }
  const std::int64_t* target_row(std::size_t lanes) {
    if constexpr (kWrites) return &target_->groups[group_].values[row_++ * lanes];
    else return nullptr;
  }

  // --- one entity

  // Snapshots of which another came as long after as this one after the last.
  void find_pairs() {
    pairs_.clear();
    for (std::size_t i = 1; i < state_.past.size() && pairs_.size() < kPairsMax; ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (state_.past[j].tick == state_.past[i].tick + ticks_) pairs_.push_back({i, j});
  }

  // Of them the one that was most like the last, over all lanes; none: {0, 0}.
  Pair most_alike(const Past& past, std::size_t lanes) const {
    Pair best{0, 0};
    int least = INT32_MAX;
    for (const Pair& pair : pairs_) {
      if (pair.before >= past.count) break;
      int apart = 0;
      for (std::size_t lane = 0; lane < lanes; ++lane)
        apart += width_of(past.rows[pair.before][lane] - past.rows[0][lane]);
      if (apart >= least) continue;
      least = apart;
      best = pair;
    }
    return best;
  }

  std::int64_t alike_step(const Lane& what, const Past& past, std::size_t lane) const {
    return alike_.before == 0 ? 0 : difference(what, past.rows[alike_.after][lane], past.rows[alike_.before][lane]);
  }

  GuessInput input_of(const LaneGroup& layout, const GroupModels& models, const Past& past, const std::int64_t* now,
                      std::size_t lane) const {
    const Lane& what = layout.lanes[lane];
    const std::int64_t* old = past.rows[0];
    return {.value = old[lane],
            .step = past.count > 1 ? difference(what, old[lane], past.rows[1][lane]) : 0,
            .rate_before = what.rate < 0 ? 0 : old[what.rate],
            .rate = what.rate < 0 ? 0 : now[what.rate],
            .tick_offset = models.lanes[lane].tick_offset,
            .tick = tick_,
            .ticks = ticks_,
            .ticks_before = ticks_before_,
            .learned = 0,
            .alike_step = alike_step(what, past, lane)};
  }

  LaneLearner::Inputs learner_inputs(const LaneGroup& layout, const GuessInput& in, const std::int64_t* old,
                                     const std::int64_t* now, std::size_t lane) const {
    LaneLearner::Inputs inputs;
    if (layout.lanes[lane].rate < 0) {
      inputs.add(in.step);
      inputs.add(in.value);
    } else {
      inputs.add(in.rate);
      inputs.add(in.rate - in.rate_before);
    }
    const Choice& choice = choices_[lane];
    for (std::size_t i = 0; i < choice.partner_count; ++i) {
      const std::size_t partner = choice.partners[i];
      inputs.add(now[partner]);
      inputs.add(difference(layout.lanes[partner], now[partner], old[partner]));
    }
    return inputs;
  }

  // The guess that the lane is coded against, and what it follows from.
  std::int64_t first_guess(const LaneGroup& layout, const GroupModels& models, const Past& past,
                           const std::int64_t* now, std::size_t lane) const {
    const Guess guess = by_alike_ ? Guess::kAlike : choices_[lane].first;
    if (guess == Guess::kSame) return past.rows[0][lane];
    GuessInput in = input_of(layout, models, past, now, lane);
    if (guess == Guess::kLearned)
      in.learned = models.lanes[lane].learner.predict(learner_inputs(layout, in, past.rows[0], now, lane));
    return guess_of(layout.lanes[lane], guess, in);
  }

  void move_on(const LaneGroup& layout, GroupModels& models, const Past& past, const EntityHistory& before,
               const std::uint8_t* residuals, std::uint32_t key, bool next_hit) {
    const std::size_t lanes = layout.lanes.size();
    std::int64_t* read = next_row(key, lanes);
    const std::int64_t* now = kWrites ? target_row(lanes) : read;
    const bool is_at_rest =
        past.count > 1 && std::equal(past.rows[0], past.rows[0] + layout.public_lanes, past.rows[1]);
    alike_ = is_at_rest ? Pair{0, 0} : most_alike(past, layout.public_lanes);
    by_alike_ = alike_.before != 0 && before.alike_cost < before.usual_cost;

    bool is_hit = true;
    for (std::size_t lane = 0; lane < layout.public_lanes && is_hit; ++lane) {
      const std::int64_t guess = first_guess(layout, models, past, now, lane);
      if constexpr (kWrites) is_hit = guess == now[lane];
      else read[lane] = guess;
    }
    bits_.at(field_ + 1);
    is_hit = code_hit(models, before.hits, next_hit, is_hit);

    GroupHistory& history = state_.history[group_];
    EntityHistory after{.hits = static_cast<std::uint8_t>((before.hits << 1) | (is_hit ? 1 : 0)),
                        .usual_cost = before.usual_cost,
                        .alike_cost = before.alike_cost};
    recent_hits_ = static_cast<std::uint8_t>((recent_hits_ << 1) | (is_hit ? 1 : 0));
    history.residuals.resize(history.residuals.size() + lanes);
    if (!is_hit) code_lanes(layout, models, past, residuals, now, read, &history.residuals[history.residuals.size() - lanes]);
    if (!is_at_rest) note_costs(layout, models, past, now, after);
    history.entities.push_back(after);
  }

  bool code_hit(GroupModels& models, std::uint8_t hits, bool next_hit, bool value) {
    const std::size_t near = (recent_hits_ & 7U) | (next_hit ? 8U : 0U);
    const auto missed = static_cast<std::size_t>(8 - std::popcount(recent_hits_));
    return models.hit_mixers[hits & 3U].code(bits_, value,
                                             {&models.hit[0][hits & 63U], &models.hit[1][near | ((hits & 3U) << 4)],
                                              &models.hit[2][missed | ((hits & 3U) << 4)]});
  }

  // What either way of guessing would have missed.
  void note_costs(const LaneGroup& layout, const GroupModels& models, const Past& past, const std::int64_t* now,
                  EntityHistory& entity) {
    int usual = 0;
    int alike = 0;
    const bool was_by_alike = std::exchange(by_alike_, false);
    for (std::size_t lane = 0; lane < layout.public_lanes; ++lane) {
      const Lane& what = layout.lanes[lane];
      usual += width_of(difference(what, now[lane], first_guess(layout, models, past, now, lane)));
      alike += width_of(difference(what, now[lane], past.rows[0][lane]) - alike_step(what, past, lane));
    }
    by_alike_ = was_by_alike;
    const auto averaged = [](std::uint8_t average, int cost) {
      return static_cast<std::uint8_t>((3 * average + std::min(2 * cost, 255) + 2) / 4);
    };
    entity.usual_cost = averaged(entity.usual_cost, usual);
    entity.alike_cost = averaged(entity.alike_cost, alike);
  }

  void code_lanes(const LaneGroup& layout, GroupModels& models, const Past& past, const std::uint8_t* residuals,
                  const std::int64_t* now, std::int64_t* read, std::uint8_t* residuals_after) {
    bool is_loud = false;
    bool has_quiet = false;
    for (std::size_t lane = 0; lane < layout.public_lanes; ++lane) {
      if (!choices_[lane].is_quiet) continue;
      has_quiet = true;
      if constexpr (kWrites) is_loud = is_loud || first_guess(layout, models, past, now, lane) != now[lane];
    }
    if (has_quiet) is_loud = code_bit(bits_, is_loud, models.quiet[by_alike_ ? 1 : 0]);
    residual_before_ = 0;
    activity_ = 0;
    for (std::size_t lane = 0; lane < layout.public_lanes; ++lane) {
      if (choices_[lane].is_quiet && !is_loud) {
        if constexpr (!kWrites) read[lane] = first_guess(layout, models, past, now, lane);
        continue;
      }
      bits_.at(field_ + 2 + lane);
      const std::int64_t residual = code_lane(layout, models, past, residuals[lane], now, read, lane);
      residuals_after[lane] = static_cast<std::uint8_t>(3 * class_of(residual) + sign_class(residual));
    }
  }

  static ResidualContext context_of(std::uint8_t residual_class, std::int64_t near, std::int64_t step, std::size_t activity,
                                    bool by_alike) {
    const auto low = [](std::size_t value, std::size_t most) { return std::min(value, most); };
    const std::size_t own = residual_class / 3;
    const std::size_t own_sign = residual_class % 3;
    return {.size = {static_cast<std::uint8_t>(low(own, 5) * 6 + low(class_of(near), 5)),
                     static_cast<std::uint8_t>(class_of(step) + (by_alike ? kClasses : 0)),
                     static_cast<std::uint8_t>(low(activity, 5) * 6 + low(class_of(step), 5))},
            .sign = {static_cast<std::uint8_t>(own_sign), static_cast<std::uint8_t>(sign_class(near)),
                     static_cast<std::uint8_t>(sign_class(step) * 3 + own_sign)}};
  }

  std::int64_t code_lane(const LaneGroup& layout, GroupModels& group, const Past& past, std::uint8_t residual_class,
                         const std::int64_t* now, std::int64_t* read, std::size_t lane) {
    const Lane& what = layout.lanes[lane];
    const Choice& choice = choices_[lane];
    LaneModels& models = group.lanes[lane];
    GuessInput in = input_of(layout, group, past, now, lane);
    LaneLearner::Inputs inputs;
    if (choice.learns) {
      inputs = learner_inputs(layout, in, past.rows[0], now, lane);
      in.learned = models.learner.predict(inputs);
    }
    const std::int64_t first = guess_of(what, by_alike_ ? Guess::kAlike : choice.first, in);
    const std::int64_t step = what.rate < 0 ? in.step : in.rate - in.rate_before;
    const ResidualContext context =
        context_of(residual_class, residual_before_, step, (activity_ + lane) / (lane + 1), by_alike_);

    std::int64_t residual = kWrites ? difference(what, now[lane], first) : 0;
    std::int64_t value = first;
    if (models.residuals.code_is_nonzero(bits_, residual != 0, context)) {
      if (by_alike_ || choice.first == choice.second) {
        value = moved(what, first, models.residuals.code_nonzero(bits_, residual, context));
      } else {
        const std::int64_t second = guess_of(what, choice.second, in);
        const std::int64_t off = kWrites ? difference(what, now[lane], second) : 0;
        value = moved(what, second, models.after_miss.code(bits_, off, miss_context(context)));
      }
      residual = difference(what, value, first);
    }
    if constexpr (!kWrites) read[lane] = value;
    learn(what, choice, models, in, inputs, value);
    residual_before_ = residual;
    activity_ += class_of(residual);
    return residual;
  }

  static std::int64_t moved(const Lane& lane, std::int64_t from, std::int64_t by) {
    return fit(lane, static_cast<std::uint64_t>(from) + static_cast<std::uint64_t>(by));
  }

  static ResidualContext miss_context(const ResidualContext& context) {
    return {.size = {static_cast<std::uint8_t>(context.size[0] / 6), static_cast<std::uint8_t>(context.size[0] % 6),
                     static_cast<std::uint8_t>(context.size[2] % 6)},
            .sign = context.sign};
  }

  void learn(const Lane& what, const Choice& choice, LaneModels& models, const GuessInput& in,
             const LaneLearner::Inputs& inputs, std::int64_t value) const {
    if (value == in.value && choice.first == Guess::kSame && in.step == 0) {
      note_cost(models.cost[static_cast<std::size_t>(Guess::kSame)], 0);
      note_cost(models.cost[static_cast<std::size_t>(Guess::kTick)], cost_of(INT16_MAX));
      return;
    }
    const std::int64_t chosen = guess_of(what, choice.first, in);
    for (std::size_t i = 0; i < kGuesses; ++i) {
      const auto guess = static_cast<Guess>(i);
      if (!is_open(what, guess)) continue;
      const std::uint32_t cost = cost_of(difference(what, value, guess_of(what, guess, in)));
      note_cost(models.cost[i], cost);
      if (value != chosen) note_cost(models.miss_cost[i], cost);
    }
    if (choice.learns) models.learner.learn(inputs, in.learned, difference(what, value, in.value));
    if (value != in.value) models.tick_offset = value - std::int64_t{tick_};
  }

  // --- one that is new

  void bear(const LaneGroup& layout, GroupModels& group, std::uint32_t key) {
    const std::size_t lanes = layout.lanes.size();
    std::int64_t* read = next_row(key, lanes);
    const std::int64_t* now = kWrites ? target_row(lanes) : read;
    GroupHistory& history = state_.history[group_];
    history.entities.push_back({});
    history.residuals.resize(history.residuals.size() + lanes);
    residual_before_ = 0;
    Owner owner;
    for (std::size_t lane = 0; lane < layout.public_lanes; ++lane) {
      bits_.at(field_ + 2 + lane);
      const Lane& what = layout.lanes[lane];
      LaneModels& models = group.lanes[lane];
      const std::array<std::int64_t, 4> guesses = {0, models.last_birth, owner.value(what.name),
                                                   moved(what, models.tick_offset, tick_)};
      const std::size_t choice = cheapest(models.birth_cost, [](std::size_t) { return true; });
      const ResidualContext context{
          .size = {0, static_cast<std::uint8_t>(class_of(residual_before_)), static_cast<std::uint8_t>(choice)},
          .sign = {0, static_cast<std::uint8_t>(sign_class(residual_before_)), 0}};
      const std::int64_t residual =
          models.at_birth.code(bits_, kWrites ? difference(what, now[lane], guesses[choice]) : 0, context);
      const std::int64_t value = moved(what, guesses[choice], residual);
      if constexpr (!kWrites) read[lane] = value;
      for (std::size_t i = 0; i < guesses.size(); ++i)
        note_cost(models.birth_cost[i], cost_of(difference(what, value, guesses[i])));
      models.last_birth = value;
      models.tick_offset = value - std::int64_t{tick_};
      residual_before_ = residual;
      if (layout.owner == static_cast<int>(lane)) owner = owner_of(layout, value);
    }
  }

  struct Owner {
    const LaneGroup* group = nullptr;
    const std::int64_t* values = nullptr;

    std::int64_t value(const std::string& name) const {
      if (!group) return 0;
      for (std::size_t i = 0; i < group->public_lanes; ++i)
        if (group->lanes[i].name == name) return values[i];
      return 0;
    }
  };

  // The entity whose key is the owner's PlayerId, in the first group of such: as it is now, or was before.
  Owner owner_of(const LaneGroup& layout, std::int64_t player) const {
    for (std::size_t i = 0; i < layout_.groups().size(); ++i) {
      const LaneGroup& group = layout_.groups()[i];
      if (group.owner >= 0 || &group == &layout) continue;
      const LaneWorld& world = i > group_ ? state_.world() : kWrites ? *target_ : read_;
      const GroupLanes& there = world.groups[i];
      const auto found = std::lower_bound(there.keys.begin(), there.keys.end(), player,
                                          [](std::uint32_t key, std::int64_t id) { return std::int64_t{key} < id; });
      if (found == there.keys.end() || std::int64_t{*found} != player) return {};
      return {&group, &there.values[static_cast<std::size_t>(found - there.keys.begin()) * group.lanes.size()]};
    }
    return {};
  }

  const LaneLayout& layout_;
  State& state_;
  Bits& bits_;
  std::shared_ptr<const LaneWorld> target_;
  LaneWorld read_;  // a reader's, as far as it has come
  Tick tick_ = 0;
  Tick ticks_ = 1;
  Tick ticks_before_ = 1;
  std::size_t group_ = 0;
  std::size_t row_ = 0;    // of the target's group, the one that comes next
  std::size_t bytes_ = 0;  // of the World so far, about
  std::size_t field_ = 0;  // where in field_names the group begins
  std::vector<std::uint8_t> stays_;
  std::vector<std::uint32_t> born_;
  std::vector<Choice> choices_;
  std::uint8_t recent_hits_ = 0xFF;
  std::vector<Pair> pairs_;
  Pair alike_{0, 0};  // of the entity at hand, the pair that began most like the last one
  bool by_alike_ = false;  // ... and whether that guesses best
  std::int64_t residual_before_ = 0;
  std::size_t activity_ = 0;
};

}  // namespace netcode::packed
