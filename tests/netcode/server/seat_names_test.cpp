#include "server/seat_names.hpp"

#include <gtest/gtest.h>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"

namespace netcode {

TEST(SeatNames, numbers_all_but_the_first_of_a_name) {
  SeatNames names;
  EXPECT_EQ(names.take(PlayerId{1}, "ada"), "ada");
  EXPECT_EQ(names.take(PlayerId{2}, "ada"), "ada (2)");
  EXPECT_EQ(names.take(PlayerId{3}, "ada"), "ada (3)");
  EXPECT_EQ(names.take(PlayerId{4}, "bob"), "bob");
}

TEST(SeatNames, gives_a_name_again_that_nobody_has_any_more) {
  SeatNames names;
  names.take(PlayerId{1}, "ada");
  names.take(PlayerId{2}, "ada");
  names.release(PlayerId{1});
  names.release(PlayerId{7});
  EXPECT_EQ(names.take(PlayerId{3}, "ada"), "ada");
  EXPECT_EQ(names.take(PlayerId{4}, "ada"), "ada (3)") << "the second is still here";
}

TEST(SeatNames, tells_a_name_apart_that_looks_like_a_number_of_ours) {
  SeatNames names;
  names.take(PlayerId{1}, "ada (2)");
  names.take(PlayerId{2}, "ada");
  EXPECT_EQ(names.take(PlayerId{3}, "ada"), "ada (3)");
  EXPECT_EQ(names.take(PlayerId{4}, "ada (2)"), "ada (2) (2)");
}

TEST(SeatNames, cuts_a_long_name_between_letters) {
  SeatNames names;
  std::string longest;
  while (longest.size() + 3 <= limits::kNameBytesMax) longest += "\u20ac";
  longest.resize(longest.size());
  names.take(PlayerId{1}, longest);
  for (std::uint32_t player = 2; player < 1200; ++player) {
    const std::string name = names.take(PlayerId{player}, longest);
    ASSERT_LE(name.size(), limits::kNameBytesMax);
    ASSERT_TRUE(engine::is_utf8(name)) << name;
  }
  SeatNames spaced;
  const std::string words = "aaaaaaaaaaaaaaaaaaaaaaaaaaa bcde";
  spaced.take(PlayerId{1}, words);
  EXPECT_EQ(spaced.take(PlayerId{2}, words), "aaaaaaaaaaaaaaaaaaaaaaaaaaa (2)") << "no space before the number's own";
}

}  // namespace netcode
