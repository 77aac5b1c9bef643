#include "report.hpp"

#include <spdlog/fmt/fmt.h>

namespace scenes {

std::string text_of(const Figures& figures) {
  const bool has_target = figures.scene == Scene::kSine || figures.scene == Scene::kWander;
  const std::string target = has_target ? fmt::format(", target {:.1f}", kTargetBytesPerObject) : std::string();
  return fmt::format(
      "scene {} {:<8} {:7.2f} kB/s a connection (best {:.1f})   {:6.2f} bytes an object and update (best {:.1f}{})   "
      "{:6.1f} us of CPU a client and snapshot (best {:.0f})\n"
      "  {} clients for {:.1f} s: {:.2f} snapshots/s of {:.1f} objects and {:.1f} bytes of payload; {:.2f} kB/s of TCP "
      "payload and {:.1f} segments/s with {} bytes of IP and TCP headers; {:.2f} kB/s back\n",
      static_cast<int>(figures.scene), to_string(figures.scene), figures.wire_bytes_per_s / 1000,
      kBestBytesPerSecond / 1000, figures.bytes_per_object_and_update(), kBestBytesPerObject, target,
      figures.server_cpu_us, kBestCpuUs, figures.clients, figures.seconds, figures.snapshots_per_client_s,
      figures.objects_per_snapshot, figures.payload_bytes_per_snapshot, figures.tcp_bytes_per_s / 1000,
      figures.segments_per_s, figures.header_bytes, figures.up_bytes_per_s / 1000);
}

std::string json_of(const Figures& figures) {
  return fmt::format(
      R"({{"scene":{},"name":"{}","clients":{},"seconds":{:.3f},"snapshots_per_client_s":{:.3f},)"
      R"("objects_per_snapshot":{:.2f},"payload_bytes_per_snapshot":{:.1f},"tcp_bytes_per_connection_s":{:.1f},)"
      R"("segments_per_connection_s":{:.2f},"header_bytes_per_segment":{},"wire_bytes_per_connection_s":{:.1f},)"
      R"("wire_bytes_per_object_and_update":{:.3f},"up_bytes_per_connection_s":{:.1f},)"
      R"("server_cpu_us_per_client_and_snapshot":{:.2f},"best_public":{{"bytes_per_connection_s":{:.0f},)"
      R"("bytes_per_object_and_update":{:.1f},"cpu_us_per_client_and_snapshot":{:.0f}}}}})",
      static_cast<int>(figures.scene), to_string(figures.scene), figures.clients, figures.seconds,
      figures.snapshots_per_client_s, figures.objects_per_snapshot, figures.payload_bytes_per_snapshot,
      figures.tcp_bytes_per_s, figures.segments_per_s, figures.header_bytes, figures.wire_bytes_per_s,
      figures.bytes_per_object_and_update(), figures.up_bytes_per_s, figures.server_cpu_us, kBestBytesPerSecond,
      kBestBytesPerObject, kBestCpuUs);
}

}  // namespace scenes
