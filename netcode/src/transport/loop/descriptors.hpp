// The process's limit of file descriptors (RLIMIT_NOFILE): a connection takes one, a recording one.
//
// Threading: any.
#pragma once

#include <cstddef>

namespace netcode::transport {

/// The soft limit.
std::size_t descriptor_limit();
/// Raises the soft limit to the hard one, but not beyond `enough`. Returns the soft limit as it is then.
std::size_t raise_descriptor_limit(std::size_t enough);
/// One of the last few before the limit, kept for HTTP and for files (limits::kDescriptorsReserved)?
bool is_reserved_descriptor(int descriptor);

}  // namespace netcode::transport
