// libFuzzer over what a client of Socket.IO says: each line of the input is a message, one that begins with "b" bytes.
// A packet that is taken is written and read as the same.
//
//   packet_fuzz -max_len=4096 CORPUS
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"

namespace {

using namespace netcode;
using namespace netcode::socketio;

void expect(bool is_so) {
  if (!is_so) std::abort();
}

/// "2" is taken as an event without a name, for nobody, and "2[1e999]" as one of the name Infinity. Nobody writes them
/// so.
bool has_no_name(const Packet& packet) {
  if (packet.type != PacketType::kEvent && packet.type != PacketType::kBinaryEvent) return false;
  const boost::json::array& all = packet.data->get_array();
  return all.empty() || (all[0].is_double() && !std::isfinite(all[0].get_double()));
}

std::optional<Packet> read_again(const Packet& packet) {
  PacketReader reader;
  auto read = reader.read_text(packet_text(packet));
  expect(read.has_value());
  for (const std::string& bytes : packet.attachments) {
    expect(!*read);
    read = reader.read_bytes(bytes);
    expect(read.has_value());
  }
  return std::move(*read);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  PacketReader reader;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    auto packet = line.starts_with('b') ? reader.read_bytes(line.substr(1)) : reader.read_text(line);
    if (!packet) {
      expect(!packet.error().reason.empty());
      return 0;
    }
    if (!*packet) continue;
    if (has_no_name(**packet)) continue;
    const std::optional<Packet> again = read_again(**packet);
    expect(again && again->nsp == (*packet)->nsp && again->ack == (*packet)->ack);
    expect(again->attachments == (*packet)->attachments && again->data.has_value() == (*packet)->data.has_value());
    if (again->data) expect(json_text(*again->data) == json_text(*(*packet)->data));
  }
  return 0;
}
