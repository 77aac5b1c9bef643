#include "server/admin_ui_login.hpp"

#include <openssl/crypto.h>

#include <chrono>

#include "server/bcrypt.hpp"
#include "server/directory.hpp"

namespace netcode {
namespace {

namespace json = boost::json;

/// Beside the one that is being compared.
constexpr std::size_t kWaitingMax = 4;
constexpr double kPasswordsPerSecondMax = 1;
constexpr double kPasswordsBurstMax = 5;
/// Of more the oldest has to log in again.
constexpr std::size_t kSessionsMax = 64;
constexpr std::chrono::hours kSessionFor{24};
constexpr std::size_t kSessionIdBytes = 8;

const json::string* text_in(const json::value& auth, std::string_view name) {
  const json::object* object = auth.if_object();
  const json::value* value = object ? object->if_contains(name) : nullptr;
  return value ? value->if_string() : nullptr;
}

}  // namespace

// --- AdminPasswords

AdminPasswords::AdminPasswords(std::string hash) : hash_(std::move(hash)), thread_([this] { run(); }) {}

AdminPasswords::~AdminPasswords() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool AdminPasswords::ask(std::string password, Answer answer) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kWaitingMax) return false;
    waiting_.push_back({.password = std::move(password), .answer = std::move(answer)});
  }
  changed_.notify_one();
  return true;
}

void AdminPasswords::run() {
  for (;;) {
    Asked next;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
      if (is_over_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    const bool matches = bcrypt_matches(next.password, hash_);
    OPENSSL_cleanse(next.password.data(), next.password.size());
    next.answer(matches);
  }
}

// --- AdminLogin

AdminLogin::AdminLogin(std::string user, engine::TimePoint now)
    : user_(std::move(user)), passwords_(kPasswordsPerSecondMax, kPasswordsBurstMax, now) {}

AdminLogin::Judged AdminLogin::judge(const json::value& auth, engine::TimePoint now) {
  if (const json::string* id = text_in(auth, "sessionId"); id && knows(std::string_view(*id), now))
    return {.verdict = Verdict::kLetIn};
  const json::string* user = text_in(auth, "username");
  const json::string* password = text_in(auth, "password");
  if (!user || !password || password->size() > kPasswordBytesMax) return {.verdict = Verdict::kRefused};
  if (!passwords_.take(1, now)) return {.verdict = Verdict::kTooMany};
  return {.verdict = Verdict::kPassword,
          .password = std::string(password->data(), password->size()),
          .is_user = std::string_view(*user) == user_};
}

std::string AdminLogin::open(engine::TimePoint now) {
  if (sessions_.size() >= kSessionsMax) sessions_.pop_front();
  sessions_.emplace_back(random_hex(kSessionIdBytes), now + kSessionFor);
  return sessions_.back().first;
}

bool AdminLogin::knows(std::string_view id, engine::TimePoint now) {
  std::erase_if(sessions_, [now](const auto& session) { return session.second <= now; });
  bool is_known = false;
  for (auto& [known, until] : sessions_) {
    if (known.size() != id.size() || CRYPTO_memcmp(known.data(), id.data(), id.size()) != 0) continue;
    is_known = true;
    until = now + kSessionFor;
  }
  return is_known;
}

}  // namespace netcode
