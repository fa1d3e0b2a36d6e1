"""Where the account has its desktop: the folder whose icons one sees."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_FOLDERS = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


def folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The account's desktop folder, by whatever name it goes ("Pulpit"); None if there is none."""
    home = Path(environ.get("HOME") or Path.home())
    found = _windows(home) if sys.platform == "win32" else _named(home, environ) or home / "Desktop"
    return found if found.is_dir() and found != home else None


def _named(home: Path, environ: Mapping[str, str]) -> Path | None:
    """The folder that user-dirs.dirs names, where a Linux desktop has written it."""
    settings = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
    try:
        lines = re.findall(r'^\s*XDG_DESKTOP_DIR="(.*)"\s*$', settings.read_text(encoding="utf-8"), flags=re.MULTILINE)
    except (OSError, ValueError):
        return None
    if not lines:
        return None
    plain = re.sub(r"\\(.)", r"\1", re.sub(r"^\$HOME\b/?", "", lines[-1]))
    return home / plain  # an absolute one stays as it is


def _windows(home: Path) -> Path:
    """The folder of the registry, which OneDrive may have moved."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _FOLDERS) as key:
                return Path(winreg.ExpandEnvironmentStrings(winreg.QueryValueEx(key, "Desktop")[0]))
        except OSError:
            pass
    return home / "Desktop"
