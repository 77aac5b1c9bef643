#include "transport/http/accept.hpp"

#include "netcode/limits.hpp"

namespace netcode::transport {

ConnectionOptions::ConnectionOptions()
    : message_bytes_max(limits::kMessageFromClientBytesMax),
      handshake_timeout(limits::kHandshakeTimeout),
      close_timeout(limits::kCloseTimeout),
      message_assembly_timeout(limits::kMessageAssemblyTimeout),
      message_fragments_max(limits::kMessageFragmentsMax),
      bytes_per_second_max(limits::kClientBytesPerSecondMax),
      bytes_burst_max(limits::kClientBytesBurstMax),
      control_frames_per_second_max(limits::kControlFramesPerSecondMax),
      control_frames_burst_max(limits::kControlFramesBurstMax),
      visitors_max(limits::kVisitorsMax),
      kernel_unsent_bytes_max(limits::kKernelUnsentBytesMax),
      request_body_bytes_max(limits::kHttpBodyBytesMax),
      requests_per_connection_max(limits::kHttpRequestsPerConnectionMax),
      answers_awaited_max(limits::kHttpAnswersAwaitedMax),
      answer_timeout(limits::kHttpAnswerTimeout),
      idle_timeout(limits::kHttpIdleTimeout) {}

OnConnection taker_of(const Upgrade& upgrade, const AcceptHandlers& handlers) {
  if (!upgrade.on_open) return handlers.on_connection;
  return [open = upgrade.on_open](const HttpRequest&, std::shared_ptr<Connection> connection) {
    open(std::move(connection));
  };
}

}  // namespace netcode::transport
