// docs/protocol.md, read: its tables and bytes are what the code does.
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <variant>

#include "client_fixture.hpp"
#include "netcode/limits.hpp"
#include "protocol/packed_action.hpp"
#include "protocol/requests.hpp"

namespace netcode {
namespace {

using transport::CloseCode;
using Row = std::vector<std::string>;

std::vector<std::string> lines_of_the_page() {
  std::ifstream file(SCRIM_PROTOCOL_DOC);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" `");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" `") - first + 1);
}

/// The rows of the table whose first column is called `head`.
std::vector<Row> table(const std::string& head) {
  std::vector<Row> rows;
  bool inside = false;
  for (const std::string& line : lines_of_the_page()) {
    if (line.starts_with("| " + head + " |")) {
      inside = true;
      continue;
    }
    if (!inside) continue;
    if (!line.starts_with("|")) break;
    if (line.starts_with("| ---")) continue;
    Row row;
    std::istringstream cells(line.substr(1));
    for (std::string cell; std::getline(cells, cell, '|');) row.push_back(trimmed(cell));
    rows.push_back(row);
  }
  return rows;
}

/// The bytes of a ```hex block: the digits at the beginning of each line, up to two spaces.
Bytes hex_block(const std::string& name) {
  Bytes bytes;
  bool inside = false;
  for (const std::string& line : lines_of_the_page()) {
    if (line == "```hex " + name) {
      inside = true;
    } else if (line.starts_with("```")) {
      inside = false;
    } else if (inside) {
      std::istringstream digits(line.substr(0, line.find("  ")));
      for (std::string pair; digits >> pair;) bytes.push_back(static_cast<std::uint8_t>(std::stoul(pair, nullptr, 16)));
    }
  }
  return bytes;
}

class ProtocolDoc : public ClientTest {};

TEST_F(ProtocolDoc, gives_each_limit_its_value) {
  using namespace limits;
  const std::map<std::string, std::uint64_t> values = {
      {"kMessageFromClientBytesMax", kMessageFromClientBytesMax},
      {"kMessageFromServerBytesMax", kMessageFromServerBytesMax},
      {"kVerifyDepthMax", kVerifyDepthMax},
      {"kVerifyTablesMax", kVerifyTablesMax},
      {"kMessageFragmentsMax", kMessageFragmentsMax},
      {"kHandshakeTimeout", kHandshakeTimeout.count()},
      {"kCloseTimeout", kCloseTimeout.count()},
      {"kMessageAssemblyTimeout", kMessageAssemblyTimeout.count()},
      {"kCloseReasonBytesMax", kCloseReasonBytesMax},
      {"kNameBytesMax", kNameBytesMax},
      {"kMatchIdBytesMax", kMatchIdBytesMax},
      {"kPasswordBytesMax", kPasswordBytesMax},
      {"kAuthBytesMax", kAuthBytesMax},
      {"kAuthTableBytesMax", kAuthTableBytesMax},
      {"kEventNameBytesMax", kEventNameBytesMax},
      {"kRoomNameBytesMax", kRoomNameBytesMax},
      {"kMatchOptionsBytesMax", kMatchOptionsBytesMax},
      {"kMatchMetadataBytesMax", kMatchMetadataBytesMax},
      {"kMatchMetadataFieldsMax", kMatchMetadataFieldsMax},
      {"kListPageMatchesMax", kListPageMatchesMax},
      {"kRequestsPerSecondMax", kRequestsPerSecondMax},
      {"kRequestsBurstMax", kRequestsBurstMax},
      {"kActionBytesMax", kActionBytesMax},
      {"kInputBytesMax", kInputBytesMax},
      {"kRecordedBytesPerSecondMax", kRecordedBytesPerSecondMax},
      {"kRecordedBurstBytesMax", kRecordedBurstBytesMax},
      {"kFanOutBytesPerSecondMax", kFanOutBytesPerSecondMax},
      {"kFanOutBurstBytesMax", kFanOutBurstBytesMax},
      {"kActionsPerTickMax", kActionsPerTickMax},
      {"kInboxActionsMax", kInboxActionsMax},
      {"kActionTicksAheadMax", kActionTicksAheadMax},
      {"kActionLateMax", kActionLateMax.count()},
      {"kViewAgeMax", kViewAgeMax.count()},
      {"kViewSpanMax", kViewSpanMax.count()},
      {"kMessagesPerSecondMax", kMessagesPerSecondMax},
      {"kMessagesBurstMax", kMessagesBurstMax},
      {"kClientBytesPerSecondMax", kClientBytesPerSecondMax},
      {"kClientBytesBurstMax", kClientBytesBurstMax},
      {"kControlFramesPerSecondMax", kControlFramesPerSecondMax},
      {"kControlFramesBurstMax", kControlFramesBurstMax},
      {"kRefusalsMax", kRefusalsMax},
      {"kResumesPerSecondMax", kResumesPerSecondMax},
      {"kResumesBurstMax", kResumesBurstMax},
      {"kEventBytesMax", kEventBytesMax},
      {"kEventsKeptBytesMax", kEventsKeptBytesMax},
      {"kOutboxEventsMax", kOutboxEventsMax},
      {"kOutboxBytesMax", kOutboxBytesMax},
      {"kSnapshotsUnacknowledgedMax", kSnapshotsUnacknowledgedMax},
      {"kAcksPendingMax", kAcksPendingMax},
      {"kAckTimeout", kAckTimeout.count()},
      {"kHeartbeatInterval", kHeartbeatInterval.count()},
      {"kSilenceMax", kSilenceMax.count()},
      {"kResumeWindow", kResumeWindow.count()},
      {"kMapBytesMax", kMapBytesMax},
      {"kSchemaBytesMax", kSchemaBytesMax},
      {"kLinkSilentFor", kLinkSilentFor.count()},
      {"kRaceEvery", kRaceEvery.count()},
      {"kRaceAttemptFor", kRaceAttemptFor.count()},
      {"kLinkRefusedFor", kLinkRefusedFor.count()},
      {"kCandidateLinksMax", kCandidateLinksMax},
  };
  const auto rows = table("limit");
  EXPECT_EQ(rows.size(), values.size());
  for (const Row& row : rows) {
    ASSERT_TRUE(values.contains(row[0])) << row[0];
    EXPECT_EQ(std::to_string(values.at(row[0])), row[1]) << row[0];
  }
}

