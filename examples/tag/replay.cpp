// tag-replay info FILE | verify FILE
#include <netcode/replay_tool.hpp>

#include "rules.hpp"

int main(int argc, char** argv) {
  return netcode::replay_tool(argc, argv, {{"tag", netcode::rules_type<tag::Game>()}});
}
