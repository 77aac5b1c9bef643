// The lanes of an entity that was there before: whether all of them are as guessed, and else each one's distance from
// its guess; and what is learned from that of which guess is best.
//
// Threading: none of its own.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "replication/packed/lane_guess.hpp"
#include "replication/packed/packed_state.hpp"
#include "replication/packed/times.hpp"

namespace netcode::packed {

template <class Bits>
class EntityCoder {
 public:
  EntityCoder(const LaneGroup& layout, State& state, std::size_t group, const Times& times, Bits& bits)
      : layout_(layout),
        state_(state),
        group_(group),
        models_(state.groups[group]),
        lanes_(layout.lanes.data()),
        learned_(models_.lanes.data()),
        public_(layout.public_lanes),
        times_(times),
        bits_(bits) {
    for (std::size_t i = 0; i < state.past.size(); ++i) past_[i].of = &state.past[i].world->groups[group];
    if (state.snapshots % kChooseEvery == 0)
      for (std::size_t lane = 0; lane < layout.public_lanes; ++lane) choose(lane);
  }

  /// By rising key. `row` is the entity's place in the snapshot before. `now` is what a writer writes and where a
  /// reader's go, at `read`. `residuals` and `history` become those after it. The group's first field is `field`.
  void code(std::uint32_t key, std::size_t row, const std::int64_t* now, std::int64_t* read, std::uint8_t* residuals,
            EntityHistory& history, bool next_hit, std::size_t field) {
    const std::size_t lanes = layout_.lanes.size();
    row_ = row;
    now_ = now;
    old_ = state_.world().groups[group_].values.data() + row * lanes;
    older_ = state_.past.size() > 1 ? past_row(1, key) : nullptr;
    far_ = far_row(key);
    notes_ = ((row + state_.snapshots) & (state_.snapshots < kEagerFor ? 0U : kNoteMask)) == 0;
    alike_before_ = nullptr;
    by_alike_ = false;
    activity_ = 0;
    coded_ = 0;
    const bool is_at_rest = older_ && std::equal(old_, old_ + public_, older_);
    const bool may_alike = history.alike_cost < history.usual_cost + history.usual_cost / 8 + 4;
    if (!is_at_rest && older_ && (may_alike || ((row + state_.snapshots) & 7U) == 0)) {
      find_alike(key);
      by_alike_ = alike_before_ && history.alike_cost < history.usual_cost;
    }
    bits_.at(field + 1);
    const bool is_hit = code_hit(history.hits, next_hit, Bits::kWrites && is_as_guessed());
    history.hits = static_cast<std::uint8_t>((history.hits << 1) | (is_hit ? 1 : 0));
    recent_hits_ = static_cast<std::uint8_t>((recent_hits_ << 1) | (is_hit ? 1 : 0));
    if (is_hit) {
      for (std::size_t lane = 0; lane < public_; ++lane) residuals[lane] = history_of(residuals[lane], 0);
      if constexpr (!Bits::kWrites)
        for (std::size_t lane = 0; lane < public_; ++lane) read[lane] = first_guess(lane);
    } else {
      code_lanes(read, residuals, field + 2);
    }
    if (alike_before_) note_costs(history);
  }

 private:
  static constexpr std::uint32_t kChooseEvery = 4;  // snapshots
  static constexpr std::uint32_t kQuietCost = 64;   // 4096ths of a binary digit
  static constexpr std::uint32_t kNoteMask = 7;     // of so many entities one more is compared with all guesses,
  static constexpr std::uint32_t kEagerFor = 8;     // ... but each in the first snapshots

  // Entities come by rising key, so that those of a World before are found by going on from the last.
  struct PastRow {
    const GroupLanes* of = nullptr;
    std::size_t row = 0;
  };

  void choose(std::size_t lane) {
    const auto open = [&](std::size_t guess) { return is_open(layout_, lane, static_cast<Guess>(guess)); };
    LaneModels& of = learned_[lane];
    const std::size_t first = cheapest(of.cost, open);
    of.choice = {.first = static_cast<Guess>(first),
                 .second = static_cast<Guess>(cheapest(of.miss_cost, open)),
                 .is_quiet = of.cost[first] < kQuietCost,
                 .learns = lanes_[lane].is_signed};
    for (std::size_t i = lane; i-- > 0 && of.choice.partner_count < LaneChoice::kPartnersMax;)
      if (lanes_[i].is_signed && static_cast<int>(i) != lanes_[lane].rate)
        of.choice.partners[of.choice.partner_count++] = static_cast<std::uint8_t>(i);
    if (LaneLearner* learner = of.learner.if_used(); learner && !of.choice.is_quiet) learner->prepare();
  }
  const LaneChoice& choice_of(std::size_t lane) const { return learned_[lane].choice; }

