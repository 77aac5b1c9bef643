// Colours are told apart by everybody: measured as CIE 1976 colour differences, as people with normal vision and with
// the two common colour blindnesses see them.
//
// Sources: IEC 61966-2-1 (sRGB); CIE 15:2004 (L*a*b*, D65); G. Machado, M. Oliveira, L. Fernandes, "A
// Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, severity 1.0.
#include "game/client/palette.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace game::client {
namespace {

using Vec3 = std::array<double, 3>;
using Matrix = std::array<Vec3, 3>;

constexpr Matrix kNormal = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kProtanopia = {
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia = {
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kToXyz = {
    {{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}}};
constexpr Vec3 kWhiteD65 = {0.95047, 1, 1.08883};

Vec3 operator*(const Matrix& m, const Vec3& v) {
  Vec3 out{};
  for (std::size_t i = 0; i < 3; ++i) out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
  return out;
}

double linear(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

Vec3 lab(Color color, const Matrix& eye) {
  Vec3 seen = eye * Vec3{linear(color.r), linear(color.g), linear(color.b)};
  for (double& channel : seen) channel = std::clamp(channel, 0.0, 1.0);
  const Vec3 xyz = kToXyz * seen;
  const auto f = [&](std::size_t i) {
    const double t = xyz[i] / kWhiteD65[i];
    return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  };
  return {116 * f(1) - 16, 500 * (f(0) - f(1)), 200 * (f(1) - f(2))};
}

double distance(Color a, Color b, const Matrix& eye) {
  const Vec3 p = lab(a, eye);
  const Vec3 q = lab(b, eye);
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

struct Eye {
  const char* name;
  Matrix matrix;
};
const std::array<Eye, 3> kEyes = {{{"normal", kNormal}, {"protanopia", kProtanopia}, {"deuteranopia", kDeuteranopia}}};

TEST(Palette, is_measured_right) {
  // Known values of sRGB: white, red, and the distance of black and white.
  EXPECT_NEAR(lab(rgb(0xFFFFFF), kNormal)[0], 100, 0.01);
  EXPECT_NEAR(lab(rgb(0xFF0000), kNormal)[0], 53.24, 0.01);
  EXPECT_NEAR(lab(rgb(0xFF0000), kNormal)[1], 80.09, 0.01);
  EXPECT_NEAR(lab(rgb(0xFF0000), kNormal)[2], 67.20, 0.01);
  EXPECT_NEAR(distance(rgb(0), rgb(0xFFFFFF), kDeuteranopia), 100, 0.01);
  EXPECT_LT(distance(rgb(0xC00000), rgb(0x5A5A00), kProtanopia), 40) << "what protanopes confuse";
}

TEST(Palette, tells_own_from_foe_for_every_eye_and_choice) {
  for (const SideColors& colors : kSideColors)
    for (const Eye& eye : kEyes) {
      const double apart = distance(colors.own, colors.foe, eye.matrix);
      RecordProperty(eye.name, std::to_string(apart));
      EXPECT_GE(apart, 51) << eye.name << ", set " << &colors - kSideColors.data() << ": " << apart;
    }
}

TEST(Palette, tells_the_teams_apart_for_every_eye_and_choice) {
  for (const SideColors& colors : kSideColors)
    for (const Eye& eye : kEyes) {
      const double apart = distance(colors.teams[0], colors.teams[1], eye.matrix);
      EXPECT_GE(apart, 95) << eye.name << ", set " << &colors - kSideColors.data();
    }
}

TEST(Palette, shows_every_side_on_the_ground_for_every_eye) {
  for (const SideColors& colors : kSideColors)
    for (const Eye& eye : kEyes)
      for (const Color color : {colors.own, colors.foe, colors.teams[0], colors.teams[1]})
        EXPECT_GE(distance(color, palette::kGround, eye.matrix), 50) << eye.name;
}

}  // namespace
}  // namespace game::client
