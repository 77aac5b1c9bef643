#include "protocol/messages.hpp"

#include <algorithm>
#include <cstring>

#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol_generated.h"

namespace netcode::protocol {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

Bytes finish(FlatBufferBuilder& builder, fb::Body type, Offset<void> body) {
  fb::MessageBuilder message(builder);
  message.add_body(body);
  message.add_body_type(type);
  builder.Finish(message.Finish());
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

// Bodies are aligned to 8 within the message, so that a receiver can read them where they are.
Offset<flatbuffers::Vector<std::uint8_t>> body_vector(FlatBufferBuilder& builder, BytesView body) {
  builder.ForceVectorAlignment(body.size(), sizeof(std::uint8_t), 8);
  return builder.CreateVector(body.data(), body.size());
}

std::string_view view(const flatbuffers::String* text) { return text ? text->string_view() : std::string_view(); }

BytesView view(const flatbuffers::Vector<std::uint8_t>* bytes) {
  return bytes ? BytesView(bytes->data(), bytes->size()) : BytesView();
}

engine::Result<void> check_text(std::string_view text, std::string_view field, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    return engine::error("{} is {} bytes long, {} is the limit", field, text.size(), bytes_max);
  if (!engine::is_utf8(text)) return engine::error("{} is not UTF-8", field);
  return {};
}

engine::Result<AnyMessage> read(const fb::Welcome& in) {
  Welcome out{.protocol = in.protocol(),
              .server = in.server()->str(),
              .session = SessionId{in.session()},
              .token = in.token()->str(),
              .resumed = in.resumed(),
              .received = in.received(),
              .name = in.name()->str(),
              .link = in.link(),
              .missed_through = in.missed_through(),
              .epoch = in.epoch(),
              .match = std::nullopt,
              .refusal = std::string(view(in.refusal()))};
  if (out.link > 1) return engine::error("a connection {} of a session, and there are two", out.link);
  if (in.match() && !out.refusal.empty()) return engine::error("a Welcome into a match with a refusal");
  if (in.match()) {
    out.match = {.id = in.match()->str(),
                 .kind = std::string(view(in.kind())),
                 .player = PlayerId{in.player()},
                 .tick = in.tick(),
                 .tick_hz = in.tick_hz(),
                 .snapshot_hz = in.snapshot_hz(),
                 .schema_hash = in.schema_hash(),
                 .unpacks = in.unpacks(),
                 .rules_hash = in.rules_hash(),
                 .map_hash = in.map_hash(),
                 .is_packed = in.snapshot_format() == fb::SnapshotFormat::Packed,
                 .packs = in.packs()};
    if (auto ok = check_text(out.match->id, "match", limits::kMatchIdBytesMax); !ok) return ok.error();
    if (out.match->tick_hz == 0 || out.match->tick_hz > limits::kTickHzMax)
      return engine::error("a tick rate of {} Hz", out.match->tick_hz);
    if (out.match->snapshot_hz == 0 || out.match->snapshot_hz > out.match->tick_hz)
      return engine::error("a snapshot rate of {} Hz", out.match->snapshot_hz);
    if (in.snapshot_format() > fb::SnapshotFormat::MAX)
      return engine::error("a snapshot format this client cannot read");
  }
  for (const auto& [text, field] : {std::pair<std::string_view, std::string_view>{out.server, "server"},
                                    {out.token, "token"},
                                    {out.name, "name"},
                                    {view(in.kind()), "kind"}}) {
    if (auto ok = check_text(text, field, 256); !ok) return ok.error();
  }
  if (auto ok = check_text(out.refusal, "refusal", limits::kCloseReasonBytesMax); !ok) return ok.error();
  return AnyMessage(std::move(out));
}

engine::Result<AnyMessage> read(const fb::Map& in) {
  if (in.body()->size() > limits::kMapBytesMax)
    return engine::error("a map of {} bytes, {} is the limit", in.body()->size(), limits::kMapBytesMax);
  return AnyMessage(MapView{.hash = in.hash(), .body = view(in.body())});
}

engine::Result<AnyMessage> read(const fb::Schema& in) {
  if (in.body()->size() > limits::kSchemaBytesMax)
    return engine::error("a schema of {} bytes, {} is the limit", in.body()->size(), limits::kSchemaBytesMax);
  return AnyMessage(SchemaView{.hash = in.hash(), .body = view(in.body())});
}

SnapshotHead view(const fb::SnapshotHead& head) {
  return {.tick = head.tick(),
          .action_sequence = head.action_sequence(),
          .action_tick = head.action_tick(),
          .received = head.received(),
          .slack_ms = head.slack_ms()};
}

fb::SnapshotHead head_of(const SnapshotHead& head) {
  return {head.tick, head.action_sequence, head.action_tick, head.received, head.slack_ms, 0};
}

engine::Result<AnyMessage> read(const fb::Snapshot& in) {
  return AnyMessage(SnapshotView{.head = view(*in.head()), .world = view(in.world())});
}

engine::Result<AnyMessage> read_packed(const fb::Message& in) {
  if (!in.packed()) return engine::error("a message with neither a body nor anything packed");
  return AnyMessage(PackedView{.packed = view(in.packed())});
}

engine::Result<AnyMessage> read(const fb::Action& in) {
  if (in.body()->size() > limits::kActionBytesMax)
    return engine::error("an action of {} bytes, {} is the limit", in.body()->size(), limits::kActionBytesMax);
  return AnyMessage(ActionView{.tick = in.tick(),
                               .sequence = in.sequence(),
                               .snapshot_tick = in.snapshot_tick(),
                               .received = in.received(),
                               .body = view(in.body()),
                               .twin_snapshot_tick = in.twin_snapshot_tick(),
                               .view_tick = in.view_tick(),
                               .view_fraction = in.view_fraction(),
                               .view_from = in.view_from(),
                               .view_to = in.view_to()});
}

engine::Result<AnyMessage> read(const fb::Event& in) {
  if (auto ok = check_text(view(in.name()), "event name", limits::kEventNameBytesMax); !ok) return ok.error();
  if (auto ok = check_text(view(in.namespace_()), "namespace", limits::kRoomNameBytesMax); !ok) return ok.error();
  return AnyMessage(EventMessage{.sequence = in.sequence(),
                                 .name = view(in.name()),
                                 .space = in.namespace_() ? view(in.namespace_()) : kDefaultNamespace,
                                 .ack = in.ack(),
                                 .body = view(in.body()),
                                 .tick = in.tick()});
}

engine::Result<AnyMessage> read(const fb::Ack& in) {
  if (auto ok = check_text(view(in.error()), "error", kAckErrorBytesMax); !ok) return ok.error();
  if (auto ok = check_text(view(in.table()), "table", 256); !ok) return ok.error();
  return AnyMessage(AckMessage{.sequence = in.sequence(),
                               .id = in.id(),
                               .error = in.error() ? std::optional(view(in.error())) : std::nullopt,
                               .table = view(in.table()),
                               .body = view(in.body())});
}

engine::Result<AnyMessage> read(const fb::Received& in) {
  return AnyMessage(Received{
      .snapshot_tick = in.snapshot_tick(), .received = in.received(), .twin_snapshot_tick = in.twin_snapshot_tick()});
}

}  // namespace

BytesView AlignedBuffer::copy(BytesView bytes) {
  words_.resize((bytes.size() + 7) / 8 + 1);  // one more: never null, even for an empty message
  if (!bytes.empty()) std::memcpy(words_.data(), bytes.data(), bytes.size());
  return {reinterpret_cast<const std::uint8_t*>(words_.data()), bytes.size()};
}

BytesView aligned(BytesView bytes, AlignedBuffer& scratch) {
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 == 0 ? bytes : scratch.copy(bytes);
}

engine::Result<AnyMessage> decode(BytesView bytes) {
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), limits::kVerifyDepthMax, limits::kVerifyTablesMax);
  if (!fb::VerifyMessageBuffer(verifier)) return engine::error("not a valid message of scrim.v1");
  const fb::Message& message = *fb::GetMessage(bytes.data());
  // What stands beside a body is left alone: flatc's objects for JavaScript write an empty `packed` with each.
  if (message.body_type() == fb::Body::NONE) return read_packed(message);
  if (!message.body())
    return engine::error("a message of type {} without its body", static_cast<int>(message.body_type()));
  switch (message.body_type()) {
    case fb::Body::Welcome:
      return read(*message.body_as_Welcome());
    case fb::Body::Map:
      return read(*message.body_as_Map());
    case fb::Body::Snapshot:
      return read(*message.body_as_Snapshot());
    case fb::Body::Action:
      return read(*message.body_as_Action());
    case fb::Body::Event:
      return read(*message.body_as_Event());
    case fb::Body::Ack:
      return read(*message.body_as_Ack());
    case fb::Body::Received:
      return read(*message.body_as_Received());
    case fb::Body::Schema:
      return read(*message.body_as_Schema());
    case fb::Body::NONE:
      break;
  }
  return engine::error("a message of type {}, unknown to scrim.v1", static_cast<int>(message.body_type()));
}