  // Where the entity was in one of the snapshots before; none: nullptr.
  const std::int64_t* past_row(std::size_t past, std::uint32_t key) {
    PastRow& in = past_[past];
    const std::vector<std::uint32_t>& keys = in.of->keys;
    while (in.row < keys.size() && keys[in.row] < key) ++in.row;
    return in.row == keys.size() || keys[in.row] != key ? nullptr
                                                        : in.of->values.data() + in.row * layout_.lanes.size();
  }

  // Where it was about as many ticks before the snapshot before as that is before this one.
  const std::int64_t* far_row(std::uint32_t key) {
    return times_.far == 1 ? older_ : times_.far == 0 ? nullptr : past_row(times_.far, key);
  }

  // Of the pairs the one whose first was most like the last snapshot, over all lanes.
  void find_alike(std::uint32_t key) {
    int least = INT32_MAX;
    std::size_t after = 0;
    for (std::size_t i = 0; i < times_.pair_count && least > 0; ++i) {
      const std::int64_t* before = past_row(times_.pairs[i].before, key);
      if (!before) break;
      int apart = 0;
      for (std::size_t lane = 0; lane < public_ && apart < least; ++lane)
        if (before[lane] != old_[lane]) apart += width_of(minus(before[lane], old_[lane]));
      if (apart >= least) continue;
      least = apart;
      alike_before_ = before;
      after = times_.pairs[i].after;
    }
    if (alike_before_) alike_after_ = past_row(after, key);
    if (alike_before_ && !alike_after_) alike_before_ = nullptr;
  }

  // --- guesses

  std::int64_t alike_step(std::size_t lane) const {
    return alike_before_ ? difference(lanes_[lane], alike_after_[lane], alike_before_[lane]) : 0;
  }

  GuessInput input_of(std::size_t lane) const {
    const Lane& what = lanes_[lane];
    return {.lane = what,
            .value = old_[lane],
            .step = older_ ? difference(what, old_[lane], older_[lane]) : 0,
            .rate_before = what.rate < 0 ? 0 : old_[what.rate],
            .rate = what.rate < 0 ? 0 : now_[what.rate],
            .ticks = times_.ticks,
            .ticks_before = times_.ticks_before};
  }

  // At most seven.
  LaneLearner::Inputs learner_inputs(std::size_t lane, const GuessInput& in) const {
    LaneLearner::Inputs inputs;
    if (in.lane.rate < 0) {
      inputs.add(in.step);
      inputs.add(in.value);
      inputs.add(far_ ? difference(in.lane, old_[lane], far_[lane]) : in.step);
    } else {
      inputs.add(in.rate);
      inputs.add(minus(in.rate, in.rate_before));
    }
    const LaneChoice& choice = choice_of(lane);
    for (std::size_t i = 0; i < choice.partner_count; ++i) {
      const std::size_t partner = choice.partners[i];
      inputs.add(now_[partner]);
      inputs.add(difference(lanes_[partner], now_[partner], old_[partner]));
    }
    return inputs;
  }

  std::int64_t learned_change(std::size_t lane, const GuessInput& in) const {
    const LaneLearner* learner = learned_[lane].learner.if_used();
    return learner ? learner->predict(learner_inputs(lane, in)) : 0;
  }

  std::int64_t guess(std::size_t lane, Guess which, const GuessInput& in) const {
    switch (which) {
      case Guess::kTick:
        return moved(in.lane, learned_[lane].tick_offset, times_.tick);
      case Guess::kLearned:
        return moved(in.lane, in.value, learned_change(lane, in));
      case Guess::kAlike:
        return moved(in.lane, in.value, alike_step(lane));
      case Guess::kRound: {
        if (now_[lane - 1] == old_[lane - 1]) return in.value;
        const std::int64_t size = beside(learned_[lane].square, now_[lane - 1]);
        return in.value < 0 ? -size : size;
      }
      default:
        return guess_of(which, in);
    }
  }

  std::int64_t first_guess(std::size_t lane) const {
    const Guess which = by_alike_ ? Guess::kAlike : choice_of(lane).first;
    return which == Guess::kSame ? old_[lane] : guess(lane, which, input_of(lane));
  }

  bool is_as_guessed() const {
    for (std::size_t lane = 0; lane < public_; ++lane)
      if (first_guess(lane) != now_[lane]) return false;
    return true;
  }

  // --- codes

