// The namespaces that a session is in, and what the program keeps with it in each.
//
// "/" is where every session is; what is kept there lives as long as the session. What is kept in another one goes when
// that is left, or later: with the last call of a handler that holds it.
//
// Threading: its session's.
#pragma once

#include <any>
#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace netcode {

class SessionSpaces {
 public:
  using Data = std::shared_ptr<std::any>;  // never null, may be empty

  bool contains(std::string_view space) const { return spaces_.contains(space); }
  /// By rising name.
  std::vector<std::string> names() const;
  /// What is kept in a space; in one that it is not in that is nothing yet, and nobody else's.
  Data data(std::string_view space) const;

  /// False: it is there already.
  bool enter(std::string_view space);
  /// What was kept there; null: it is not in it.
  Data leave(std::string_view space);

  /// What a client of Socket.IO showed at the door of a space that it is in, until it leaves; null: nothing.
  void set_auth_json(const std::string& space, boost::json::value auth) { auths_[space] = std::move(auth); }
  const boost::json::value& auth_json(std::string_view space) const;

  /// While its client's connection is lost, of which the space's handlers have heard. False: it is so already.
  bool begin_lost(std::string_view space) { return lost_.emplace(space).second; }
  /// False: it was not.
  bool end_lost(std::string_view space);
  bool is_lost(std::string_view space) const { return lost_.contains(space); }
  bool has_lost() const { return !lost_.empty(); }

  /// While the middleware of a space has not answered. False: it is being asked already.
  bool begin_asking(std::string_view space) { return asking_.emplace(space).second; }
  void end_asking(const std::string& space) { asking_.erase(space); }

 private:
  const Data root_ = std::make_shared<std::any>();  // before "/" is entered, too
  std::map<std::string, Data, std::less<>> spaces_;
  std::set<std::string> asking_;
  std::set<std::string, std::less<>> lost_;
  std::map<std::string, boost::json::value, std::less<>> auths_;
};

}  // namespace netcode
