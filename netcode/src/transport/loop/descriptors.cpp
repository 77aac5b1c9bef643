#include "transport/loop/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "netcode/limits.hpp"

namespace netcode::transport {

std::size_t descriptor_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

std::size_t raise_descriptor_limit(std::size_t enough) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const auto wanted = std::min<rlim_t>(limit.rlim_max, enough);
  if (wanted > limit.rlim_cur) {
    limit.rlim_cur = wanted;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  return descriptor_limit();
}

bool is_reserved_descriptor(int descriptor) {
  // The kernel gives out the lowest that is free, so a high one says that all below it are taken.
  return static_cast<std::size_t>(descriptor) + limits::kDescriptorsReserved >= descriptor_limit();
}

}  // namespace netcode::transport
