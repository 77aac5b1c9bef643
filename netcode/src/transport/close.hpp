// How connections end: the codes, and what each means for either end's session. docs/protocol.md has the same table, in
// words; who closes with which code is for those who do.
//
// Plain values and pure functions, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace netcode::transport {

/// RFC 6455 section 7.4.1 below 4000, Scrim's own from 4000 (docs/protocol.md).
enum class CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupportedData = 1003,
  kNoStatus = 1005,  // sent as a close frame without a code
  kAbnormal = 1006,  // never sent: the peer was gone without a close frame
  kBadPayload = 1007,
  kPolicy = 1008,
  kTooBig = 1009,
  kInternalError = 1011,
  kTryAgainLater = 1013,
  kRefused = 4000,
  kReplaced = 4001,
  kKicked = 4002,
  kMatchEnded = 4003,
  kWithdrawn = 4004,
};

struct CloseInfo {
  CloseCode code = CloseCode::kAbnormal;
  std::string reason;  // UTF-8, at most 123 bytes on the wire; or what went wrong locally, in words
  bool by_peer = false;
};

/// The defaults are those of the server's word on a session, which is final, and of a client that broke the protocol
/// (or whose transport did): it does not get its session back.
struct CloseRule {
  CloseCode code{};
  std::string_view name{};
  std::string_view words = "closed by the server";  // what a player reads where no reason was given
  bool client_resumes = false;                      // a client goes on with its session over another connection
  bool server_keeps = false;                        // the session waits for its client to come back
  bool refuses_link = true;  // one more link that is closed so before its Welcome is not wanted for a while
  bool is_goodbye = false;   // from a client that leaves of its own will
};

/// By rising code.
inline constexpr std::array kCloseRules{
    CloseRule{.code = CloseCode::kNormal, .name = "normal", .is_goodbye = true},
    CloseRule{
        .code = CloseCode::kGoingAway, .name = "going away", .words = "the server is going away", .is_goodbye = true},
    CloseRule{.code = CloseCode::kProtocolError, .name = "protocol error"},
    CloseRule{.code = CloseCode::kUnsupportedData, .name = "unsupported data"},
    CloseRule{.code = CloseCode::kAbnormal,
              .name = "abnormal",
              .words = "the connection was lost",
              .client_resumes = true,
              .server_keeps = true,
              .refuses_link = false},
    CloseRule{.code = CloseCode::kBadPayload, .name = "bad payload"},
    CloseRule{.code = CloseCode::kPolicy, .name = "policy"},
    CloseRule{.code = CloseCode::kTooBig, .name = "too big"},
    CloseRule{.code = CloseCode::kInternalError, .name = "internal error"},
    CloseRule{.code = CloseCode::kTryAgainLater, .name = "try again later"},
    CloseRule{.code = CloseCode::kRefused, .name = "refused"},
    // By a later connection of the client's own, or by whoever took the session over, of which its links are told too.
    CloseRule{.code = CloseCode::kReplaced,
              .name = "replaced",
              .words = "replaced by another connection",
              .refuses_link = false},
    CloseRule{.code = CloseCode::kKicked, .name = "kicked", .words = "kicked"},
    CloseRule{.code = CloseCode::kMatchEnded, .name = "match ended"},
    CloseRule{.code = CloseCode::kWithdrawn, .name = "withdrawn", .client_resumes = true},
};

/// Of a code that is not in the table, which a peer may send as well: one without a name, and with the defaults.
const CloseRule& rule_of(CloseCode code);

/// For a client: is only the connection gone, and not the session?
bool is_loss(const CloseInfo& info);
/// For a server: may the client come back to its session?
bool is_resumable(const CloseInfo& info);
/// For a server: did the client leave of its own will?
bool is_goodbye(const CloseInfo& info);
/// Why it ended, for people: its reason, or what its code says. Valid as long as `info`.
std::string_view words_of(const CloseInfo& info);

}  // namespace netcode::transport
