#include "recording/format/body_diff.hpp"

namespace netcode::recording {

namespace {

constexpr std::size_t kRunBytesMax = 4;

struct Run {
  std::size_t start = 0;
  std::size_t length = 0;  // 0: no further difference
};

Run next_run(BytesView bytes, BytesView base, std::size_t from) {
  Run run{.start = from};
  while (run.start < bytes.size() && bytes[run.start] == base[run.start]) ++run.start;
  for (std::size_t i = run.start; i < bytes.size() && i < run.start + kRunBytesMax; ++i) {
    if (bytes[i] != base[i]) run.length = i + 1 - run.start;
  }
  return run;
}

std::size_t varint_bytes(std::size_t value) {
  std::size_t bytes = 1;
  for (; value >= 0x80; value >>= 7U) ++bytes;
  return bytes;
}

}  // namespace

void encode_diff(VarintWriter& writer, BytesView bytes, Bytes& base) {
  std::size_t runs = 0;
  std::size_t cost = 0;
  const bool same_size = bytes.size() == base.size() && !bytes.empty();
  if (same_size) {
    std::size_t at = 0;
    for (Run run = next_run(bytes, base, at); run.length > 0; run = next_run(bytes, base, at)) {
      cost += varint_bytes((run.start - at) << 2U) + run.length;
      at = run.start + run.length;
      ++runs;
    }
    if (runs == 0) return writer.varint(0);
  }
  if (!same_size || cost >= bytes.size()) {
    writer.varint((std::uint64_t{bytes.size()} << 1U) | 1U);
    writer.bytes(bytes);
    base.assign(bytes.begin(), bytes.end());
    return;
  }
  writer.varint(std::uint64_t{runs} << 1U);
  std::size_t at = 0;
  for (Run run = next_run(bytes, base, at); run.length > 0; run = next_run(bytes, base, at)) {
    writer.varint(((run.start - at) << 2U) | (run.length - 1));
    writer.bytes(bytes.subspan(run.start, run.length));
    at = run.start + run.length;
  }
  std::copy(bytes.begin(), bytes.end(), base.begin());
}

bool decode_diff(VarintReader& reader, Bytes& base, std::size_t bytes_max) {
  const std::uint64_t head = reader.varint((std::uint64_t{bytes_max} << 1U) | 1U);
  if ((head & 1U) != 0) {
    const BytesView whole = reader.bytes(static_cast<std::size_t>(head >> 1U));
    base.assign(whole.begin(), whole.end());
    return reader.ok();
  }
  std::size_t at = 0;
  for (std::uint64_t run = 0; run < head >> 1U && reader.ok(); ++run) {
    const std::uint64_t place = reader.varint((std::uint64_t{bytes_max} << 2U) | 3U);
    const BytesView replaced = reader.bytes((place & 3U) + 1);
    at += static_cast<std::size_t>(place >> 2U);
    if (at + replaced.size() > base.size()) reader.fail();
    if (reader.ok()) std::copy(replaced.begin(), replaced.end(), base.begin() + static_cast<std::ptrdiff_t>(at));
    at += replaced.size();
  }
  return reader.ok();
}

}  // namespace netcode::recording
