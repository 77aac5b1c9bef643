#include "recording/write/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace netcode::recording {

namespace {

engine::Error system_error(const char* what, const std::string& path) {
  return engine::error("{} {}: {}", what, path, std::generic_category().message(errno));
}

class PosixOutputFile final : public OutputFile {
 public:
  PosixOutputFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixOutputFile() override { ::close(descriptor_); }
  PosixOutputFile(const PosixOutputFile&) = delete;
  PosixOutputFile& operator=(const PosixOutputFile&) = delete;

  engine::Result<void> append(BytesView bytes) override {
    if (auto there = still_there(); !there) return there;
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return system_error("write", path_);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
  }

  engine::Result<void> truncate(std::uint64_t bytes) override {
    if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) return system_error("truncate", path_);
    return {};
  }

  engine::Result<void> sync() override {
    if (::fdatasync(descriptor_) != 0) return system_error("sync", path_);
    return {};
  }

 private:
  // What is written to a file that was removed, with its directory perhaps, is written to nothing, and no write says
  // so.
  engine::Result<void> still_there() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return system_error("stat", path_);
    if (status.st_nlink == 0) return engine::error("write {}: the file was removed", path_);
    return {};
  }

  int descriptor_;
  std::string path_;
};

}  // namespace

engine::Result<std::unique_ptr<OutputFile>> create_output_file(const std::string& path) {
  // O_APPEND: after a truncate the next write goes to the new end.
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) return system_error("create", path);
  return std::unique_ptr<OutputFile>(std::make_unique<PosixOutputFile>(descriptor, path));
}

}  // namespace netcode::recording
