#include "engine/app/window.hpp"

#include <SDL.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "sdl_input.hpp"

namespace engine::app {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kFrameWidthMax = 1920;
constexpr int kFrameHeightMax = 1080;
constexpr int kWindowWidthMin = 640;
constexpr int kWindowHeightMin = 360;
/// Where the display does not say how often it is drawn.
constexpr int kFrameRateDefault = 60;

struct Destroy {
  void operator()(SDL_Window* window) const { SDL_DestroyWindow(window); }
  void operator()(SDL_Renderer* renderer) const { SDL_DestroyRenderer(renderer); }
  void operator()(SDL_Texture* texture) const { SDL_DestroyTexture(texture); }
};

/// SDL's parts that a window needs, for as long as it is there.
struct Subsystems {
  ~Subsystems() { SDL_QuitSubSystem(SDL_INIT_VIDEO | SDL_INIT_GAMECONTROLLER); }
};

std::string why(const char* what) {
  const std::string reason = SDL_GetError();
  return std::string(what) + (reason.empty() ? "" : ": " + reason);
}

}  // namespace

struct Window::Impl {
  Subsystems subsystems;
  std::unique_ptr<SDL_Window, Destroy> window;
  std::unique_ptr<SDL_Renderer, Destroy> renderer;
  std::unique_ptr<SDL_Texture, Destroy> texture;
  std::string renderer_name;
  bool waits_for_display = false;
  int frame_rate_max = 0;
  SteadyClock::time_point due{};
  SdlInput input;
  Picture frame;

  Result<void> open(const WindowConfig& config);
  Result<void> fit_frame();
  Point window_to_frame() const;
  void pace();
};

Result<void> Window::Impl::open(const WindowConfig& config) {
  SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "linear");
  SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "0");
  SDL_SetHint(SDL_HINT_IME_SHOW_UI, "1");  // an input method's own list of words
  const std::uint32_t fullscreen = config.fullscreen ? std::uint32_t{SDL_WINDOW_FULLSCREEN_DESKTOP} : 0U;
  window.reset(SDL_CreateWindow(config.title.c_str(), SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, config.width,
                                config.height, SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI | fullscreen));
  if (!window) return engine::error("{}", why("no window"));
  SDL_SetWindowMinimumSize(window.get(), kWindowWidthMin, kWindowHeightMin);
  // The software renderer knows no display to wait for: asked to, it would sleep by a clock in whole milliseconds.
  const std::uint32_t kind =
      config.software ? std::uint32_t{SDL_RENDERER_SOFTWARE} : SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC;
  renderer.reset(SDL_CreateRenderer(window.get(), -1, kind));
  if (!renderer) renderer.reset(SDL_CreateRenderer(window.get(), -1, SDL_RENDERER_SOFTWARE));
  if (!renderer) return engine::error("{}", why("no way to draw in the window"));
  SDL_RendererInfo info{};
  SDL_GetRendererInfo(renderer.get(), &info);
  renderer_name = info.name == nullptr ? "unknown" : info.name;
  waits_for_display = (info.flags & SDL_RENDERER_PRESENTVSYNC) != 0;
  frame_rate_max = config.frame_rate_max;
  due = SteadyClock::now();
  SDL_StopTextInput();
  return fit_frame();
}

Result<void> Window::Impl::fit_frame() {
  int width = 0;
  int height = 0;
  SDL_GetRendererOutputSize(renderer.get(), &width, &height);
  const double shrink =
      std::max({1.0, static_cast<double>(width) / kFrameWidthMax, static_cast<double>(height) / kFrameHeightMax});
  width = std::max(1, static_cast<int>(width / shrink));
  height = std::max(1, static_cast<int>(height / shrink));
  if (texture && frame.width() == width && frame.height() == height) return {};
  texture.reset(
      SDL_CreateTexture(renderer.get(), SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, width, height));
  if (!texture) return engine::error("{}", why("no texture for the window"));
  SDL_SetTextureBlendMode(texture.get(), SDL_BLENDMODE_NONE);
  frame = Picture(width, height);
  return {};
}

Point Window::Impl::window_to_frame() const {
  int width = 1;
  int height = 1;
  SDL_GetWindowSize(window.get(), &width, &height);
  return {static_cast<float>(frame.width()) / static_cast<float>(std::max(width, 1)),
          static_cast<float>(frame.height()) / static_cast<float>(std::max(height, 1))};
}

