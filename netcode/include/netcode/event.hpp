// Events: FlatBuffers tables with a name, sent with emit and received with on.
//
// A table is an event when its schema says so: `table Chat (event:"chat") { text:string; }`. flatc's object type is
// sent (`emit(ChatT{...})`), and the table is received (`const Chat&`), which is valid during the handler only.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <concepts>
#include <string_view>

#include "netcode/bytes.hpp"

namespace netcode {

/// flatc's table class, as generated with --gen-object-api --gen-name-strings.
template <class T>
concept Table = requires {
  typename T::NativeTableType;
  { T::GetFullyQualifiedName() } -> std::convertible_to<const char*>;
};

/// flatc's object type of a table: `ChatT`.
template <class T>
concept TableObject = requires {
  typename T::TableType;
}
&&Table<typename T::TableType>;

/// The bytes of one table as a FlatBuffer of its own.
template <TableObject T>
Bytes encode(const T& object) {
  flatbuffers::FlatBufferBuilder builder(256);
  builder.Finish(T::TableType::Pack(builder, &object));
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

/// An event as netcode passes it on: its name, its table's full name in the schema, and its verified bytes.
/// Borrowed: valid during the handler only.
struct EventView {
  std::string_view name;   // "chat"
  std::string_view table;  // "tag.Chat"
  BytesView body;          // aligned to 8, verified against `table`

  /// The table, or null if this event is of another type.
  template <Table T>
  const T* as() const {
    return table == T::GetFullyQualifiedName() ? flatbuffers::GetRoot<T>(body.data()) : nullptr;
  }
};

}  // namespace netcode
