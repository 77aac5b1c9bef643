#include "recording/format/format.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "recording/format/record_bodies.hpp"
#include "recording/format/session_records.hpp"
#include "recording/format/tick_codec.hpp"

namespace netcode::recording {
namespace {

// The rows of docs/recording.md's tables, by what stands in their first columns.
class Page {
 public:
  Page() {
    std::ifstream file(SCRIM_SOURCE_DIR "/docs/recording.md");
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line.front() != '|') continue;
      std::vector<std::string> cells;
      std::istringstream row(line.substr(1));
      for (std::string cell; std::getline(row, cell, '|');) {
        const auto from = cell.find_first_not_of(' ');
        cells.push_back(from == std::string::npos ? "" : cell.substr(from, cell.find_last_not_of(' ') + 1 - from));
      }
      rows_.push_back(cells);
    }
  }

  // The second cell of the row that begins with `first`.
  std::string beside(const std::string& first) const {
    for (const auto& row : rows_) {
      if (row.size() > 1 && row[0] == first) return row[1];
    }
    return "no row " + first;
  }

  // The names beside the numbers in the table with this heading.
  std::map<std::string, int> numbered(const std::string& heading) const {
    std::map<std::string, int> numbers;
    bool inside = false;
    for (const auto& row : rows_) {
      if (row[0] == heading) {
        inside = true;
      } else if (inside && row[0] != "---") {
        if (row[0].find_first_not_of("0123456789") != std::string::npos) break;
        numbers[row[1]] = std::stoi(row[0]);
      }
    }
    return numbers;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

TEST(RecordingFormat, has_the_record_types_of_its_page) {
  const std::map<std::string, int> types{
      {"header", static_cast<int>(RecordType::kHeader)},     {"ticks", static_cast<int>(RecordType::kTicks)},
      {"keyframe", static_cast<int>(RecordType::kKeyframe)}, {"index", static_cast<int>(RecordType::kIndex)},
      {"end", static_cast<int>(RecordType::kEnd)},           {"sessions", static_cast<int>(RecordType::kSessions)}};
  EXPECT_EQ(types.size(), kRecordTypes.size());
  EXPECT_EQ(Page().numbered("type"), types);
}

TEST(RecordingFormat, has_the_operations_of_its_page) {
  const std::map<std::string, int> ops{
      {"repeat", static_cast<int>(Op::kRepeat)}, {"skip", static_cast<int>(Op::kSkip)},
      {"act", static_cast<int>(Op::kAct)},       {"act seeing", static_cast<int>(Op::kActSeeing)},
      {"join", static_cast<int>(Op::kJoin)},     {"leave", static_cast<int>(Op::kLeave)},
      {"event", static_cast<int>(Op::kEvent)},   {"long", static_cast<int>(Op::kLong)}};
  EXPECT_EQ(Page().numbered("kind"), ops);
  const std::map<std::string, int> long_ops{{"end", static_cast<int>(Op::kEnd)},
                                            {"away", static_cast<int>(Op::kAway)},
                                            {"back", static_cast<int>(Op::kBack)},
                                            {"join with ticket", static_cast<int>(Op::kJoinWithTicket)},
                                            {"(an admin command)", 12},
                                            {"(a result of outside work)", 13}};
  EXPECT_EQ(Page().numbered("number"), long_ops);
  EXPECT_EQ(Page().beside("the first long operation that changes nothing"), std::to_string(kNotesFrom));
}

TEST(RecordingFormat, has_the_sizes_and_limits_of_its_page) {
  const Page page;
  EXPECT_EQ(page.beside("head"), std::to_string(kHeadBytes));
  EXPECT_EQ(page.beside("record, without its body"), std::to_string(kRecordHeadBytes));
  EXPECT_EQ(page.beside("footer"), std::to_string(kFooterBytes));
  EXPECT_EQ(page.beside("a body"), std::to_string(limits::kRecordBytesMax) + " bytes");
  EXPECT_EQ(page.beside("a keyframe, decompressed"), std::to_string(limits::kRecordBytesMax) + " bytes");
  EXPECT_EQ(page.beside("keyframes from one index to the next"), std::to_string(kKeyframesPerIndex));
  EXPECT_EQ(page.beside("sessions of one record"), std::to_string(kSessionsRecordedMax));
  EXPECT_EQ(page.beside("a long operation's bytes"), std::to_string(kLongOpBytesMax) + " bytes");
  EXPECT_EQ(page.beside("a ticket"), std::to_string(limits::kTicketBytesMax) + " bytes");
  EXPECT_EQ(page.beside("inputs of one tick"), std::to_string(kTickInputsMax));
  EXPECT_EQ(page.beside("events of one tick"), std::to_string(kTickEventsMax));
}

TEST(RecordingFormat, begins_and_ends_with_the_bytes_of_its_page) {
  Bytes out;
  append_head(out, 0x0807060504030201);
  ASSERT_EQ(out.size(), kHeadBytes);
  EXPECT_EQ(Bytes(out.begin(), out.begin() + 16),
            (Bytes{0x89, 0x53, 0x43, 0x52, 0x4D, 0x0D, 0x0A, 0x1A, 1, 2, 3, 4, 5, 6, 7, 8}));
  out.clear();
  append_footer(out, 1, {.end_offset = 0x1234, .end_sequence = 0x56});
  ASSERT_EQ(out.size(), kFooterBytes);
  EXPECT_EQ(Bytes(out.begin(), out.begin() + 20),
            (Bytes{0x34, 0x12, 0, 0, 0, 0, 0, 0, 0x56, 0, 0, 0, 'S', 'C', 'R', 'M', 'E', 'N', 'D', '\n'}));
}

TEST(RecordingFormat, gives_back_what_was_put_in) {
  Bytes out;
  append_head(out, 77);
  ASSERT_TRUE(parse_head(out));
  EXPECT_EQ(*parse_head(out), 77U);

  out.clear();
  const Bytes body{1, 2, 3};
  append_record(out, 77, 5, RecordType::kTicks, body);
  const auto head = parse_record_head(BytesView(out).first(kRecordHeadBytes));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->length, 3U);
  EXPECT_EQ(head->type, RecordType::kTicks);
  EXPECT_EQ(head->crc, content_crc(*head, body) ^ place_crc(77, 5));
  EXPECT_NE(content_crc(*head, body), content_crc({.length = 3, .type = RecordType::kKeyframe}, body));
  EXPECT_NE(content_crc(*head, body), content_crc({.length = 4, .type = RecordType::kTicks}, body));
  EXPECT_NE(place_crc(77, 5), place_crc(77, 6));
  EXPECT_NE(place_crc(77, 5), place_crc(78, 5));

  out.clear();
  append_footer(out, 77, {.end_offset = 9, .end_sequence = 4});
  const auto footer = parse_footer(out, 77);
  ASSERT_TRUE(footer);
  EXPECT_EQ(footer->end_offset, 9U);
  EXPECT_EQ(footer->end_sequence, 4U);
  EXPECT_FALSE(parse_footer(out, 78));
}

TEST(RecordingFormat, refuses_lengths_and_types_that_no_record_has) {
  Bytes out;
  append_record(out, 1, 0, RecordType::kTicks, {});
  Bytes bad = out;
  bad[3] = 0x7F;
  EXPECT_EQ(parse_record_head(bad).error().reason, "a record of 2130706432 bytes");
  bad = out;
  bad[4] = 9;
  EXPECT_EQ(parse_record_head(bad).error().reason, "a record of unknown type 9");
}

}  // namespace
}  // namespace netcode::recording
