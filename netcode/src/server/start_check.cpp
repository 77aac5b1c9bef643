#include "server/start_check.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "engine/core/assert.hpp"
#include "server/record_dir.hpp"
#include "transport/loop/io_loop.hpp"

namespace netcode {
namespace {

// A socket that is bound and never listens: nobody can connect to it.
int try_to_bind(const addrinfo& address) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno;
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (address.ai_family == AF_INET6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
  const int error = ::bind(socket, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  ::close(socket);
  return error;
}

engine::Result<void> check_listen(const std::string& listen) {
  const ListenAddress asked = split_listen(listen);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (::getaddrinfo(asked.host.c_str(), std::to_string(asked.port).c_str(), &hints, &found) != 0)
    return engine::error("cannot listen on {}: unknown host {}", listen, asked.host);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  const int error = try_to_bind(*found);
  if (error == 0 || error == EADDRINUSE) return {};
  return engine::error("cannot listen on {}: {}", listen, std::generic_category().message(error));
}

engine::Result<void> check_matches(ServerCore& core) {
  // Never run: what is posted to them goes with them.
  std::vector<std::unique_ptr<transport::IoLoop>> loops;
  std::vector<transport::Loop*> shards;
  for (std::uint32_t i = 0; i < core.config().threads; ++i) {
    loops.push_back(std::make_unique<transport::IoLoop>());
    shards.push_back(loops.back().get());
  }
  try {
    core.start(shards);
  } catch (const std::runtime_error& error) {
    core.tear_down();
    return engine::error("{}", error.what());
  }
  core.tear_down();
  return {};
}

}  // namespace

ListenAddress split_listen(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return {std::move(host), static_cast<std::uint16_t>(std::stoul(listen.substr(colon + 1)))};
}

engine::Result<std::shared_ptr<const transport::TlsContext>> load_tls(const ServerConfig& config) {
  if (config.tls_cert.empty()) return std::shared_ptr<const transport::TlsContext>();
  return transport::TlsContext::load(config.tls_cert, config.tls_key);
}

engine::Result<void> check_start(ServerCore& core) {
  const ServerConfig& config = core.config();
  ENGINE_ASSERT(config.check_only);
  if (!config.record_dir.empty())
    if (auto ok = check_record_dir(config.record_dir); !ok) return ok;
  if (auto tls = load_tls(config); !tls) return tls.error();
  for (const std::string& listen : config.listen)
    if (auto ok = check_listen(listen); !ok) return ok;
  return check_matches(core);
}

}  // namespace netcode
