#include "replication/field_meter.hpp"

#include <string>
#include <utility>

#include "replication/packed/packed_codec.hpp"

namespace netcode {

void FieldMeter::add(const LaneLayoutPtr& layout, packed::State before, const packed::State& after) {
  const bool is_first = before.tick() == 0;
  if (is_first || layout_ != layout) bits_.clear();
  layout_ = layout;
  if (is_first) return;
  std::vector<packed::BitCounter::Field> fields(packed::field_names(*layout).size());
  packed::count(*layout, before, after.tick(), after.past.front().world, fields);
  std::vector<double> bits;
  bits.reserve(fields.size() + 1);
  for (const packed::BitCounter::Field& field : fields) bits.push_back(field.bits);
  bits.push_back(0);
  if (bits_.size() == kSnapshotsMax) bits_.pop_front();
  bits_.push_back(std::move(bits));
}

void FieldMeter::add_own(std::size_t bytes) {
  if (!bits_.empty()) bits_.back().back() += 8 * static_cast<double>(bytes);
}

FieldCosts FieldMeter::means() const {
  if (bits_.empty()) return {};
  std::vector<std::string> names = packed::field_names(*layout_);
  names.emplace_back("owner_only");
  FieldCosts out;
  out.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    double sum = 0;
    for (const std::vector<double>& bits : bits_) sum += bits[i];
    out.push_back({.name = std::move(names[i]), .bits = sum / static_cast<double>(bits_.size())});
  }
  return out;
}

}  // namespace netcode
