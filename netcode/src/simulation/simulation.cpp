#include "simulation/simulation.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <stdexcept>

#include "engine/core/assert.hpp"
#include "engine/core/hash.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "simulation/recordable.hpp"

namespace netcode {

namespace {

void add(engine::Hasher& hasher, std::string_view text) {
  hasher.add(static_cast<std::uint32_t>(text.size()));
  hasher.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// A table without a field: each reads as its default.
Bytes neutral_action() {
  flatbuffers::FlatBufferBuilder builder(64);
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(builder.EndTable(builder.StartTable())));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

engine::Result<void> check_seat(const Player& player) {
  if (player.name.empty() || player.name.size() > limits::kNameBytesMax || !engine::is_utf8(player.name) ||
      engine::printable_utf8(player.name) != player.name) {
    return engine::error("player {} has a name that no player may have", player.id.value);
  }
  return {};
}

}  // namespace

std::string fit_result(std::string result) {
  if (!engine::is_utf8(result)) result = engine::printable_utf8(result);
  result.resize(engine::utf8_prefix(result, kResultBytesMax).size());
  return result;
}

engine::Result<void> check_options(const std::map<std::string, std::string>& options) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : options) {
    bytes += key.size() + value.size();
    if (!engine::is_utf8(key) || !engine::is_utf8(value)) return engine::error("options that are not UTF-8");
  }
  if (bytes > limits::kMatchOptionsBytesMax)
    return engine::error("options of {} bytes, {} is the limit", bytes, limits::kMatchOptionsBytesMax);
  return {};
}

engine::Result<void> check_setup(const MatchSetup& setup) {
  if (setup.match_id.size() > limits::kMatchIdBytesMax || !engine::is_utf8(setup.match_id))
    return engine::error("a match id of at most {} bytes of UTF-8 was expected", limits::kMatchIdBytesMax);
  if (setup.tick_hz == 0 || setup.tick_hz > limits::kTickHzMax)
    return engine::error("tick_hz is 1 to {}", limits::kTickHzMax);
  if (setup.snapshot_hz == 0 || setup.snapshot_hz > setup.tick_hz)
    return engine::error("snapshot_hz is 1 to tick_hz, {}", setup.tick_hz);
  if (setup.rewind_ms_max > limits::kRewindMax.count())
    return engine::error("rewind_ms_max is at most {}", limits::kRewindMax.count());
  if (auto fits = check_options(setup.options); !fits) return fits;
  if (setup.map && setup.map->size() > limits::kMapBytesMax)
    return engine::error("a map of {} bytes, {} is the limit", setup.map->size(), limits::kMapBytesMax);
  return {};
}

/// The state around the rules, and what they see of it.
class Simulation::Core final : public Context {
 public:
  Core(const RulesType& type, const Schema& schema, MatchSetup setup, std::unique_ptr<Rules> rules)
      : type_(type), schema_(schema), setup_(std::move(setup)), rules_(std::move(rules)), rng_(setup_.seed) {}

  // Context: what the rules may ask for and do.
  Tick tick() const override { return ticked_ + 1; }  // also during Rules::tick: the tick being computed
  engine::Rng& rng() override { return rng_; }
  const MatchSetup& setup() const override { return setup_; }
  std::span<const Player> players() const override { return players_; }
  bool first_time() const override { return sink_ != nullptr; }
  ViewTime view() const override { return view_; }
  std::uint32_t ticks_late() const override { return ticks_late_; }
  void end_and_go_on(std::string result, std::optional<std::map<std::string, std::string>> next) override {
    if (result_) return;
    result_ = fit_result(std::move(result));
    next_options_ = std::move(next);
  }

  void start() {
    ENGINE_ASSERT(ticked_ == 0 && players_.empty(), "a match starts once");
    call("start", [this] { rules_->start(*this); });
  }

