#include "recording/edit/shrink_recording.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "recording/edit/delta_debugging.hpp"
#include "recording/edit/match_inputs.hpp"

namespace netcode::recording {
namespace {

using Timed = MatchInputs::Timed;

std::vector<PlayerId> players_of(const MatchInputs& of) {
  std::set<PlayerId> all;
  for (const Timed& one : of.inputs)
    if (one.input->player != kNoPlayer) all.insert(one.input->player);
  return {all.begin(), all.end()};
}

bool may_go_alone(const Input& input) { return input.kind != InputKind::kJoin && input.kind != InputKind::kLeave; }

class Shrinking {
 public:
  Shrinking(MatchInputs smallest, const ShrinkOptions& options)
      : smallest_(std::move(smallest)),
        options_(options),
        candidate_(options.out + ".part"),
        progress_(sizes_of(smallest_)) {}
  Shrinking(const Shrinking&) = delete;
  Shrinking& operator=(const Shrinking&) = delete;
  ~Shrinking() {
    std::error_code none;
    std::filesystem::remove(candidate_, none);
  }

  engine::Result<ShrinkProgress> run() {
    if (!fails(smallest_)) {
      if (problem_) return *problem_;
      return engine::error("played from its inputs alone it does not fail");
    }
    // Players first, while the match is long: without one of them all goes another way, and may go wrong later.
    for (std::size_t before = SIZE_MAX; may_go_on_ && size() < before;) {
      before = size();
      drop_players();
      cut_end();
      drop_inputs();
      cut_end();
      drop_ticks();
    }
    if (auto written = write_match_inputs(smallest_, candidate_); !written) return written.error();
    std::error_code problem;
    std::filesystem::rename(candidate_, options_.out, problem);
    if (problem) return engine::error("{}: {}", options_.out, problem.message());
    return progress_;
  }

 private:
  static ShrinkProgress sizes_of(const MatchInputs& of) {
    return {.players = players_of(of).size(), .inputs = of.inputs.size(), .ticks = of.last_tick};
  }
  std::size_t size() const { return smallest_.inputs.size() + smallest_.last_tick; }

  bool fails(const MatchInputs& candidate) {
    ++progress_.tried;
    if (auto written = write_match_inputs(candidate, candidate_); !written) {
      if (progress_.tried == 1) problem_ = written.error();
      return false;  // what no recording takes is no test
    }
    return options_.fails(candidate_);
  }

  /// Keeps the candidate if it fails.
  bool is_kept(MatchInputs candidate) {
    const bool is_smaller = fails(candidate);
    // The answer of a check that was broken off says nothing.
    if (!(may_go_on_ = options_.may_go_on(progress_))) return false;
    if (!is_smaller) return false;
    smallest_ = std::move(candidate);
    const std::uint64_t tried = progress_.tried;
    progress_ = sizes_of(smallest_);
    progress_.tried = tried;
    return true;
  }

  static MatchInputs until(const MatchInputs& of, Tick last) {
    MatchInputs out = of;
    out.last_tick = last;
    std::erase_if(out.inputs, [last](const Timed& one) { return one.tick > last; });
    return out;
  }

  // It fails at a tick, and then whatever follows.
  void cut_end() {
    Tick passes = 0;
    while (may_go_on_ && passes + 1 < smallest_.last_tick) {
      const Tick middle = passes + (smallest_.last_tick - passes) / 2;
      if (!is_kept(until(smallest_, middle))) passes = middle;
    }
  }

  void drop_players() {
    const MatchInputs before = smallest_;
    shrink(players_of(before), [&](const std::vector<PlayerId>& kept) {
      MatchInputs out = before;
      std::erase_if(out.inputs, [&](const Timed& one) {
        const PlayerId player = one.input->player;
        return player != kNoPlayer && !std::binary_search(kept.begin(), kept.end(), player);
      });
      return out;
    });
  }

  void drop_ticks() {
    const MatchInputs before = smallest_;
    std::vector<Tick> ticks(before.last_tick);
    std::iota(ticks.begin(), ticks.end(), Tick{1});
    shrink(ticks, [&](const std::vector<Tick>& kept) {
      MatchInputs out = before;
      // What was done in a tick that is left out is done in the next one, or else in the last; what was shown of it, in
      // the one before.
      const auto last = std::max(Tick{1}, static_cast<Tick>(kept.size()));
      const auto next = [&](Tick tick) {
        const auto earlier = std::lower_bound(kept.begin(), kept.end(), tick) - kept.begin();
        return std::min(static_cast<Tick>(earlier) + 1, last);
      };
      for (Timed& one : out.inputs) {
        one.tick = next(one.tick);
        const auto shown = [&](Tick tick) {
          const auto up_to = std::upper_bound(kept.begin(), kept.end(), tick) - kept.begin();
          return std::min(static_cast<Tick>(up_to), one.tick - 1);
        };
        ViewTime& view = one.view;
        view = {.tick = shown(view.tick), .fraction = view.fraction, .from = shown(view.from), .to = shown(view.to)};
        if (view.tick == 0) view = {};
        if (view.from > view.tick || view.tick >= view.to) view.from = view.to = 0;
      }
      out.last_tick = last;
      return out;
    });
  }

  void drop_inputs() {
    const MatchInputs before = smallest_;
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < before.inputs.size(); ++i)
      if (may_go_alone(*before.inputs[i].input)) all.push_back(i);
    shrink(all, [&](const std::vector<std::size_t>& kept) {
      MatchInputs out = before;
      out.inputs.clear();
      for (std::size_t i = 0; i < before.inputs.size(); ++i)
        if (!may_go_alone(*before.inputs[i].input) || std::binary_search(kept.begin(), kept.end(), i))
          out.inputs.push_back(before.inputs[i]);
      return out;
    });
  }

  template <class T, class With>
  void shrink(std::vector<T> all, With with) {
    fewest_that_fail(
        std::move(all), [&](const std::vector<T>& kept) { return is_kept(with(kept)); }, [&] { return may_go_on_; });
  }

  MatchInputs smallest_;  // that fails
  const ShrinkOptions& options_;
  const std::string candidate_;  // the file of the one that is tried
  ShrinkProgress progress_;
  bool may_go_on_ = true;
  std::optional<engine::Error> problem_;
};

}  // namespace

engine::Result<ShrinkProgress> shrink_recording(const std::string& path, const ShrinkOptions& options) {
  std::error_code none;
  if (std::filesystem::equivalent(path, options.out, none))
    return engine::error("it would be written over: give another file");
  auto inputs = read_match_inputs(path);
  if (!inputs) return inputs.error();
  return Shrinking(std::move(*inputs), options).run();
}

}  // namespace netcode::recording
