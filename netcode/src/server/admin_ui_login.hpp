// Who may use the Admin UI: whoever shows its name and password, and from then on the id that they were given for it.
//
// A password is compared on a thread of its own, one after the other: the comparison is slow on purpose, and a shard
// has ticks to run. Few may wait for it, and few are compared in a second, so that whoever guesses costs no more than
// that.
//
// Threading: AdminLogin, its owner's thread; AdminPasswords, any. Ownership: AdminPasswords joins its thread.
#pragma once

#include <boost/json/value.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "engine/core/clock.hpp"
#include "engine/core/token_bucket.hpp"

namespace netcode {

class AdminPasswords {
 public:
  using Answer = std::function<void(bool matches)>;
  /// `hash`: bcrypt.
  explicit AdminPasswords(std::string hash);
  AdminPasswords(const AdminPasswords&) = delete;
  AdminPasswords& operator=(const AdminPasswords&) = delete;
  /// Those that still wait are not answered.
  ~AdminPasswords();

  /// `answer` is called on the thread of this. False, and it is not: too many wait.
  bool ask(std::string password, Answer answer);

 private:
  struct Asked {
    std::string password;
    Answer answer;
  };
  void run();

  const std::string hash_;
  std::mutex mutex_;  // guards all below but the thread
  std::condition_variable changed_;
  std::deque<Asked> waiting_;
  bool is_over_ = false;
  std::thread thread_;  // last: it uses what is above
};

class AdminLogin {
 public:
  AdminLogin(std::string user, engine::TimePoint now);

  enum class Verdict {
    kLetIn,
    kRefused,
    kTooMany,   // for now: it may come again
    kPassword,  // it depends on the password
  };
  struct Judged {
    Verdict verdict;
    std::string password{};
    bool is_user = false;  // else the password does not help; it is compared all the same, since time would tell
  };
  /// `auth`: {"username","password"} or {"sessionId"}, or anything at all.
  Judged judge(const boost::json::value& auth, engine::TimePoint now);
  /// For who has shown the password: 16 hex digits, good for a day after they were shown last.
  std::string open(engine::TimePoint now);

 private:
  bool knows(std::string_view id, engine::TimePoint now);

  const std::string user_;
  engine::TokenBucket passwords_;
  std::deque<std::pair<std::string, engine::TimePoint>> sessions_;  // until when; oldest first
};

}  // namespace netcode
