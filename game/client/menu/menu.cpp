#include "game/client/menu/menu.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "engine/core/assert.hpp"
#include "game/client/menu/painter.hpp"
#include "game/client/menu/recordings.hpp"
#include "game/client/menu/screens.hpp"

namespace game::client {
namespace {

using engine::app::Canvas;
using engine::app::Device;
using engine::app::Input;
using engine::app::Point;

/// Choices that nobody took: an app takes them every frame.
constexpr std::size_t kChoicesMax = 64;
constexpr float kAppearPer_s = 6;
constexpr float kSlide = 22;

template <class T, class... Ts>
constexpr bool kIsOneOf = (std::is_same_v<T, Ts> || ...);

/// What the waiting screen says while the choice is carried out; nothing for what is done at once.
std::optional<Notice> wait_words(const MenuChoice& choice) {
  return std::visit(
      [](const auto& c) -> std::optional<Notice> {
        using T = std::decay_t<decltype(c)>;
        if constexpr (std::is_same_v<T, QuickPlay>) {
          return Notice{"Quick play", "Looking for a match on " + short_address(c.url) + " ..."};
        } else if constexpr (std::is_same_v<T, JoinMatch>) {
          return Notice{c.spectate ? "Watching" : "Joining", "Entering the match on " + short_address(c.url) + " ..."};
        } else if constexpr (std::is_same_v<T, CreateMatch>) {
          return Notice{"Making a match", "Asking " + short_address(c.url) + " for a match ..."};
        } else if constexpr (kIsOneOf<T, HostMatch, PlayOffline>) {
          return Notice{"Starting", "Starting the match ..."};
        } else if constexpr (std::is_same_v<T, WatchRecording>) {
          return Notice{"Opening", "Opening " + c.path + " ..."};
        } else {
          return std::nullopt;
        }
      },
      choice);
}

}  // namespace

Menu::Menu(MenuArt& art, Settings& settings, engine::app::Controls& controls)
    : art_(art),
      settings_(settings),
      controls_(controls),
      applied_(settings),
      last_name_(settings.name),
      recording_folders_(default_recording_folders()),
      backdrop_(20261120) {
  screens_[ScreenId::kMain] = std::make_unique<MainScreen>();
  screens_[ScreenId::kBrowser] = std::make_unique<BrowserScreen>();
  screens_[ScreenId::kPassword] = std::make_unique<PasswordScreen>();
  screens_[ScreenId::kCreate] = std::make_unique<SetupScreen>(SetupScreen::For::kServer);
  screens_[ScreenId::kHost] = std::make_unique<SetupScreen>(SetupScreen::For::kFriends);
  screens_[ScreenId::kOffline] = std::make_unique<SetupScreen>(SetupScreen::For::kOffline);
  screens_[ScreenId::kRecordings] = std::make_unique<RecordingsScreen>();
  screens_[ScreenId::kSettings] = std::make_unique<SettingsScreen>();
  screens_[ScreenId::kPause] = std::make_unique<PauseScreen>();
  screens_[ScreenId::kMessage] = std::make_unique<MessageScreen>();
  screens_[ScreenId::kWaiting] = std::make_unique<WaitingScreen>();
}

Menu::~Menu() = default;

// --- What it is told -------------------------------------------------------------------------------------------------

void Menu::set_server(const ServerView& server) { server_ = server; }

void Menu::show(ScreenId screen) {
  ignores_presses_ = true;
  stack_.clear();
  asked_.reset();
  push(screen);
}

void Menu::fail(std::string title, std::string words) {
  // A second failure of the same attempt can be tried again as the first could.
  const bool is_another = stack_.back() == ScreenId::kMessage && !asked_;
  std::optional<MenuChoice> retry = is_another ? notice_.retry : std::exchange(asked_, std::nullopt);
  notice_ = {std::move(title), std::move(words), std::move(retry)};
  if (is_over_match()) stack_ = {ScreenId::kMain};
  for (const ScreenId passing : {ScreenId::kWaiting, ScreenId::kMessage, ScreenId::kPassword}) {
    std::erase(stack_, passing);
  }
  if (stack_.empty()) stack_ = {ScreenId::kMain};
  push(ScreenId::kMessage);
}

void Menu::wait_for(std::string title, std::string words) {
  notice_ = {std::move(title), std::move(words)};
  if (stack_.back() != ScreenId::kWaiting) push(ScreenId::kWaiting);
}

// --- From screen to screen -------------------------------------------------------------------------------------------

MenuContext Menu::context() {
  return {ui_, settings_, controls_, server_, kinds_, notice_, pause_, complaints_, recording_folders_, wanted_};
}

void Menu::push(ScreenId screen) {
  std::erase(stack_, screen);  // each is there once: no way leads round in circles for ever
  stack_.push_back(screen);
  ui_.forget(std::to_string(static_cast<int>(screen)));
  entered();
  MenuContext context = this->context();
  current().enter(context);
  for (MenuChoice& choice : context.choices) queue(std::move(choice));
}

void Menu::pop() {
  stack_.pop_back();
  if (stack_.empty()) stack_ = {ScreenId::kMain};  // it was shown from nowhere
  entered();
}

void Menu::entered() {
  appear_ = 0;
  settings_.tidy_name(last_name_);
  last_name_ = settings_.name;
  notice_settings();
  if (is_kept_) return;
  is_kept_ = true;
  queue(ApplySettings{.keep = true});
}

void Menu::notice_settings() {
  if (settings_ == applied_) return;
  applied_ = settings_;
  is_kept_ = false;
  queue(ApplySettings{.keep = false});
}

void Menu::queue(MenuChoice choice) {
  if (choices_.size() < kChoicesMax) choices_.push_back(std::move(choice));
}

std::optional<MenuChoice> Menu::take_choice() {
  if (choices_.empty()) return std::nullopt;
  MenuChoice choice = std::move(choices_.front());
  choices_.pop_front();
  return choice;
}

// --- A frame ---------------------------------------------------------------------------------------------------------

void Menu::update(const Input& input, double dt_s) {
  time_s_ += dt_s;
  appear_ = std::min(1.0F, appear_ + kAppearPer_s * static_cast<float>(dt_s));
  backdrop_.update(dt_s);
  if (!input.buttons.empty() || input.mouse_moved) device_ = input.device;

  MenuInput menu_input = reader_.read(input, controls_, ui_.writes(), dt_s);
  const engine::app::View view = menu_view(frame_width_, frame_height_);
  const Point middle = {static_cast<float>(frame_width_) / 2, static_cast<float>(frame_height_) / 2};
  menu_input.mouse = (input.mouse - middle) * (1 / view.scale) + view.centre;

  if (std::exchange(ignores_presses_, false)) {
    menu_input.direction = {};
    menu_input.accept = menu_input.back = menu_input.next = menu_input.previous = menu_input.mouse_pressed = false;
  }

  ui_.begin(menu_input, std::to_string(static_cast<int>(stack_.back())));
  MenuContext context = this->context();
  current().update(context);
  if (ui_.goes_back()) {
    ui_.play(MenuSound::kBack);
    current().leave(context);
  }
  if (context.go || context.back) ui_.swallow();
  ui_.end();
  take_over(context);
}

void Menu::take_over(MenuContext& context) {
  notice_settings();
  if (context.back) pop();
  for (MenuChoice& choice : context.choices) {
    const std::optional<Notice> words = wait_words(choice);
    if (words) asked_ = choice;
    const bool keeps = words || std::holds_alternative<Quit>(choice) || std::holds_alternative<ResumeMatch>(choice) ||
                       std::holds_alternative<LeaveMatch>(choice);
    if (keeps) entered();
    queue(std::move(choice));
    if (words) wait_for(words->title, words->words);
  }
  if (context.go) push(*context.go);
}

void Menu::draw(Canvas& canvas) {
  frame_width_ = canvas.picture().width();
  frame_height_ = canvas.picture().height();
  engine::app::View view = menu_view(frame_width_, frame_height_);
  canvas.set_view(view);
  if (!is_over_match()) {
    backdrop_.draw(canvas, sides_of(settings_.colors));
  }
  draw_veil(canvas);

  const float eased = 1 - (1 - appear_) * (1 - appear_);
  const Color accent = sides_of(settings_.colors).own;
  if (stack_.back() == ScreenId::kMain) {
    title_.draw(canvas, art_, {kMarginLeft - 6, 190}, 140, accent, eased,
                settings_.flashes ? time_s_ : 1.0);  // a steady light for whom flickering hurts
  }
  view.centre.x += (1 - eased) * kSlide;
  canvas.set_view(view);
  Painter(canvas, art_, accent, eased, time_s_).paint(ui_.items());
  view.centre.x = kMenuWidth / 2;
  canvas.set_view(view);
  draw_hints(canvas, eased);
}

/// Darkens what is behind, so that words stand out: a match more than the backdrop.
void Menu::draw_veil(Canvas& canvas) const {
  const bool is_plain = stack_.back() == ScreenId::kMain || stack_.back() == ScreenId::kPause;
  const engine::app::Box seen = canvas.visible();
  if (is_plain) {
    const float dark = is_over_match() ? 0.88F : 0.75F;
    const float end = is_over_match() ? 380 : kMarginLeft;  // where it begins to fade
    canvas.box({seen.x, seen.y, end - seen.x, seen.height}, engine::app::faded(palette::kGround, dark));
    fading_box(canvas, {end, seen.y, 460, seen.height}, palette::kGround, dark, 0);
  } else {
    canvas.box(seen, engine::app::faded(palette::kGround, is_over_match() ? 0.88F : 0.6F));
  }
}

void Menu::draw_hints(Canvas& canvas, float alpha) {
  struct Hint {
    std::string_view key;
    std::string_view what;
  };
  const bool is_pad = device_ == Device::kGamepad;
  std::vector<Hint> hints;
  if (ui_.waits_for_button()) {
    hints = {{"Esc", "Keep as it is"}};
  } else if (ui_.dials()) {
    hints = {{"Up Down", "Letter"}, {"Right", "Next"}, {"Left", "Delete"}, {"A", "Done"}};
  } else if (is_pad) {
    hints = {{"D-pad", "Move"}, {"A", ui_.writes() ? "Write" : "Choose"}, {"B", "Back"}};
  } else {
    hints = {{"Arrows", "Move"}, {"Enter", ui_.writes() ? "Done" : "Choose"}, {"Esc", "Back"}};
  }
  if (stack_.back() == ScreenId::kMain) std::erase_if(hints, [](const Hint& h) { return h.what == "Back"; });
  constexpr float kSize = 13;
  const float y = 664;
  float x = kMarginRight;
  for (auto hint = hints.rbegin(); hint != hints.rend(); ++hint) {
    x -= canvas.text_width(art_.text, hint->what, kSize);
    canvas.text(art_.text, hint->what, {x, y}, kSize, engine::app::faded(palette::kMuted, alpha));
    x -= std::max(canvas.text_width(art_.mono, hint->key, kSize) + kSize, kSize * 1.7F) + 8;
    draw_keycap(canvas, art_, hint->key, {x, y}, kSize, palette::kText, alpha);
    x -= 22;
  }
}

}  // namespace game::client
