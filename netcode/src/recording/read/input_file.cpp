#include "recording/read/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "engine/core/assert.hpp"

namespace netcode::recording {

namespace {

constexpr std::size_t kWindowBytes = 64 * 1024;

class PosixInputFile final : public InputFile {
 public:
  PosixInputFile(int descriptor, std::uint64_t size, std::string path)
      : descriptor_(descriptor), size_(size), path_(std::move(path)) {}
  ~PosixInputFile() override { ::close(descriptor_); }
  PosixInputFile(const PosixInputFile&) = delete;
  PosixInputFile& operator=(const PosixInputFile&) = delete;

  std::uint64_t size() const override { return size_; }

  engine::Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
    ENGINE_ASSERT(offset <= size_ && out.size() <= size_ - offset);
    if (offset >= window_at_ && offset + out.size() <= window_at_ + window_.size()) {
      std::copy_n(window_.begin() + static_cast<std::ptrdiff_t>(offset - window_at_), out.size(), out.begin());
      return {};
    }
    if (out.size() > kWindowBytes) return read_through(offset, out);
    window_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kWindowBytes, size_ - offset)));
    window_at_ = offset;
    if (auto filled = read_through(offset, window_); !filled) {
      window_.clear();
      return filled;
    }
    std::copy_n(window_.begin(), out.size(), out.begin());
    return {};
  }

 private:
  engine::Result<void> read_through(std::uint64_t offset, std::span<std::uint8_t> out) {
    while (!out.empty()) {
      const ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return engine::error("read {}: {}", path_, std::generic_category().message(errno));
      if (got == 0) return engine::error("read {}: it became shorter while it was read", path_);
      offset += static_cast<std::uint64_t>(got);
      out = out.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }

  int descriptor_;
  std::uint64_t size_;
  std::string path_;
  Bytes window_;
  std::uint64_t window_at_ = 0;
};

class MemoryInputFile final : public InputFile {
 public:
  explicit MemoryInputFile(Bytes bytes) : bytes_(std::move(bytes)) {}

  std::uint64_t size() const override { return bytes_.size(); }
  engine::Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
    ENGINE_ASSERT(offset <= bytes_.size() && out.size() <= bytes_.size() - offset);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return {};
  }

 private:
  Bytes bytes_;
};

}  // namespace

engine::Result<std::unique_ptr<InputFile>> open_input_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    const engine::Error failed =
        engine::error("{}: {}", path, descriptor < 0 ? std::generic_category().message(errno) : "not a file");
    if (descriptor >= 0) ::close(descriptor);
    return failed;
  }
  return std::unique_ptr<InputFile>(
      std::make_unique<PosixInputFile>(descriptor, static_cast<std::uint64_t>(status.st_size), path));
}

std::unique_ptr<InputFile> memory_input_file(Bytes bytes) {
  return std::make_unique<MemoryInputFile>(std::move(bytes));
}

}  // namespace netcode::recording
