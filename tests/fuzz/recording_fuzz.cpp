// libFuzzer over everything that reads recordings. The first byte chooses: the rest is a file as it is, or bodies of
// records (type u8, length u16, bytes) that are framed with right checksums, behind a good header and keyframe.
//
//   recording_fuzz -max_len=4096 CORPUS
#include <cstdint>

#include "netcode/recording.hpp"
#include "recorded.hpp"
#include "recording/format/format.hpp"
#include "recording/format/varint.hpp"

namespace {

using namespace netcode;
using namespace netcode::recording;

constexpr std::uint64_t kFileId = 0x1122334455667788;

// Header and first keyframe of a recording, framed.
const Bytes& good_start() {
  static const Bytes start = [] {
    const Bytes whole = test_recordings::record(test_games::counter_kind(), {.ticks = 0, .finish = false}).bytes;
    return whole;
  }();
  return start;
}

Bytes framed(BytesView input) {
  Bytes file = good_start();
  VarintReader reader(input);
  std::uint32_t sequence = 2;
  Footer footer;
  while (reader.left() > 3) {
    const auto type = static_cast<RecordType>(reader.fixed<std::uint8_t>() % 8);
    const auto length = reader.fixed<std::uint16_t>();
    footer = {.end_offset = file.size(), .end_sequence = sequence};
    append_record(file, kFileId, sequence++, type, reader.bytes(std::min<std::size_t>(length, reader.left())));
  }
  if (input.size() % 2 == 0) append_footer(file, kFileId, footer);
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const RulesTypes types = test_games::all_types();
  const BytesView rest(data + 1, size - 1);
  Bytes file = data[0] % 2 == 0 ? Bytes(rest.begin(), rest.end()) : framed(rest);
  static_cast<void>(verify_recording_bytes(file, types));
  auto replay = Replay::open_bytes(std::move(file), types);
  if (!replay) return 0;
  static_cast<void>((*replay)->seek(700));
  static_cast<void>((*replay)->seek(3));
  static_cast<void>((*replay)->step());
  return 0;
}
