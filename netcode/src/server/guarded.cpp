#include "server/guarded.hpp"

#include <spdlog/spdlog.h>

#include <exception>

namespace netcode {
namespace {

class GuardedBot final : public Bot {
 public:
  GuardedBot(std::string kind, std::unique_ptr<Bot> bot) : kind_(std::move(kind)), bot_(std::move(bot)) {}

  std::optional<Bytes> act(BytesView world, PlayerId self, Tick tick) override {
    if (!bot_) return std::nullopt;
    std::optional<Bytes> action;
    if (auto ran = guarded("a bot of kind ", kind_, [&] { action = bot_->act(world, self, tick); }); !ran) {
      bot_ = nullptr;
      return std::nullopt;
    }
    return action;
  }

 private:
  std::string kind_;
  std::unique_ptr<Bot> bot_;
};

}  // namespace

void give_reply(const ReplyHandler& handler, const engine::Result<Reply>& reply) {
  static_cast<void>(guarded("a handler of a reply", "", [&] { handler(reply); }));
}

BotMaker guarded_bots(std::string kind, BotMaker maker) {
  return [kind = std::move(kind), maker = std::move(maker)](const BotSetup& setup) -> std::unique_ptr<Bot> {
    std::unique_ptr<Bot> bot;
    if (auto ran = guarded("the maker of bots of kind ", kind, [&] { bot = maker(setup); }); ran && !bot)
      spdlog::error("the maker of bots of kind {} made none", kind);
    return std::make_unique<GuardedBot>(kind, std::move(bot));
  };
}

MatchPreparer guarded_preparer(std::string kind, MatchPreparer preparer) {
  return [kind = std::move(kind), preparer = std::move(preparer)](MatchOptions& options) {
    engine::Result<void> prepared;
    const auto ran = guarded("the preparer of kind ", kind, [&] { prepared = preparer(options); });
    return ran ? prepared : ran;
  };
}

engine::Error note_thrown(std::string_view who) {
  try {
    throw;
  } catch (const std::exception& error) {
    spdlog::error("{} threw: {}", who, error.what());
  } catch (...) {
    spdlog::error("{} threw something that is no std::exception", who);
  }
  return engine::error("{} failed: an error of the server's own", who);
}

}  // namespace netcode