Bytes encode(const Welcome& message) {
  FlatBufferBuilder builder(256);
  const auto server = builder.CreateString(message.server);
  const auto token = builder.CreateString(message.token);
  const auto name = builder.CreateString(message.name);
  Offset<flatbuffers::String> id, kind, refusal;
  if (!message.refusal.empty()) refusal = builder.CreateString(message.refusal);
  if (message.match) {
    id = builder.CreateString(message.match->id);
    kind = builder.CreateString(message.match->kind);
  }
  fb::WelcomeBuilder out(builder);
  out.add_protocol(message.protocol);
  out.add_server(server);
  out.add_session(message.session.value);
  out.add_token(token);
  out.add_resumed(message.resumed);
  out.add_received(message.received);
  out.add_name(name);
  out.add_link(message.link);
  out.add_missed_through(message.missed_through);
  out.add_epoch(message.epoch);
  if (!message.refusal.empty()) out.add_refusal(refusal);
  if (message.match) {
    out.add_match(id);
    out.add_kind(kind);
    out.add_player(message.match->player.value);
    out.add_tick(message.match->tick);
    out.add_tick_hz(static_cast<std::uint16_t>(message.match->tick_hz));
    out.add_snapshot_hz(static_cast<std::uint16_t>(message.match->snapshot_hz));
    out.add_schema_hash(message.match->schema_hash);
    out.add_unpacks(message.match->unpacks);
    out.add_rules_hash(message.match->rules_hash);
    out.add_map_hash(message.match->map_hash);
    out.add_packs(message.match->packs);
    if (message.match->is_packed) out.add_snapshot_format(fb::SnapshotFormat::Packed);
  }
  return finish(builder, fb::Body::Welcome, out.Finish().Union());
}

