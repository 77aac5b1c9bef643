#include "server/admin_ui.hpp"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <utility>

#include "server/admin_ui_json.hpp"
#include "server/admin_ui_orders.hpp"
#include "server/server_core.hpp"

namespace netcode {
namespace {

namespace json = boost::json;
using socketio::Packet;
using socketio::SocketClient;

/// What the page expects for who may not come in.
constexpr std::string_view kInvalid = "invalid credentials";
constexpr std::size_t kPagesMax = 16;
/// Of events that are shown, by what they take; others are counted alone.
constexpr double kEventBytesPerSecondMax = 64.0 * 1024;
constexpr double kEventBurstBytesMax = 2 * kEventBytesPerSecondMax;
/// Of lines in the log.
constexpr double kRefusalLinesPerSecondMax = 1;
constexpr double kRefusalLinesBurstMax = 10;

}  // namespace

AdminUi::AdminUi(ServerCore& server, transport::Loop& loop, AskWho who)
    : server_(server),
      loop_(loop),
      who_(std::move(who)),
      started_at_(loop.now()),
      login_(server.config().admin_ui.user, loop.now()),
      event_bytes_(kEventBytesPerSecondMax, kEventBurstBytesMax, loop.now()),
      refusal_lines_(kRefusalLinesPerSecondMax, kRefusalLinesBurstMax, loop.now()),
      passwords_(server.config().admin_ui.password_hash) {}

AdminUi::~AdminUi() {
  *alive_ = false;
  loop_.cancel(timer_);
}

// --- who comes in

void AdminUi::on_opened(SocketClient& client) {
  client.set_watcher(this);
  clients_[&client] = {.issued_ms = unix_time_ms(), .is_polling = client.session().is_polling(), .sids = {}};
  events_.opened();
}

void AdminUi::on_connect(SocketClient& client, const json::value& auth) {
  if (pages_.size() >= kPagesMax) return client.refuse(std::string(kSpace), "too many pages at once");
  const PagePtr page = std::make_shared<AdminPage>(client);
  pages_[&client] = page;
  AdminLogin::Judged judged = login_.judge(auth, loop_.now());
  switch (judged.verdict) {
    case AdminLogin::Verdict::kLetIn:
      return let_in(*page, std::nullopt);
    case AdminLogin::Verdict::kRefused:
      return refuse(*page, kInvalid);
    case AdminLogin::Verdict::kTooMany:
      return refuse(*page, "too many log-ins at once: wait a little");
    case AdminLogin::Verdict::kPassword:
      break;
  }
  const auto answered = [this, waiting = std::weak_ptr(page), alive = alive_, is_user = judged.is_user,
                         routes = server_.routes().weak_from_this()](bool matches) {
    const auto way = routes.lock();
    if (!way) return;  // the server is gone
    way->post(0, [this, waiting, alive, is_admin = matches && is_user] {
      const PagePtr asking = *alive ? waiting.lock() : nullptr;
      if (!asking) return;  // its client is gone
      if (is_admin) return let_in(*asking, login_.open(loop_.now()));
      refuse(*asking, kInvalid);
    });
  };
  if (!passwords_.ask(std::move(judged.password), answered)) refuse(*page, "too many log-ins at once: wait a little");
}

void AdminUi::refuse(AdminPage& page, std::string_view why) {
  SocketClient& client = page.client();
  if (refusal_lines_.take(1, loop_.now()))
    spdlog::warn("Admin UI: {} was refused: {}", client.request().remote_address, why);
  pages_.erase(&client);
  client.refuse(std::string(kSpace), why);
}

void AdminUi::let_in(AdminPage& page, const std::optional<std::string>& session) {
  SocketClient& client = page.client();
  spdlog::info("Admin UI: {} has come in", client.request().remote_address);
  client.accept(std::string(kSpace), {.sid = socketio::random_sid(), .pid = {}});
  if (!has_pages()) {  // nobody has taken what came before
    events_.close_second(unix_time_ms());
    static_cast<void>(events_.take());
    is_stats_next_ = true;
    loop_.cancel(timer_);
    tick_later();
  }
  page.let_in();
  if (session) page.send(admin_text(kSpace, {"session", *session}));
  page.send(admin_text(kSpace, config()));
  page.send(admin_text(kSpace, stats({})));
  if (lists_all_) page.send(admin_text(kSpace, all_sockets()));
}

void AdminUi::on_writable(SocketClient& client) {
  const auto page = pages_.find(&client);
  if (page == pages_.end() || page->second->on_writable()) return;
  page->second->send(admin_text(kSpace, config()));
  if (lists_all_) page->second->send(admin_text(kSpace, all_sockets()));
}

// --- what a page orders

void AdminUi::on_order(SocketClient& client, const Packet& order) {
  const auto page = pages_.find(&client);
  if (page == pages_.end()) return;
  const json::string* name = order.data->get_array().front().if_string();
  if (!name || !is_admin_order(*name)) return answer(*page->second, order, engine::error("no such order"));
  if (server_.config().admin_ui.is_read_only)
    return answer(*page->second, order, engine::error("pages may only look on here"));
  if (kick_page(order)) return;
  const PagePtr kept = page->second;
  const auto done = obey_admin(server_, sockets_, order);
  spdlog::info("Admin UI: {} from {}: {}", std::string_view(*name), client.request().remote_address,
               done ? "done" : done.error().reason);
  answer(*kept, order, done);
}

// The page expects no answers, but whoever asks for one is given it.
void AdminUi::answer(AdminPage& page, const Packet& order, const engine::Result<void>& done) {
  if (!order.ack) return;
  json::array arguments;
  if (!done) arguments.push_back(json::object{{"error", done.error().reason}});
  page.client().send({.type = socketio::PacketType::kAck,
                      .nsp = std::string(kSpace),
                      .ack = order.ack,
                      .data = std::move(arguments),
                      .attachments = {}});
}

// _disconnect("/admin", close, id): pages have no sessions.
bool AdminUi::kick_page(const Packet& order) {
  const json::array& all = order.data->get_array();
  if (all.size() < 4 || all[0] != "_disconnect" || all[1] != json::value(kSpace) || !all[3].is_string()) return false;
  const AdminSocket* socket = sockets_.find({std::string(kSpace), std::string(std::string_view(all[3].get_string()))});
  const auto page = std::find_if(pages_.begin(), pages_.end(),
                                 [socket](const auto& one) { return socket && one.first == socket->client; });
  if (page == pages_.end()) return true;
  SocketClient& client = page->second->client();
  on_page_gone(client);
  client.leave(std::string(kSpace));
  return true;
}

}  // namespace netcode
