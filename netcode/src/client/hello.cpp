// What a connection of ours says before it is one: the URL that it asks for, and the subprotocols that it offers.
#include <spdlog/fmt/fmt.h>

#include "client/impl.hpp"
#include "protocol/auth_offer.hpp"

namespace netcode {

using client::Goal;

protocol::ConnectRequest ClientCore::Impl::request_to(const Goal& goal) const {
  auto request = client::request_for(goal);
  request.name = config.name;
  request.token = token_;
  request.received = receiver_.received();
  request.epoch = epoch_;
  request.schema_hash = schema.hash();
  request.unpacks = layout_hash_;
  if (lanes_) request.packs = lanes_->hash();
  request.converts = world_table;
  request.codec = kPackedVersion;
  if (held_schema_) request.holds = held_schema_->hash();
  request.rules_hash = rules_hash_;
  request.map_hash = map_hash_;
  return request;
}

engine::Result<std::string> ClientCore::Impl::url() {
  attempted_at_ = now();
  const bool goes_back = match && goal_.kind == Goal::Kind::kMatch && goal_.name == match->id;
  auto request = request_to(is_leaving_ ? Goal{} : goal_);
  request.resume = state == ClientState::kReconnecting && goes_back;
  return client::url_of(config.url, request);
}

// A session that goes on has been let in already.
std::string ClientCore::Impl::subprotocols() {
  if (!config.auth || !token_.empty()) return std::string(protocol::kSubprotocol);
  return fmt::format("{}, {}", protocol::kSubprotocol, protocol::auth_offer(*config.auth));
}

engine::Result<std::string> ClientCore::Impl::slot_url(std::uint8_t slot) {
  auto request = request_to(here());
  request.resume = true;
  request.link = slot;
  return client::url_of(config.url, request);
}

}  // namespace netcode