Bytes encode(const MapView& message) {
  FlatBufferBuilder builder(message.body.size() + 64);
  const auto body = body_vector(builder, message.body);
  return finish(builder, fb::Body::Map, fb::CreateMap(builder, message.hash, body).Union());
}

Bytes encode(const SchemaView& message) {
  FlatBufferBuilder builder(message.body.size() + 64);
  const auto body = body_vector(builder, message.body);
  return finish(builder, fb::Body::Schema, fb::CreateSchema(builder, message.hash, body).Union());
}

Bytes encode(const ActionView& message) {
  FlatBufferBuilder builder(256);
  const auto body = body_vector(builder, message.body);
  const auto action = fb::CreateAction(builder, message.tick, message.sequence, message.snapshot_tick, message.received,
                                       body, message.twin_snapshot_tick, message.view_tick, message.view_fraction,
                                       message.view_from, message.view_to);
  return finish(builder, fb::Body::Action, action.Union());
}

namespace {

/// With `shared`, what differs between receivers is written even where it is 0, so that it can be written over.
Bytes encode_event(const EventMessage& message, bool shared) {
  FlatBufferBuilder builder(256);
  builder.ForceDefaults(shared);
  const auto body = body_vector(builder, message.body);
  const auto name = builder.CreateString(message.name);
  Offset<flatbuffers::String> space;
  if (message.space != kDefaultNamespace) space = builder.CreateString(message.space);
  const auto event = fb::CreateEvent(builder, message.sequence, name, space, message.ack, body, message.tick);
  return finish(builder, fb::Body::Event, event.Union());
}

Bytes encode_ack(const AckMessage& message, bool shared) {
  FlatBufferBuilder builder(256);
  builder.ForceDefaults(shared);
  Offset<flatbuffers::Vector<std::uint8_t>> body;
  Offset<flatbuffers::String> error, table;
  if (!message.table.empty()) {
    body = body_vector(builder, message.body);
    table = builder.CreateString(message.table);
  }
  if (message.error) error = builder.CreateString(*message.error);
  return finish(builder, fb::Body::Ack,
                fb::CreateAck(builder, message.sequence, message.id, error, table, body).Union());
}

}  // namespace