/// Sleeps until the next frame is due. A frame that comes late does not make the next ones early.
void Window::Impl::pace() {
  int rate = frame_rate_max;
  if (waits_for_display && rate == 0) return;
  if (rate == 0) {
    SDL_DisplayMode mode{};
    const int display = std::max(0, SDL_GetWindowDisplayIndex(window.get()));
    rate =
        SDL_GetCurrentDisplayMode(display, &mode) == 0 && mode.refresh_rate > 0 ? mode.refresh_rate : kFrameRateDefault;
  }
  const auto interval = std::chrono::nanoseconds(1'000'000'000 / rate);
  const auto now = SteadyClock::now();
  due = std::max(due + interval, now - interval);
  if (due > now) std::this_thread::sleep_until(due);
}

Result<std::unique_ptr<Window>> Window::open(const WindowConfig& config) {
  if (SDL_InitSubSystem(SDL_INIT_VIDEO | SDL_INIT_GAMECONTROLLER) != 0) return engine::error("{}", why("no display"));
  auto impl = std::make_unique<Impl>();
  // Where there is no display SDL may go on without one, in memory: nobody would see it, nor could end it.
  const std::string_view driver = SDL_GetCurrentVideoDriver() == nullptr ? "" : SDL_GetCurrentVideoDriver();
  const bool is_asked_for = SDL_getenv("SDL_VIDEODRIVER") != nullptr;
  if (!is_asked_for && (driver == "offscreen" || driver == "dummy" || driver == "evdev"))
    return engine::error("no display: neither DISPLAY nor WAYLAND_DISPLAY leads to one");
  if (auto opened = impl->open(config); !opened) return opened.error();
  return std::unique_ptr<Window>(new Window(std::move(impl)));
}

Window::Window(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Window::~Window() = default;

const Input& Window::poll() {
  impl_->input.begin_frame();
  SDL_Event event;
  while (SDL_PollEvent(&event) != 0) impl_->input.take(event, impl_->window_to_frame());
  // A frame that cannot be made anew keeps its size, and is shown enlarged.
  if (auto fitted = impl_->fit_frame(); !fitted) impl_->texture.reset();
  return impl_->input.input();
}

Picture& Window::frame() { return impl_->frame; }

void Window::present() {
  Impl& impl = *impl_;
  if (impl.texture) {
    const int pitch = impl.frame.width() * static_cast<int>(sizeof(std::uint32_t));
    SDL_UpdateTexture(impl.texture.get(), nullptr, impl.frame.pixels(), pitch);
    SDL_RenderCopy(impl.renderer.get(), impl.texture.get(), nullptr, nullptr);
    SDL_RenderPresent(impl.renderer.get());
  }
  impl.pace();
}

void Window::set_fullscreen(bool on) {
  SDL_SetWindowFullscreen(impl_->window.get(), on ? std::uint32_t{SDL_WINDOW_FULLSCREEN_DESKTOP} : 0U);
}

bool Window::is_fullscreen() const {
  return (SDL_GetWindowFlags(impl_->window.get()) & SDL_WINDOW_FULLSCREEN_DESKTOP) == SDL_WINDOW_FULLSCREEN_DESKTOP;
}

void Window::set_frame_rate_max(int hz) { impl_->frame_rate_max = hz; }
void Window::show_cursor(bool on) { SDL_ShowCursor(on ? SDL_ENABLE : SDL_DISABLE); }
void Window::confine_pointer(bool on) {
  const bool is_on = SDL_GetWindowMouseGrab(impl_->window.get()) == SDL_TRUE;
  if (is_on != on) SDL_SetWindowMouseGrab(impl_->window.get(), on ? SDL_TRUE : SDL_FALSE);
}

void Window::take_text(bool on) {
  if ((SDL_IsTextInputActive() == SDL_TRUE) == on) return;
  if (on) return SDL_StartTextInput();
  SDL_StopTextInput();
  impl_->input.end_text();
}

void Window::set_clipboard(const std::string& text) { SDL_SetClipboardText(text.c_str()); }
void Window::rumble(float strength, float seconds) { impl_->input.rumble(strength, seconds); }
std::string Window::renderer() const { return impl_->renderer_name; }

}  // namespace engine::app