  engine::Result<Applied> apply(const Input& input) {
    switch (input.kind) {
      case InputKind::kJoin:
        return join(input);
      case InputKind::kLeave:
        return leave(input.player);
      case InputKind::kAction:
        return action(input);
      case InputKind::kEvent:
        return event(input);
      case InputKind::kRelease:
        return release(input.player);
      case InputKind::kAway:
      case InputKind::kBack:
        return presence(input);
      case InputKind::kEnd:
        if (!engine::is_utf8(input.text)) return engine::error("a result that is not UTF-8");
        end(input.text);
        return Applied();
    }
    return engine::error("input of kind {}", static_cast<int>(input.kind));
  }

  void run_tick() {
    call("tick", [this] { rules_->tick(*this); });
    ++ticked_;
  }

  const Player* player(PlayerId id) const {
    const auto seat = seat_of(id);
    return seat != players_.end() && seat->id == id ? &*seat : nullptr;
  }

  std::uint64_t state_hash() const {
    engine::Hasher hasher;
    hasher.add(ticked_);
    std::uint64_t rules_hash = 0;
    call("state_hash", [&] { rules_hash = rules_->state_hash(); });
    hasher.add(rules_hash);
    hasher.add(rng_.state().state);
    hasher.add(rng_.state().increment);
    hasher.add(next_player_);
    hasher.add(static_cast<std::uint32_t>(players_.size()));
    for (const Player& seated : players_) {
      hasher.add(seated.id.value);
      hasher.add(seated.is_bot);
      add(hasher, seated.name);
    }
    hasher.add(result_.has_value());
    if (result_) add(hasher, *result_);
    return hasher.value();
  }

