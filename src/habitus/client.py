"""A thin client of `habitus serve`: its methods are the engine's, its answers the same nouns."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from random import uniform
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

from habitus import messages
from habitus.events.receipt import Receipt
from habitus.messages import Now
from habitus.types import (
    Event,
    EventType,
    HabitusError,
    Item,
    Slate,
    Stance,
)

if TYPE_CHECKING:
    from habitus.act.asking import Ask
    from habitus.act.explain import Explanation
    from habitus.act.models import ModelEntry
    from habitus.act.pages import Page
    from habitus.events.forgetting import Forgotten
    from habitus.events.userstate import HistoryPage, UserState
    from habitus.profile.context import Context
    from habitus.profile.profile import Profile
    from habitus.profile.recall import Found
    from habitus.profile.sensitive import Policy

TOGETHER = 1_000  # events or items of one request
AGAIN = frozenset({502, 503, 504})  # the server is too busy, or a proxy cannot reach it
FIRST = 0.25  # seconds before a call is made again, twice as many before each time after that
LONGEST = 8.0  # seconds, where the server names none
LOOK = 1.0  # seconds between looks at a training
INTERPRETING = 90.0  # seconds for a language model behind the server, where others get fewer


class ServiceError(HabitusError):
    """The server refused a call: `status` of HTTP, the fields that are wrong, and the id under
    which the server's log has the call."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        super().__init__(str(said.get("detail", f"HTTP {status}")), str(said.get("mend", "")))
        self.status = status
        self.fields = tuple(one["field"] for one in said.get("errors", ()))
        self.request_id = str(said.get("request_id", ""))


@dataclass(frozen=True, slots=True)
class Interpreted:
    """What a language model's reading came to: how many proposals were kept, why others were not,
    and why nothing came of it ("" where it worked)."""

    accepted: int
    dropped: tuple[str, ...]
    fallback: str


