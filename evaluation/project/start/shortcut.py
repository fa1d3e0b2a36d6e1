"""The icon that opens the desk of a project: what each system has for that, with no secret in it."""

from __future__ import annotations

import base64
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation import files
from evaluation.errors import BadArgument
from evaluation.texts import say

MODULE = "evaluation.cli.double_click"
_TRUSTED = ("metadata::trusted", "true")  # GNOME asks before it starts an icon that lacks it


def make(root: Path, where: Path, language: str) -> Path:
    """The icon of the project in the folder ``where``, in the place of an older one.

    Raises BadArgument where Windows makes none, OSError where the file cannot be written.
    """
    command, title = start(root, language), say("project.start.title", language, name=root.name)
    if sys.platform == "win32":
        path = where / f"{title}.lnk"
        _run_in_powershell(windows(command, path, root), path)
        return path
    path = where / (f"{title}.command" if sys.platform == "darwin" else f"{title}.desktop")
    files.write(path, macos(command) if sys.platform == "darwin" else linux(command, title), private=True)
    path.chmod(0o700)
    if gio := shutil.which("gio"):
        subprocess.run([gio, "set", str(path), *_TRUSTED], capture_output=True, check=False)
    return path


def start(root: Path, language: str, python: Path | None = None) -> list[str]:
    """What a double-click runs: on Windows a Python without a console; nothing of the folder it runs in is loaded."""
    program = python or Path(sys.executable)
    quiet = program.with_name("pythonw.exe")
    return [str(quiet if quiet.is_file() else program), "-P", "-m", MODULE, str(root), "--language", language]


def linux(command: Sequence[str], title: str) -> str:
    """A desktop entry; its command is quoted as the Desktop Entry Specification says, then escaped as any value."""
    quoted = " ".join('"' + re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%") + '"' for word in command)
    lines = ["[Desktop Entry]", "Type=Application", f"Name={_value(title)}", f"Exec={_value(quoted)}"]
    return "\n".join([*lines, "Icon=text-x-generic", "Terminal=false", "Categories=Office;", ""])


def _value(text: str) -> str:
    """A text as the value of a desktop entry."""
    for plain, escaped in (("\\", r"\\"), ("\n", r"\n"), ("\r", r"\r"), ("\t", r"\t")):
        text = text.replace(plain, escaped)
    return rf"\s{text[1:]}" if text.startswith(" ") else text


def macos(command: Sequence[str]) -> str:
    """A script that Terminal runs by a double-click."""
    return f"#!/bin/sh\nexec {shlex.join(command)}\n"


def windows(command: Sequence[str], path: Path, root: Path) -> str:
    """A script of PowerShell that makes the shortcut at ``path``, which runs the command."""
    program, *arguments = command
    values = {
        "TargetPath": program,
        "Arguments": subprocess.list2cmdline(arguments),
        "WorkingDirectory": str(root.parent),
    }
    made = f"$s = (New-Object -ComObject WScript.Shell).CreateShortcut({_literal(str(path))})"
    lines = [
        "$ErrorActionPreference = 'Stop'",
        made,
        *(f"$s.{name} = {_literal(text)}" for name, text in values.items()),
    ]
    return "\n".join([*lines, "$s.Save()", ""])


def _literal(text: str) -> str:
    """A text in PowerShell, in which nothing is replaced; four further characters end it like an apostrophe."""
    return "'" + re.sub("(['‘’‚‛])", r"\1\1", text) + "'"


def _run_in_powershell(script: str, path: Path) -> None:
    """Raises BadArgument where there is no PowerShell, or no shortcut at ``path`` afterwards."""
    encoded = base64.b64encode(script.encode("utf-16-le")).decode("ascii")  # no code page touches its letters
    try:
        subprocess.run(["powershell", "-NoProfile", "-EncodedCommand", encoded], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise BadArgument("project.start.no_powershell", file=path) from None