  Keyframe keyframe() const {
    flatbuffers::FlatBufferBuilder builder(4096);
    call("write_keyframe",
         [&] { builder.Finish(flatbuffers::Offset<flatbuffers::Table>(rules_->write_keyframe(builder).o)); });
    if (has_failed_) builder.Clear();  // half a keyframe is none
    return {.tick = ticked_,
            .rng = rng_.state(),
            .players = players_,
            .next_player = next_player_,
            .result = result_,
            .rules = has_failed_ ? Bytes()
                                 : Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize())};
  }

  engine::Result<void> restore(const Keyframe& from) {
    if (from.players.size() > limits::kPlayersPerMatchMax) {
      return engine::error("a keyframe of {} players", from.players.size());
    }
    for (std::size_t i = 0; i < from.players.size(); ++i) {
      if (auto good = check_seat(from.players[i]); !good) return good;
      const std::uint32_t id = from.players[i].id.value;
      if (id == 0 || id >= from.next_player || (i > 0 && from.players[i - 1].id.value >= id)) {
        return engine::error("a keyframe whose player {} is out of order", id);
      }
    }
    if (auto checked = schema_.check(type_.keyframe_table, from.rules); !checked) return checked;
    if (auto restored = rules_->restore(from.rules); !restored) return restored;
    ticked_ = from.tick;
    rng_ = engine::Rng::from_state(from.rng);
    players_ = from.players;
    next_player_ = from.next_player;
    result_ = from.result;
    return {};
  }

  const RulesType& type() const { return type_; }
  const Schema& schema() const { return schema_; }
  const Rules& rules() const { return *rules_; }
  Tick current_tick() const { return ticked_; }
  PlayerId next_player() const { return {next_player_}; }
  const std::optional<std::string>& result() const { return result_; }
  const std::optional<std::map<std::string, std::string>>& next_options() const { return next_options_; }
  void set_emit_sink(std::function<void(Emitted)> sink) { sink_ = std::move(sink); }
  void set_fault_sink(std::function<void(const std::string&)> sink) { fault_sink_ = std::move(sink); }

 protected:
  void emit_bytes(const Recipients& to, std::string_view table, Bytes body) override {
    const EventInfo* event = schema_.event_of_table(table);
    if (!event) throw std::logic_error("emitted " + std::string(table) + ", no table of the schema marked (event)");
    if (!sink_) return;
    engine::Result<void> fits = schema_.check(table, body);
    if (body.size() > limits::kEmittedBytesMax)
      fits = engine::error("{}: {} bytes, {} is the limit", event->name, body.size(), limits::kEmittedBytesMax);
    auto recipients = recordable(to);
    if (fits && !recipients) fits = recipients.error();
    if (fits)
      return sink_({.to = std::move(*recipients), .name = event->name, .body = std::move(body), .tick = tick()});
    if (fault_sink_) fault_sink_("an event that no client would take: " + fits.error().reason);
  }

 private:
  // By rising id, so that a seat is found by bisection.
  std::vector<Player>::const_iterator seat_of(PlayerId id) const {
    return std::lower_bound(players_.begin(), players_.end(), id,
                            [](const Player& seated, PlayerId wanted) { return seated.id < wanted; });
  }

  engine::Result<Applied> join(const Input& input) {
    const std::uint32_t id = input.player.value;
    if (id == 0 || id > limits::kPlayerIdMax)
      return engine::error("player {} joins, ids are 1 to {}", id, limits::kPlayerIdMax);
    if (player(input.player) != nullptr) return engine::error("player {} joins and is there already", id);
    if (players_.size() >= limits::kPlayersPerMatchMax) return engine::error("more than {} players", players_.size());
    if (input.ticket.size() > limits::kTicketBytesMax)
      return engine::error("a ticket of {} bytes, {} is the limit", input.ticket.size(), limits::kTicketBytesMax);
    Player seated{.id = input.player, .name = input.text, .is_bot = input.is_bot};
    if (auto good = check_seat(seated); !good) return good.error();
    next_player_ = std::max(next_player_, id + 1);
    players_.insert(seat_of(input.player), seated);
    seated.ticket_table = input.ticket_table;
    seated.ticket = input.ticket;
    call("join", [&] { rules_->join(*this, seated); });
    return Applied();
  }

  engine::Result<Applied> leave(PlayerId id) {
    if (player(id) == nullptr) return engine::error("player {} leaves and is not there", id.value);
    players_.erase(seat_of(id));
    call("leave", [&] { rules_->leave(*this, id); });
    return Applied();
  }

  engine::Result<Applied> action(const Input& input) {
    if (player(input.player) == nullptr) return engine::error("player {} acts and is not there", input.player.value);
    view_ = input.view;
    ticks_late_ = input.ticks_late;
    call("action", [&] { rules_->action(*this, input.player, input.body); });
    view_ = {};
    ticks_late_ = 0;
    return Applied();
  }

  engine::Result<Applied> release(PlayerId id) {
    if (player(id) == nullptr) return engine::error("player {} lets go and is not there", id.value);
    call("release", [&] { rules_->release(*this, id, neutral_); });
    return Applied();
  }

  engine::Result<Applied> presence(const Input& input) {
    const bool is_away = input.kind == InputKind::kAway;
    if (player(input.player) == nullptr)
      return engine::error("player {} is {} and has no seat", input.player.value, is_away ? "away" : "back");
    if (is_away) {
      call("away", [&] { rules_->away(*this, input.player); });
    } else {
      call("back", [&] { rules_->back(*this, input.player); });
    }
    return Applied();
  }

  engine::Result<Applied> event(const Input& input) {
    if (input.player != kNoPlayer && player(input.player) == nullptr) {
      return engine::error("player {} sends {} and is not there", input.player.value, input.text);
    }
    const EventInfo* info = schema_.event_of_table(input.text);
    if (info == nullptr || !info->is_input) return engine::error("{} is no event that is an input", input.text);
    Applied applied;
    call("event", [&] {
      const auto taken =
          rules_->event(*this, input.player, {.name = info->name, .table = info->table, .body = input.body});
      if (!taken) applied.refusal = taken.error().reason;
    });
    if (has_failed_) applied.refusal = result_;
    return applied;
  }

  /// Rules that throw are asked no more, and their match is over; wherever the same rules are run again, they throw at
  /// the same place.
  template <class F>
  void call(std::string_view what, F work) const {
    if (has_failed_) return;
    try {
      work();
      return;
    } catch (const std::exception& error) {
      spdlog::error("match {}, tick {}: Rules::{} threw: {}", setup_.match_id, tick(), what, error.what());
    } catch (...) {
      spdlog::error("match {}, tick {}: Rules::{} threw something that is no std::exception", setup_.match_id, tick(),
                    what);
    }
    has_failed_ = true;
    if (!result_) result_ = "the match's rules failed";
  }

  const RulesType& type_;
  const Schema& schema_;
  const MatchSetup setup_;
  const std::unique_ptr<Rules> rules_;
  engine::Rng rng_;
  Tick ticked_ = 0;
  std::vector<Player> players_;
  std::uint32_t next_player_ = 1;
  ViewTime view_;  // of the action that is being applied
  std::uint32_t ticks_late_ = 0;
  mutable bool has_failed_ = false;
  mutable std::optional<std::string> result_;  // also what rules that fail in a const function end with
  // Not of the state: what comes after a match is no part of it.
  std::optional<std::map<std::string, std::string>> next_options_;
  std::function<void(Emitted)> sink_;
  std::function<void(const std::string&)> fault_sink_;
  const Bytes neutral_ = neutral_action();
};

