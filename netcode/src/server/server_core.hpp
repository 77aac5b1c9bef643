// A server without its threads and sockets: kinds, namespaces, the directory and the shards. Server runs one on real
// loops; tests run one on a loop of virtual time and the in-memory link.
//
// Threading: define before `start`; after it kinds are immutable, and what routes_ reaches is safe from any thread.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcode/server.hpp"
#include "server/directory.hpp"
#include "server/fault_line.hpp"
#include "server/kind.hpp"
#include "server/match_hooks.hpp"
#include "server/namespace_core.hpp"
#include "server/recording_errors.hpp"
#include "server/routes.hpp"
#include "server/shard.hpp"
#include "server/shared_event.hpp"
#include "server/static_files.hpp"
#include "transport/http/accept.hpp"
#include "transport/loop/loop.hpp"

namespace netcode {

class AdminTap;
class SocketioDoor;

class ServerCore {
 public:
  explicit ServerCore(ServerConfig config);
  ~ServerCore();
  ServerCore(const ServerCore&) = delete;
  ServerCore& operator=(const ServerCore&) = delete;

  const ServerConfig& config() const { return config_; }
  Directory& directory() { return directory_; }
  RecordingErrors& recording_errors() { return recording_errors_; }
  MatchHooks& match_hooks() { return match_hooks_; }
  /// Null: the Admin UI is off.
  AdminTap* admin_tap() const { return admin_tap_.get(); }

  // --- before start
  void define(std::string name, RulesType type, MatchOptions options);
  void define_bots(const std::string& kind, BotMaker maker, BotOptions options);
  void define_preparer(const std::string& kind, MatchPreparer preparer);
  void serve(std::string path, std::string content_type, std::string body);
  /// Makes the shards, one a loop, and opens the standing matches. Throws std::runtime_error where that cannot be.
  /// Once.
  void start(const std::vector<transport::Loop*>& loops);

  /// For listeners and the in-memory link.
  transport::AcceptHandlers accept_handlers();

  /// A caller, to where its visit belongs. Never inside this call.
  void lead(Visit visit, CallerPtr caller);

  // --- while it runs
  NamespaceCore& space(std::string_view name);
  /// Null if nothing was ever registered there.
  NamespaceCore* find_space(std::string_view name);
  /// The same, and of one that matches a parent's name and is made by that now.
  NamespaceCore* find_or_make_space(std::string_view name);
  NamespaceCore& add_parent(std::function<bool(std::string_view)> matches);
  engine::Result<void> open(std::string_view kind, std::string_view id, std::optional<MatchOptions> options);

  const Kind* find_kind(std::string_view name) const;
  const Kind& first_kind() const { return *kinds_.front(); }
  /// The event of this name: of the match's own schema, else of the first kind that has one.
  std::pair<const Schema*, const EventInfo*> find_event(const LiveMatch* match, std::string_view name) const;
  /// The kind whose event, or table, is of this name: of one name all kinds mean the same. Null: there is none.
  std::pair<const Kind*, const EventInfo*> event_kind(std::string_view name) const;
  const Kind* kind_of_table(std::string_view table) const;
  /// Makes an Auth of what a client shows as JSON, once it is known of which table that is to be.
  Handshake::AuthReader auth_reader(const boost::json::value& auth) const;
  /// The schema that has this table, the match's own first.
  const Schema* find_schema(const LiveMatch* match, std::string_view table) const;
  /// Is this a table of a defined kind's schema? An error is for the client, and tells nothing of what is in it.
  engine::Result<void> check_auth(const std::optional<Auth>& auth) const;

  /// Encoded once for all who are sent it. Null, and an error in the log, for one that is larger than kEventBytesMax.
  SharedEventPtr make_event(const protocol::EventMessage& event) const;
  /// The event of this table, as the program emits it, checked as what clients send is: an error, which is in the log
  /// too, names what no client would take. To emit a table that is no event is the caller's bug, and asserted.
  engine::Result<SharedEventPtr> make_emitted(std::string_view table, std::string_view space, BytesView body) const;
  /// An event of JSON, for clients of Socket.IO. An error, which is in the log too: it is too large.
  engine::Result<SharedEventPtr> make_json(std::string_view name, std::string_view space,
                                           const JsonArguments& arguments) const;
  /// The same of an answer to whoever is in `match` (null: in none).
  engine::Result<void> check_answer(const LiveMatch* match, std::string_view table, BytesView body) const;
  const EventTotalsPtr& event_totals() const { return event_totals_; }

