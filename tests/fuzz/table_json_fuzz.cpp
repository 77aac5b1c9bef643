// libFuzzer over JSON from outside: made a table of every shape that JSON has a form for, and JSON again. What was
// taken once is taken again, and comes back as the same.
//
//   table_json_fuzz -max_len=4096 CORPUS
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "json_build.hpp"
#include "schema/table_json.hpp"
#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"

namespace {

using namespace netcode;

constexpr std::size_t kBytesMax = 64 * 1024;

void expect(bool is_so) {
  if (!is_so) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static testing::JsonBuild build(testing::kRichSchema);
  static const std::vector<std::string> beside = {"some bytes", std::string("\0\xFF", 2), ""};
  const TableJson& json = build.json();
  const auto value = socketio::parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto made = json.to_table("T", *value, {.bytes = beside, .number_of = socketio::attachment_of}, kBytesMax);
  if (!made) {
    expect(!made.error().message.empty() && made.error().fault != JsonFault::kNotValid);
    return 0;
  }
  const auto said = json.to_json("T", *made);
  if (!said) {  // there may be more attachments than are sent
    expect(said.error().fault == JsonFault::kTooLarge);
    return 0;
  }
  // A number of 17 digits may be read as its neighbour: the value itself goes back, not its text.
  const std::string text = socketio::json_text(said->value);
  const auto read = socketio::parse_json(text);
  expect(read.has_value());
  std::vector<std::string> bytes = said->attachments;
  const auto number_of = [](const boost::json::value& one) -> std::optional<std::size_t> {
    const auto* object = one.if_object();
    const auto* number = object == nullptr ? nullptr : object->if_contains("num");
    if (number == nullptr || !number->is_uint64()) return std::nullopt;
    return static_cast<std::size_t>(number->get_uint64());
  };
  const auto again = json.to_table("T", said->value, {.bytes = bytes, .number_of = number_of}, 2 * kBytesMax);
  expect(again.has_value());
  const auto said_again = json.to_json("T", *again);
  expect(said_again && socketio::json_text(said_again->value) == text && said_again->attachments == bytes);
  return 0;
}
