"""Is a folder on a network? SQLite's WAL needs shared memory and locks that such disks lack."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from habitus.types import HabitusError

NETWORK = {
    *("afs", "afpfs", "beegfs", "ceph", "cifs", "coda", "gfs", "gfs2", "glusterfs", "gpfs"),
    *("lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb2", "smb3", "smbfs"),
    *("davfs", "webdav", "fuse.davfs", "fuse.ceph", "fuse.gcsfuse", "fuse.glusterfs"),
    *("fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
}
REMOTE_DRIVE = 4  # GetDriveType's DRIVE_REMOTE


def refuse_network(folder: Path) -> None:
    """HabitusError where `folder` (existing) lies on a network file system."""
    kind = file_system(folder)
    if kind in NETWORK:
        raise HabitusError(
            f"The folder {folder} is on a network file system ({kind}), where writes of several "
            "processes can be lost.",
            "Put the store on a disk of this machine.",
        )


def file_system(folder: Path) -> str:
    """The type of the file system under a folder, as the operating system names it; "" unknown."""
    resolved = folder.resolve()
    if sys.platform == "win32":
        return _windows(resolved)
    if sys.platform == "darwin":
        listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True)
        return innermost(resolved, mounts_of_macos(listed.stdout))
    table = Path("/proc/self/mountinfo")
    return innermost(resolved, mounts_of_linux(table.read_text())) if table.exists() else ""


def mounts_of_linux(mountinfo: str) -> list[tuple[str, str]]:
    """(mount point, type) of each line of /proc/self/mountinfo, in order of mounting."""
    found = []
    for line in mountinfo.splitlines():
        place, _, source = line.partition(" - ")
        if source:
            point = place.split()[4].encode().decode("unicode_escape")
            found.append((point, source.split()[0]))
    return found


def mounts_of_macos(listing: str) -> list[tuple[str, str]]:
    """(mount point, type) of each line "device on /point (type, options)" of mount(8)."""
    found = []
    for line in listing.splitlines():
        place, _, options = line.rpartition(" (")
        found.append((place.partition(" on ")[2], options.rstrip(")").split(",")[0]))
    return found


def innermost(folder: Path, mounts: list[tuple[str, str]]) -> str:
    """The type of the deepest mount that holds the folder; of equals, the one mounted last."""
    depth, kind = -1, ""
    for point, mounted in mounts:
        parts = len(Path(point).parts)
        if parts >= depth and folder.is_relative_to(point):
            depth, kind = parts, mounted
    return kind


def _windows(folder: Path) -> str:
    if sys.platform != "win32":
        return ""
    import ctypes

    drive = folder.anchor
    remote = ctypes.windll.kernel32.GetDriveTypeW(drive) == REMOTE_DRIVE
    return "smb3" if remote or drive.startswith("\\\\") else ""
