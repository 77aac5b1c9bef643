#include "game/client/menu/screens.hpp"

namespace game::client {
namespace {

using engine::app::Align;
using engine::app::Box;

constexpr Box kPanel = {kMarginLeft, 132, kMarginRight - kMarginLeft, 488};
constexpr Box kList = {kPanel.x + 8, 176, kPanel.width - 32, 432};

}  // namespace

void RecordingsScreen::enter(MenuContext& context) {
  files_ = find_recordings(context.recording_folders);
  list_ = {};
}

void RecordingsScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  say_heading(ui, "Recordings", files_.empty() ? "" : std::to_string(files_.size()) + " found, newest first");
  ui.panel(kPanel);
  static const Column kColumns[] = {{"Name", 16, 560}, {"Date", 620, 200}, {"Size", 900, 120, Align::kRight}};
  if (files_.empty()) {
    ui.text({kPanel.x + 48, 250}, "No recordings yet", {Face::kHead, 24, palette::kBright});
    std::string words = "A server that runs with --record keeps its matches. Looked for in: ";
    for (const std::string& folder : context.recording_folders) words += "\n" + folder;
    ui.wrapped({kPanel.x + 48, 270, kPanel.width - 96, 200}, std::move(words), {Face::kText, 16, palette::kMuted});
  } else {
    for (const Column& column : kColumns) {
      const bool right = column.align == Align::kRight;
      ui.text({kList.x + column.x + (right ? column.width : 0), 162}, column.title,
              {Face::kText, 13, palette::kMuted, column.align});
    }
  }
  std::vector<ListRow> rows;
  for (const RecordingFile& file : files_) {
    rows.push_back({{{file.name}, {file.date, palette::kMuted}, {size_in_words(file.bytes), palette::kMuted}}});
  }
  ui.prefer_focus("list");
  const ListResult result = ui.list("list", kList, kColumns, rows, list_);
  const bool pressed = ui.button("watch", {kMarginLeft + 146, 642, 130, 36}, "Watch", {!files_.empty(), true});
  if (result.activated || pressed) {
    context.emit(WatchRecording{files_[static_cast<std::size_t>(list_.selected)].path});
  }
  if (back_button(ui)) leave(context);
}

}  // namespace game::client