Bytes encode(const EventMessage& message) { return encode_event(message, false); }
Bytes encode(const AckMessage& message) { return encode_ack(message, false); }

Bytes encode(const Received& message) {
  FlatBufferBuilder builder(64);
  const auto received =
      fb::CreateReceived(builder, message.snapshot_tick, message.received, message.twin_snapshot_tick);
  return finish(builder, fb::Body::Received, received.Union());
}

// FlatBuffers are built back to front: the world, written first, is the message's tail, and all that a receiver has of
// its own stands before it.
SharedSnapshot::SharedSnapshot(BytesView world) {
  FlatBufferBuilder builder(world.size() + 128);
  const auto body = body_vector(builder, world);
  const std::size_t tail = builder.GetSize();
  const fb::SnapshotHead empty;
  auto message = std::make_shared<const Bytes>(
      finish(builder, fb::Body::Snapshot, fb::CreateSnapshot(builder, &empty, body).Union()));
  const fb::Snapshot& snapshot = *fb::GetMessage(message->data())->body_as_Snapshot();
  head_offset_ = static_cast<std::size_t>(reinterpret_cast<const std::uint8_t*>(snapshot.head()) - message->data());
  head_size_ = message->size() - tail;
  ENGINE_ASSERT(head_offset_ + sizeof(fb::SnapshotHead) <= head_size_);
  message_ = std::move(message);
}

OutgoingMessage SharedSnapshot::frame(const SnapshotHead& head) const {
  OutgoingMessage frame;
  frame.head.assign(message_->begin(), message_->begin() + static_cast<std::ptrdiff_t>(head_size_));
  const fb::SnapshotHead own = head_of(head);
  std::memcpy(frame.head.data() + head_offset_, &own, sizeof own);
  frame.body = message_;
  frame.body_offset = head_size_;
  return frame;
}

namespace {

const flatbuffers::Table& reliable_table(const Bytes& message) {
  const fb::Message& root = *fb::GetMessage(message.data());
  ENGINE_ASSERT(root.body_type() == fb::Body::Event || root.body_type() == fb::Body::Ack,
                "only an Event or Ack has a sequence");
  return *static_cast<const flatbuffers::Table*>(root.body());
}

/// Where a field of an encoded Event or Ack is; 0 if it is absent.
std::size_t offset_of(const Bytes& message, flatbuffers::voffset_t field) {
  const std::uint8_t* at = reliable_table(message).GetAddressOf(field);
  return at == nullptr ? 0 : static_cast<std::size_t>(at - message.data());
}

bool is_event(const Bytes& message) { return fb::GetMessage(message.data())->body_type() == fb::Body::Event; }

std::size_t sequence_offset(const Bytes& message) {
  return offset_of(message, is_event(message) ? flatbuffers::voffset_t{fb::Event::VT_SEQUENCE}
                                              : flatbuffers::voffset_t{fb::Ack::VT_SEQUENCE});
}

}  // namespace

SharedMessage::SharedMessage(const EventMessage& event) : SharedMessage(encode_event(event, true)) {}
SharedMessage::SharedMessage(const AckMessage& ack) : SharedMessage(encode_ack(ack, true)) {}

SharedMessage::SharedMessage(Bytes message)
    : message_(std::make_shared<const Bytes>(std::move(message))),
      sequence_offset_(sequence_offset(*message_)),
      ack_offset_(is_event(*message_) ? offset_of(*message_, fb::Event::VT_ACK) : 0),
      head_size_(std::max(sequence_offset_, ack_offset_) + sizeof(std::uint32_t)) {}

OutgoingMessage SharedMessage::frame(const ReliableHead& head) const {
  OutgoingMessage frame;
  frame.body = message_;
  frame.body_offset = head_size_;
  frame.head.assign(message_->begin(), message_->begin() + static_cast<std::ptrdiff_t>(head_size_));
  flatbuffers::WriteScalar(frame.head.data() + sequence_offset_, head.sequence);
  if (ack_offset_ != 0) flatbuffers::WriteScalar(frame.head.data() + ack_offset_, head.ack);
  return frame;
}

void patch_sequence(Bytes& message, std::uint32_t sequence) {
  const std::size_t offset = sequence_offset(message);
  ENGINE_ASSERT(offset != 0, "only a reliable Event or Ack has a sequence to patch");
  flatbuffers::WriteScalar(message.data() + offset, sequence);
}

}  // namespace netcode::protocol
