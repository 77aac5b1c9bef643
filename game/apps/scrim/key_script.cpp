#include "game/apps/scrim/key_script.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

namespace game::apps {
namespace {

using engine::app::Button;

constexpr double kStepSecondsMax = 86'400;  // as long as --after may be

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  text = trimmed(text);
  return true;
}

}  // namespace

engine::Result<KeyScript::Step> KeyScript::parse_step(std::string_view text) {
  Step step;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), step.at_s);
  const bool is_time = problem == std::errc() && step.at_s >= 0 && step.at_s <= kStepSecondsMax;  // nor NaN
  if (!is_time) return engine::error("a step begins with a time in seconds, 0 to {:.0f}", kStepSecondsMax);
  std::string_view rest = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  if (rest.size() >= 2 && rest.front() == '\'' && rest.back() == '\'') {
    step.kind = Kind::kText;
    step.text = rest.substr(1, rest.size() - 2);
    return step;
  }
  if (rest.starts_with("mouse ")) {
    step.kind = Kind::kMouse;
    std::istringstream numbers{std::string(rest.substr(6))};
    if (!(numbers >> step.mouse.x >> step.mouse.y)) return engine::error("mouse X Y, 0 to 1 each");
    return step;
  }
  if (take_suffix(rest, " down"))
    step.kind = Kind::kDown;
  else if (take_suffix(rest, " up"))
    step.kind = Kind::kUp;
  const auto button = Button::from_name(rest);
  if (!button) return engine::error("there is no button \"{}\"", rest);
  step.button = *button;
  return step;
}

engine::Result<KeyScript> KeyScript::parse(std::string_view text) {
  KeyScript script;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view one = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.empty()) continue;
    auto step = parse_step(one);
    if (!step) return engine::error("\"{}\": {}", one, step.error().reason);
    script.steps_.push_back(std::move(*step));
  }
  std::stable_sort(script.steps_.begin(), script.steps_.end(),
                   [](const Step& a, const Step& b) { return a.at_s < b.at_s; });
  return script;
}

void KeyScript::play(double now_s, int width, int height, engine::app::Input& input) {
  for (const Button& button : std::exchange(letting_go_, {})) input.buttons.push_back({button, false, 0, false});
  for (; next_ < steps_.size() && steps_[next_].at_s <= now_s; ++next_) {
    const Step& step = steps_[next_];
    switch (step.kind) {
      case Kind::kText:
        input.text += step.text;
        break;
      case Kind::kMouse:
        mouse_ = step.mouse;
        input.mouse_moved = true;
        break;
      case Kind::kPress:
        letting_go_.push_back(step.button);
        [[fallthrough]];
      case Kind::kDown:
        input.buttons.push_back({step.button, true, 1, false});
        break;
      case Kind::kUp:
        input.buttons.push_back({step.button, false, 0, false});
        break;
    }
    const auto kind = step.button.kind;
    const bool is_pad = kind != Button::Kind::kKey && kind != Button::Kind::kMouse;
    if (step.kind == Kind::kPress || step.kind == Kind::kDown)
      input.device = is_pad ? engine::app::Device::kGamepad : engine::app::Device::kKeyboard;
  }
  if (mouse_) input.mouse = {mouse_->x * static_cast<float>(width), mouse_->y * static_cast<float>(height)};
}

}  // namespace game::apps
