"""What both engines share: papermill's client, which says of a cell that was lost which one it is and why."""

from __future__ import annotations

from typing import Any, NoReturn

from papermill.clientwrap import PapermillNotebookClient

from evaluation.errors import RunFailed
from evaluation.report.engine import MOST, numbered


class Client(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's client with an end to what a notebook may show."""

    shown = 0

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """What nbclient does with a message, unless the notebook has shown too much."""
        self.shown += len(str(msg["content"]))
        if self.shown > MOST:
            self.lost(cell_index, "flood", most=MOST // 2**20)
        return super().process_message(msg, cell, cell_index)

    def lost(self, cell_index: int, why: str, **facts: object) -> NoReturn:
        """Ends the run at this cell."""
        raise RunFailed(f"report.error.{why}", number=dict(numbered(self.nb.cells))[cell_index], **facts)
