// A client at the level of the protocol: one connection, and what came over it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/messages.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode {

class Visitor final : public transport::ConnectionHandler {
 public:
  ~Visitor() override {
    if (connection) connection->detach();
  }
  void on_message(transport::MessageKind, BytesView bytes) override {
    const auto message = protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    if (const auto* got = std::get_if<protocol::Welcome>(&*message)) welcome = *got;
    if (std::holds_alternative<protocol::MapView>(*message)) ++maps;
    if (const auto* got = std::get_if<protocol::SchemaView>(&*message)) schemas.push_back(got->hash);
    if (std::holds_alternative<protocol::PackedView>(*message)) ++packed;
    if (const auto* got = std::get_if<protocol::SnapshotView>(&*message)) heads.push_back(got->head);
    if (const auto* got = std::get_if<protocol::EventMessage>(&*message)) events.push_back(got->sequence);
    if (const auto* got = std::get_if<protocol::AckMessage>(&*message)) {
      events.push_back(got->sequence);
      if (got->error) refusals.emplace_back(*got->error);
    }
  }
  void on_writable() override {}
  void on_closed(const transport::CloseInfo& info) override { closed = info; }

  void send(Bytes message) const { send(std::vector<Bytes>{std::move(message)}); }
  /// In one write.
  void send(std::vector<Bytes> messages) const {
    std::vector<transport::OutgoingMessage> frames;
    for (Bytes& message : messages) frames.push_back({.head = std::move(message)});
    connection->write(std::move(frames));
  }

  std::shared_ptr<transport::Connection> connection;
  std::optional<protocol::Welcome> welcome;
  std::vector<protocol::SnapshotHead> heads;
  std::vector<std::uint32_t> events;  // the sequences of events and answers
  std::vector<std::string> refusals;
  int maps = 0;
  std::vector<std::uint64_t> schemas;  // their hashes
  int packed = 0;                      // snapshots, which are not in heads
  std::optional<transport::CloseInfo> closed;

 private:
  protocol::AlignedBuffer buffer_;
};

}  // namespace netcode
