#include "server/socketio_snapshot.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "protocol/messages.hpp"
#include "schema/table_json.hpp"
#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"

namespace netcode {
namespace {

using socketio::MadePacket;
using socketio::MadePackets;
using socketio::PacketType;

/// What was made of a frame, by the encoded message that it was made of: those who see the same share that.
struct JsonNotes final : FrameNotes {
  struct Form {
    SharedBytes message;
    std::string world;  // empty: there is none
    std::vector<MadePacket> attachments{};
  };
  std::vector<Form> forms;
};

BytesView world_of(const SharedBytes& message) {
  const auto decoded = protocol::decode(*message);
  const auto* snapshot = decoded ? std::get_if<protocol::SnapshotView>(&*decoded) : nullptr;
  return snapshot ? snapshot->world : BytesView();
}

/// Where it is in the message: all who see the same share that.
MadePacket world_packet(const SharedBytes& message, BytesView world) {
  const auto at = static_cast<std::size_t>(world.data() - message->data());
  if (at + world.size() == message->size()) return MadePacket::binary(message, at);
  return MadePacket::binary(std::string_view(reinterpret_cast<const char*>(world.data()), world.size()));
}

JsonNotes::Form form_of(const SharedBytes& message, const Kind& kind) {
  protocol::AlignedBuffer buffer;
  auto made = kind.json->to_json(kind.type.world_table, protocol::aligned(world_of(message), buffer));
  if (made) {
    JsonNotes::Form form{.message = message, .world = socketio::json_text(made->value)};
    for (const std::string& bytes : made->attachments) form.attachments.push_back(MadePacket::binary(bytes));
    return form;
  }
  spdlog::warn("{}: a snapshot that cannot be JSON: {}: {}", kind.name, made.error().field, made.error().message);
  return {.message = message, .world = {}};
}

const JsonNotes::Form& json_of(const WorldFrame& frame, const SharedBytes& message, const Kind& kind) {
  auto& notes = frame.json_notes();
  if (!notes) notes = std::make_unique<JsonNotes>();
  auto& forms = static_cast<JsonNotes&>(*notes).forms;
  const auto made = std::ranges::find(forms, message, &JsonNotes::Form::message);
  return made != forms.end() ? *made : forms.emplace_back(form_of(message, kind));
}

std::string event_text(std::size_t attachments, std::string_view world, const protocol::SnapshotHead& head) {
  return packet_head(PacketType::kEvent, attachments, protocol::kDefaultNamespace, std::nullopt) +
         fmt::format(R"(["snapshot",{},{{"tick":{},"action_sequence":{},"action_tick":{},"slack_ms":{}}}])", world,
                     head.tick, head.action_sequence, head.action_tick, head.slack_ms);
}

}  // namespace

MadePackets snapshot_messages(const FrameView& view, const SharedBytes& message, const Kind* kind) {
  MadePackets messages;
  if (!kind) {
    const BytesView world = world_of(message);
    if (world.empty()) return messages;
    messages.push_back(MadePacket::text(event_text(1, R"({"_placeholder":true,"num":0})", view.head)));
    messages.push_back(world_packet(message, world));
    return messages;
  }
  const JsonNotes::Form& form = json_of(*view.frame, message, *kind);
  if (form.world.empty()) return messages;
  messages.push_back(MadePacket::text(event_text(form.attachments.size(), form.world, view.head)));
  messages.insert(messages.end(), form.attachments.begin(), form.attachments.end());
  return messages;
}

}  // namespace netcode
