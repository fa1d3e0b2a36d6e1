"""A question read aloud: the recording that its form names, from the folder of the project's questionnaires."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tornado.web import HTTPError

from evaluation.desk.handler import Page
from evaluation.desk.staff.accounts import Handed

TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
}


class Recording(Page):
    """There is nothing of a person in it, so a client who fills in by herself hears it too."""

    def reached_by_herself(self, handed: Handed) -> bool:
        return True

    async def get(self, form: str, item: str, language: str) -> None:
        instrument = self.desk.office.declaration.instruments.get(form)
        found = [each.recordings.get(language) for each in instrument.items if each.id == item] if instrument else []
        if not found or not found[0]:
            raise HTTPError(404)
        path = self.desk.office.folder / "questionnaires" / found[0]
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise HTTPError(404) from error
        self._send(path, content)

    def _send(self, path: Path, content: bytes) -> None:
        self.set_header("Content-Type", TYPES[path.suffix])
        self.finish(content)
