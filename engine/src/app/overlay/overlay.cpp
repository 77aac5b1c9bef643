#include "engine/app/overlay.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <utility>

#include "raster_triangles.hpp"

namespace engine::app {
namespace {

/// Of the panel's parts, in the style's units.
constexpr float kPadding = 8;
constexpr float kRowHeight = 20;
constexpr float kValueWidth = 84;
constexpr float kGap = 8;
constexpr float kLabelGap = 4;  // to the plot, at least
/// Plots' ground and the line at 0, of the text's colour.
constexpr float kFaint = 0.07F;
constexpr float kZeroLine = 0.25F;
constexpr float kUnderLine = 0.22F;
constexpr float kGroundShare = 0.8F;

struct Destroy {
  void operator()(ImGuiContext* context) const { ImGui::DestroyContext(context); }
};

ImU32 packed(Color color) { return IM_COL32(color.r, color.g, color.b, color.a); }
Color unpacked(ImU32 color) {
  const auto channel = [color](int shift) { return static_cast<std::uint8_t>(color >> shift & 255U); };
  return {channel(IM_COL32_R_SHIFT), channel(IM_COL32_G_SHIFT), channel(IM_COL32_B_SHIFT), channel(IM_COL32_A_SHIFT)};
}

overlay::Corner corner_of(const ImDrawVert& vertex) {
  return {{vertex.pos.x, vertex.pos.y}, {vertex.uv.x, vertex.uv.y}, unpacked(vertex.col)};
}

void draw_list(Picture& picture, const ImDrawList& list, const overlay::Texture& texture) {
  for (const ImDrawCmd& command : list.CmdBuffer) {
    const overlay::Scissors scissors{static_cast<int>(command.ClipRect.x), static_cast<int>(command.ClipRect.y),
                                     static_cast<int>(command.ClipRect.z), static_cast<int>(command.ClipRect.w)};
    const ImDrawIdx* const indices = list.IdxBuffer.Data + command.IdxOffset;
    const ImDrawVert* const vertices = list.VtxBuffer.Data + command.VtxOffset;
    for (unsigned int i = 0; i + 2 < command.ElemCount; i += 3) {
      overlay::draw_triangle(
          picture,
          {corner_of(vertices[indices[i]]), corner_of(vertices[indices[i + 1]]), corner_of(vertices[indices[i + 2]])},
          texture, scissors);
    }
  }
}

}  // namespace

struct Overlay::Impl {
  explicit Impl(OverlayStyle given) : style(std::move(given)), context(ImGui::CreateContext()) {
    ImGui::SetCurrentContext(context.get());
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
    ImGui::GetStyle().AntiAliasedLinesUseTex = false;  // those want texels to be mixed
  }

  void fit(float new_scale);
  float units(float length) const { return std::round(length * scale); }
  void text(Point at, std::string_view words, Color color) const;
  /// What lies beyond `width` is cut off.
  void cut_text(Point at, float width, std::string_view words, Color color) const;
  float text_width(std::string_view words) const;
  void plot(Point at, Point size, const OverlayPlot& plot) const;
  void panel(const Picture& picture, const OverlayPanel& panel) const;

