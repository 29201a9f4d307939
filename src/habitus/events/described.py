"""Items and users as they are given to the store: checked, and as columns of its tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from habitus.events.rows import BadFieldError, finite, identifier, time_zone, unicode
from habitus.types import AttributeValue, HabitusError, Item, User

Noun = TypeVar("Noun", Item, User)


def checked_items(items: Iterable[Item | Mapping[str, Any]]) -> list[Item]:
    """Valid items, the last of each id; HabitusError names the first that is not."""
    checks = {
        "item_id": identifier,
        "text": unicode,
        "attributes": _attributes,
        "numbers": _numbers,
        "available": _truth,
    }
    made = [_checked(Item, checks, each, index) for index, each in enumerate(items)]
    return list({item.item_id: item for item in made}.values())


def checked_users(users: Iterable[User | Mapping[str, Any]]) -> list[User]:
    """Valid users, the last of each id; HabitusError names the first that is not."""
    checks = {"user_id": identifier, "attributes": _attributes, "timezone": time_zone}
    made = [_checked(User, checks, each, index) for index, each in enumerate(users)]
    return list({user.user_id: user for user in made}.values())


def as_json(values: Mapping[str, Any]) -> str:
    """A map as canonical JSON: equal maps give equal text."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(texts: Iterable[str | None]) -> list[dict[str, Any]]:
    """Many maps as the store keeps them, read in one go; None is an empty one."""
    found: list[dict[str, Any]] = json.loads(f"[{','.join(text or '{}' for text in texts)}]")
    return found


def attributes_of(text: str | None) -> dict[str, AttributeValue]:
    """Attributes from the JSON of the store."""
    return attributes_from(json.loads(text or "{}"))


def attributes_from(values: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """Attributes as JSON has them, lists as tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }


def _checked(
    noun: type[Noun], checks: Mapping[str, Callable[[Any, str], Any]], given: Any, index: int
) -> Noun:
    kind = noun.__name__.lower()
    mend = f"A {kind} has {', '.join(checks)}; nothing of this call was stored."
    names = [each.name for each in fields(noun)]
    if isinstance(given, noun):
        given = {name: getattr(given, name) for name in names}
    if not isinstance(given, Mapping):
        raise HabitusError(f"{kind} {index} of the call is a {type(given).__name__}.", mend)
    unknown = [str(name) for name in given if name not in names]
    if unknown:
        raise HabitusError(
            f"{kind} {index} of the call has unknown fields: {', '.join(unknown)}.", mend
        )
    if given.get(names[0]) is None:
        raise HabitusError(f"{kind} {index} of the call has no {names[0]}.", mend)
    try:
        valid = {
            name: checks[name](value, name) for name, value in given.items() if value is not None
        }
    except BadFieldError as error:
        raise HabitusError(f"{kind} {index} of the call: {error}.", mend) from error
    return noun(**valid)


def _attributes(value: Any, name: str) -> dict[str, AttributeValue]:
    def one_or_several(given: Any, place: str) -> AttributeValue:
        if isinstance(given, list | tuple | set | frozenset):
            several = [unicode(each, place) for each in given]
            return tuple(sorted(several) if isinstance(given, set | frozenset) else several)
        return unicode(given, place)

    return {
        unicode(key, name): one_or_several(given, f"{name}.{key}")
        for key, given in _map(value, name).items()
        if given is not None
    }


def _numbers(value: Any, name: str) -> dict[str, float]:
    return {
        unicode(key, name): finite(given, f"{name}.{key}")
        for key, given in _map(value, name).items()
        if given is not None
    }


def _map(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadFieldError(name, f"is a {type(value).__name__}, not a map")
    return value


def _truth(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise BadFieldError(name, f"{value!r} is neither true nor false")
    return value