class Client:
    """One workspace of a server: the one that the key belongs to. Threads may share it."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 3,
        patience: float = 60.0,
    ) -> None:
        """`timeout` in seconds is of one request. Where the server is too busy or cannot be
        reached, a call that only asks, or observes, is made again: up to `retries` times, the last
        one begun at most `patience` seconds after the first. No other call ever is."""
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)
        self._timeout = timeout
        self._retries = retries
        self._patience = patience

    # Observe

    def observe(self, events: Any) -> Receipt:
        """Store a dict, an Event, or several. When this returns they are on disk.

        Each gets an event_id where it has none, so that a repeated request stores nothing twice.
        """
        single = isinstance(events, Event | Mapping)
        receipt, start = Receipt(), 0
        for block in _blocks([events] if single else events):
            sent = [{"event_id": uuid4().hex, **messages.fields(each)} for each in block]
            body = sent[0] if single else {"events": sent}
            said = self._call("POST", "/v1/events", body, safe=True)
            receipt.add(messages.receipt(said, start))
            start += len(block)
        return receipt

    def put_items(self, items: Iterable[Item | Mapping[str, Any]]) -> int:
        """Add or replace items; how many were new or changed."""
        changed = 0
        for block in _blocks(items):
            body = {"items": [messages.fields(each) for each in block]}
            changed += self._call("PUT", "/v1/items", body)["changed"]
        return changed

    def set_available(self, item_ids: Iterable[str], available: bool) -> int:
        """Say whether items can be had; how many changed."""
        changed = 0
        for block in _blocks(item_ids):
            body = {"item_ids": block, "available": available}
            changed += self._call("POST", "/v1/items/availability", body)["changed"]
        return changed

    def set_event_types(self, types: Iterable[EventType]) -> None:
        """Say what kinds of events mean: role and weight. Needs a key with the scope `admin`."""
        sent = [{"name": one.name, "role": one.role, "weight": one.weight} for one in types]
        self._call("PUT", "/v1/event_types", {"event_types": sent})

    # Ask

    def recommend(
        self,
        user_id: str,
        k: int = 10,
        now: Now = None,
        exclude_seen: bool | None = None,
        where: Mapping[str, Any] | None = None,
        exclude_items: Sequence[str] = (),
        use_profile: bool = True,
    ) -> Slate:
        """The k items that the user is likeliest to want next."""
        body = {
            "user_id": user_id,
            "k": k,
            "now": messages.moment(now),
            "exclude_seen": exclude_seen,
            "where": where,
            "exclude_items": list(exclude_items),
            "use_profile": use_profile,
        }
        return messages.slate(self._call("POST", "/v1/recommend", body, safe=True))

    def page(self, ask: Ask) -> Page:
        """The first page of a ranking, and the cursor that leads on."""
        body = {
            "user_id": ask.user_id,
            "k": ask.k,
            "now": messages.moment(ask.now),
            "exclude_seen": ask.exclude_seen,
            "where": ask.where,
            "exclude_items": list(ask.exclude_items),
            "use_profile": ask.use_profile,
            "pages": True,
        }
        return messages.page(self._call("POST", "/v1/recommend", body, safe=True))

    def next_page(self, cursor: str) -> Page:
        """The page after the one that gave the cursor."""
        return messages.page(
            self._call("POST", "/v1/recommend/next", {"cursor": cursor}, safe=True)
        )

    def rank(self, user_id: str, item_ids: Sequence[str], now: Now = None) -> Slate:
        """The given items, likeliest first."""
        body = {"user_id": user_id, "item_ids": list(item_ids), "now": messages.moment(now)}
        return messages.slate(self._call("POST", "/v1/rank", body, safe=True))

    def similar(self, item_id: str, k: int = 10, where: Mapping[str, Any] | None = None) -> Slate:
        """The k items most like one."""
        body = {"item_id": item_id, "k": k, "where": where}
        return messages.slate(self._call("POST", "/v1/similar", body, safe=True))

    # Users

    def user(self, user_id: str) -> UserState:
        """What is known of a user, in numbers."""
        from habitus.events.userstate import UserState

        said = self._call("GET", _address(user_id, "/state"))
        said["attributes"] = messages.tuples(said["attributes"])
        return UserState(**said)

    def history_page(
        self, user_id: str, limit: int = 100, cursor: str | None = None
    ) -> HistoryPage:
        """A user's events, newest first; the cursor leads to those before."""
        from habitus.events.userstate import HistoryPage

        parameters = {"limit": limit} | ({} if cursor is None else {"cursor": cursor})
        said = self._call("GET", _address(user_id, "/history"), parameters=parameters)
        return HistoryPage(tuple(Event(**each) for each in said["events"]), said["cursor"])

    def export(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Everything held about a user, record by record."""
        request = self._http.build_request("GET", _address(user_id, "/export"))
        with closing(self._answer(request, safe=True, stream=True)) as response:
            if response.is_error:
                response.read()
            _insist(response)
            try:
                for line in response.iter_lines():
                    yield json.loads(line)
            except httpx.TransportError as error:
                raise HabitusError(
                    f"The answer broke off ({type(error).__name__}).", "Ask for it again."
                ) from error

    def forget(self, user_id: str) -> Forgotten:
        """Remove everything held about a user, for good."""
        from habitus.events.forgetting import Forgotten

        return Forgotten(**self._call("DELETE", _address(user_id)))

    # Profiles: sensitive matters are in an answer where the key has that scope

    def profile(self, user_id: str, as_of: Now = None, known_at: Now = None) -> Profile:
        """Who a user is, in propositions, each with its confidence and the events it rests on."""
        given = {
            "as_of": messages.moment(as_of),
            "known_at": messages.moment(known_at),
            "past": "true",
        }
        parameters = {name: value for name, value in given.items() if value is not None}
        return messages.profile(
            self._call("GET", _address(user_id, "/profile"), parameters=parameters)
        )

    def pin(self, user_id: str, proposition_id: str, pinned: bool = True) -> None:
        """Keep a proposition first, or no longer."""
        self._edit(user_id, proposition_id, "pin" if pinned else "unpin")

    def correct(
        self,
        user_id: str,
        proposition_id: str,
        value: str | None = None,
        stance: Stance | str | None = None,
    ) -> None:
        """Put another value, or the other stance, in place of a proposition's."""
        self._edit(user_id, proposition_id, "correct", value=value, stance=stance)

    def reject(self, user_id: str, proposition_id: str) -> None:
        """Say that a proposition is wrong: it comes back only if the user says so themselves."""
        self._edit(user_id, proposition_id, "reject")

    def drop(self, user_id: str, proposition_id: str) -> None:
        """Take a proposition away: it comes back only from events that are yet to come."""
        self._edit(user_id, proposition_id, "delete")

    def recall(self, user_id: str, query: str, k: int = 10, now: Now = None) -> list[Found]:
        """What of all that a user wrote, and of what is known of them, answers a query best."""
        from habitus.profile.recall import Found

        body = {"user_id": user_id, "query": query, "k": k, "now": messages.moment(now)}
        found = self._call("POST", "/v1/recall", body, safe=True)["found"]
        return [Found(**messages.tuples(one)) for one in found]

    def context(self, user_id: str, query: str, budget: int = 2_000, now: Now = None) -> Context:
        """The few lines that a language model should see of a user for a query, never more than
        `budget` characters."""
        from habitus.profile.context import Context, Line

        body = {"user_id": user_id, "query": query, "budget": budget, "now": messages.moment(now)}
        said = self._call("POST", "/v1/context", body, safe=True)
        return Context(said["text"], tuple(Line(**messages.tuples(one)) for one in said["lines"]))

    def explain(self, user_id: str, item_id: str, now: Now = None) -> Explanation:
        """Why an item stands where it does for a user: what is known of them, and what they did."""
        from habitus.act.explain import Cause, Explanation

        body = {"user_id": user_id, "item_id": item_id, "now": messages.moment(now)}
        said = self._call("POST", "/v1/explain", body, safe=True)
        said["propositions"] = tuple(messages.proposition(one) for one in said["propositions"])
        said["causes"] = tuple(Cause(**one) for one in said["causes"])
        return Explanation(**said)

    def interpret(self, user_id: str) -> Interpreted:
        """Have the server's language model read what a user wrote, where the workspace allows it."""
        said = self._call("POST", "/v1/profile/interpret", {"user_id": user_id}, least=INTERPRETING)
        return Interpreted(said["accepted"], tuple(said["dropped"]), said["fallback"])

    def policy(self) -> Policy:
        """What the workspace allows to be known of its users."""
        from habitus.profile.sensitive import Policy

        said = self._call("GET", "/v1/policy")
        del said["unreviewed"]
        return Policy(**said)

    def set_policy(self, policy: Policy) -> None:
        """Allow, from the next answer on, what a policy says, and nothing else."""
        self._call("PUT", "/v1/policy", json.loads(policy.to_json()))

    def unreviewed(self) -> list[str]:
        """The attributes of items of which nobody said whether they are sensitive."""
        names: list[str] = self._call("GET", "/v1/policy")["unreviewed"]
        return names

    # Models

    def models(self) -> list[ModelEntry]:
        """The published models, one of them current."""
        from habitus.act.models import ModelEntry

        return [ModelEntry(**each) for each in self._call("GET", "/v1/models")["models"]]

    def train(
        self,
        recipe: str = "default",
        *,
        minutes: float | None = None,
        name: str | None = None,
        seed: int = 0,
    ) -> ModelEntry:
        """Train on the server, and wait; HabitusError where the training failed or was cancelled."""
        body = {"recipe": recipe, "minutes": minutes, "name": name, "seed": seed}
        job = self._call("POST", "/v1/models/train", body)
        while job["state"] == "running":
            time.sleep(LOOK)
            job = self._call("GET", f"/v1/models/train/{job['job']}")
        if job["state"] != "done":
            raise HabitusError(f"The training ended as {job['state']}.", job["reason"])
        return next(each for each in self.models() if each.name == job["model"])

    def activate(self, name: str) -> list[str]:
        """Let a model serve; the workers that do not serve it yet (none, but for trouble)."""
        missing: list[str] = self._call("POST", f"/v1/models/{quote(name, safe='')}/activate")[
            "missing"
        ]
        return missing

    def rollback(self) -> str:
        """Let the model serve that served before; its name."""
        name: str = self._call("POST", "/v1/models/rollback")["model"]
        return name

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _edit(self, user_id: str, proposition_id: str, action: str, **more: Any) -> None:
        body = {"user_id": user_id, "proposition_id": proposition_id, "action": action, **more}
        self._call("POST", "/v1/profile/edit", body)

    def _call(
        self,
        method: str,
        address: str,
        body: Any = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        safe: bool = False,
        least: float = 0.0,
    ) -> Any:
        """One call's answer; `safe`: making it twice is as making it once, as with every GET. It
        may take the client's timeout, and at least `least` seconds."""
        timeout = max(self._timeout, least)
        request = self._http.build_request(
            method, address, json=body, params=parameters, timeout=timeout
        )
        response = self._answer(request, safe or method == "GET")
        _insist(response)
        return response.json()

    def _answer(
        self, request: httpx.Request, safe: bool, *, stream: bool = False
    ) -> httpx.Response:
        """The server's answer to the last attempt; HabitusError where there was none."""
        patience = _Patience(self._retries if safe else 0, self._patience)
        while True:
            try:
                response = self._http.send(request, stream=stream)
            except httpx.TransportError as error:
                if not patience.wait():
                    raise HabitusError(
                        f"The server cannot be reached ({type(error).__name__}).",
                        "Check its address, and that it runs.",
                    ) from error
                continue
            if response.status_code not in AGAIN:
                return response
            if not patience.wait(response.headers.get("Retry-After", "")):
                return response
            response.close()


class _Patience:
    """How often a call is made again, and for how long."""

    def __init__(self, times: int, seconds: float) -> None:
        self._left = times
        self._until = time.monotonic() + seconds
        self._pause = FIRST

    def wait(self, asked: str = "") -> bool:
        """Wait before another attempt, as long as the server asked (seconds, of Retry-After); at
        once False where there is to be none."""
        # Of those whom one server sends away, not all come back at the same moment.
        pause = float(asked) if asked.isdecimal() else self._pause * uniform(0.5, 1.0)
        if self._left == 0 or time.monotonic() + pause > self._until:
            return False
        time.sleep(pause)
        self._left -= 1
        self._pause = min(2 * self._pause, LONGEST)
        return True


def _insist(response: httpx.Response) -> None:
    if not response.is_error:
        return
    try:
        said = response.json()
    except ValueError:  # the words of a proxy
        said = None
    raise ServiceError(response.status_code, said if isinstance(said, dict) else {})


def _blocks(things: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(things)
    while block := list(islice(left, TOGETHER)):
        yield block


def _address(user_id: str, rest: str = "") -> str:
    """A user's address. Dots too are written as %2E: "." or ".." alone would mean the way up."""
    return f"/v1/users/{quote(user_id, safe='').replace('.', '%2E')}{rest}"
