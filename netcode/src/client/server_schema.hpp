// The schema of a server that was built with another one than the client, as that server has sent it: by it the
// server's snapshots are read, and made into Worlds of the client's own schema.
//
// Threading: immutable once loaded. Ownership: holds copies of what it needs of both schemas.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/schema.hpp"
#include "replication/lane_layout.hpp"
#include "schema/convert.hpp"

namespace netcode::client {

class ServerSchema {
 public:
  /// `bfbs` comes from outside; `own` has the table. An error: it is no schema, it has no such table, its Worlds could
  /// not be replicated ...
  static engine::Result<std::shared_ptr<const ServerSchema>> load(BytesView bfbs, const Schema& own,
                                                                  std::string_view world_table);

  std::uint64_t hash() const { return schema_.hash(); }
  /// Of its Worlds.
  const LaneLayoutPtr& layout() const { return layout_; }
  /// Is this a World of the server's? Aligned to 8.
  engine::Result<void> check(BytesView world) const { return schema_.check(world_table_, world); }
  /// One that check has passed, as a World of the client's own. An error: it is too large for one, or lacks what is
  /// required there.
  engine::Result<Bytes> convert(BytesView world) const;

 private:
  ServerSchema(Schema schema, std::string_view world_table, LaneLayoutPtr layout, Converter converter);

  const Schema schema_;
  const std::string world_table_;
  const LaneLayoutPtr layout_;
  const Converter converter_;
};

using ServerSchemaPtr = std::shared_ptr<const ServerSchema>;

}  // namespace netcode::client
