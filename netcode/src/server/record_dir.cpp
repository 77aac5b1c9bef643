#include "server/record_dir.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace netcode {
namespace {

engine::Error cannot(const std::string& path, const std::string& what) {
  return engine::error("--record {}: {}: {}", path, what, std::generic_category().message(errno));
}

// Permissions alone do not tell: root may write anywhere and yet not to /sys or to a disk that is mounted read-only.
engine::Result<void> try_a_file_in(const std::string& folder, const std::string& path, const std::string& what) {
  std::string name = folder + "/.scrim-check-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return cannot(path, what);
  ::close(descriptor);
  ::unlink(name.c_str());
  return {};
}

enum class PathKind { kDirectory, kOther, kMissing };

PathKind kind_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return PathKind::kMissing;
  return S_ISDIR(status.st_mode) ? PathKind::kDirectory : PathKind::kOther;
}

std::string parent_of(const std::string& path) {
  std::filesystem::path whole(path);
  if (!whole.has_filename()) whole = whole.parent_path();  // "dir/"
  const std::string parent = whole.parent_path().string();
  return parent.empty() ? "." : parent;
}

engine::Result<void> in_directory(const std::string& path) {
  if (kind_of(path) == PathKind::kOther) return engine::error("--record {}: is not a directory", path);
  return try_a_file_in(path, path, "no file can be made there");
}

}  // namespace

engine::Result<void> prepare_record_dir(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return cannot(path, "cannot be made");
  return in_directory(path);
}

engine::Result<void> check_record_dir(const std::string& path) {
  if (kind_of(path) != PathKind::kMissing) return in_directory(path);
  const std::string parent = parent_of(path);
  return try_a_file_in(parent, path, "cannot be made");
}

}  // namespace netcode
