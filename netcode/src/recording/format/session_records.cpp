#include "recording/format/session_records.hpp"

#include <openssl/evp.h>
#include <recording_generated.h>

#include <algorithm>

#include "engine/core/assert.hpp"
#include "recording/format/body_buffer.hpp"

namespace netcode::recording {

TokenHash hash_token(std::string_view token) {
  TokenHash hash{};
  unsigned size = 0;
  const int done = EVP_Digest(token.data(), token.size(), hash.data(), &size, EVP_sha256(), nullptr);
  ENGINE_ASSERT(done == 1 && size == hash.size(), "OpenSSL has SHA-256");
  return hash;
}

Bytes encode_sessions(Tick tick, std::span<const SessionRecord> sessions) {
  sessions = sessions.first(std::min(sessions.size(), kSessionsRecordedMax));
  flatbuffers::FlatBufferBuilder builder(64 + sessions.size() * sizeof(fb::Session));
  std::vector<fb::Session> packed;
  packed.reserve(sessions.size());
  for (const SessionRecord& one : sessions) {
    packed.emplace_back(one.session.value, flatbuffers::make_span(one.token_hash), one.player.value, one.sent,
                        one.received, one.action);
  }
  builder.Finish(fb::CreateSessions(builder, tick, builder.CreateVectorOfStructs(packed)));
  return finished(builder);
}

engine::Result<SessionRecords> decode_sessions(BytesView body) {
  const BodyBuffer<fb::Sessions> buffer(body);
  const fb::Sessions* from = buffer.verified();
  if (from == nullptr) return engine::error("the sessions are none");
  SessionRecords records{.tick = from->tick()};
  const auto* sessions = from->sessions();
  if (sessions == nullptr) return records;
  if (sessions->size() > kSessionsRecordedMax) return engine::error("a record of {} sessions", sessions->size());
  records.sessions.reserve(sessions->size());
  for (const fb::Session* one : *sessions) {
    SessionRecord record{.session = {one->id()},
                         .player = {one->player()},
                         .sent = one->sent(),
                         .received = one->received(),
                         .action = one->action()};
    std::copy_n(one->token()->Data(), record.token_hash.size(), record.token_hash.begin());
    records.sessions.push_back(record);
  }
  return records;
}

}  // namespace netcode::recording
