"""A store from its backup, without those who asked to be forgotten in the meantime."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, delete, func, select

from habitus.events import backup, forgotten, keys, schema
from habitus.events.clock import Clock, system_clock
from habitus.events.ended import Ended
from habitus.events.erasing import clean_files
from habitus.events.forgetting import GONE, forget, forget_until
from habitus.events.forgotten import Entry
from habitus.events.lock import WriterLock
from habitus.events.sqlite_database import FILE, LOCK, SqliteDatabase
from habitus.events.store import Store
from habitus.events.workers import SILENCE
from habitus.types import HabitusError, Progress, silent


def restore(
    source: Path,
    folder: Path,
    *,
    replace: bool = False,
    listed: Path | None = None,
    progress: Progress = silent,
    clock: Clock = system_clock,
) -> int:
    """Make the folder of a store from the backup `source`; how many users were forgotten anew.

    What lies in `folder` is replaced only with `replace`, in one rename when all is ready. Users
    on the list of the store that is replaced, or in the file `listed`, are forgotten in the
    restored one too, and keys that were revoked stay revoked. HabitusError where the backup is
    damaged, the folder is not empty, or a server works on it.
    """
    progress("Checking the backup", 0, None)
    backup.verified(source)
    taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if taken and not replace:
        raise HabitusError(
            f"{folder} is not empty.", "Name a new folder, or pass --replace to give it up."
        )
    if not folder.parent.is_dir():
        raise HabitusError(f"There is no folder {folder.parent}.", "Make it first.")
    ended = Ended() if listed is None else Ended.read(listed)
    if (folder / FILE).is_file():
        ended = ended.joined(_since(folder, clock()))
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made.chmod(0o755)
        progress("Copying the backup", 0, None)
        shutil.copy2(source / FILE, made / FILE)
        backup.copy_models(source / backup.MODELS, made / backup.MODELS)
        count = _apply(made, ended, progress)
        backup.sync_tree(made)
        _swap(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return count


def _since(folder: Path, now: int) -> Ended:
    """What has ended in the store that will be replaced, which nobody may be using."""
    try:
        database = SqliteDatabase(folder, create=False)
    except HabitusError as error:
        raise HabitusError(
            f"The list of forgotten users of {folder} cannot be read: {error.problem}",
            "Move that folder away, and pass its list with --forgotten if you have it; else revoke "
            "again the keys that were revoked since the backup.",
        ) from error
    try:
        with database.read() as connection:
            beat = connection.scalar(select(func.max(schema.workers.c.seen_at)))
            if beat is not None and beat >= now - SILENCE:
                raise HabitusError(f"A server works on {folder}.", "Stop it first.")
            return Ended.of(connection)
    finally:
        database.close()


def _apply(folder: Path, ended: Ended, progress: Progress) -> int:
    """Forget the users of a list in a restored store, take the list over, and end revoked keys."""
    entries = ended.forgotten
    workspaces = sorted({entry.workspace for entry in entries})
    for workspace in workspaces:
        Store.open(folder, workspace, create=False).close()  # makes the workspace where it lacks
    database = SqliteDatabase(folder, create=False)
    try:
        progress("Forgetting again", 0, None)
        with database.write() as connection:
            count = sum(_forget_listed(connection, each, entries) for each in workspaces)
            keys.revoke_again(connection, ended.revoked)
            for table in (schema.workers, schema.pages):
                connection.execute(delete(table))
        if not clean_files(database):
            raise HabitusError(f"The files in {folder} are in use.", "Restore again.")
    finally:
        database.close()
    return count


def _forget_listed(connection: Connection, workspace: str, entries: Iterable[Entry]) -> int:
    named_so = schema.workspaces.c.name == workspace
    code = connection.execute(select(schema.workspaces.c.code).where(named_so)).scalar_one()
    before = {(each.key, each.hash): each.at for each in forgotten.entries(connection, workspace)}
    of_workspace = [each for each in entries if each.workspace == workspace]
    new = [each for each in of_workspace if before.get((each.key, each.hash), -1) < each.at]
    users = schema.users
    query = select(users.c.user_id).where(
        users.c.workspace == code, users.c.user_id.not_like(GONE + "%")
    )
    named = forgotten.named_by(new, workspace, connection.scalars(query))
    for user_id, entry in named.items():
        if not forget_until(connection, code, user_id, entry.at):
            forget(connection, code, user_id, entry.at)
    for entry in new:
        forgotten.enter_hash(connection, code, entry.key, entry.hash, entry.at)
    return len(named)


def _swap(made: Path, folder: Path) -> None:
    """Put the new folder where the old one is; a failure leaves the old one there."""
    old = folder.with_name(f".{folder.name}-replaced-{os.getpid()}")
    if folder.exists():
        with WriterLock(folder / LOCK):
            folder.rename(old)
    try:
        made.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    backup.sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)
