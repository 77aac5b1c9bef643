#include "replication/packed/bit_model.hpp"

namespace netcode::packed {
namespace {

// 1 / (1 + e^-x) by repeated multiplication with e^(1/256), in integers of 40 fractional bits: never a library's exp.
constexpr LogisticTables make_tables() {
  LogisticTables tables{};
  constexpr std::uint64_t kOne = std::uint64_t{1} << 40;
  constexpr std::uint64_t kStep = 1103814994613;  // e^(1/256) * 2^40
  std::uint64_t power = kOne;                     // e^(i/256), at most e^9
  for (int i = 0; i <= kStretchMax; ++i) {
    // 65536 / (1 + 1/e^x) = 65536 e^x / (e^x + 1)
    const std::uint64_t upper = (power >> 10) * 65536 / ((power >> 10) + (kOne >> 10));
    const std::uint64_t p = upper > 65530 ? 65530 : upper;
    const int above = kStretchMax + i;
    const int below = kStretchMax - i;
    tables.squash[static_cast<std::size_t>(above)] = static_cast<std::uint16_t>(p);
    tables.squash[static_cast<std::size_t>(below)] = static_cast<std::uint16_t>(65536 - p);
    // power * kStep / 2^40 without 128 bits: in two halves
    const std::uint64_t low = power & 0xFFFFF;
    power = (power >> 20) * (kStep >> 20) + (((power >> 20) * (kStep & 0xFFFFF)) >> 20) + ((low * (kStep >> 20)) >> 20);
  }
  tables.squash[2 * kStretchMax + 1] = tables.squash[2 * kStretchMax];
  int x = -kStretchMax;
  for (int i = 0; i < 4096; ++i) {
    const int p = 16 * i + 8;
    for (int at = x + kStretchMax; x < kStretchMax && tables.squash[static_cast<std::size_t>(at)] < p; ++at) ++x;
    tables.stretch[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(x);
  }
  return tables;
}

}  // namespace

constinit const LogisticTables kLogistic = make_tables();

}  // namespace netcode::packed
