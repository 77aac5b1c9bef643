#include "recording/format/format.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"
#include "recording/format/crc32c.hpp"
#include "recording/format/varint.hpp"

namespace netcode::recording {

namespace {

bool is_magic(BytesView bytes, const Magic& magic) { return std::equal(magic.begin(), magic.end(), bytes.begin()); }

}  // namespace

std::uint32_t content_crc(const RecordHead& head, BytesView body) {
  std::array<std::uint8_t, 5> start{};
  for (unsigned i = 0; i < 4; ++i) start[i] = static_cast<std::uint8_t>(head.length >> (8 * i));
  start[4] = static_cast<std::uint8_t>(head.type);
  return crc32c(body, crc32c(start));
}

std::uint32_t place_crc(std::uint64_t file_id, std::uint32_t sequence) {
  std::array<std::uint8_t, 12> place{};
  for (unsigned i = 0; i < 8; ++i) place[i] = static_cast<std::uint8_t>(file_id >> (8 * i));
  for (unsigned i = 0; i < 4; ++i) place[8 + i] = static_cast<std::uint8_t>(sequence >> (8 * i));
  return crc32c(place);
}

void append_head(Bytes& out, std::uint64_t file_id) {
  const std::size_t start = out.size();
  VarintWriter writer(out);
  writer.bytes(kHeadMagic);
  writer.fixed(file_id);
  writer.fixed(crc32c(BytesView(out).subspan(start)));
}

void append_record(Bytes& out, std::uint64_t file_id, std::uint32_t sequence, RecordType type, BytesView body) {
  ENGINE_ASSERT(body.size() <= limits::kRecordBytesMax, "whoever makes a record keeps it within its limit");
  const RecordHead head{.length = static_cast<std::uint32_t>(body.size()), .type = type};
  VarintWriter writer(out);
  writer.fixed(head.length);
  writer.fixed(static_cast<std::uint8_t>(type));
  writer.fixed(content_crc(head, body) ^ place_crc(file_id, sequence));
  writer.bytes(body);
}

void append_footer(Bytes& out, std::uint64_t file_id, const Footer& footer) {
  const std::size_t start = out.size();
  VarintWriter writer(out);
  writer.fixed(footer.end_offset);
  writer.fixed(footer.end_sequence);
  writer.bytes(kFooterMagic);
  writer.fixed(crc32c(BytesView(out).subspan(start)) ^ place_crc(file_id, footer.end_sequence));
}

engine::Result<std::uint64_t> parse_head(BytesView bytes) {
  ENGINE_ASSERT(bytes.size() == kHeadBytes);
  if (!is_magic(bytes, kHeadMagic)) return engine::error("not a recording");
  VarintReader reader(bytes.subspan(sizeof(Magic)));
  const auto file_id = reader.fixed<std::uint64_t>();
  if (reader.fixed<std::uint32_t>() != crc32c(bytes.first(kHeadBytes - 4))) {
    return engine::error("offset 0: the file's id does not match its checksum");
  }
  return file_id;
}

engine::Result<RecordHead> parse_record_head(BytesView bytes) {
  ENGINE_ASSERT(bytes.size() == kRecordHeadBytes);
  VarintReader reader(bytes);
  RecordHead head;
  head.length = reader.fixed<std::uint32_t>();
  const auto type = reader.fixed<std::uint8_t>();
  head.type = static_cast<RecordType>(type);
  head.crc = reader.fixed<std::uint32_t>();
  if (std::find(kRecordTypes.begin(), kRecordTypes.end(), head.type) == kRecordTypes.end()) {
    return engine::error("a record of unknown type {}", type);
  }
  if (head.length > limits::kRecordBytesMax) return engine::error("a record of {} bytes", head.length);
  return head;
}

engine::Result<Footer> parse_footer(BytesView bytes, std::uint64_t file_id) {
  ENGINE_ASSERT(bytes.size() == kFooterBytes);
  VarintReader reader(bytes);
  Footer footer;
  footer.end_offset = reader.fixed<std::uint64_t>();
  footer.end_sequence = reader.fixed<std::uint32_t>();
  if (!is_magic(reader.bytes(sizeof(Magic)), kFooterMagic)) return engine::error("no footer");
  const std::uint32_t crc = crc32c(bytes.first(kFooterBytes - 4)) ^ place_crc(file_id, footer.end_sequence);
  if (reader.fixed<std::uint32_t>() != crc) return engine::error("the footer does not match its checksum");
  return footer;
}

}  // namespace netcode::recording