TEST_F(ProtocolDoc, names_every_message_by_its_number) {
  const Bytes body = encode(push(1));
  const auto snapshot = protocol::SharedSnapshot(body).frame({});
  const std::map<std::string, Bytes> messages = {
      {"Welcome", protocol::encode(FakeServer::lobby())},
      {"Map", protocol::encode(protocol::MapView{.hash = 1, .body = body})},
      {"Snapshot", snapshot.head},
      {"Action", protocol::encode(protocol::ActionView{.body = body})},
      {"Event", protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = body})},
      {"Ack", protocol::encode(protocol::AckMessage{.sequence = 1, .id = 1, .error = {}, .table = {}, .body = {}})},
      {"Received", protocol::encode(protocol::Received{.snapshot_tick = 1, .received = 1})},
      {"Schema", protocol::encode(protocol::SchemaView{.hash = 1, .body = body})},
  };
  EXPECT_EQ(messages.size() + 1, std::variant_size_v<protocol::AnyMessage>) << "each but what is packed";
  const auto rows = table("number");
  EXPECT_EQ(rows.size(), messages.size());
  for (const Row& row : rows) {
    ASSERT_TRUE(messages.contains(row[1])) << row[1];
    const auto* root = flatbuffers::GetRoot<flatbuffers::Table>(messages.at(row[1]).data());
    EXPECT_EQ(std::to_string(root->GetField<std::uint8_t>(6, 0)), row[0]) << row[1];
  }
}

TEST_F(ProtocolDoc, lays_the_snapshots_head_out_as_it_is) {
  const auto frame = protocol::SharedSnapshot(encode(push(1)))
                         .frame({.tick = 0x01020304,
                                 .action_sequence = 0x11121314,
                                 .action_tick = 0x21222324,
                                 .received = 0x31323334,
                                 .slack_ms = 0x4142});
  const Bytes tick = {4, 3, 2, 1};
  const auto head = std::search(frame.head.begin(), frame.head.end(), tick.begin(), tick.end());
  ASSERT_NE(head, frame.head.end());
  const std::map<std::string, std::uint64_t> values = {{"tick", 0x01020304},        {"action_sequence", 0x11121314},
                                                       {"action_tick", 0x21222324}, {"received", 0x31323334},
                                                       {"slack_ms", 0x4142},        {"reserved", 0}};
  const auto rows = table("offset");
  EXPECT_EQ(rows.size(), values.size());
  for (const Row& row : rows) {
    std::uint64_t value = 0;
    for (int i = std::stoi(row[1]) - 1; i >= 0; --i) value = value << 8 | head[std::stoi(row[0]) + i];
    ASSERT_TRUE(values.contains(row[2])) << row[2];
    EXPECT_EQ(value, values.at(row[2])) << row[2];
  }
}

