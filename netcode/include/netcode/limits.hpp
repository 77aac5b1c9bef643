// Bounds on what others may send, hold or ask for, and how long things may take: each with its unit and reason. What
// only one file keeps to stands in that file (formats, buffers of one call). Nothing here can be set: what a host may
// set is in ServerConfig, and what a match may be made with in MatchOptions; their defaults are taken from here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace netcode::limits {

using std::chrono::milliseconds;

// --- Messages --------------------------------------------------------------------------------------------------------
/// A client's message: actions take < 200 bytes, a chat line < 2 KiB; the rest is room for a game's own events.
inline constexpr std::size_t kMessageFromClientBytesMax = 64 * 1024;
/// A server's message: a map is sent whole once and may take 1 MiB.
inline constexpr std::size_t kMessageFromServerBytesMax = 2 * 1024 * 1024;
/// FlatBuffers verification: nesting and tables, so that a small message cannot ask for unbounded work.
inline constexpr std::uint32_t kVerifyDepthMax = 8;
inline constexpr std::uint32_t kVerifyTablesMax = 4096;
/// Fragments of one message: an endless stream of tiny ones is a way to hold memory and time.
inline constexpr std::size_t kMessageFragmentsMax = 64;
/// Bytes a client may send over one connection, framing and all: a token bucket, refilled per second. Beyond it: 1008.
/// An action of the largest size for each of 60 ticks is half of it, and no game's client needs a tenth.
inline constexpr std::size_t kClientBytesPerSecondMax = 128 * 1024;
/// ... and at once: sixteen of the largest messages, or what a stall of 15 s holds back.
inline constexpr std::size_t kClientBytesBurstMax = 1024 * 1024;
/// What a server may send: 64 of the largest messages. Only a server that means harm comes near it.
inline constexpr std::size_t kServerBytesPerSecondMax = 64 * kMessageFromServerBytesMax;
/// Pings, and pongs that answer no ping of ours, that either end may send: a token bucket, refilled per second. Beyond
/// it: 1008, for each is a system call to answer. One for each tick of 60 a second, and a stall of 5 s of them at once.
inline constexpr std::uint32_t kControlFramesPerSecondMax = 60;
inline constexpr std::uint32_t kControlFramesBurstMax = 300;

