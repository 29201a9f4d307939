"""The engine: one method a verb. What each does lies in the folders below."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import time_ns
from typing import Any, Self

from habitus.act.asking import Ask, Moment, Now, check_count, check_user, microseconds, moment
from habitus.act.cache import MEMORY, StateCache
from habitus.act.compare import compare
from habitus.act.counters import Counters
from habitus.act.everybody import recommend_everybody
from habitus.act.explain import Explanation, explain
from habitus.act.leaning import Leanings
from habitus.act.learn import learn
from habitus.act.models import ModelEntry, ModelFolder
from habitus.act.pages import Page, Pager
from habitus.act.recommend import Recommender
from habitus.act.seen import Seen
from habitus.act.serving import Serving, ServingInfo
from habitus.act.training import Effort, load_model
from habitus.evaluate.report import Table
from habitus.events.datasets import loaded
from habitus.events.forgetting import Forgotten
from habitus.events.receipt import Receipt
from habitus.events.status import Status, status
from habitus.events.store import Store
from habitus.events.userstate import HistoryPage, UserState
from habitus.language.encoder import Encoder
from habitus.language.llm import LLM
from habitus.profile.context import Context, Unit
from habitus.profile.edits import Action
from habitus.profile.profile import Profile, everything
from habitus.profile.profiles import Profiles
from habitus.profile.proposed import Proposals
from habitus.profile.recall import Found
from habitus.profile.sensitive import Policy, unreviewed
from habitus.types import (
    Event,
    EventType,
    HabitusError,
    Item,
    Progress,
    Slate,
    Stance,
    User,
    silent,
)

CAPACITY = 1024  # users whose states are kept between requests


class Engine:
    """One workspace of a store: what its users did, the models of it, and the answers.

    `now` is µs since 1970, UTC, or a datetime with a zone. Where it is given, events after it are
    not looked at, so that a replay is exact; where it is None, the clock says it and all events
    count. `user_id` need not be known: a new user is a user without events.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int],
        capacity: int = CAPACITY,
        memory: int = MEMORY,
        encoder: Encoder | None = None,
        llm: LLM | None = None,
    ) -> None:
        """Answer from an open store. Between requests the states of up to `capacity` users are kept,
        in at most `memory` bytes. `encoder` and `llm` make `recall` and `interpret` better."""
        self._llm = llm
        self.store = store
        self._clock = clock
        self.counters = Counters()
        self._models = ModelFolder(store.folder / "models" / store.workspace)
        self._serving = Serving(store, self._models, load_model)
        self._profiles = Profiles(store, new_secret, encoder)
        self._leanings = Leanings(self._profiles)
        self._recommender = Recommender(
            store, self._serving, StateCache(capacity, memory), self._leanings, self.counters
        )
        self._pager = Pager(store.pages, self._serving)

    @classmethod
    def open(
        cls,
        path: str | Path,
        workspace: str = "default",
        *,
        create: bool = True,
        clock: Callable[[], int] | None = None,
        models: str | Path | None = None,
        capacity: int = CAPACITY,
        memory: int = MEMORY,
        encoder: Encoder | None = None,
        llm: LLM | None = None,
    ) -> Self:
        """Open, or create, the store in folder `path`, or in PostgreSQL: see `Store.open`.

        Between requests the states of up to `capacity` users are kept, in at most `memory` bytes.
        `encoder` (see `habitus.language.encoder`) lets `recall` find what is meant beside what is
        said; `llm` lets `interpret` ask a language model, where the workspace allows it.
        """
        clock = clock or system_clock
        store = Store.open(path, workspace, create=create, clock=clock, models=models)
        return cls(store, clock, capacity, memory, encoder, llm)

    # --- observe -------------------------------------------------------------------------------

    def observe(self, events: Any) -> Receipt:
        """Store events (a dict, an Event, several of them, a DataFrame, an Arrow table).

        When it returns they are on disk, and the next answer counts them.
        """
        return self.store.observe(events)

    def observe_many(self, take: Callable[[], Sequence[Sequence[Any]]]) -> list[Receipt]:
        """What `observe` says to each of several lists of events, written together: all that
        `take()` gives, which is asked as late as can be, when nothing else is being written."""
        return self.store.observe_many(take)

    def delete(self, event_id: str) -> bool:
        """Remove one event, from the next answer too; False where there is none of that id."""
        return self.store.delete(event_id)

    def put_items(self, items: Iterable[Item | dict[str, Any]]) -> int:
        """Add or replace items; the number that were new or changed.

        New ones can be recommended at once, or in a large catalogue as soon as they are worked in:
        requests are not held up for it. Who names a new one (rank, similar, explain) waits for that.
        """
        return self.store.put_items(items)

    def lacks(self, item_ids: Sequence[str]) -> bool:
        """Whether what answers at present lacks one of some items: it is new, or there is none."""
        return self._serving.lacks(item_ids)

    def await_items(self, item_ids: Sequence[str]) -> None:
        """Wait until those of some items that were put are worked in, so that they can be named at
        once; HabitusError if that takes long."""
        self._serving.awaited(item_ids)

    def set_available(self, item_ids: Sequence[str], available: bool) -> int:
        """Let items be recommended, or not, from the next answer on; how many were changed.
        HabitusError where the catalogue lacks one, and then nothing is changed."""
        return self.store.set_available(item_ids, available)

    def put_users(self, users: Iterable[User | dict[str, Any]]) -> int:
        """Add or replace users; the number that were new or changed."""
        return self.store.put_users(users)

    def set_event_types(self, types: Iterable[EventType]) -> None:
        """Say what kinds of events mean: role and weight."""
        self.store.set_event_types(types)

    def history(self, user_id: str, limit: int | None = None) -> list[Event]:
        """A user's events, oldest first; with `limit` only the last so many."""
        return self.store.history(user_id, limit)

    def history_page(
        self, user_id: str, limit: int = 100, cursor: str | None = None
    ) -> HistoryPage:
        """Up to `limit` events of a user, newest first; `cursor` goes on from an earlier page."""
        return self.store.history_page(user_id, limit, cursor)

    def user(self, user_id: str) -> UserState:
        """What is known of a user, in numbers."""
        return self.store.user_state(user_id)

    def export(self, user_id: str, sensitive: bool = False) -> Iterator[dict[str, Any]]:
        """Everything held about a user, record by record, ready for JSON: what the store holds, then
        the propositions that it comes to, of sensitive matters only with `sensitive`."""
        yield from self.store.export(user_id)
        if self.store.revision(user_id):
            for one in everything(self.profile(user_id, sensitive=sensitive)):
                yield {"kind": "proposition", "proposition": one}

    def forget(self, user_id: str) -> Forgotten:
        """Delete everything about a user, and refuse what they did up to now if it comes again."""
        forgotten = self.store.forget(user_id)
        self._recommender.forget(user_id)
        return forgotten

    def status(self) -> Status:
        """What is there, in numbers and in plain words, and whether it is enough to learn from."""
        return status(self.store)

    # --- learn ---------------------------------------------------------------------------------

    def train(
        self,
        recipe: str = "default",
        *,
        minutes: float | None = None,
        name: str | None = None,
        seed: int = 0,
        threads: int | None = None,
        seen: Seen | None = None,
        resume: bool = False,
        progress: Progress = silent,
    ) -> ModelEntry:
        """Train on everything, publish the model, and let it serve from the next answer on.

        Each user's last positive event is kept back to choose the best weights by. `seen` is the
        model's default for `exclude_seen` ("mask" or "keep"; None: by how often people repeat).
        """
        effort = Effort(minutes, seed, threads)
        entry = learn(
            self.store,
            self._models,
            recipe,
            name=name,
            seen=seen,
            effort=effort,
            resume=resume,
            progress=progress,
        )
        self._profiles.learn(progress)
        self._warm_if_serving()
        return entry

    def models(self) -> list[ModelEntry]:
        """The published models, one of them current."""
        return self._models.entries()

    def activate(self, name: str) -> None:
        """Let another published model serve from the next answer on; until it is loaded, the one
        that serves answers. HabitusError where there is none of that name, or it cannot be read:
        then nothing changes."""
        self._serving.check(name)
        self._models.activate(name)
        self._warm_if_serving()

    def rollback(self) -> str:
        """Let the model serve that served before; returns its name. Otherwise as `activate`."""
        name = self._models.previous()
        self.activate(name)
        return name

    def warm(self) -> None:
        """Load the current model and attach it, while the one that serves answers, and let it serve.

        HabitusError says why it cannot be read; then the old one serves on.
        """
        self._serving.warm()

    def serving(self) -> ServingInfo:
        """The model and catalogue that answer at present; empty before the first question."""
        return self._serving.info()

    # --- ask -----------------------------------------------------------------------------------

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
        """The k items that the user is likeliest to want next.

        `exclude_seen` leaves out what they have had already (None: as the model was trained to),
        `exclude_items` items by id, and `where` all that do not meet its conditions
        (`habitus.act.conditions`). With `use_profile` tastes that the user set or stated move items
        up and down. HabitusError for a request that cannot be answered.
        """
        asked = Ask(user_id, k, now, exclude_seen, where, exclude_items, use_profile=use_profile)
        return self._answer(asked)

    def recommend_many(self, asks: Sequence[Ask]) -> list[Slate | HabitusError]:
        """What each ask is answered, faster than one by one; in place of an answer that cannot be
        given stands the error."""
        return self._recommender.answers([(ask, self._moment(ask.now)) for ask in asks])

    def page(self, ask: Ask) -> Page:
        """The first `ask.k` items of a ranking, and the cursor to the next while there are more."""
        return self.first_page(ask, self._answer(self.ranking(ask)))

    def ranking(self, ask: Ask) -> Ask:
        """The ask for the whole ranking whose first page `ask` wants: `page` in two steps, of which
        this one can be asked together with others."""
        return self._pager.ranking(ask)

    def first_page(self, ask: Ask, ranking: Slate) -> Page:
        """The first page of what `ranking(ask)` was answered; keeps the rest in the store."""
        return self._pager.first(ask, ranking)

    def next_page(self, cursor: str) -> Page:
        """The next items of a ranking, none of them a second time. HabitusError where nothing is
        kept for the cursor: rankings are kept for ten minutes."""
        return self._pager.next(cursor)

    def rank(self, user_id: str, item_ids: Sequence[str], now: Now = None) -> Slate:
        """The given items, likeliest first; HabitusError where the catalogue lacks one."""
        return self._answer(Ask(user_id, len(item_ids), now, only=item_ids))

    def similar(self, item_id: str, k: int = 10, where: Mapping[str, Any] | None = None) -> Slate:
        """The k items most like one; HabitusError where the catalogue lacks it."""
        return self._recommender.similar(item_id, k, self._moment(None), where)

    def shown(self, slate: Slate) -> bool:
        """Note for the log that a user was shown this; never waits. False, and counted, where too
        much waits already: then it is left out."""
        queued = self.store.slates.add(slate)
        self.counters.unlogged += not queued
        return queued

    def recommend_all(
        self,
        path: str | Path,
        k: int = 10,
        now: Now = None,
        exclude_seen: bool | None = None,
        progress: Progress = silent,
    ) -> int:
        """Write every user's recommendations to a .jsonl, .csv or .parquet file; the user count."""
        return recommend_everybody(
            self.store,
            self._serving.ready(),
            self._leanings,
            path,
            k,
            self._moment(now),
            exclude_seen,
            progress,
        )

    def evaluate(
        self,
        recipes: Sequence[str],
        *,
        protocol: str = "leave-one-out",
        seen: Seen | None = None,
        minutes: float | None = None,
        seed: int = 0,
        threads: int | None = None,
        progress: Progress = silent,
    ) -> Table:
        """Compare recipes and baselines on this store's own events; nothing is published."""
        catalogue, known = self.store.catalogue(), loaded(self.store)
        return compare(
            self.store.histories(catalogue),
            catalogue,
            recipes,
            dataset=", ".join(each.name for each in known) or self.store.folder.name,
            variant=", ".join(each.variant for each in known),
            protocol=protocol,
            seen=seen,
            effort=Effort(minutes, seed, threads),
            progress=progress,
        )

    # --- read ----------------------------------------------------------------------------------

    def profile(
        self, user_id: str, as_of: Now = None, known_at: Now = None, sensitive: bool = False
    ) -> Profile:
        """Who a user is, in propositions, each with its confidence and the events it rests on.

        `as_of` is the moment that is asked about (None: the present), `known_at` the moment at which
        it is asked (None: all that is recorded counts). Sensitive matters, where the workspace
        allows them at all, only with `sensitive`.
        """
        check_user(user_id)
        known = None if known_at is None else microseconds(known_at)
        found = self._profiles.profile(user_id, self._moment(as_of).now, known)
        return found if sensitive else found.without_sensitive()

    def pin(self, user_id: str, proposition_id: str, pinned: bool = True) -> None:
        """Keep a proposition first, or no longer."""
        self._edit(user_id, proposition_id, Action.PIN if pinned else Action.UNPIN)

    def correct(
        self,
        user_id: str,
        proposition_id: str,
        value: str | None = None,
        stance: Stance | str | None = None,
    ) -> None:
        """Put another value, or the other stance, in place of a proposition's; the next answer
        counts it. HabitusError where there is no such proposition."""
        self._edit(user_id, proposition_id, Action.CORRECT, value, stance)

    def reject(self, user_id: str, proposition_id: str) -> None:
        """Say that a proposition is wrong: it comes back only if the user says so themselves."""
        self._edit(user_id, proposition_id, Action.REJECT)

    def drop(self, user_id: str, proposition_id: str) -> None:
        """Take a proposition away: it comes back only from events that are yet to come."""
        self._edit(user_id, proposition_id, Action.DELETE)

    def recall(
        self, user_id: str, query: str, k: int = 10, now: Now = None, sensitive: bool = False
    ) -> list[Found]:
        """What of all that a user wrote, and of what is known of them, answers a query best.

        `now` is what "yesterday" and "last May" in the query count from. What speaks of sensitive
        matters is found only with `sensitive`.
        """
        check_user(user_id)
        check_count(k)
        return self._profiles.recall(user_id, query, k, self._moment(now).now, sensitive)

    def context(
        self,
        user_id: str,
        query: str,
        budget: int = 2_000,
        now: Now = None,
        sensitive: bool = False,
        unit: Unit = "characters",
    ) -> Context:
        """The few lines that a language model should see of a user for a query, never more than
        `budget` characters, or tokens where `unit` counts those of a text."""
        check_user(user_id)
        return self._profiles.context(
            user_id, query, budget, self._moment(now).now, sensitive, unit
        )

    def explain(
        self,
        user_id: str,
        item_id: str,
        now: Now = None,
        sensitive: bool = False,
        profile: Profile | None = None,
    ) -> Explanation:
        """Why an item stands where it does for a user: what is known of them that concerns it, and
        which events moved it, found by leaving each out. HabitusError where the catalogue lacks it.

        `profile` is the user's at `now`, where the caller has read it already.
        """
        moment = self._moment(now)
        known = profile or self.profile(user_id, now, sensitive=sensitive)
        question = self._recommender.question(Ask(user_id, 1, now), moment, item_id)
        return explain(question, item_id, known.propositions, self.store.history(user_id))

    def interpret(self, user_id: str) -> Proposals:
        """Have a language model read what a user wrote, where the workspace allows it; what it
        proposes counts from the next profile on. Never fails for the model's sake.

        It is the engine's, or the one that HABITUS_LLM_BASE_URL, HABITUS_LLM_MODEL and
        HABITUS_LLM_API_KEY name; HabitusError where these cannot be used."""
        check_user(user_id)
        llm = self._llm or LLM.from_environment(os.environ)
        return self._profiles.interpret(user_id, llm)

    def learn_everybody(self, progress: Progress = silent) -> None:
        """Fit what all users do, which profiles are read against. A training does it, too."""
        self._profiles.learn(progress)

    def policy(self) -> Policy:
        """What the workspace allows to be known of its users."""
        return self._profiles.policy()

    def set_policy(self, policy: Policy) -> None:
        """Allow, from the next answer on, what a policy says, and nothing else."""
        self._profiles.set_policy(policy)

    def unreviewed(self) -> list[str]:
        """The attributes of items that neither the policy nor the lexicon knows: say in the policy
        whether they are sensitive."""
        return unreviewed(self.store.catalogue(), self.policy().marked)

    # --- run -----------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the store; the engine answers no more."""
        self._serving.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _edit(
        self,
        user_id: str,
        proposition_id: str,
        action: Action,
        value: str | None = None,
        stance: Stance | str | None = None,
    ) -> None:
        check_user(user_id)
        self._profiles.edit(user_id, action, proposition_id, self._clock(), value, stance)

    def _warm_if_serving(self) -> None:
        """Where nothing was asked yet, the first question loads the model."""
        if self._serving.now() is not None:
            self._serving.warm()

    def _answer(self, ask: Ask) -> Slate:
        return self._recommender.answer(ask, self._moment(ask.now))

    def _moment(self, now: Now) -> Moment:
        return moment(now, self._clock())


def system_clock() -> int:
    """The present in µs since 1970, UTC."""
    return time_ns() // 1_000


def new_secret() -> str:
    """A secret that nobody can guess, in hex."""
    return secrets.token_hex(32)
