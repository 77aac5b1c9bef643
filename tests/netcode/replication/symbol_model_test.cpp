#include "replication/packed/symbol_model.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/rng.hpp"
#include "replication/packed/bit_coder.hpp"

namespace netcode::packed {
namespace {

/// One of few, as a rule.
std::size_t random_symbol(engine::Rng& rng) { return rng.below(10) == 0 ? rng.below(kSymbols) : rng.below(3); }

std::uint32_t sum_of(const SymbolModel& model) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kSymbols; ++i) sum += model.share(i);
  return sum;
}

}  // namespace

TEST(SymbolModel, gives_every_symbol_a_share_of_one_whatever_it_has_seen) {
  engine::Rng rng(1);
  SymbolModel model;
  EXPECT_EQ(sum_of(model), kShareOne);
  for (int i = 0; i < 20'000; ++i) {
    model.learn(i % 5000 < 2500 ? random_symbol(rng) : kSymbols - 1);
    ASSERT_EQ(sum_of(model), kShareOne) << "seed 1, " << i;
    for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) ASSERT_GE(model.share(symbol), 1U) << "seed 1, " << i;
  }
}

TEST(SymbolModel, learns_what_comes_often) {
  SymbolModel model;
  for (int i = 0; i < 200; ++i) model.learn(4);
  EXPECT_GT(model.share(4), kShareOne * 9 / 10);
  SymbolModel other = model.begun();
  EXPECT_EQ(other.share(4), model.share(4));
  for (int i = 0; i < 200; ++i) other.learn(15);
  EXPECT_GT(other.share(15), kShareOne * 8 / 10);
}

TEST(SymbolModels, keeps_a_model_for_each_context_that_came_and_none_for_the_others) {
  SymbolModels<40> models;
  EXPECT_EQ(models.room(), 0U);
  SymbolModel known;
  for (int i = 0; i < 200; ++i) known.learn(4);
  const std::size_t like = models.place_of(39, &known);
  EXPECT_EQ(models.at(like).share(4), known.share(4));
  for (int i = 0; i < 200; ++i) models.of(7).learn(2);
  EXPECT_GT(models.of(7).share(2), kShareOne * 9 / 10);
  EXPECT_EQ(models.of(0).share(2), kShareOne / kSymbols);
  EXPECT_EQ(models.place_of(39), like) << "for good";
  EXPECT_EQ(models.at(like).share(4), known.share(4)) << "what others learn is not its";
  EXPECT_LE(models.room(), 4U);
  const SymbolModels<40> copy = models;
  models.of(7).learn(9);
  EXPECT_NE(SymbolModels<40>(copy).of(7).share(9), models.of(7).share(9)) << "a copy has models of its own";
}

TEST(SymbolMixer, is_read_as_it_was_written_and_comes_nearer_to_the_model_that_is_right) {
  engine::Rng rng(2);
  std::vector<std::size_t> symbols;
  for (int i = 0; i < 5000; ++i) symbols.push_back(random_symbol(rng));
  const auto code = [&](auto& bits, bool writes) {
    std::array<SymbolModel, 3> models;
    SymbolMixer<3> mixer;
    std::vector<std::size_t> out;
    for (const std::size_t symbol : symbols) {
      out.push_back(mixer.code(bits, writes ? symbol : 0, {&models[0], &models[1], &models[2]}));
      for (int i = 0; i < 3; ++i) models[2].learn(7);  // it is never right
    }
    return out;
  };
  Bytes bytes;
  BitWriter writer(bytes);
  code(writer, true);
  writer.end();
  BitReader reader(bytes);
  EXPECT_EQ(code(reader, false), symbols);
  EXPECT_FALSE(reader.is_overrun());
  EXPECT_LT(bytes.size(), symbols.size() * 3 / 8) << "of 4 bits each, a third is not there";
}

}  // namespace netcode::packed