TEST_F(ProtocolDoc, shows_bytes_that_mean_what_it_says) {
  protocol::AlignedBuffer buffer;
  const Bytes action_bytes = hex_block("action");
  const auto action = protocol::decode(buffer.copy(action_bytes));
  ASSERT_TRUE(action) << action.error().reason;
  const auto& acted = std::get<protocol::ActionView>(*action);
  EXPECT_EQ(acted.tick, 0U);
  EXPECT_EQ(acted.sequence, 0U);
  ASSERT_TRUE(load_test_schema().check("clienttest.Push", acted.body));
  EXPECT_EQ(flatbuffers::GetRoot<clienttest::Push>(acted.body.data())->dx(), 5);

  const Bytes received_bytes = hex_block("received");
  EXPECT_EQ(received_bytes, protocol::encode(protocol::Received{.snapshot_tick = 100, .received = 3}));

  const Bytes snapshot_bytes = hex_block("snapshot");
  const auto snapshot = protocol::decode(buffer.copy(snapshot_bytes));
  ASSERT_TRUE(snapshot) << snapshot.error().reason;
  const auto& seen = std::get<protocol::SnapshotView>(*snapshot);
  EXPECT_EQ(seen.head.tick, 100U);
  EXPECT_EQ(seen.head.action_sequence, 7U);
  EXPECT_EQ(seen.head.action_tick, 98U);
  EXPECT_EQ(seen.head.received, 0U);
  EXPECT_EQ(seen.head.slack_ms, -5);
  EXPECT_EQ(seen.world.size(), 20U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(seen.world.data()) % 8, 0U);
}

TEST_F(ProtocolDoc, shows_packed_actions_as_they_are_packed) {
  const Bytes action_bytes = hex_block("action");
  protocol::AlignedBuffer buffer;
  const auto action = protocol::decode(buffer.copy(action_bytes));
  ASSERT_TRUE(action) << action.error().reason;
  const BytesView body = std::get<protocol::ActionView>(*action).body;
  protocol::ActionPacker packer;
  EXPECT_EQ(hex_block("whole"),
            packer.pack({.tick = 110, .sequence = 1, .snapshot_tick = 100, .received = 3, .body = body}));
  EXPECT_EQ(hex_block("repeated"),
            packer.pack({.tick = 111, .sequence = 2, .snapshot_tick = 100, .received = 3, .body = body}));
  Bytes other(body.begin(), body.end());
  other.back() = 6;
  EXPECT_EQ(hex_block("changed"),
            packer.pack({.tick = 112, .sequence = 3, .snapshot_tick = 102, .received = 3, .body = other}));
}

TEST_F(ProtocolDoc, names_every_parameter_and_event_that_a_client_uses) {
  std::string page;
  for (const std::string& line : lines_of_the_page()) page += line + "\n";
  for (const char* parameter : {"name", "token", "received", "epoch", "resume", "link", "spectate", "password",
                                "schema", "unpacks", "packs", "converts", "codec", "holds", "rules", "map"}) {
    EXPECT_THAT(page, HasSubstr("| `" + std::string(parameter) + "` |"));
  }
  for (const auto event : {protocol::kListEvent, protocol::kCreateEvent, protocol::kLeaveEvent,
                           protocol::kNamespaceEvent, protocol::kEndedEvent}) {
    EXPECT_THAT(page, HasSubstr("| `" + std::string(event) + "` |"));
  }
}

TEST_F(ProtocolDoc, says_of_every_close_code_its_name_and_what_a_client_does) {
  const auto rows = table("code");
  EXPECT_EQ(rows.size(), transport::kCloseRules.size());
  for (const Row& row : rows) {
    SCOPED_TRACE(row[0]);
    transport::ManualLoop own_loop;
    FakeServer own_server(own_loop);
    TestClient own_client(config_of_tests(), own_server.connector());
    own_server.welcome_with(FakeServer::in_match());
    own_client.join("m1");
    own_loop.run_ready();
    const auto code = static_cast<CloseCode>(std::stoi(row[0]));
    EXPECT_EQ(row[1], rule_of(code).name);
    EXPECT_EQ(row[3], rule_of(code).client_resumes ? "resumes" : "ends");
    code == CloseCode::kAbnormal ? own_server.peer().cut() : own_server.peer().close(code, row[1]);
    own_loop.run_for(2s);
    ASSERT_TRUE(row[3] == "ends" || row[3] == "resumes") << row[3];
    EXPECT_EQ(own_client.state(), row[3] == "ends" ? ClientState::kClosed : ClientState::kInMatch);
    EXPECT_EQ(own_client.stats().resumed, row[3] == "ends" ? 0U : 1U);
  }
}

