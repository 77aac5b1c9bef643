// A schema written as text in a test, with its tables as JSON and back, both as text.
#pragma once

#include <string>
#include <vector>

#include "compiled_build.hpp"
#include "schema/table_json.hpp"

namespace netcode::testing {

class JsonBuild {
 public:
  /// As of CompiledBuild; an empty World is added.
  explicit JsonBuild(const std::string& schema);

  /// What a client is sent of a table, which is written as flatc reads it: "code field: message" where it is an error.
  std::string said(const std::string& flatc_json, const std::string& table = "T");
  std::string said_of(const Bytes& bytes, const std::string& table = "T");
  /// What a client's JSON says once it was made a table: an error as above. `attachments` are those beside it.
  std::string heard(const std::string& text, const std::vector<std::string>& attachments = {},
                    const std::string& table = "T");
  /// Nothing in case of an error.
  Bytes made_of(const std::string& text, const std::string& table = "T");

  CompiledBuild& build() { return build_; }
  const TableJson& json() const { return json_; }
  /// Of the last table that was said or heard.
  const std::vector<std::string>& attachments() const { return attachments_; }

  static constexpr std::size_t kBytesMax = 64 * 1024;

 private:
  CompiledBuild build_;
  TableJson json_;
  std::vector<std::string> attachments_;
};

/// "code field: message".
std::string words(const JsonError& error);

/// Every shape that JSON has a form for, in the table T.
extern const char* const kRichSchema;

}  // namespace netcode::testing