engine::Result<std::unique_ptr<Simulation>> Simulation::create(const RulesType& type, const Schema& schema,
                                                               MatchSetup setup) {
  if (auto fits = check_setup(setup); !fits) return fits.error();
  if (schema.bfbs().size() > limits::kSchemaBytesMax)
    return engine::error("a schema of {} bytes, {} is the limit", schema.bfbs().size(), limits::kSchemaBytesMax);
  for (const std::string* table : {&type.world_table, &type.action_table, &type.keyframe_table}) {
    if (auto supported = schema.supports(*table); !supported) return supported.error();
  }
  if (auto neutral = schema.check(type.action_table, neutral_action()); !neutral)
    return engine::error("{} must do without any of its fields, for players who let go: none is (required)",
                         type.action_table);
  std::unique_ptr<Rules> rules;
  try {
    rules = type.make();
    if (!rules) return engine::error("there are no rules: what makes them gave none");
    if (auto prepared = rules->prepare(setup); !prepared) return prepared.error();
  } catch (const std::exception& error) {
    return engine::error("the rules threw while they were made: {}", error.what());
  } catch (...) {
    return engine::error("the rules threw while they were made: no std::exception");
  }
  return std::unique_ptr<Simulation>(
      new Simulation(std::make_unique<Core>(type, schema, std::move(setup), std::move(rules))));
}

Simulation::Simulation(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Simulation::~Simulation() = default;

void Simulation::start() { core_->start(); }
PlayerId Simulation::next_player() const { return core_->next_player(); }
engine::Result<Applied> Simulation::apply(const Input& input) { return core_->apply(input); }
void Simulation::tick() { core_->run_tick(); }
Tick Simulation::current_tick() const { return core_->current_tick(); }
std::span<const Player> Simulation::players() const { return core_->players(); }
const Player* Simulation::player(PlayerId id) const { return core_->player(id); }
const MatchSetup& Simulation::setup() const { return core_->setup(); }
const RulesType& Simulation::type() const { return core_->type(); }
const Schema& Simulation::schema() const { return core_->schema(); }
const Rules& Simulation::rules() const { return core_->rules(); }
const std::optional<std::string>& Simulation::result() const { return core_->result(); }
const std::optional<std::map<std::string, std::string>>& Simulation::next_options() const {
  return core_->next_options();
}
std::uint64_t Simulation::state_hash() const { return core_->state_hash(); }
Keyframe Simulation::keyframe() const { return core_->keyframe(); }
engine::Result<void> Simulation::restore(const Keyframe& keyframe) { return core_->restore(keyframe); }
void Simulation::set_emit_sink(std::function<void(Emitted)> sink) { core_->set_emit_sink(std::move(sink)); }
void Simulation::set_fault_sink(std::function<void(const std::string&)> sink) {
  core_->set_fault_sink(std::move(sink));
}

engine::Result<void> Simulation::check_world(BytesView world) const {
  if (world.size() > limits::kWorldBytesMax)
    return engine::error("{}: {} bytes, {} is the limit", type().world_table, world.size(), limits::kWorldBytesMax);
  return schema().check(type().world_table, world);
}

}  // namespace netcode
