#include "pitched_sounds.hpp"

#include <span>

#include "engine/core/assert.hpp"
#include "pitch.hpp"

namespace engine::app::sound {

namespace {
constexpr std::size_t kChannels = 2;
}

Mix_Chunk* PitchedSounds::at(SoundId sound, int pitch_step, const Mix_Chunk& source, const IsPlaying& is_playing) {
  ++count_;
  for (const auto& entry : entries_) {
    if (entry->sound.value != sound.value || entry->pitch_step != pitch_step) continue;
    entry->asked = count_;
    return &entry->chunk;
  }

  // SDL hands out bytes; the device was opened for floats.
  const std::span samples(reinterpret_cast<const float*>(source.abuf), source.alen / sizeof(float));
  Entry& entry = room_for_one(is_playing);
  entry.sound = sound;
  entry.pitch_step = pitch_step;
  entry.asked = count_;
  entry.samples = resample(samples, kChannels, pitch_of(pitch_step));
  entry.chunk = {.allocated = 0,
                 .abuf = reinterpret_cast<Uint8*>(entry.samples.data()),
                 .alen = static_cast<Uint32>(entry.samples.size() * sizeof(float)),
                 .volume = MIX_MAX_VOLUME};
  return &entry.chunk;
}

PitchedSounds::Entry& PitchedSounds::room_for_one(const IsPlaying& is_playing) {
  if (entries_.size() < kEntriesMax) return *entries_.emplace_back(std::make_unique<Entry>());
  Entry* oldest = nullptr;
  for (const auto& entry : entries_) {
    if (oldest != nullptr && entry->asked >= oldest->asked) continue;
    if (!is_playing(&entry->chunk)) oldest = entry.get();
  }
  ENGINE_ASSERT(oldest != nullptr, "more sounds play than there are voices");
  return *oldest;
}

}  // namespace engine::app::sound
