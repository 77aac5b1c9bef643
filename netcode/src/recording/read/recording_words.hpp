// What a recording holds, in words for people: who its players are, what they did and what was emitted. Tables are
// shown by the schema that the recording embeds: needs no rules. Control characters of what the file holds are
// replaced.
//
// Threading: none; one owner.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "netcode/recording.hpp"
#include "netcode/schema.hpp"
#include "simulation/simulation.hpp"

namespace netcode::recording {

class RecordingWords {
 public:
  /// `info` outlives it. A schema that cannot be read costs nothing but the fields' names.
  explicit RecordingWords(const RecordingInfo& info);

  /// Who is there from now on: as a keyframe has it.
  void set_players(std::span<const Player> seated);
  /// Who joins: before `input`, as names are shown.
  void note(const Input& input);
  /// Who leaves: after it.
  void forget(const Input& input);

  /// `player 3 "ada"`, or without a name where none is known.
  std::string player(PlayerId id) const;
  /// `player 3 "ada" acts {buttons: Up}`
  std::string input(const Input& input) const;
  /// `event to everyone: won {player: 4}`
  std::string event(const Recipients& to, std::string_view name, BytesView body) const;
  /// The first bytes of what is no table.
  static std::string hex(BytesView bytes);
  static std::string shown(std::string_view text);

 private:
  std::string table(const std::string& table, BytesView bytes) const;

  const RecordingInfo& info_;
  std::optional<Schema> schema_;
  std::map<PlayerId, std::string> names_;  // of those who are seated
};

}  // namespace netcode::recording