  bool code_hit(std::uint8_t hits, bool next_hit, bool value) {
    const std::size_t near = (recent_hits_ & 7U) | (next_hit ? 8U : 0U);
    const auto missed = static_cast<std::size_t>(8 - std::popcount(recent_hits_));
    return models_.hit_mixers[hits & 3U].code(bits_, value,
                                              {&models_.hit[0][hits & 63U], &models_.hit[1][near | ((hits & 3U) << 4)],
                                               &models_.hit[2][missed | ((hits & 3U) << 4)]});
  }

  void code_lanes(std::int64_t* read, std::uint8_t* residuals, std::size_t field) {
    bool is_loud = false;
    bool has_quiet = false;
    for (std::size_t lane = 0; lane < public_; ++lane) {
      if (!choice_of(lane).is_quiet) continue;
      has_quiet = true;
      if constexpr (Bits::kWrites) is_loud = is_loud || first_guess(lane) != now_[lane];
    }
    if (has_quiet) is_loud = code_bit(bits_, is_loud, models_.quiet[by_alike_ ? 1 : 0]);
    near_ = 0;
    for (std::size_t lane = 0; lane < public_; ++lane) {
      if (choice_of(lane).is_quiet && !is_loud) {
        if constexpr (!Bits::kWrites) read[lane] = first_guess(lane);
        residuals[lane] = history_of(residuals[lane], 0);
        continue;
      }
      bits_.at(field + lane);
      const std::int64_t residual = code_lane(read, residuals[lane], lane);
      residuals[lane] = history_of(residuals[lane], residual);
      near_ = residual;
      activity_ += width_of(residual);
      ++coded_;
    }
  }

  static std::uint8_t history_of(std::uint8_t before, std::int64_t residual) {
    if (before == 0 && residual == 0) return 0;
    const unsigned average = before >> 4;
    const unsigned width = 2 * std::min(static_cast<unsigned>(width_of(residual)), 7U);
    return static_cast<std::uint8_t>(symbol_of(residual) |
                                     (((3 * average + width + (width > average ? 3 : 0)) / 4) << 4));
  }

  ResidualContext context_of(std::uint8_t own, std::int64_t step) const {
    static constexpr std::array<std::uint8_t, 16> kOwn = {0, 1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 5, 6, 5};
    const std::size_t step_class = step == 0 ? 0 : 2 * class_of(step) - (step < 0 ? 0 : 1);
    const int activity = coded_ == 0 ? 0 : std::min((activity_ + coded_) / (coded_ + 1), 4);
    return {static_cast<std::uint8_t>(kOwn[own & 15U] * 5 + std::min<std::size_t>(class_of(near_), 4)),
            static_cast<std::uint8_t>(step_class + (by_alike_ ? 19 : 0)),
            static_cast<std::uint8_t>(own / 32 * 5 + activity)};
  }

  std::int64_t code_lane(std::int64_t* read, std::uint8_t own, std::size_t lane) {
    const LaneChoice& choice = choice_of(lane);
    LaneModels& models = learned_[lane];
    const GuessInput in = input_of(lane);
    std::int64_t first = guess(lane, by_alike_ ? Guess::kAlike : choice.first, in);
    if (!by_alike_ && choice.first == Guess::kRound && now_[lane - 1] != old_[lane - 1] && first != 0) {
      const std::size_t size = std::min<std::size_t>(static_cast<std::size_t>(width_of(in.value)) / 2, 3);
      if (code_bit(bits_, Bits::kWrites && (now_[lane] < 0) != (first < 0), models.round_sign[size])) first = -first;
    }
    const std::int64_t step = in.lane.rate < 0 ? in.step : minus(in.rate, in.rate_before);
    const ResidualContext context = context_of(own, step);

    std::int64_t residual = Bits::kWrites ? difference(in.lane, now_[lane], first) : 0;
    std::int64_t value = first;
    if (by_alike_ || choice.first == choice.second) {
      residual = code_number(bits_, residual, models.symbols, kNumberAt, [&](std::size_t symbol) {
        return models.moved.code(bits_, symbol, context, models.symbols);
      });
      value = moved(in.lane, first, residual);
    } else {
      value = code_either(models, in, first, lane, context);
      residual = difference(in.lane, value, first);
    }
    if constexpr (!Bits::kWrites) read[lane] = value;
    if (notes_) learn(lane, in, value);
    if (value != in.value) models.tick_offset = minus(value, std::int64_t{times_.tick});
    return residual;
  }

