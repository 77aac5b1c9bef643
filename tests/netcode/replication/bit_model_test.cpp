// How fast a probability is learned, and how several are weighed.
#include "replication/packed/bit_model.hpp"

#include <gtest/gtest.h>
#include <engine/core/rng.hpp>

#include <cmath>
#include <vector>

namespace netcode::packed {
namespace {

using engine::Rng;

double probability(const BitModel& model) { return model.p() / 65536.0; }

}  // namespace

TEST(BitModel, starts_undecided) { EXPECT_NEAR(probability(BitModel()), 0.5, 0.001); }

TEST(BitModel, is_a_probability_whatever_it_has_seen) {
  Rng rng(1);
  for (int bias = 0; bias <= 100; bias += 10) {
    BitModel model;
    for (int i = 0; i < 5000; ++i) {
      model.learn(rng.below(100) < static_cast<std::uint32_t>(bias));
      ASSERT_GE(model.p(), 1U);
      ASSERT_LE(model.p(), 65535U);
    }
  }
}

TEST(BitModel, has_half_learned_after_one_bit_and_is_nearly_sure_after_many) {
  BitModel model;
  model.learn(true);
  EXPECT_NEAR(probability(model), 0.7, 0.01);
  for (int i = 0; i < 1000; ++i) model.learn(true);
  EXPECT_GT(probability(model), 0.997);
  BitModel other;
  for (int i = 0; i < 1000; ++i) other.learn(false);
  EXPECT_LT(probability(other), 0.003);
}

TEST(BitModel, comes_near_the_share_of_ones) {
  Rng rng(2);
  for (const std::uint32_t percent : {10U, 30U, 50U, 80U}) {
    BitModel model;
    double sum = 0;
    for (int i = 0; i < 4000; ++i) {
      model.learn(rng.below(100) < percent);
      if (i >= 2000) sum += probability(model);
    }
    EXPECT_NEAR(sum / 2000, percent / 100.0, 0.02);
  }
}

TEST(Logistic, squashes_what_it_stretched_to_about_the_same) {
  for (Probability p = 16; p < 65520; p += 7)
    ASSERT_NEAR(squash(stretch(p)), p, 16 + 0.004 * p * (65536 - p) / 65536) << p;
}

TEST(Logistic, is_the_logistic_function_in_integers) {
  for (int x = -1400; x <= 1400; ++x) ASSERT_NEAR(squash(x), 65536 / (1 + std::exp(-x / 256.0)), 2) << x;
}

TEST(Logistic, never_falls_and_stays_a_probability) {
  for (int x = -3000; x <= 3000; ++x) {
    ASSERT_GE(squash(x), 1U) << x;
    ASSERT_LE(squash(x), 65535U) << x;
    ASSERT_GE(squash(x), squash(x - 1)) << x;
  }
  for (Probability p = 1; p < 65536; ++p) ASSERT_GE(stretch(p), stretch(p - 1));
}

TEST(Mixer, learns_which_model_knows) {
  Rng rng(3);
  std::vector<BitCounter::Field> fields(2);
  BitCounter bits(fields);
  Mixer<3> mixer;
  std::array<BitModel, 2> knows;
  std::array<BitModel, 2> noise;
  BitModel none;
  for (int i = 0; i < 4000; ++i) {
    const bool bit = rng.below(2) == 0;
    bits.at(i < 2000 ? 0 : 1);
    mixer.code(bits, bit, {&none, &noise[rng.below(2)], &knows[bit ? 1 : 0]});
  }
  EXPECT_LT(fields[1].bits, 100);  // of 2000
}

TEST(Mixer, loses_little_where_nothing_is_known) {
  Rng rng(4);
  std::vector<BitCounter::Field> fields(1);
  BitCounter bits(fields);
  Mixer<3> mixer;
  std::array<BitModel, 3> models;
  for (int i = 0; i < 4000; ++i) mixer.code(bits, rng.below(2) == 0, {&models[0], &models[1], &models[2]});
  EXPECT_LT(fields[0].bits, 4000 * 1.05);
}

}  // namespace netcode::packed
