"""Network file systems are recognised from the mounts, and refused."""

from pathlib import Path

import pytest

from habitus.events import filesystem
from habitus.events.filesystem import innermost, mounts_of_linux, mounts_of_macos, refuse_network
from habitus.types import HabitusError

LINUX = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
40 22 0:40 / /home/my\\040files rw - nfs4 server:/files rw
41 22 0:41 / /mnt/local rw - xfs /dev/sdb rw
42 40 0:42 / /home/my\\040files/scratch rw - tmpfs tmpfs rw
"""
MACOS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//me@server/share on /Volumes/share (smbfs, nodev, nosuid, mounted by me)
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/store", "ext4"),
        ("/home/my files/store", "nfs4"),
        ("/home/my files/scratch/store", "tmpfs"),
        ("/home/my filesystem", "ext4"),
        ("/mnt/local", "xfs"),
    ],
)
def test_the_innermost_mount_decides_on_linux(folder: str, kind: str) -> None:
    assert innermost(Path(folder), mounts_of_linux(LINUX)) == kind


def test_mounts_of_macos() -> None:
    mounts = mounts_of_macos(MACOS)
    assert innermost(Path("/Users/me"), mounts) == "apfs"
    assert innermost(Path("/Volumes/share/store"), mounts) == "smbfs"


def test_a_network_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_network(tmp_path)
    monkeypatch.setattr(filesystem, "file_system", lambda _: "nfs4")
    with pytest.raises(HabitusError, match="network file system"):
        refuse_network(tmp_path)
