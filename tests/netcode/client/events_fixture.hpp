// A client and the events that go to and from it.
#pragma once

#include "client_fixture.hpp"

namespace netcode {

class Events : public ClientTest {
 protected:
  /// From the server, reliable unless sequence is 0.
  void tell(std::uint32_t sequence, std::string_view name, const Bytes& body, std::uint32_t ack = 0,
            std::string_view space = "/") {
    server.peer().send(protocol::encode(
        protocol::EventMessage{.sequence = sequence, .name = name, .space = space, .ack = ack, .body = body}));
    run();
  }
  void answer(std::uint32_t sequence, std::uint32_t id, std::optional<std::string_view> error = {},
              std::string_view table = {}, const Bytes& body = {}) {
    server.peer().send(protocol::encode(
        protocol::AckMessage{.sequence = sequence, .id = id, .error = error, .table = table, .body = body}));
    run();
  }
};

}  // namespace netcode
