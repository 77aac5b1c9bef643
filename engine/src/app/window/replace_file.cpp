#include "engine/app/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

namespace engine::app {
namespace {

namespace fs = std::filesystem;

/// As many as Linux follows.
constexpr int kLinksMax = 40;
/// Of a file that is new; less what the user's umask takes away.
constexpr ::mode_t kNewFileMode = 0666;

Error failed(const fs::path& path, std::string_view what) {
  return error("{}: {}: {}", path.string(), what, std::generic_category().message(errno));
}

/// Where the links lead to, whether a file is there or not.
Result<fs::path> target_of(const fs::path& path) {
  fs::path at = path;
  for (int i = 0; i < kLinksMax; ++i) {
    std::error_code problem;
    if (!fs::is_symlink(fs::symlink_status(at, problem))) return at;
    const fs::path next = fs::read_symlink(at, problem);
    if (problem) return error("{}: the link cannot be read: {}", at.string(), problem.message());
    at = next.is_absolute() ? next : at.parent_path() / next;
  }
  return error("{}: its links lead round in circles", path.string());
}

/// A file that is taken away again unless it is kept.
class Draft {
 public:
  explicit Draft(fs::path path) : path_(std::move(path)) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (file_ >= 0) ::close(file_);
    if (!is_kept_) ::unlink(path_.c_str());
  }

  Result<void> write(std::string_view text, std::optional<::mode_t> mode) {
    ::unlink(path_.c_str());  // of a program that ended half way
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode);
    if (file_ < 0) return failed(path_, "cannot be made");
    if (mode && ::fchmod(file_, *mode) != 0) return failed(path_, "cannot be given the old file's permissions");
    while (!text.empty()) {
      const ::ssize_t written = ::write(file_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed(path_, "cannot be written");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file_) != 0) return failed(path_, "cannot be written");
    const int closed = ::close(file_);
    file_ = -1;
    if (closed != 0) return failed(path_, "cannot be written");
    return {};
  }

  Result<void> rename_to(const fs::path& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) return failed(target, "cannot be replaced");
    is_kept_ = true;
    // The name, too, is to be there after a loss of power. A file system that cannot do that has done what it can.
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); opened >= 0) {
      (void)::fsync(opened);
      ::close(opened);
    }
    return {};
  }

 private:
  fs::path path_;
  int file_ = -1;
  bool is_kept_ = false;
};

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view text) {
  const auto target = target_of(path);
  if (!target) return target.error();
  if (*target == fs::path(path) && target->has_parent_path()) {
    std::error_code problem;
    fs::create_directories(target->parent_path(), problem);
    if (problem) return error("{}: cannot be made: {}", target->parent_path().string(), problem.message());
  }
  struct ::stat old {};
  const bool is_there = ::stat(target->c_str(), &old) == 0;
  if (is_there && !S_ISREG(old.st_mode)) return error("{}: is no file that could be replaced", target->string());
  Draft draft(target->string() + ".new");
  const auto mode = is_there ? std::optional<::mode_t>(old.st_mode & 07777U) : std::nullopt;
  if (auto written = draft.write(text, mode); !written) return written;
  return draft.rename_to(*target);
}

}  // namespace engine::app