  // Whether the best guess is missed, and if so how far the value is from the second.
  std::int64_t code_either(LaneModels& models, const GuessInput& in, std::int64_t first, std::size_t lane,
                           const ResidualContext& context) {
    MissModels& misses = models.misses.use();
    const std::array<BitModel*, 3> missed = {&misses.missed[context[0]], &misses.missed[kContexts[0] + context[1]],
                                             &misses.missed[kContexts[0] + kContexts[1] + context[2]]};
    if (!misses.mixer.code(bits_, Bits::kWrites && now_[lane] != first, missed)) return first;
    const std::int64_t second = guess(lane, choice_of(lane).second, in);
    const std::int64_t off = Bits::kWrites ? difference(in.lane, now_[lane], second) : 0;
    return moved(in.lane, second, code_number(bits_, off, models.symbols, kNumberAt, [&](std::size_t symbol) {
                   return code_symbol(bits_, symbol, misses.after);
                 }));
  }

  // --- learns

  void learn(std::size_t lane, const GuessInput& in, std::int64_t value) {
    const LaneChoice& choice = choice_of(lane);
    LaneModels& models = learned_[lane];
    if (value == in.value && choice.first == Guess::kSame && in.step == 0) {
      note_cost(models.cost[static_cast<std::size_t>(Guess::kSame)], 0);
      note_cost(models.cost[static_cast<std::size_t>(Guess::kTick)], cost_of(INT16_MAX));
      return;
    }
    const bool is_missed = value != guess(lane, choice.first, in);
    for (std::size_t i = 0; i < kGuesses; ++i) {
      const auto which = static_cast<Guess>(i);
      if (!is_open(layout_, lane, which)) continue;
      std::int64_t guessed = guess(lane, which, in);
      if (which == Guess::kRound && (guessed < 0) != (value < 0)) guessed = -guessed;
      const std::uint32_t cost = cost_of(difference(in.lane, value, guessed));
      note_cost(models.cost[i], cost);
      if (is_missed) note_cost(models.miss_cost[i], cost);
    }
    if (has_neighbour(layout_, lane)) note_square(models.square, now_[lane - 1], value);
    if (choice.learns) {
      const LaneLearner::Inputs inputs = learner_inputs(lane, in);
      LaneLearner& learner = models.learner.use();
      learner.learn(inputs, learner.predict(inputs), difference(in.lane, value, in.value));
    }
  }

  // What either way of guessing has missed or would have.
  void note_costs(EntityHistory& entity) {
    int usual = activity_;
    int alike = activity_;
    if (by_alike_) {
      by_alike_ = false;
      usual = 0;
      for (std::size_t lane = 0; lane < public_; ++lane)
        usual += width_of(difference(lanes_[lane], now_[lane], first_guess(lane)));
    } else {
      alike = 0;
      for (std::size_t lane = 0; lane < public_; ++lane)
        if (now_[lane] != old_[lane] || alike_before_[lane] != alike_after_[lane])
          alike += width_of(minus(difference(lanes_[lane], now_[lane], old_[lane]), alike_step(lane)));
    }
    const auto averaged = [](std::uint8_t average, int cost) {
      return static_cast<std::uint8_t>((3 * average + std::min(2 * cost, 255) + 2) / 4);
    };
    entity.usual_cost = averaged(entity.usual_cost, usual);
    entity.alike_cost = averaged(entity.alike_cost, alike);
  }

  const LaneGroup& layout_;
  State& state_;
  std::size_t group_;
  GroupModels& models_;
  const Lane* lanes_;
  LaneModels* learned_;  // by lane
  std::size_t public_;   // so many lanes are coded
  const Times& times_;
  Bits& bits_;
  std::array<PastRow, kPastMax> past_{};  // by State::past
  std::uint8_t recent_hits_ = 0xFF;

  // Of the entity at hand:
  std::size_t row_ = 0;
  const std::int64_t* now_ = nullptr;           // as far as it is known, it itself
  const std::int64_t* old_ = nullptr;           // in the snapshot before
  const std::int64_t* older_ = nullptr;         // and before that; nullptr: it was not there
  const std::int64_t* far_ = nullptr;           // where it was as long ago as it moves on now, or nullptr
  const std::int64_t* alike_before_ = nullptr;  // when it was most like in the snapshot before
  const std::int64_t* alike_after_ = nullptr;   // ... and so many ticks later
  bool by_alike_ = false;                       // is that the best guess?
  bool notes_ = false;                          // are guesses compared?
  std::int64_t near_ = 0;                       // the residual of the lane before
  int activity_ = 0;                            // the widths of the residuals so far
  int coded_ = 0;                               // how many those are
};

}  // namespace netcode::packed
