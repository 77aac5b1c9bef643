// A window that shows a Picture, and reads keyboard, mouse and gamepads.
//
//   auto window = Window::open({.title = "Scrim"});
//   while (!(*window)->poll().wants_quit) { Canvas canvas((*window)->frame()); ...; (*window)->present(); }
//
// One thread, the one that opened it; one window a program. The picture is drawn by the CPU and shown with whatever
// renderer SDL finds, a GPU's or its software one.
#pragma once

#include <memory>
#include <string>

#include "engine/app/input.hpp"
#include "engine/app/picture.hpp"
#include "engine/core/result.hpp"

namespace engine::app {

struct WindowConfig {
  std::string title = "window";
  int width = 1280;
  int height = 720;
  bool fullscreen = false;
  bool software = false;   // SDL's software renderer, whatever there is
  int frame_rate_max = 0;  // 0: the display's
};

class Window {
 public:
  /// An error says why there is no window: no display, most often.
  static Result<std::unique_ptr<Window>> open(const WindowConfig& config);
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  ~Window();

  /// What happened since the last call; valid until the next.
  const Input& poll();

  /// What present will show: as many pixels as the window has, at most 1920 x 1080; larger windows show it enlarged.
  /// Its size may change in poll. What it holds after present is not defined.
  Picture& frame();
  /// Shows the frame, and waits until it is time for the next.
  void present();

  void set_fullscreen(bool on);
  bool is_fullscreen() const;
  void set_frame_rate_max(int hz);
  void show_cursor(bool on);
  /// Keeps the pointer within the window while that has the focus, on a desktop of several displays too.
  void confine_pointer(bool on);
  /// Typed text, and pasted, is reported only while on.
  void take_text(bool on);
  void set_clipboard(const std::string& text);
  void rumble(float strength, float seconds);
  /// What shows the picture, for a report: "software", "opengl" ...
  std::string renderer() const;

 private:
  struct Impl;
  explicit Window(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace engine::app
