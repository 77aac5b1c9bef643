// scrim-replay: what a recording of the arena is of, and whether it plays to the same state.
#include "game/server/arena.hpp"
#include "netcode/replay_tool.hpp"

int main(int argc, char** argv) { return netcode::replay_tool(argc, argv, game::server::arena_rules_types()); }
