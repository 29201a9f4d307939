"""Keys open what they are for, and their secrets are kept nowhere."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from habitus.events.keys import Keys
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import HabitusError


@pytest.fixture
def keys(place: Place) -> Iterator[Keys]:
    ticks = itertools.count(1_000)
    with Store.open(place("store"), clock=lambda: next(ticks)) as store:
        yield store.keys


def test_a_secret_finds_its_key_until_it_is_revoked(keys: Keys) -> None:
    key_id, secret = keys.make("shop", ["read", "write"], "web")
    found = keys.find(secret)
    assert found is not None
    assert (found.key_id, found.workspace, found.label) == (key_id, "shop", "web")
    assert keys.revoke(key_id)
    assert keys.find(secret) is None
    assert not keys.revoke(key_id)


@pytest.mark.parametrize("wrong", ["", "hk_", "hk_" + "A" * 43, "\ud800", "' OR 1=1 --"])
def test_another_secret_finds_nothing(keys: Keys, wrong: str) -> None:
    keys.make("shop", ["read"])
    assert keys.find(wrong) is None


def test_scopes_allow_what_they_say_and_admin_everything(keys: Keys) -> None:
    reads = keys.find(keys.make("shop", ["read"])[1])
    rules = keys.find(keys.make("shop", ["admin"])[1])
    assert reads is not None
    assert rules is not None
    assert [reads.allows(scope) for scope in ("read", "write", "admin")] == [True, False, False]
    assert all(rules.allows(scope) for scope in ("read", "write", "admin"))


def test_sensitive_matters_are_for_keys_that_name_them(keys: Keys) -> None:
    rules = keys.find(keys.make("shop", ["admin"])[1])
    sees = keys.find(keys.make("shop", ["sensitive", "read"])[1])
    assert rules is not None
    assert sees is not None
    assert [one.allows("sensitive") for one in (rules, sees)] == [False, True]
    assert [sees.allows(scope) for scope in ("read", "write", "admin")] == [True, False, False]


def test_secrets_have_256_random_bits_and_lie_in_no_file(keys: Keys, tmp_path: Path) -> None:
    made = {keys.make("shop", ["read"])[1] for _ in range(20)}
    assert len(made) == 20
    assert all(secret.startswith("hk_") and len(secret) >= 3 + 43 for secret in made)
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any(secret[3:].encode() in stored for secret in made)
    assert not any(secret[3:] in repr(each) for secret in made for each in keys.list())


def test_keys_are_listed_oldest_first_the_revoked_too(keys: Keys) -> None:
    first, _ = keys.make("shop", ["read"])
    other, _ = keys.make("forum", ["read"])
    last, _ = keys.make("shop", ["write"])
    keys.revoke(first)
    assert [key.key_id for key in keys.list()] == [first, other, last]
    assert [(key.key_id, key.revoked_at is not None) for key in keys.list("shop")] == [
        (first, True),
        (last, False),
    ]


def test_a_secret_made_elsewhere_is_adopted_once(keys: Keys) -> None:
    secret = "s3cret-" * 6
    key_id = keys.adopt(secret, "shop", ["admin"], "first")
    assert keys.adopt(secret, "shop", ["admin"]) == key_id
    assert len(keys.list()) == 1
    with pytest.raises(HabitusError, match="workspace 'shop'"):
        keys.adopt(secret, "forum", ["admin"])
    keys.revoke(key_id)
    with pytest.raises(HabitusError, match="revoked"):
        keys.adopt(secret, "shop", ["admin"])


@pytest.mark.parametrize("weak", ["short", "with space " * 5, ""])
def test_what_is_no_secret_is_not_adopted(keys: Keys, weak: str) -> None:
    with pytest.raises(HabitusError, match="is no key") as refused:
        keys.adopt(weak, "shop", ["admin"])
    assert not weak or weak not in str(refused.value)


@pytest.mark.parametrize(
    ("scopes", "label", "said"),
    [([], "", "no scope"), (["root"], "", "'root' is no scope"), (["read"], "a\nb", "label")],
)
def test_keys_that_make_no_sense_are_refused(
    keys: Keys, scopes: list[str], label: str, said: str
) -> None:
    with pytest.raises(HabitusError, match=said):
        keys.make("shop", scopes, label)
    assert keys.list() == []


def test_revoking_an_unknown_key_says_so(keys: Keys) -> None:
    with pytest.raises(HabitusError, match="no key 'k0'"):
        keys.revoke("k0")