/// Every row of the table of states, done.
class StateTable : public ClientTest {
 protected:
  void arrive_at(const std::string& state) {
    if (state == "connecting") client.join("m1");
    if (state == "connected") connect();
    if (state == "in match") join();
    if (state == "reconnecting") {
      join();
      server.on_peer = nullptr;
      server.peer().cut();
    }
    if (state == "closed") {
      connect();
      client.close();
      server.on_peer = nullptr;
    }
    run();
  }

  const std::map<std::string, std::function<void()>> happenings = {
      {"connect, join or quick join", [this] { client.quick_join("dots"); }},
      {"Welcome without a match", [this] { welcome(FakeServer::lobby()); }},
      {"Welcome with a match", [this] { welcome(FakeServer::in_match()); }},
      {"refused", [this] { last_peer().close(CloseCode::kRefused, "no"); }},
      {"lost", [this] { server.peer().cut(); }},
      {"no Welcome within 5 s", [this] { loop.run_for(5001ms); }},
      {"join, Welcome with a match",
       [this] {
         server.welcome_with(FakeServer::in_match("m2"));
         client.join("m2");
       }},
      {"join, refused",
       [this] {
         server.on_peer = [](Peer& peer) { peer.close(CloseCode::kRefused, "no"); };
         client.join("m2");
       }},
      {"join, Welcome with a refusal",
       [this] {
         protocol::Welcome refused = FakeServer::lobby();
         refused.refusal = "match m2 is over";
         server.welcome_with(refused);
         client.join("m2");
       }},
      {"closed by the server", [this] { server.peer().close(CloseCode::kKicked, "out"); }},
      {"leave", [this] { client.leave(); }},
      {"the match ended",
       [this] {
         const Bytes body = protocol::encode_match_ended({.match = "m1", .result = "over"});
         server.peer().send(
             protocol::encode(protocol::EventMessage{.sequence = 1, .name = "scrim:ended", .ack = 0, .body = body}));
       }},
      {"a gap in the sequence",
       [this] {
         server.on_peer = nullptr;
         server.peer().send(
             protocol::encode(protocol::EventMessage{.sequence = 9, .name = "note", .ack = 0, .body = {}}));
       }},
      {"a bad message",
       [this] {
         server.peer().send({1, 2, 3});
       }},
      {"no connection for 30 s",
       [this] {
         server.network.stop_listening();
         loop.run_for(30s);
       }},
      {"close", [this] { client.close(); }},
  };

 private:
  /// Of the attempt that is under way; a reconnect takes its time.
  Peer& last_peer() {
    const auto before = server.peers.size();
    if (client.state() == ClientState::kReconnecting) loop.run_until([&] { return server.peers.size() > before; }, 1s);
    return server.peer();
  }
  void welcome(protocol::Welcome message) {
    message.resumed = client.state() == ClientState::kReconnecting;
    last_peer().send(protocol::encode(message));
  }
};

class StateTableRow : public StateTable, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(StateTableRow, is_what_happens) {
  const Row row = table("in").at(GetParam());
  SCOPED_TRACE(row[0] + " | " + row[1] + " | " + row[2]);
  arrive_at(row[0]);
  ASSERT_EQ(to_string(client.state()), row[0]);
  ASSERT_TRUE(happenings.contains(row[1]));
  happenings.at(row[1])();
  run();
  EXPECT_EQ(to_string(client.state()), row[2]);
}

INSTANTIATE_TEST_SUITE_P(ProtocolDoc, StateTableRow, ::testing::Range<std::size_t>(0, table("in").size()));

TEST_F(StateTable, has_every_state) {
  std::string all;
  for (const Row& row : table("in")) all += row[0] + "," + row[2] + ",";
  for (const auto state : {ClientState::kIdle, ClientState::kConnecting, ClientState::kConnected, ClientState::kInMatch,
                           ClientState::kReconnecting, ClientState::kClosed}) {
    EXPECT_THAT(all, HasSubstr(std::string(to_string(state)) + ","));
  }
}

}  // namespace
}  // namespace netcode
