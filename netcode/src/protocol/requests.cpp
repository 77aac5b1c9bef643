#include "protocol/requests.hpp"

#include <algorithm>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol/auth_offer.hpp"
#include "protocol_generated.h"

namespace netcode::protocol {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

constexpr std::size_t kBodyAlignment = 8;
/// That a client takes from a server: a paragraph.
constexpr std::size_t kReasonBytesMax = 4096;

template <class T>
Bytes finish(FlatBufferBuilder& builder, Offset<T> table) {
  builder.Finish(table);
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

template <class T>
const T* verified(BytesView body) {
  flatbuffers::Verifier verifier(body.data(), body.size(), limits::kVerifyDepthMax, limits::kVerifyTablesMax);
  return verifier.VerifyBuffer<T>(nullptr) ? flatbuffers::GetRoot<T>(body.data()) : nullptr;
}

engine::Result<std::string> text(const flatbuffers::String* in, std::string_view field, std::size_t bytes_max) {
  if (!in) return std::string();
  if (in->size() > bytes_max)
    return engine::error("{} is {} bytes long, {} is the limit", field, in->size(), bytes_max);
  if (!engine::is_utf8(in->string_view())) return engine::error("{} is not UTF-8", field);
  return in->str();
}

auto write_fields(FlatBufferBuilder& builder, const Fields& fields) {
  std::vector<Offset<fb::Field>> out;
  for (const auto& [key, value] : fields) out.push_back(fb::CreateFieldDirect(builder, key.c_str(), value.c_str()));
  return builder.CreateVector(out);
}

engine::Result<Fields> read_fields(const flatbuffers::Vector<Offset<fb::Field>>* in, std::string_view what,
                                   std::size_t bytes_max) {
  Fields out;
  if (!in) return out;
  std::size_t bytes = 0;
  for (const fb::Field* field : *in) {
    bytes += field->key()->size() + field->value()->size();
    if (bytes > bytes_max) return engine::error("{} are longer than {} bytes", what, bytes_max);
    if (!engine::is_utf8(field->key()->string_view()) || !engine::is_utf8(field->value()->string_view()))
      return engine::error("{} are not UTF-8", what);
    out[field->key()->str()] = field->value()->str();
  }
  return out;
}

Offset<fb::MatchInfo> write(FlatBufferBuilder& builder, const MatchInfo& match) {
  const auto metadata = write_fields(builder, match.metadata);
  const auto id = builder.CreateString(match.id);
  const auto kind = builder.CreateString(match.kind);
  return fb::CreateMatchInfo(builder, id, kind, static_cast<std::uint16_t>(match.players),
                             static_cast<std::uint16_t>(match.bots), static_cast<std::uint16_t>(match.spectators),
                             static_cast<std::uint16_t>(match.players_max), match.is_locked, match.has_password,
                             metadata);
}

engine::Result<MatchInfo> read(const fb::MatchInfo& in) {
  auto id = text(in.id(), "id", limits::kMatchIdBytesMax);
  if (!id) return id.error();
  auto kind = text(in.kind(), "kind", limits::kMatchIdBytesMax);
  if (!kind) return kind.error();
  auto metadata = read_fields(in.metadata(), "metadata", limits::kMatchMetadataBytesMax);
  if (!metadata) return metadata.error();
  return MatchInfo{.id = std::move(*id),
                   .kind = std::move(*kind),
                   .players = in.players(),
                   .bots = in.bots(),
                   .spectators = in.spectators(),
                   .players_max = in.players_max(),
                   .is_locked = in.locked(),
                   .has_password = in.has_password(),
                   .metadata = std::move(*metadata)};
}

}  // namespace

Bytes encode_list_request(const ListRequest& request) {
  FlatBufferBuilder builder(64);
  return finish(builder, fb::CreateListRequestDirect(builder, request.kind.c_str(),
                                                     request.after.empty() ? nullptr : request.after.c_str()));
}

engine::Result<ListRequest> decode_list_request(BytesView body) {
  const auto* in = verified<fb::ListRequest>(body);
  if (!in) return engine::error("scrim:list: not a ListRequest");
  auto kind = text(in->kind(), "kind", limits::kMatchIdBytesMax);
  if (!kind) return kind.error();
  auto after = text(in->after(), "after", limits::kMatchIdBytesMax);
  if (!after) return after.error();
  return ListRequest{.kind = std::move(*kind), .after = std::move(*after)};
}

Bytes encode_match_list(const MatchList& list) {
  FlatBufferBuilder builder(1024);
  std::vector<Offset<fb::MatchInfo>> out;
  for (const MatchInfo& match : list.matches) out.push_back(write(builder, match));
  return finish(builder, fb::CreateMatchListDirect(builder, &out, list.next.empty() ? nullptr : list.next.c_str()));
}

engine::Result<MatchList> decode_match_list(BytesView body) {
  const auto* in = verified<fb::MatchList>(body);
  if (!in) return engine::error("scrim:list: the answer is not a MatchList");
  auto next = text(in->next(), "next", limits::kMatchIdBytesMax);
  if (!next) return next.error();
  MatchList out{.matches = {}, .next = std::move(*next)};
  if (!in->matches()) return out;
  for (const fb::MatchInfo* match : *in->matches()) {
    auto info = read(*match);
    if (!info) return info.error();
    out.matches.push_back(std::move(*info));
  }
  return out;
}

Bytes encode_match_info(const MatchInfo& match) {
  FlatBufferBuilder builder(256);
  return finish(builder, write(builder, match));
}

engine::Result<MatchInfo> decode_match_info(BytesView body) {
  const auto* in = verified<fb::MatchInfo>(body);
  if (!in) return engine::error("the answer is not a MatchInfo");
  return read(*in);
}

Bytes encode_match_request(const MatchRequest& request) {
  FlatBufferBuilder builder(256);
  const auto options = write_fields(builder, request.options);
  const auto metadata = write_fields(builder, request.metadata);
  return finish(builder, fb::CreateCreateRequest(builder, builder.CreateString(request.kind),
                                                 request.id.empty() ? 0 : builder.CreateString(request.id),
                                                 request.password.empty() ? 0 : builder.CreateString(request.password),
                                                 request.is_private, options, metadata));
}

engine::Result<MatchRequest> decode_match_request(BytesView body) {
  const auto* in = verified<fb::CreateRequest>(body);
  if (!in) return engine::error("scrim:create: not a CreateRequest");
  auto kind = text(in->kind(), "kind", limits::kMatchIdBytesMax);
  if (!kind) return kind.error();
  auto id = text(in->id(), "id", limits::kMatchIdBytesMax);
  if (!id) return id.error();
  if (!id->empty() && !is_match_id(*id)) return engine::error("a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  auto password = text(in->password(), "password", limits::kPasswordBytesMax);
  if (!password) return password.error();
  auto options = read_fields(in->options(), "options", limits::kMatchOptionsBytesMax);
  if (!options) return options.error();
  auto metadata = read_fields(in->metadata(), "metadata", limits::kMatchMetadataBytesMax);
  if (!metadata) return metadata.error();
  return MatchRequest{.kind = std::move(*kind),
                      .id = std::move(*id),
                      .password = std::move(*password),
                      .is_private = in->private_(),
                      .options = std::move(*options),
                      .metadata = std::move(*metadata)};
}

Bytes encode_namespace_request(std::string_view name, const std::optional<Auth>& auth) {
  FlatBufferBuilder builder(64);
  const auto space = builder.CreateString(name);
  if (!auth) return finish(builder, fb::CreateNamespaceRequest(builder, space));
  const auto table = builder.CreateString(auth->table());
  builder.ForceVectorAlignment(auth->body().size(), 1, kBodyAlignment);
  const auto bytes = builder.CreateVector(auth->body().data(), auth->body().size());
  return finish(builder, fb::CreateNamespaceRequest(builder, space, table, bytes));
}

engine::Result<NamespaceRequest> decode_namespace_request(BytesView body) {
  const auto* in = verified<fb::NamespaceRequest>(body);
  if (!in) return engine::error("scrim:namespace: not a NamespaceRequest");
  auto space = text(in->namespace_(), "namespace", limits::kRoomNameBytesMax);
  if (!space) return space.error();
  NamespaceRequest out{.space = std::move(*space)};
  if (!in->auth_table() && !in->auth()) return out;
  if (!in->auth_table() || !in->auth()) return engine::error("auth: a table's name goes with its bytes");
  // Copied only once it is known to be no larger than it may be.
  if (in->auth()->size() > limits::kAuthBytesMax)
    return engine::error("auth: {} bytes, {} is the limit", in->auth()->size(), limits::kAuthBytesMax);
  out.auth.emplace(in->auth_table()->str(), Bytes(in->auth()->begin(), in->auth()->end()));
  if (auto ok = check_auth_size(*out.auth); !ok) return ok.error();
  return out;
}

Bytes encode_namespace_left(const NamespaceLeft& left) {
  FlatBufferBuilder builder(64);
  return finish(builder, fb::CreateNamespaceLeftDirect(builder, left.space.c_str(), left.reason.c_str()));
}

engine::Result<NamespaceLeft> decode_namespace_left(BytesView body) {
  const auto* in = verified<fb::NamespaceLeft>(body);
  if (!in) return engine::error("scrim:left_namespace: not a NamespaceLeft");
  auto space = text(in->namespace_(), "namespace", limits::kRoomNameBytesMax);
  if (!space) return space.error();
  auto reason = text(in->reason(), "reason", kReasonBytesMax);
  if (!reason) return reason.error();
  return NamespaceLeft{.space = std::move(*space), .reason = std::move(*reason)};
}

Bytes encode_match_ended(const MatchEnded& ended) {
  FlatBufferBuilder builder(64);
  return finish(builder, fb::CreateMatchEndedDirect(builder, ended.match.c_str(), ended.result.c_str(),
                                                    ended.next.empty() ? nullptr : ended.next.c_str()));
}

engine::Result<MatchEnded> decode_match_ended(BytesView body) {
  const auto* in = verified<fb::MatchEnded>(body);
  if (!in) return engine::error("scrim:ended: not a MatchEnded");
  auto match = text(in->match(), "match", limits::kMatchIdBytesMax);
  if (!match) return match.error();
  auto result = text(in->result(), "result", kReasonBytesMax);
  if (!result) return result.error();
  std::string next;
  if (in->next() != nullptr) {
    next = in->next()->str();
    if (!is_match_id(next)) return engine::error("next: not a match's id");
  }
  return MatchEnded{.match = std::move(*match), .result = std::move(*result), .next = std::move(next)};
}

bool is_match_id(std::string_view id) {
  return !id.empty() && id.size() <= limits::kMatchIdBytesMax && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
}

}  // namespace netcode::protocol
