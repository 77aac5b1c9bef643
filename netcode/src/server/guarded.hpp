// Calls from netcode into the program's own code: handlers, middleware, preparers, bots, rules. What they throw is
// caught here, logged under the name of what threw, and told to the caller, who ends no more than the ask, the session
// or the match that it was for.
//
// Threading: any.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "engine/core/result.hpp"
#include "netcode/ack.hpp"
#include "netcode/bot.hpp"
#include "netcode/server.hpp"

namespace netcode {

/// Only while an exception is being handled: logs it as "WHO threw: WHAT", and gives an error for a client, which does
/// not tell what.
engine::Error note_thrown(std::string_view who);

/// `who` as in "the handler of tag.Chat"; `name` is put behind it, for callers that would otherwise join strings at
/// every call.
template <class F>
engine::Result<void> guarded(std::string_view who, std::string_view name, F&& call) {
  try {
    std::forward<F>(call)();
    return {};
  } catch (...) {
    return note_thrown(std::string(who) + std::string(name));
  }
}

/// To a handler of a reply, whatever it throws.
void give_reply(const ReplyHandler& handler, const engine::Result<Reply>& reply);
/// Makes bots that stand still once they have thrown, and where their maker throws or makes none.
BotMaker guarded_bots(std::string kind, BotMaker maker);
/// Gives an error where the preparer throws.
MatchPreparer guarded_preparer(std::string kind, MatchPreparer preparer);

}  // namespace netcode