  const OverlayStyle style;
  std::unique_ptr<ImGuiContext, Destroy> context;
  float scale = 0;  // pixels a unit
  overlay::Texture texture;
};

/// Glyphs are made anew for another size of the picture, so that they are crisp.
void Overlay::Impl::fit(float new_scale) {
  if (new_scale == scale) return;
  scale = new_scale;
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  ImFontConfig config;
  config.OversampleH = config.OversampleV = 1;
  config.PixelSnapH = true;
  // A font that has gone since is replaced by ImGui's own.
  if (atlas.AddFontFromFileTTF(style.font.c_str(), std::max(8.0F, units(style.text_size)), &config) == nullptr)
    atlas.AddFontDefault();
  unsigned char* texels = nullptr;
  atlas.GetTexDataAsAlpha8(&texels, &texture.width, &texture.height);
  texture.texels = texels;
}

void Overlay::Impl::text(Point at, std::string_view words, Color color) const {
  if (words.empty()) return;  // to ImGui nothing at all is a string without an end
  ImGui::GetForegroundDrawList()->AddText({at.x, at.y}, packed(color), words.data(), words.data() + words.size());
}

void Overlay::Impl::cut_text(Point at, float width, std::string_view words, Color color) const {
  if (words.empty()) return;
  const ImVec4 within{at.x, at.y, at.x + width, at.y + 2 * ImGui::GetFontSize()};
  ImGui::GetForegroundDrawList()->AddText(ImGui::GetFont(), ImGui::GetFontSize(), {at.x, at.y}, packed(color),
                                          words.data(), words.data() + words.size(), 0, &within);
}

float Overlay::Impl::text_width(std::string_view words) const {
  return words.empty() ? 0 : ImGui::CalcTextSize(words.data(), words.data() + words.size()).x;
}

void Overlay::Impl::plot(Point at, Point size, const OverlayPlot& plot) const {
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  list.AddRectFilled({at.x, at.y}, {at.x + size.x, at.y + size.y}, packed(faded(style.text, kFaint)));
  const float range = plot.high > plot.low ? plot.high - plot.low : 1;
  const auto y_of = [&](float value) {
    return at.y + size.y * (1 - std::clamp((value - plot.low) / range, 0.0F, 1.0F));
  };
  const float zero = y_of(0);
  if (plot.low < 0) list.AddLine({at.x, zero}, {at.x + size.x, zero}, packed(faded(style.text, kZeroLine)));
  if (plot.samples.size() < 2) return;
  const float step = size.x / static_cast<float>(plot.samples.size() - 1);
  ImVector<ImVec2> points;
  points.reserve(static_cast<int>(plot.samples.size()));
  for (std::size_t i = 0; i < plot.samples.size(); ++i)
    points.push_back({at.x + step * static_cast<float>(i), y_of(plot.samples[i])});
  // Each stands at the next one's side: softened edges would show, and cost more than all else.
  list.Flags &= ~ImDrawListFlags_AntiAliasedFill;
  for (int i = 0; i + 1 < points.Size; ++i)
    list.AddQuadFilled({points[i].x, zero}, points[i], points[i + 1], {points[i + 1].x, zero},
                       packed(faded(plot.color, kUnderLine)));
  list.Flags |= ImDrawListFlags_AntiAliasedFill;
  list.AddPolyline(points.Data, points.Size, packed(plot.color), ImDrawFlags_None, std::max(1.0F, scale * 1.2F));
}

void Overlay::Impl::panel(const Picture& picture, const OverlayPanel& panel) const {
  const float row = units(kRowHeight);
  const float width =
      2 * units(kPadding) + units(panel.label_width) + units(panel.plot_width) + units(kGap) + units(kValueWidth);
  const float height = 2 * units(kPadding) + row * static_cast<float>(panel.plots.size() + 1);
  const Point at{static_cast<float>(picture.width()) - units(panel.margin.x) - width,
                 static_cast<float>(picture.height()) - units(panel.margin.y) - height};
  ImGui::GetForegroundDrawList()->AddRectFilled({at.x, at.y}, {at.x + width, at.y + height},
                                                packed(faded(style.ground, kGroundShare)), units(4));
  Point pen{at.x + units(kPadding), at.y + units(kPadding)};
  const float text_down = std::round((row - ImGui::GetFontSize()) / 2);
  const float value_x = pen.x + units(panel.label_width) + units(panel.plot_width) + units(kGap);
  text(pen, panel.title, style.text);
  text({at.x + width - units(kPadding) - text_width(panel.note), pen.y}, panel.note, style.muted);
  for (const OverlayPlot& one : panel.plots) {
    pen.y += row;
    cut_text({pen.x, pen.y + text_down}, units(panel.label_width) - units(kLabelGap), one.label, style.muted);
    plot({pen.x + units(panel.label_width), pen.y + units(2)}, {units(panel.plot_width), row - units(4)}, one);
    text({value_x, pen.y + text_down}, one.value, one.color);
  }
}

Result<std::unique_ptr<Overlay>> Overlay::open(const OverlayStyle& style) {
  if (!std::ifstream(style.font)) return engine::error("no font {}", style.font);
  return std::unique_ptr<Overlay>(new Overlay(std::make_unique<Impl>(style)));
}

Overlay::Overlay(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Overlay::~Overlay() = default;

void Overlay::draw(Picture& picture, const OverlayPanel& panel) {
  ImGui::SetCurrentContext(impl_->context.get());
  const ImVec2 size{static_cast<float>(picture.width()), static_cast<float>(picture.height())};
  impl_->fit(std::min(size.x / impl_->style.picture_width, size.y / impl_->style.picture_height));
  ImGui::GetIO().DisplaySize = size;
  ImGui::NewFrame();
  impl_->panel(picture, panel);
  ImGui::Render();
  const ImDrawData& data = *ImGui::GetDrawData();
  for (int i = 0; i < data.CmdListsCount; ++i) draw_list(picture, *data.CmdLists[i], impl_->texture);
}

}  // namespace engine::app
