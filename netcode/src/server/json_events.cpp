// Events of JSON, which no schema declares: what Namespace, Session and Broadcast do with them, and what becomes of
// them in a session.
#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "netcode/json.hpp"
#include "netcode/limits.hpp"
#include "server/guarded.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"
#include "server/socketio_form.hpp"
#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"

namespace netcode {

namespace json = boost::json;

// --- JsonArguments, JsonAck

json::value JsonArguments::bytes(std::string given) {
  attachments.push_back(std::move(given));
  return socketio::placeholder(attachments.size() - 1);
}

const std::string* JsonArguments::bytes_of(const json::value& value) const {
  const auto number = attachments.empty() ? std::nullopt : socketio::attachment_of(value);
  return number && *number < attachments.size() ? &attachments[*number] : nullptr;
}

void JsonAck::operator()(JsonArguments arguments) {
  ack_.answer(
      {.error = {}, .table = {}, .body = {}, .json = std::make_shared<const JsonArguments>(std::move(arguments))});
}

// --- registering

Namespace& Namespace::on_json(std::string name, JsonHandler handler) {
  core_->change([&](auto& table) { table.json[std::move(name)].push_back(std::move(handler)); });
  return *this;
}

Namespace& Namespace::use_json(JsonMiddleware middleware) {
  core_->change([&](auto& table) { table.json_middleware.push_back(std::move(middleware)); });
  return *this;
}

bool NamespaceCore::handle_json(SessionCore& session, std::string_view name, const JsonArguments& arguments, Ack ack) {
  const auto held = table();
  Session face = face_of(session);
  for (const auto& middleware : held->json_middleware) {
    auto verdict = engine::Result<void>();
    const auto ran = guarded("middleware of events, given ", name,
                             [&] { verdict = middleware(face, name, arguments, JsonAck(ack)); });
    if (!ran || !verdict) {
      ack.fail(!ran ? ran.error().reason : verdict.error().reason);  // unless it has answered
      return true;
    }
    if (session.has_ended() || !session.is_in(name_)) return true;
  }
  const auto handlers = held->json.find(name);
  if (handlers == held->json.end()) return false;
  for (const auto& handler : handlers->second) {
    if (session.has_ended() || !session.is_in(name_)) return true;
    auto ran = guarded("the handler of ", name, [&] { handler(face, arguments, JsonAck(ack)); });
    if (!ran) ack.fail(ran.error().reason);
  }
  return true;
}

// --- sending

engine::Result<SharedEventPtr> ServerCore::make_json(std::string_view name, std::string_view space,
                                                     const JsonArguments& arguments) const {
  auto event = std::make_shared<const SharedEvent>(json_form(name, space, arguments), event_totals_);
  if (arguments.attachments.size() > socketio::kAttachmentsMax) {
    note_fault(name,
               fmt::format("{} attachments, {} is the limit", arguments.attachments.size(), socketio::kAttachmentsMax));
    return engine::error("{}: too many attachments", name);
  }
  const std::size_t bytes_max = json_bytes_max(config_);
  if (event->size() <= bytes_max) return event;
  note_fault(name, fmt::format("an event of {} bytes, {} is the limit", event->size(), bytes_max));
  return engine::error("{}: {} bytes, more than an event may take", name, event->size());
}

const json::value& Session::auth_json() const { return core_->spaces().auth_json(space_); }

void Session::emit_json(std::string_view name, const JsonArguments& arguments, std::string_view space) {
  if (auto event = core_->shard().server().make_json(name, space, arguments)) core_->send_event(space, *event, false);
}

void Session::emit_json(std::string_view name, const JsonArguments& arguments, JsonReplyHandler reply,
                        std::chrono::milliseconds timeout, std::string_view space) {
  core_->send_json_with_ack(name, space, arguments, std::move(reply), timeout);
}

void Session::emit_json_volatile(std::string_view name, const JsonArguments& arguments, std::string_view space) {
  if (auto event = core_->shard().server().make_json(name, space, arguments)) core_->send_event(space, *event, true);
}

void Broadcast::emit_json(std::string_view name, const JsonArguments& arguments) const {
  auto event = server_->make_json(name, space_, arguments);
  if (event) send(std::move(*event));
}

namespace {

/// What many clients answer to one event.
class Poll {
 public:
  explicit Poll(Broadcast::JsonReplies replies) : replies_(std::move(replies)) {}