  /// To every shard. A parcel without an event goes nowhere.
  void broadcast(Shard::Parcel parcel);
  /// Calls `work` for each session that the parcel, which has no event, would go to, then `done`.
  void visit(Shard::Parcel parcel, std::function<void(SessionCore&)> work, std::function<void()> done);
  /// On the match's shard: now if this is its thread already, else posted; before the start it is kept. What the work
  /// returns, and that there is no such match, is logged. An error: the server has stopped, or keeps too much already.
  using MatchWork = std::function<engine::Result<void>(LiveMatch&)>;
  engine::Result<void> with_match(const std::string& id, MatchWork work);
  /// An error if no kind's rules take this table from match.post, or not that of the match where it is known already.
  engine::Result<void> check_input(const std::string& match, std::string_view table) const;
  /// For the shards' own threads.
  std::vector<std::unique_ptr<Shard>>& shards() { return shards_; }
  Routes& routes() { return *routes_; }

  /// Ends matches and sessions on every shard; `done` is posted to the first one's loop when all have.
  void stop(const std::string& reason, std::function<void()> done);
  /// Connections whose sessions have ended, still saying goodbye.
  std::atomic<int>& closing() { return closing_; }
  /// When the shards' threads stand still: lets go of everything that is on their loops.
  void tear_down();
  /// From any thread. Exact when the shards' threads stand still.
  ServerStats stats() const;

 private:
  std::variant<transport::Upgrade, transport::HttpResponse> on_upgrade(transport::HttpRequest request);
  /// `path`: below the prefix.
  transport::HttpResponse plain_answer(const transport::HttpRequest& request,
                                       const std::optional<std::string>& path) const;
  transport::HttpResponse nothing_here() const;
  /// The loop that a visit belongs on; a quick join gets its match here.
  std::uint32_t shard_for(Visit& visit);
  /// Does its schema mean the same by its events as those of the kinds before it? An error names the event.
  engine::Result<void> check_events(const Kind& kind) const;
  /// The program's own code gave what no client would take: said in the log, at most once in a while for each `of`.
  void note_fault(std::string_view of, const std::string& what) const;

  ServerConfig config_;
  RecordingErrors recording_errors_;
  MatchHooks match_hooks_{*this};
  Directory directory_;
  std::vector<std::unique_ptr<Kind>> kinds_;
  std::map<std::string, std::pair<const Kind*, const EventInfo*>, std::less<>> events_;  // by table
  mutable std::mutex faults_mutex_;
  mutable std::map<std::string, FaultLine, std::less<>> faults_;  // by the event's name or the answer's table
  mutable std::mutex spaces_mutex_;
  std::map<std::string, std::unique_ptr<NamespaceCore>, std::less<>> spaces_;
  struct Parent {
    std::function<bool(std::string_view)> matches;
    std::unique_ptr<NamespaceCore> space;
  };
  std::vector<Parent> parents_;  // of namespaces that are made when somebody asks for them; fixed once it runs
  std::size_t spaces_made_ = 0;
  struct Standing {
    std::string kind;
    std::string id;
    std::optional<MatchOptions> options;
  };
  /// To the shard where it is to be made. False: there are none any more.
  bool post_standing(Standing standing);
  /// On the thread of the shard `home`, which is its place. An error names the match.
  engine::Result<void> open_standing(std::uint32_t home, const Standing& standing);
  void open_routes();
  /// On the thread of the shard `here`, where the match was when the call was sent.
  void reach_match(std::uint32_t here, const std::string& id, const MatchWork& work);

  mutable std::mutex start_mutex_;  // guards all that waits for the start
  bool has_started_ = false;
  std::vector<Standing> standing_;
  std::optional<std::string> standing_problem_;  // of an open() that was refused
  std::vector<std::pair<std::string, MatchWork>> early_;

  const std::shared_ptr<Routes> routes_ = std::make_shared<Routes>();
  const EventTotalsPtr event_totals_ = std::make_shared<EventTotals>();
  mutable std::mutex stats_mutex_;  // guards both below where another thread than the one that starts and stops reads
  std::vector<std::unique_ptr<Shard>> shards_;
  ServerStats final_stats_;
  bool is_over_ = false;  // only final_stats_ count
  const std::unique_ptr<AdminTap> admin_tap_;
  std::unique_ptr<SocketioDoor> socketio_;  // null: clients of Socket.IO are not served
  std::atomic<int> closing_ = 0;
  StaticFiles files_;
};

}  // namespace netcode
