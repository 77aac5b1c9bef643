#include "json_build.hpp"

#include <spdlog/fmt/fmt.h>

#include <stdexcept>

#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"

namespace netcode::testing {

const char* const kRichSchema = R"(
  enum Colour : ubyte { None, Red, Green, Blue = 5 }
  enum Small : byte { Minus = -3, Nothing = 0 }
  enum Far : ulong { Near = 1, Farthest = 18446744073709551615 }
  enum Sides : ushort (bit_flags) { Left, Right, Top }
  enum Wide : ulong (bit_flags) { Low, High = 63 }
  struct Point { x:int; y:float; }
  struct Grid { id:uint (key); cells:[short:3]; points:[Point:2]; colours:[Colour:2]; big:ulong; }
  table Kid { u8:ubyte; name:string; kids:[Kid]; point:Point; }
  table Named { name:string (key); n:int; }
  union Any { Kid, Point, Words:string }
  table Numbered { id:short (key); any:Any; }
  table T {
    yes:bool;
    i8:byte; u8:ubyte = 7; i16:short; u16:ushort; i32:int = -4; u32:uint; i64:long; u64:ulong = 9223372036854775807;
    f32:float = 0.1; f64:double;
    maybe:int = null; maybe_real:float = null;
    colour:Colour = Green; small:Small; far:Far = Near; sides:Sides; wide:Wide;
    text:string; point:Point; kid:Kid; any:Any;
    bools:[bool]; bytes:[ubyte]; signed_bytes:[byte]; shorts:[short]; longs:[long]; floats:[float]; doubles:[double];
    colours:[Colour]; flags:[Sides]; texts:[string]; points:[Point]; grids:[Grid];
    kids:[Kid]; named:[Named]; numbered:[Numbered];
    old:int (deprecated);
  }
)";

JsonBuild::JsonBuild(const std::string& schema)
    : build_(schema + "\ntable World { }"),
      json_(build_.schema(), {.placeholder = socketio::placeholder, .attachments_max = socketio::kAttachmentsMax}) {}

std::string words(const JsonError& error) {
  return fmt::format("{} {}: {}", code_of(error.fault), error.field, error.message);
}

std::string JsonBuild::said(const std::string& flatc_json, const std::string& table) {
  return said_of(build_.table(table, flatc_json), table);
}

std::string JsonBuild::said_of(const Bytes& bytes, const std::string& table) {
  auto made = json_.to_json(table, bytes);
  if (!made) return words(made.error());
  attachments_ = std::move(made->attachments);
  return socketio::json_text(made->value);
}

std::string JsonBuild::heard(const std::string& text, const std::vector<std::string>& attachments,
                             const std::string& table) {
  const auto value = socketio::parse_json(text);
  if (!value) throw std::runtime_error(fmt::format("{}: {}", value.error().reason, text));
  const auto made =
      json_.to_table(table, *value, {.bytes = attachments, .number_of = socketio::attachment_of}, kBytesMax);
  return made ? said_of(*made, table) : words(made.error());
}

Bytes JsonBuild::made_of(const std::string& text, const std::string& table) {
  const auto made = json_.to_table(table, *socketio::parse_json(text), {}, kBytesMax);
  return made ? *made : Bytes();
}

}  // namespace netcode::testing
