// One tick of a recording as values, and both ends of its codec over a few of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "recording/format/tick_codec.hpp"

namespace test_recordings {

using namespace netcode;
using namespace netcode::recording;

struct Ticked {
  Tick tick = 0;
  std::vector<Input> inputs;
  std::vector<Emitted> events;
  std::optional<std::uint64_t> hash;

  friend bool operator==(const Ticked& a, const Ticked& b) {
    const auto same = [](const Emitted& x, const Emitted& y) {
      return x.to == y.to && x.name == y.name && x.body == y.body;
    };
    return a.tick == b.tick && a.inputs == b.inputs && a.hash == b.hash &&
           std::equal(a.events.begin(), a.events.end(), b.events.begin(), b.events.end(), same);
  }
};

class Collect final : public TickSink {
 public:
  engine::Result<void> input(const Input& input, bool is_new) override {
    current.inputs.push_back(input);
    news += is_new ? 1 : 0;
    return {};
  }
  engine::Result<void> run(Tick tick) override {
    current.tick = tick;
    return {};
  }
  engine::Result<void> event(const Recipients& to, std::string_view name, BytesView body) override {
    current.events.push_back({.to = to, .name = std::string(name), .body = {body.begin(), body.end()}});
    return {};
  }
  engine::Result<void> end_of_tick(Tick, std::optional<std::uint64_t> hash) override {
    current.hash = hash;
    all.push_back(std::exchange(current, {}));
    return {};
  }

  std::vector<Ticked> all;
  Ticked current;
  int news = 0;
};

inline constexpr std::uint32_t kHashInterval = 4;

// Without a body it is none: the player lets go.
inline Input action(std::uint32_t player, Bytes body) {
  const InputKind kind = body.empty() ? InputKind::kRelease : InputKind::kAction;
  return {.kind = kind, .player = {player}, .body = std::move(body)};
}

inline bool encode_tick(TickEncoder& encoder, const Ticked& ticked) {
  for (const Input& input : ticked.inputs) encoder.input(input);
  for (const Emitted& event : ticked.events) encoder.event(event);
  return encoder.end_tick(ticked.hash);
}

inline std::vector<Ticked> decode_all(TickDecoder& decoder, BytesView body) {
  Collect collect;
  auto done = decoder.begin(body);
  EXPECT_TRUE(done);
  while (done && !decoder.at_end()) done = decoder.tick(collect);
  EXPECT_TRUE(done) << done.error().reason;
  return collect.all;
}

// One tick of 16 players who each act with 24 bytes.
inline Ticked busy_tick(Tick tick, std::uint8_t value = 1) {
  Ticked ticked{.tick = tick};
  for (std::uint32_t player = 1; player <= 16; ++player) {
    Bytes body(24, static_cast<std::uint8_t>(player));
    body[7] = value;
    ticked.inputs.push_back(action(player, body));
  }
  if (tick % kHashInterval == 0) ticked.hash = tick * 3;
  return ticked;
}

inline Ticked seeing(Ticked ticked, Tick from, std::uint8_t fraction = 0) {
  for (Input& input : ticked.inputs) input.view = {.tick = from, .fraction = fraction};
  return ticked;
}

}  // namespace test_recordings
