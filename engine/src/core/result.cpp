#include "engine/core/result.hpp"

#include <stdexcept>

namespace engine {

void throw_exception_from_error(const Error& error, const boost::source_location& /*where*/) {
  throw std::runtime_error(error.reason);
}

}  // namespace engine
