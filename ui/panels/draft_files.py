"""Drafts from and to files: GeoJSON and KML in, GeoJSON out. Files are read and written aside.

What cannot be read is told in the editor, a sentence for each, and the draft stays as it is.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

from ui.aside import Aside
from ui.context import Desk
from ui.models.draft_file import export_fence, export_route, read_fence, read_route
from ui.panels.fence_editor import FenceEditor
from ui.panels.route_editor import RouteEditor

READABLE = "GeoJSON and KML (*.geojson *.json *.kml)"
WRITTEN = "GeoJSON (*.geojson)"


class DraftFiles(QPushButton):
    """A button with a menu: import, export."""

    def __init__(self, desk: Desk, fence: FenceEditor, route: RouteEditor) -> None:
        super().__init__("File")
        self.setObjectName("Small")
        self._desk = desk
        self._fence, self._route = fence, route
        self._editor: FenceEditor | RouteEditor = fence
        self._aside = Aside(self)
        self._dialog: QFileDialog | None = None
        menu = QMenu(self)
        menu.addAction("Import GeoJSON or KML …").triggered.connect(lambda: self.ask_import())
        menu.addAction("Export GeoJSON …").triggered.connect(lambda: self.ask_export())
        self.setMenu(menu)

    def show_for(self, editor: FenceEditor | RouteEditor) -> None:
        """Whose draft the files are."""
        self._editor = editor

    def ask_import(self) -> None:
        """Ask for a file; it is read when one was chosen."""
        dialog = QFileDialog(self.window(), "Import a draft", "", READABLE)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.import_file(Path(name)))
        self._open(dialog)

    def ask_export(self) -> None:
        """Ask for a name; the draft is written there."""
        dialog = QFileDialog(self.window(), "Export the draft", "", WRITTEN)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("geojson")
        dialog.fileSelected.connect(lambda name: self.export_file(Path(name)))
        self._open(dialog)

    def import_file(self, path: Path) -> None:
        """Read it aside, then take it into the draft."""
        editor = self._editor
        if isinstance(editor, FenceEditor):
            work = partial(read_fence, path, editor.draft.base)
            self._aside.ask(work, partial(self._read, editor, path, editor.take_file))
        else:
            self._aside.ask(
                partial(read_route, path), partial(self._read, editor, path, editor.take_file)
            )

    def export_file(self, path: Path) -> None:
        """Write the draft as it is now."""
        editor = self._editor
        try:
            text = (
                export_fence(editor.draft.plan())
                if isinstance(editor, FenceEditor)
                else export_route(editor.draft.plan())
            )
        except ValueError as error:
            editor.say(f"Not exported: {error}.")
            return
        self._aside.ask(lambda: path.write_text(text, "utf-8"), partial(self._wrote, editor, path))

    def _read(
        self,
        editor: FenceEditor | RouteEditor,
        path: Path,
        take: Callable[[Any], None],
        result: Any,
    ) -> None:
        if isinstance(result, Exception):
            editor.say(f"{path.name}: {result}")
            return
        made, told = result
        if made is not None:
            take(made)
        editor.say(" ".join(told))

    def _wrote(self, editor: FenceEditor | RouteEditor, path: Path, result: object) -> None:
        if isinstance(result, Exception):
            editor.say(f"{path.name} could not be written: {result}.")
        else:
            editor.say(f"The draft is in {path.name}.")

    def _open(self, dialog: QFileDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
