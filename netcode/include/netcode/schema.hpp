// A game's schema as data: read from the reflection (.bfbs) that flatc writes, at start-up.
//
// Threading: immutable once loaded; share it freely. Ownership: keeps its own copy of the bytes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"

namespace netcode {

struct EventInfo {
  std::string name;       // the attribute's value: "chat"
  std::string table;      // "tag.Chat"
  bool is_input = false;  // marked (input): recorded and given to the rules, and the server's own program posts it ...
  bool is_of_clients = false;  // ... or, marked (input:"client"), players send it too
};

class Schema {
 public:
  /// An error names what is wrong with the schema: an event without a name, two events with one name, a name that is
  /// too long, a vector of structs in the World whose elements have no key ...
  static engine::Result<Schema> load(BytesView bfbs, std::string_view world_table);

  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  /// Of the types themselves: the same for every copy of a schema, whatever its comments and paths.
  std::uint64_t hash() const;
  BytesView bfbs() const;

  /// The same, of one table and all that is in it; 0 if there is none of that name.
  std::uint64_t table_hash(std::string_view table) const;

  /// Of the table's full name and what can be reached from it: each struct's name, size, and fields by name, type and
  /// place; each enum's name, type and numbers, since check() refuses others. Equal hashes promise that these are
  /// equal, no more. Buffers of two schemas of one hash can be read by both as long as each field that both have in a
  /// table keeps its id, type and default: that is for who changes the schema to keep, as anywhere with FlatBuffers.
  /// Then fields may be added at a table's end, or become deprecated: absent ones have their defaults, unknown ones are
  /// left alone. A field added of a struct or enum that was not reached before does change the hash.
  std::uint64_t layout_hash(std::string_view table) const;

  /// By rising name.
  const std::vector<EventInfo>& events() const;
  const EventInfo* event_named(std::string_view name) const;
  const EventInfo* event_of_table(std::string_view table) const;

  /// Can buffers of `table` be checked? An error says why not: there is none, or it has a union, a fixed array or a
  /// nested buffer.
  engine::Result<void> supports(std::string_view table) const;

  /// Are these the bytes of `table`, whole, within the limits of depth and tables, every string UTF-8, every enum in
  /// its range, every float finite, and no more shared within it than explains itself? `bytes` must be aligned to 8. An
  /// error is for the sender: "chat: text is not UTF-8".
  engine::Result<void> check(std::string_view table, BytesView bytes) const;

  /// The part of check that FlatBuffers' own verifier leaves out, for bytes that it has passed.
  engine::Result<void> check_values(std::string_view table, BytesView bytes) const;

  /// A buffer of `table` that check has passed, written anew: its values, without bytes that mean nothing. What is
  /// shared within it is written as often as it is used, so that the result may be the larger one.
  Bytes packed(std::string_view table, BytesView bytes) const;

  /// The first field that differs between two verified buffers of `table`, in words: "items[3].x: 12 != 13".
  /// Empty if none does.
  std::string first_difference(std::string_view table, BytesView left, BytesView right) const;

  /// A buffer of `table` that check has passed, on one line for people: `{text: "gg", mode: Loud, at: {x: 1, y: -2}}`.
  /// Fields that are missing are left out, and after some `bytes_max` bytes it is cut.
  std::string text(std::string_view table, BytesView bytes, std::size_t bytes_max = 1024) const;

 private:
  struct Impl;
  explicit Schema(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace netcode