// --- Handshakes and closing ------------------------------------------------------------------------------------------
/// Of namespaces that are made because a client asks for one of a name that fits (Server::of_each): nobody else is let
/// into further ones.
inline constexpr std::size_t kSpacesMadeMax = 1'024;
inline constexpr std::size_t kNamespaceBytesMax = 128;  // of such a name
/// From TCP accept to an open WebSocket, in all and not per byte (slowloris).
inline constexpr milliseconds kHandshakeTimeout{10'000};
/// For middleware that answers later: a client who waits so long at the door is refused ...
inline constexpr milliseconds kHandshakeAnswerMax{5'000};
/// ... and so is the next one while so many wait on its shard.
inline constexpr std::size_t kHandshakesWaitingMax = 256;
/// From a close frame sent to the socket's end.
inline constexpr milliseconds kCloseTimeout{5'000};
/// Bytes that are still taken, unread, from a peer that was told of the close: more than the kernels of both ends hold
/// on the way, so that only who sends on regardless is cut.
inline constexpr std::size_t kClosingBytesMax = 16 * 1024 * 1024;
/// From a message's first fragment to its last.
inline constexpr milliseconds kMessageAssemblyTimeout{10'000};
/// A request's line and headers: what nginx and Apache take by default. Beyond it: 431.
inline constexpr std::size_t kHttpHeadBytesMax = 8 * 1024;
inline constexpr std::size_t kHttpHeadersMax = 100;
/// A request's body: two of a client's largest messages, in base64. Beyond it: 413.
inline constexpr std::size_t kHttpBodyBytesMax = 256 * 1024;
/// Requests of one connection: the last is answered with "Connection: close", so that nobody holds a place for ever.
inline constexpr std::size_t kHttpRequestsPerConnectionMax = 1'000;
/// From a request's end to its answer: below the 60 s after which proxies give up. Beyond it: 503, and whoever was to
/// answer is told that nobody waits.
inline constexpr milliseconds kHttpAnswerTimeout{55'000};
/// Requests of one listener that wait for their answers, each with a descriptor and some 10 KiB: more are refused with
/// 503.
inline constexpr std::size_t kHttpAnswersAwaitedMax = 4'096;
/// A connection that is kept alive is closed after so long without a request.
inline constexpr milliseconds kHttpIdleTimeout{15'000};
/// The slowest reader of an answer that is still served; one that is slower on the whole is cut.
inline constexpr std::size_t kHttpAnswerBytesPerSecondMin = 16 * 1024;
/// Bytes that are still taken, unread, from a client that was answered for the last time.
inline constexpr std::size_t kHttpLeavingBytesMax = 1024 * 1024;
/// Connections of one listener that have not become a WebSocket and wait for no answer: nobody needs more than an
/// instant for a request, so the oldest makes room for the next.
inline constexpr std::size_t kVisitorsMax = 512;
/// The last descriptors of the process are kept for plain HTTP (is the server alive?) and for recordings: a WebSocket
/// that would take one of them is refused with 503.
inline constexpr std::size_t kDescriptorsReserved = 16;
/// A name with several addresses: the next one is tried after so long, or at once when one fails (RFC 8305, 5).
inline constexpr milliseconds kAddressAttemptEvery{250};
/// ... and no more of them than these.
inline constexpr std::size_t kAddressesPerNameMax = 8;
/// A close frame's payload is at most 125 bytes (RFC 6455, 5.5), two of them the code.
inline constexpr std::size_t kCloseReasonBytesMax = 123;
/// Bytes the kernel may hold unsent before it calls the socket writable: a snapshot that waits there is stale.
inline constexpr std::size_t kKernelUnsentBytesMax = 4 * 1024;
/// What a simulated network takes from a writer before writes wait: both kernels' buffers, as measured on loopback.
inline constexpr std::size_t kSimulatedBufferBytes = 20'000;
/// What a simulated network holds of one connection on its way down, where nothing slows the sender: two of the largest
/// messages.
inline constexpr std::size_t kSimulatedBytesMax = 2 * kMessageFromServerBytesMax;

/// What a client shows at a door: an account service's signed ticket takes 1 KiB. In base64url, behind the longest URL
/// that is taken (4096 bytes) and with 1 KiB left for all other headers, it fits kHttpHeadBytesMax.
inline constexpr std::size_t kAuthBytesMax = 2 * 1024;
/// ... and the full name of its table, in the same head.
inline constexpr std::size_t kAuthTableBytesMax = 128;

// --- Sessions --------------------------------------------------------------------------------------------------------
inline constexpr std::size_t kNameBytesMax = 32;
inline constexpr std::size_t kMatchIdBytesMax = 32;
inline constexpr std::size_t kPasswordBytesMax = 64;
/// A session without a connection keeps its seat for so long.
inline constexpr milliseconds kResumeWindow{30'000};
/// What a host may set it to: a seat that is kept for longer is a seat that is lost.
inline constexpr milliseconds kResumeWindowMax{3'600'000};
/// The same of a client of Socket.IO, as official servers have it.
inline constexpr milliseconds kRecoveryWindow{120'000};
/// Sessions of one address that wait for their client to come back, so that nobody fills the server by hanging up: a
/// proxy's or a school's whole room may be cut at once. Past this the one that has waited longest ends.
inline constexpr std::size_t kSessionsAwayPerAddressMax = 256;
/// Seats that quick joins of one address have been promised and have not taken yet: a household's, all at once. Past
/// this a quick join is sent to a match without a promise.
inline constexpr std::size_t kSeatsHeldPerAddressMax = 64;
/// A connection over which nothing came for so long is taken for dead; clients send at least once a second.
inline constexpr milliseconds kSilenceMax{15'000};
/// How often a client that has nothing to say still says what it has received.
inline constexpr milliseconds kHeartbeatInterval{1'000};
/// Reliable messages that were written and not acknowledged: a client keeps no more and gives up; a server forgets the
/// oldest, which only a client that comes back misses.
inline constexpr std::size_t kOutboxBytesMax = 64 * 1024;
inline constexpr std::size_t kOutboxEventsMax = 1024;
/// Snapshots handed over and not acknowledged by the client, beyond those that a link of its length has under way all
/// the time: past this new ones wait, so that a stalled reader wakes up to the present. At 30 Hz this is a stall of 270
/// ms.
inline constexpr std::uint32_t kSnapshotsUnacknowledgedMax = 8;
/// ... and in all: a round trip of 800 ms at 30 Hz.
inline constexpr std::size_t kSnapshotsInFlightMax = 32;
inline constexpr std::size_t kAcksPendingMax = 256;
inline constexpr milliseconds kAckTimeout{5'000};
inline constexpr std::size_t kRoomsPerSessionMax = 64;
inline constexpr std::size_t kRoomNameBytesMax = 64;
inline constexpr std::size_t kEventNameBytesMax = 64;
/// Messages a client may send, actions and all: a token bucket, refilled per second. Beyond it: 1008. Four times what a
/// client at 60 actions a second sends over two links, so that a burst after a stall is no offence.
inline constexpr std::uint32_t kMessagesPerSecondMax = 480;
inline constexpr std::uint32_t kMessagesBurstMax = 2400;
/// Messages refused (bad table, unknown event) before the session is closed; one a second is forgiven, since a client
/// that goes on acting for a moment after its match has ended is no offender.
inline constexpr std::uint32_t kRefusalsMax = 20;
/// Returns of a session of which no connection was left: a token bucket, refilled per second. Beyond it: 1008, for each
/// is a record, and what handlers of its loss and its return tell others. A network that breaks every connection after
/// a second is not closed for it, and a worse one not within a minute.
inline constexpr std::uint32_t kResumesPerSecondMax = 1;
inline constexpr std::uint32_t kResumesBurstMax = 60;

// --- Events: what one may cause, and what is kept --------------------------------------------------------------------
/// An event or an answer of the server's, encoded. A larger event is not sent, and a larger answer fails its ask.
inline constexpr std::size_t kEventBytesMax = 64 * 1024;
/// What a kept event takes in memory beside its bytes: allocations, and its place in the queues.
inline constexpr std::size_t kEventOverheadBytes = 128;
/// Fan-out of one session: bytes of reliable events, times receivers, that its own events may put into outboxes; a
/// token bucket. Beyond it its events are refused, and in the end it is closed (1008). If all members of a match of any
/// size speak as much as they may, each of them receives this once and not once per speaker. For sixteen players it is
/// three chat lines a second each, ten at once.
inline constexpr std::size_t kFanOutBytesPerSecondMax = 16 * 1024;
inline constexpr std::size_t kFanOutBurstBytesMax = 64 * 1024;
/// The most that one event to a great many receivers is held against its sender, in seconds of the above.
inline constexpr std::uint32_t kFanOutDebtSecondsMax = 10;
/// Reliable events that a game's rules and its server send to one session by themselves, for which room is kept: an
/// arena of 16 emits some 3 KiB a second, overhead and all.
inline constexpr std::size_t kGameEventBytesPerSecond = 4 * 1024;
/// Events that wait for a session: what the two rates above come to while a link is stalled (kSilenceMax) and then the
/// session without one (the resume window), but no more than this. A session that is away misses the oldest of what is
/// more, and is told so when it is back; one that is connected is closed (1013), unless it was other clients who
/// caused the event: then it misses it.
inline constexpr std::size_t kEventsKeptBytesMax = 4 * 1024 * 1024;
/// ... and of all sessions of a server together: past this those that are away keep no more than their share. An event
/// that many are sent is kept once.
inline constexpr std::size_t kEventsKeptPerServerBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kEventsKeptShareBytes = 8 * 1024;
/// Volatile events that wait for the end of a turn of the server's loop, for each connection: more is dropped.
inline constexpr std::size_t kVolatileBytesMax = 16 * 1024;
/// Requests to netcode itself (list, leave, namespace): a token bucket. A list of 1000 matches is 25 of them.
inline constexpr std::uint32_t kRequestsPerSecondMax = 10;
inline constexpr std::uint32_t kRequestsBurstMax = 60;

// --- Twin links and racing -------------------------------------------------------------------------------------------
/// A link over which nothing came for so long is pinged: one that is alive is never silent for kLinkSilentFor.
inline constexpr milliseconds kLinkQuietFor{300};
/// A link over which nothing came for so long is raced by a new connection: TCP's second retransmission or a later one.
inline constexpr milliseconds kLinkSilentFor{1'000};
/// From one racing attempt to the next, so that one is on its way soon after an outage has ended ...
inline constexpr milliseconds kRaceEvery{500};
/// ... and how long each may take: two round trips of a bad network, for TCP's handshake and WebSocket's.
inline constexpr milliseconds kRaceAttemptFor{1'500};
/// A second link that was refused or withdrawn is not asked for again for so long.
inline constexpr milliseconds kLinkRefusedFor{30'000};
/// Connections of a session that were welcomed beside links that are there, and have not spoken yet; the oldest goes. A
/// client has six under way for two links, and after an outage those come as well that it gave up: with SYNs sent again
/// after 1, 2, 4 and 8 s, four at an instant for each of them.
inline constexpr std::size_t kCandidateLinksMax = 24;

// --- Matches ---------------------------------------------------------------------------------------------------------
/// Fastest simulation: above it a tick is shorter than a scheduler's whim.
inline constexpr std::uint32_t kTickHzMax = 240;
inline constexpr std::size_t kMatchesMax = 1000;
inline constexpr std::uint32_t kMatchesCreatedPerMinutePerAddressMax = 30;
inline constexpr std::size_t kPlayersPerMatchMax = 1024;
/// Games key entities by 16 bits, so a match's player ids, bots' too, come from so many and are used again.
inline constexpr std::uint32_t kPlayerIdMax = 65'535;
/// An id that a player has left is not another's for so long: nothing that is said of the one, late, is taken for the
/// other's. Twice the oldest action or view that is taken.
inline constexpr milliseconds kPlayerIdRest{60'000};
/// Of a shard's thread, what the ticks of all its matches may take before no more are made: the rest is for sockets,
/// and for the tick that takes longer than usual.
inline constexpr double kTickShareMax = 0.70;
/// ... and before matches are slowed down or ended, those first that nobody plays.
inline constexpr double kTickShareOverloaded = 0.90;
/// Of what the ticks of all shards may take, what the matches that one address has made may.
inline constexpr double kTickSharePerAddressMax = 0.25;
/// A match that is slowed down runs one tick of so many: its players still see it go on.
inline constexpr std::uint32_t kSlowdownMax = 8;
inline constexpr std::size_t kMatchOptionsBytesMax = 4 * 1024;
/// Metadata, keys and values together: what a list shows of a match, for everybody who asks.
inline constexpr std::size_t kMatchMetadataBytesMax = 512;
inline constexpr std::size_t kMatchMetadataFieldsMax = 16;
/// Matches in one page of a list; a client follows the pages.
inline constexpr std::size_t kListPageMatchesMax = 40;
/// ... and in all of them, so that a server cannot fill a client's memory.
inline constexpr std::size_t kListMatchesMax = 10'000;
/// Actions waiting per player: the second that may be named ahead, or a second of late ones after a stall.
inline constexpr std::size_t kInboxActionsMax = 64;
/// Of one player's actions that name no tick, how many are applied in one (stuffing).
inline constexpr std::size_t kActionsPerTickMax = 4;
/// Actions of one player that are remembered, so that a copy is told from another one: more than a twin connection is
/// ever behind by, and two seconds at 60 Hz.
inline constexpr std::size_t kActionsRememberedMax = 128;
/// Ticks of one player that are remembered as named: four seconds at 60 Hz. What is later than that has no edge worth
/// an answer.
inline constexpr std::size_t kNamedTicksRememberedMax = 256;
/// Inputs other than actions (joins, leaves, match events, posts) waiting for one tick.
inline constexpr std::size_t kInboxInputsMax = 4096;
/// An action for a tick further ahead than this is a broken clock (1 s at 60 Hz).
inline constexpr std::uint32_t kActionTicksAheadMax = 60;
/// An action for a tick that is over for so long, or a view of the others of so long ago, is no lateness: a session
/// whose connection was gone for as long is over.
inline constexpr milliseconds kActionLateMax{30'000};
inline constexpr milliseconds kViewAgeMax{30'000};
/// Between the two snapshots that a view was drawn between: further apart, after a longer stall, they are taken for not
/// told. Twice the time between two snapshots, where that is longer.
inline constexpr milliseconds kViewSpanMax{500};
/// How far a match may be set to take the others back to what a shooter was shown: they are hit where they are no more,
/// behind a corner perhaps, and of more than a second nobody would call that fair.
inline constexpr milliseconds kRewindMax{1'000};
/// Intervals of a match that are over and not released to those who are in it: two seconds of snapshots at 30 Hz. Past
/// it the oldest goes out, since a match goes on whatever it waits for.
inline constexpr std::size_t kIntervalsHeldMax = 60;
inline constexpr std::size_t kActionBytesMax = 1024;
/// An event that a client posts to the rules, as it comes. Like an action it is recorded without padding.
inline constexpr std::size_t kInputBytesMax = 4 * 1024;
/// A join's ticket, what a player was let in with: recorded likewise.
inline constexpr std::size_t kTicketBytesMax = 4 * 1024;
/// What one client may have recorded, actions and inputs, each with kRecordedOverheadBytes: a token bucket. The largest
/// actions at 60 Hz.
inline constexpr std::size_t kRecordedBytesPerSecondMax = 64 * 1024;
inline constexpr std::size_t kRecordedBurstBytesMax = 256 * 1024;
inline constexpr std::size_t kRecordedOverheadBytes = 16;
/// A player of whom no action came for so long holds nothing any more: longer than a stall of TCP mostly is, and short
/// enough that a key which is held for nobody does little.
inline constexpr milliseconds kActionHeldMax{500};
/// An event that rules emit: what its message leaves after its envelope.
inline constexpr std::size_t kEmittedBytesMax = kEventBytesMax - 1024;
/// A World: what a snapshot's message leaves after its envelope.
inline constexpr std::size_t kWorldBytesMax = kMessageFromServerBytesMax - 1024;
/// Ticks that a client computes ahead of the newest snapshot: at 60 Hz the 2 s after which its player waits for the
/// server.
inline constexpr std::uint32_t kPredictedTicksMax = 120;
inline constexpr std::uint32_t kCatchUpTicksMax = 5;
inline constexpr milliseconds kMatchEmptyTimeout{5'000};
/// How long a server may be told to run: ten years, which every clock holds in nanoseconds.
inline constexpr std::chrono::seconds kServerDurationMax{10LL * 365 * 86'400};
/// A standing match that ends is made anew. One that ended within so long of its start is short-lived, as by rules that
/// end at once ...
inline constexpr milliseconds kMatchShortLived{5'000};
/// ... and after so many of them in a row there is a pause before the next, which doubles up to a maximum: each one is
/// a recording, a line in the log and a round trip of everybody in it.
inline constexpr std::uint32_t kMatchShortLivedMax = 3;
inline constexpr milliseconds kMatchAgainPause{1'000};
inline constexpr milliseconds kMatchAgainPauseMax{60'000};
/// Calls for matches (post, end, lock) that are kept from before run() to the start.
inline constexpr std::size_t kCallsBeforeRunMax = 1024;

// --- Recordings ------------------------------------------------------------------------------------------------------
/// One record's body, before any allocation for it.
inline constexpr std::size_t kRecordBytesMax = 16 * 1024 * 1024;
/// What a reader holds in memory at once.
inline constexpr std::size_t kRecordingMemoryBytesMax = 64 * 1024 * 1024;
/// Records waiting for the writer thread: past this the disk is too slow, the match goes on and its recording is
/// marked.
inline constexpr std::size_t kRecordsQueuedMax = 1024;
inline constexpr std::uint32_t kKeyframeIntervalTicks = 600;
inline constexpr std::uint32_t kHashIntervalTicks = 60;
inline constexpr std::size_t kMapBytesMax = 1024 * 1024;
/// What a recording's header says of its game. A schema of a hundred tables takes some 50 KiB.
inline constexpr std::size_t kKindNameBytesMax = 32;
inline constexpr std::size_t kRulesVersionBytesMax = 64;
inline constexpr std::size_t kSchemaBytesMax = 1024 * 1024;
/// Lanes of a World, keys too: each takes several KiB of models for each link that is sent packed snapshots. A kind of
/// more is refused when it is defined, and a client refuses a server's schema of more.
inline constexpr std::size_t kWorldLanesMax = 1024;
/// Paths of recordings that a shard's statistics list, the newest; the others are counted. Some 100 bytes each.
inline constexpr std::size_t kRecordingsListedMax = 1024;

static_assert(kMapBytesMax < kMessageFromServerBytesMax, "a map travels in one message");
static_assert(kSchemaBytesMax < kMessageFromServerBytesMax, "and so does a schema");
static_assert(2 * (kMapBytesMax + kSchemaBytesMax) < kRecordBytesMax, "a header with both is one record");
static_assert(kActionBytesMax < kMessageFromClientBytesMax);
static_assert(kInputBytesMax < kMessageFromClientBytesMax);
static_assert(kRecordedBytesPerSecondMax >= 60 * (kActionBytesMax + kRecordedOverheadBytes));
static_assert(kEventBytesMax <= kOutboxBytesMax, "what may be sent finds room");
static_assert(kFanOutBurstBytesMax + kFanOutBytesPerSecondMax * kSilenceMax / std::chrono::seconds(1) <=
                  kEventsKeptBytesMax / 2,
              "a reader that stalls misses nothing of what others may say, until it is taken for dead");
static_assert(kEventsKeptShareBytes * 4096 <= kEventsKeptPerServerBytesMax, "a share for each of 4096 sessions");
static_assert(kListPageMatchesMax *
                      (2 * kMatchIdBytesMax + kMatchMetadataBytesMax + 48 * kMatchMetadataFieldsMax + 128) <=
                  kEventBytesMax,
              "a page of the longest metadata is one answer");
static_assert(kRequestsBurstMax > kMatchesMax / kListPageMatchesMax, "a whole list may be asked for at once");
static_assert(kSimulatedBytesMax > kMessageFromServerBytesMax, "a map passes a simulated network");
static_assert(kKeyframeIntervalTicks % kHashIntervalTicks == 0, "every keyframe has a hash to be checked against");
static_assert(kInboxActionsMax > kActionTicksAheadMax, "every tick that may be named has a place");
static_assert(kNamedTicksRememberedMax > 2 * kActionTicksAheadMax);
static_assert(kRewindMax < kViewAgeMax);
static_assert(kPlayersPerMatchMax < kPlayerIdMax);
static_assert(kPlayerIdRest >= 2 * kActionLateMax && kPlayerIdRest >= 2 * kViewAgeMax);
static_assert(kTickShareMax < kTickShareOverloaded);
static_assert(kLinkQuietFor * 3 <= kLinkSilentFor, "one lost ping is no silence");
static_assert(kLinkSilentFor < kSilenceMax);
static_assert(kCandidateLinksMax >= 4 * 2 * (kRaceAttemptFor / kRaceEvery));
static_assert(kMessagesBurstMax >= kMessagesPerSecondMax);
static_assert(kServerDurationMax < std::chrono::nanoseconds::max() / 2);
static_assert(kResumeWindow <= kResumeWindowMax);
static_assert(kControlFramesBurstMax >= kControlFramesPerSecondMax);
static_assert(kClientBytesBurstMax >= 4 * kMessageFromClientBytesMax, "a few of the largest messages may come at once");
static_assert(kClientBytesPerSecondMax >= 2 * 60 * kActionBytesMax, "nobody is closed for acting in every tick");
static_assert(kHttpBodyBytesMax >= 2 * (kMessageFromClientBytesMax * 4 / 3));
static_assert(kHttpAnswerTimeout > kHandshakeTimeout);
static_assert(4096 + (kAuthBytesMax * 4 + 2) / 3 + kAuthTableBytesMax + 1024 <= kHttpHeadBytesMax,
              "an auth fits a head with the longest URL and other headers");
static_assert(kHeartbeatInterval * 3 <= kSilenceMax, "one lost heartbeat is not the end");

}  // namespace netcode::limits
