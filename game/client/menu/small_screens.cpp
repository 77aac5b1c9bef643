// The pause, a password asked for, a message, and waiting: a few words and a few buttons each.
#include <cmath>
#include <numbers>

#include "game/client/menu/screens.hpp"
#include "game/client/units.hpp"

namespace game::client {
namespace {

using engine::app::Box;
using engine::app::Canvas;

constexpr Box kCard = {340, 200, 600, 300};
constexpr float kLeft = kCard.x + 48;
constexpr float kWidth = kCard.width - 96;
constexpr std::size_t kPasswordBytesMax = 64;

void card(Ui& ui, std::string title) {
  ui.panel(kCard);
  ui.text({kLeft, kCard.y + 66}, std::move(title),
          {Face::kTitle, 30, palette::kBright, engine::app::Align::kLeft, kWidth});
}

Box card_button(int index) { return {kLeft + 176.0F * static_cast<float>(index), kCard.y + 224, 160, 42}; }

}  // namespace

// --- Pause -----------------------------------------------------------------------------------------------------------

void PauseScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  ui.text({kMarginLeft, 190}, context.pause.title, {Face::kTitle, 56, palette::kBright});
  ui.text({kMarginLeft + 2, 222}, context.pause.words,
          {Face::kText, 15, palette::kMuted, engine::app::Align::kLeft, kMarginRight - kMarginLeft});
  ui.prefer_focus("resume");
  if (ui.button("resume", {kMarginLeft, 262, 380, 44}, "Resume")) context.emit(ResumeMatch{});
  if (ui.button("settings", {kMarginLeft, 310, 380, 44}, "Settings")) context.go = ScreenId::kSettings;
  if (ui.button("leave", {kMarginLeft, 358, 380, 44}, context.pause.leave)) context.emit(LeaveMatch{});
  if (ui.button("quit", {kMarginLeft, 406, 380, 44}, "Quit")) context.emit(Quit{});
}

// --- Password --------------------------------------------------------------------------------------------------------

void PasswordScreen::enter(MenuContext&) { password_.clear(); }

void PasswordScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  card(ui, "This match has a password");
  ui.prefer_focus("password");
  const FieldResult field = ui.field("password", {kLeft, kCard.y + 138, kWidth, 42}, "Password", password_,
                                     {.bytes_max = kPasswordBytesMax, .is_masked = true});
  const bool pressed =
      ui.button("join", card_button(0), context.wanted.spectate ? "Watch" : "Join", {!password_.empty(), true});
  if (pressed || (field.submitted && !password_.empty())) {
    context.wanted.password = password_;
    context.emit(context.wanted);
  }
  if (ui.button("back", card_button(1), "Back", {.is_small = true})) leave(context);
}

// --- Message ---------------------------------------------------------------------------------------------------------

void MessageScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  card(ui, context.notice.title);
  ui.wrapped({kLeft, kCard.y + 92, kWidth, 120}, context.notice.words, {Face::kText, 17, palette::kText});
  int index = 0;
  if (context.notice.retry) {
    ui.prefer_focus("retry");
    if (ui.button("retry", card_button(index++), "Try again", {.is_small = true})) {
      context.back = true;
      const JoinMatch* join = std::get_if<JoinMatch>(&*context.notice.retry);
      if (join && !join->password.empty()) {  // which may have been the wrong one
        context.wanted = *join;
        context.go = ScreenId::kPassword;
      } else {
        context.emit(*context.notice.retry);
      }
    }
  }
  if (ui.button("back", card_button(index), "Back", {.is_small = true})) leave(context);
}

// --- Waiting ---------------------------------------------------------------------------------------------------------

void WaitingScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  time_s_ = std::fmod(time_s_ + ui.input().dt_s, std::numbers::pi / 2);  // one round
  card(ui, context.notice.title);
  ui.wrapped({kLeft, kCard.y + 92, kWidth - 90, 120}, context.notice.words, {Face::kText, 17, palette::kText});
  ui.custom([turn = static_cast<float>(time_s_) * 4, color = sides_of(context.settings.colors).own](
                Canvas& canvas, MenuArt&, float alpha) {
    const Point at = {kCard.x + kCard.width - 84, kCard.y + 110};
    canvas.ring(at, 24, 2, engine::app::faded(palette::kPanelEdge, alpha));
    const float from = std::fmod(turn, 2 * kPi);
    canvas.arc(at, 24, from, from + 1.6F, 3, engine::app::faded(color, alpha));
    canvas.glow(at + engine::app::direction(from + 1.6F) * 24, 16,
                engine::app::added(engine::app::faded(color, 0.5F * alpha)));
  });
  if (ui.button("cancel", card_button(0), "Cancel", {.is_small = true})) leave(context);
}

void WaitingScreen::leave(MenuContext& context) {
  context.emit(CancelWait{});
  context.back = true;
}

}  // namespace game::client
