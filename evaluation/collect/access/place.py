"""Where the record may lie: on a disk of this computer, not where other computers write or a file is copied away."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from evaluation.errors import StoreError

LONGEST = 512
"""Bytes of a file's path that SQLite opens, its journal included."""

# The whole name of a folder, letters composed, as its program makes it; where it is also an ordinary word, exactly so.
_NAMES: tuple[tuple[str, str], ...] = (
    ("Dropbox", r"(?i:dropbox)( *[(-].*| [\w ]+)?"),
    ("OneDrive", r"(?i:one ?drive)( *-.*| [\w ]+)?|One ?Drive[A-ZĄĆĘŁŃÓŚŹŻ].*|(?i:sharepoint)( *-.*)?"),
    (
        "Google Drive",
        r"(?i:google ?drive|drivefs|google ?drive ?file ?stream)([ (-].*)?"
        r"|(?i:my drive|mój dysk|moj dysk|dysk google|mein laufwerk|mon drive|mi unidad|il mio drive|meu drive"
        r"|мой диск|мій диск|shared drives|dyski współdzielone|other computers|inne komputery)( \(.*)?",
    ),
    ("iCloud", r"(?i:icloud)([ ~-].*)?|(?i:icloud ?drive)( *\(.*)?|(?i:mobile documents|com~apple~clouddocs)"),
    ("macOS CloudStorage", r"(?i:cloudstorage)"),
    ("Nextcloud", r"(?i:nextcloud)(\d+| *[(-].*)?"),
    ("ownCloud", r"(?i:owncloud)(\d+| *[(-].*)?"),
    ("Box", r"Box|BOX|(?i:box sync|box-box|box drive)"),
    ("MEGA", r"MEGA|(?i:megasync|mega sync|mega-.*|megasync downloads)"),
    ("pCloud", r"(?i:pcloud ?(drive|sync)?)( *\(.*)?"),
    ("Yandex.Disk", r"(?i:yandex[. ]?disk|яндекс[. ]?диск)([ (.-].*)?"),
    ("Proton Drive", r"(?i:proton ?drive)([ (-].*)?"),
    (
        "Sync",
        r"Sync|(?i:sync\.com|resilio ?sync|btsync|syncthing|seafile|seadrive|tresorit|tresors|kdrive|hidrive"
        r"|magentacloud|icedrive|jottacloud|koofr|amazon ?(drive|cloud drive)|synology ?drive|cloudstation"
        r"|qsync|insync|spideroak hive|creative cloud files|internxt( drive)?|filen|nordlocker|idrive sync)( *[(-].*)?",
    ),
)
_KNOWN = tuple((service, re.compile(pattern)) for service, pattern in _NAMES)

_MARKS = (  # what such a program leaves in the topmost folder that it copies
    ("Dropbox", ".dropbox.cache"),
    ("ownCloud", ".owncloudsync.log"),
    ("Nextcloud", ".nextcloudsync.log"),
    ("Syncthing", ".stfolder"),
    ("Resilio Sync", ".sync/ID"),
    ("Google Drive", ".tmp.drivedownload"),
    ("Google Drive", ".tmp.driveupload"),
    ("Synology Drive", ".SynologyWorkingDirectory"),
    ("MEGA", ".megaignore"),
)
_DATABASES = re.compile(r"\.(_)?sync_[0-9a-f]{6,}\.db")  # of Nextcloud and ownCloud
_ICONS = re.compile(r"(dropbox|onedrive|google ?drive|drivefs|nextcloud|owncloud|pcloud|megasync)", re.I)

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre"}
    | {"davfs", "webdav", "vboxsf", "vmhgfs", "prl_fs", "fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.s3fs"}
    | {"fuse.gvfsd-fuse", "fuse.glusterfs", "fuse.vmhgfs-fuse", "fuse.onedriver", "fuse.pcloud", "fuse.DriveFS"}
    | {"fuse.google-drive-ocamlfuse"}
)


def check(folder: Path) -> None:
    """Refuse a folder where SQLite files get damaged or cannot be opened. Raises StoreError."""
    check_length(folder / "records.db")
    for path in dict.fromkeys((folder, folder.absolute(), folder.resolve())):
        text = str(path).replace("/", "\\")
        if text.upper().startswith("\\\\?\\UNC\\") or (text.startswith("\\\\") and not text.startswith("\\\\?\\")):
            raise StoreError("collect.record.network", folder=folder)
        for service, part in _synchronised(path):
            raise StoreError("collect.record.synchronised", folder=folder, part=part, service=service)
    if _remote(folder.resolve()):
        raise StoreError("collect.record.network", folder=folder)


def check_length(file: Path) -> None:
    """Refuse a file whose path, with its journal's ending, is longer than SQLite opens. Raises StoreError."""
    length = len(os.fsencode(f"{file.absolute()}-journal"))
    longest = 259 if sys.platform == "win32" else LONGEST
    if length > longest:
        raise StoreError("collect.record.long_path", folder=file.parent.name[:40], n=length - longest)


def _synchronised(path: Path) -> Iterator[tuple[str, str]]:
    """The service by which the folder, or one above it, is copied to other computers, and that folder's name."""
    for part in path.parts:
        name = unicodedata.normalize("NFC", part)
        for service, pattern in _KNOWN:
            if pattern.fullmatch(name):
                yield service, part
    for above in (path, *path.parents):
        for service in _marked(above):
            yield service, above.name or str(above)


def _marked(folder: Path) -> Iterator[str]:
    """The service whose marks lie in the folder; in a home folder ``.dropbox`` is a folder of settings."""
    try:
        if (folder / ".dropbox").is_file():
            yield "Dropbox"
        for service, mark in _MARKS:
            if (folder / mark).exists():
                yield service
        if any(_DATABASES.fullmatch(each.name) for each in folder.glob(".*sync_*.db")):
            yield "Nextcloud"
        with open(folder / "desktop.ini", "rb") as file:
            hint = file.read(2000).replace(b"\0", b"").decode("latin-1")
        if icon := _ICONS.search(hint):
            yield icon[0]
    except OSError:
        return


def _remote(path: Path) -> bool:
    """Whether the folder lies on another computer's disk, as far as this system tells."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == 4)
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return kind_of_disk(path, mounts) in _NETWORK


def kind_of_disk(path: Path, mounts: str) -> str:
    """The file system under ``path``, by a table as in /proc/self/mountinfo; the last of the longest that fits."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), before.split(" ")[4]))
        if len(point.parts) >= best and point in (path, *path.parents):
            best, kind = len(point.parts), after.split(" ")[0]
    return kind
