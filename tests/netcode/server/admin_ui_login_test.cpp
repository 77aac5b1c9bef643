#include "server/admin_ui_login.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <future>
#include <vector>

namespace netcode {
namespace {

namespace json = boost::json;
using Judgement = AdminLogin::Verdict;
using namespace std::chrono_literals;

const std::string kLoginHash = "$2b$04$abcdefghijklmnopqrstuuTnc8amReAFiMHxaSoW9U22KarbWnkSm";  // of "let me in"

constexpr engine::TimePoint kLoginStart{1h};

json::value login_of(std::string_view user, std::string_view password) {
  return json::object{{"username", user}, {"password", password}};
}
json::value login_of(std::string_view id) { return json::object{{"sessionId", id}}; }

}  // namespace

TEST(AdminPasswords, answers_each_on_a_thread_of_its_own) {
  AdminPasswords passwords(kLoginHash);
  for (const auto& [password, matches] : {std::pair("let me in", true), std::pair("let me out", false)}) {
    std::promise<std::pair<bool, std::thread::id>> answer;
    ASSERT_TRUE(passwords.ask(password, [&answer](bool is_right) {
      answer.set_value({is_right, std::this_thread::get_id()});
    }));
    const auto [is_right, thread] = answer.get_future().get();
    EXPECT_EQ(is_right, matches) << password;
    EXPECT_NE(thread, std::this_thread::get_id());
  }
}

TEST(AdminPasswords, lets_few_wait_and_forgets_them_when_it_ends) {
  std::promise<void> begun, go_on;
  std::vector<int> answered;
  {
    AdminPasswords passwords(kLoginHash);
    ASSERT_TRUE(passwords.ask("first", [&](bool) {
      begun.set_value();
      go_on.get_future().wait();
    }));
    begun.get_future().wait();
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(passwords.ask("more", [&answered, i](bool) { answered.push_back(i); }));
    EXPECT_FALSE(passwords.ask("too many", [&answered](bool) { answered.push_back(4); }));
    go_on.set_value();
  }  // the one that is being answered is waited for
  EXPECT_LE(answered.size(), 4U);
}

TEST(AdminLogin, asks_for_the_password_of_whoever_shows_a_name_and_one) {
  AdminLogin login("admin", kLoginStart);
  const auto judged = login.judge(login_of("admin", "let me in"), kLoginStart);
  EXPECT_EQ(judged.verdict, Judgement::kPassword);
  EXPECT_EQ(judged.password, "let me in");
  EXPECT_TRUE(judged.is_user);
  EXPECT_FALSE(login.judge(login_of("root", "let me in"), kLoginStart).is_user);
}

TEST(AdminLogin, refuses_whatever_else_is_shown) {
  AdminLogin login("admin", kLoginStart);
  for (const json::value& auth :
       {json::value(), json::value(7), json::value("admin"), json::value(json::array{"admin", "let me in"}),
        json::value(json::object()), json::value(json::object{{"username", "admin"}}),
        json::value(json::object{{"username", "admin"}, {"password", 7}}),
        json::value(json::object{{"username", json::array()}, {"password", "let me in"}}),
        login_of("admin", std::string(600, 'x')), login_of(""), login_of("0123456789abcdef"),
        json::value(json::object{{"sessionId", 7}})})
    EXPECT_EQ(login.judge(auth, kLoginStart).verdict, Judgement::kRefused) << auth;
}

TEST(AdminLogin, compares_few_passwords_in_a_second) {
  AdminLogin login("admin", kLoginStart);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(login.judge(login_of("admin", "x"), kLoginStart).verdict, Judgement::kPassword);
  EXPECT_EQ(login.judge(login_of("admin", "x"), kLoginStart).verdict, Judgement::kTooMany);
  EXPECT_EQ(login.judge(login_of("admin", "x"), kLoginStart + 900ms).verdict, Judgement::kTooMany);
  EXPECT_EQ(login.judge(login_of("admin", "x"), kLoginStart + 2s).verdict, Judgement::kPassword);
}

TEST(AdminLogin, knows_who_has_logged_in_for_a_day_after_the_last_time) {
  AdminLogin login("admin", kLoginStart);
  const std::string id = login.open(kLoginStart);
  EXPECT_EQ(id.size(), 16U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(login.open(kLoginStart), id);
  EXPECT_EQ(login.judge(login_of(id), kLoginStart + 23h).verdict, Judgement::kLetIn);
  EXPECT_EQ(login.judge(login_of(id), kLoginStart + 46h).verdict, Judgement::kLetIn);
  EXPECT_EQ(login.judge(login_of(id), kLoginStart + 71h).verdict, Judgement::kRefused);
}

TEST(AdminLogin, forgets_the_oldest_of_many) {
  AdminLogin login("admin", kLoginStart);
  const std::string first = login.open(kLoginStart);
  std::string second = login.open(kLoginStart);
  for (int i = 0; i < 62; ++i) login.open(kLoginStart);
  EXPECT_EQ(login.judge(login_of(first), kLoginStart).verdict, Judgement::kLetIn);
  login.open(kLoginStart);
  EXPECT_EQ(login.judge(login_of(first), kLoginStart).verdict, Judgement::kRefused);
  EXPECT_EQ(login.judge(login_of(second), kLoginStart).verdict, Judgement::kLetIn);
}

}  // namespace netcode
