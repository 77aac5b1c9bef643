// The bodies of netcode's own events ("scrim:list" and so on): asked with an ack by clients, answered by the server.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/auth.hpp"
#include "netcode/bytes.hpp"
#include "netcode/match_info.hpp"

namespace netcode::protocol {

inline constexpr std::string_view kReservedPrefix = "scrim:";
inline constexpr std::string_view kListEvent = "scrim:list";
inline constexpr std::string_view kCreateEvent = "scrim:create";
inline constexpr std::string_view kLeaveEvent = "scrim:leave";
inline constexpr std::string_view kNamespaceEvent = "scrim:namespace";
inline constexpr std::string_view kLeaveNamespaceEvent = "scrim:leave_namespace";
inline constexpr std::string_view kLeftNamespaceEvent = "scrim:left_namespace";
inline constexpr std::string_view kEndedEvent = "scrim:ended";

inline constexpr std::string_view kMatchListTable = "netcode.fb.MatchList";
inline constexpr std::string_view kMatchInfoTable = "netcode.fb.MatchInfo";

struct MatchEnded {
  std::string match{};
  std::string result{};
  std::string next{};  // the match that goes on in its place; empty: none
};

/// Which matches are asked for: of a kind (empty: all), with ids above `after`.
struct ListRequest {
  std::string kind{};
  std::string after{};
};
/// By rising id.
struct MatchList {
  std::vector<MatchInfo> matches{};
  std::string next{};  // the next page is after this id; empty: it was the last
};

/// Into a namespace, and what is shown at its door.
struct NamespaceRequest {
  std::string space{};
  std::optional<Auth> auth{};
};

struct NamespaceLeft {
  std::string space{};
  std::string reason{};
};

/// Bodies must be aligned to 8.
Bytes encode_list_request(const ListRequest& request);
engine::Result<ListRequest> decode_list_request(BytesView body);

Bytes encode_match_list(const MatchList& list);
engine::Result<MatchList> decode_match_list(BytesView body);

Bytes encode_match_info(const MatchInfo& match);
engine::Result<MatchInfo> decode_match_info(BytesView body);

Bytes encode_match_request(const MatchRequest& request);
/// Checked: the id's letters, and every length.
engine::Result<MatchRequest> decode_match_request(BytesView body);

Bytes encode_namespace_request(std::string_view name, const std::optional<Auth>& auth = std::nullopt);
/// Lengths are checked; what is in the auth is not.
engine::Result<NamespaceRequest> decode_namespace_request(BytesView body);

Bytes encode_namespace_left(const NamespaceLeft& left);
engine::Result<NamespaceLeft> decode_namespace_left(BytesView body);

Bytes encode_match_ended(const MatchEnded& ended);
engine::Result<MatchEnded> decode_match_ended(BytesView body);

/// [A-Za-z0-9_-]{1,32}
bool is_match_id(std::string_view id);

}  // namespace netcode::protocol