  void expect() {
    const std::lock_guard lock(mutex_);
    ++open_;
  }
  void take(const engine::Result<Reply>& answer) {
    {
      const std::lock_guard lock(mutex_);
      if (answer) {
        answers_.push_back(answer->json() ? *answer->json() : JsonArguments());
      } else {
        ++missing_;
      }
    }
    close_one();
  }
  /// Of those that were expected, or of the asking itself.
  void close_one() {
    {
      const std::lock_guard lock(mutex_);
      if (--open_ != 0) return;
    }
    static_cast<void>(guarded("the replies of many", "", [this] { replies_(std::move(answers_), missing_); }));
  }

 private:
  std::mutex mutex_;  // guards all below
  Broadcast::JsonReplies replies_;
  std::size_t open_ = 1;  // the asking
  std::vector<JsonArguments> answers_;
  std::size_t missing_ = 0;
};

}  // namespace

void Broadcast::emit_json(std::string_view name, const JsonArguments& arguments, std::chrono::milliseconds timeout,
                          JsonReplies replies) const {
  const auto poll = std::make_shared<Poll>(std::move(replies));
  auto event = server_->make_json(name, space_, arguments);
  if (!event) return poll->close_one();
  // Charged as any broadcast is: to the session whose handler caused it.
  const auto speaker = server_->routes().speaker();
  visit(
      [poll, event = *event, space = space_, timeout, speaker](SessionCore& session) {
        if (!session.speaks_json()) return;
        poll->expect();
        const auto cause = speaker ? Outbox::Cause::kOthers : Outbox::Cause::kServer;
        if (speaker) speaker->charge(event->cost());
        session.ask_client(
            space, event, [poll](const engine::Result<Reply>& answer) { poll->take(answer); }, timeout, true, cause);
      },
      [poll] { poll->close_one(); });
}

void SessionCore::send_json_with_ack(std::string_view name, std::string_view space, const JsonArguments& arguments,
                                     JsonReplyHandler reply, std::chrono::milliseconds timeout) {
  ReplyHandler handler = [reply = std::move(reply)](const engine::Result<Reply>& answer) {
    if (!answer) return reply(answer.error());
    reply(answer->json() ? *answer->json() : JsonArguments());
  };
  if (!speaks_json())
    return give_reply(handler, engine::error("this client takes events of the schema alone, and no {}", name));
  const auto event = shard_->server().make_json(name, space, arguments);
  if (!event) return give_reply(handler, event.error());
  ask_client(space, *event, std::move(handler), timeout, true);
}

// --- what its client says

void SessionCore::take_json(std::string_view name, const std::string& space, const JsonArguments& arguments, Ack ack) {
  ++shard_->stats().events;
  const Shard::Speaking speaking(*shard_, fan_out_);
  if (!fan_out_->may_speak(shard_->now()))
    return refuse(ack, "this session's events go to others faster than they may: wait a little");
  NamespaceCore* core = is_in(space) ? shard_->server().find_space(space) : nullptr;
  if (!core) return refuse(ack, "not in namespace " + space);
  if (!core->handle_json(*this, name, arguments, ack)) refuse(ack, "no event is called " + std::string(name));
}

bool SessionCore::expects_json(std::uint32_t ack) const {
  const auto reply = replies_.find(ack);
  return reply != replies_.end() && reply->second.is_json;
}

void SessionCore::take_json_answer(std::uint32_t ack, const JsonArguments& arguments) {
  const auto reply = replies_.find(ack);
  if (reply == replies_.end()) return;
  const Shard::Speaking speaking(*shard_, fan_out_);
  const ReplyHandler handler = std::move(reply->second.handler);
  replies_.erase(reply);
  give_reply(handler, Reply(arguments));
}

}  // namespace netcode
