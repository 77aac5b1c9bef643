// The bytes that frame a recording, as docs/recording.md has it: the file's head, the records around their bodies, the
// footer.
//
//   head     magic 8 | file id 8 | crc u32                       the crc covers magic and id
//   record   length u32 | type u8 | crc u32 | body               length is the body's
//   footer   end offset u64 | end sequence u32 | magic 8 | crc u32
//
// All numbers little-endian. A record's crc is that of length, type and body, xor that of the file id and the record's
// sequence (0, 1, 2 ...): a record of another file or from another place does not pass for the one that belongs here.
// Pure; any thread.
#pragma once

#include <array>
#include <cstdint>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/limits.hpp"

namespace netcode::recording {

enum class RecordType : std::uint8_t { kHeader = 1, kTicks = 2, kKeyframe = 3, kIndex = 4, kEnd = 5, kSessions = 6 };
inline constexpr std::array kRecordTypes{RecordType::kHeader, RecordType::kTicks, RecordType::kKeyframe,
                                         RecordType::kIndex,  RecordType::kEnd,   RecordType::kSessions};

/// In the header record: raised when what is below it changes its meaning. No other is read.
inline constexpr std::uint16_t kFormat = 3;

using Magic = std::array<std::uint8_t, 8>;
// A byte above 127, CR LF and ^Z: whoever copies the file as text breaks it where everybody looks first (as PNG does).
inline constexpr Magic kHeadMagic{0x89, 'S', 'C', 'R', 'M', '\r', '\n', 0x1A};
inline constexpr Magic kFooterMagic{'S', 'C', 'R', 'M', 'E', 'N', 'D', '\n'};

inline constexpr std::size_t kHeadBytes = 8 + 8 + 4;
inline constexpr std::size_t kRecordHeadBytes = 4 + 1 + 4;
inline constexpr std::size_t kFooterBytes = 8 + 4 + 8 + 4;

struct RecordHead {
  std::uint32_t length = 0;
  RecordType type{};
  std::uint32_t crc = 0;
};

struct Footer {
  std::uint64_t end_offset = 0;
  std::uint32_t end_sequence = 0;
};

void append_head(Bytes& out, std::uint64_t file_id);
void append_record(Bytes& out, std::uint64_t file_id, std::uint32_t sequence, RecordType type, BytesView body);
void append_footer(Bytes& out, std::uint64_t file_id, const Footer& footer);

/// From kHeadBytes bytes: the file id.
engine::Result<std::uint64_t> parse_head(BytesView bytes);
/// From kRecordHeadBytes bytes: an error if no record starts so.
engine::Result<RecordHead> parse_record_head(BytesView bytes);
/// From kFooterBytes bytes.
engine::Result<Footer> parse_footer(BytesView bytes, std::uint64_t file_id);

/// What the crc of a record with this head and body is, but for its place...
std::uint32_t content_crc(const RecordHead& head, BytesView body);
/// ... and what its place adds by xor.
std::uint32_t place_crc(std::uint64_t file_id, std::uint32_t sequence);

}  // namespace netcode::recording
