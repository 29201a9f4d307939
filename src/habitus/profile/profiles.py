"""The profiles and memories of a store's users, kept between calls while nothing changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import uuid4

from habitus.events.storage_errors import failing
from habitus.events.store import Store
from habitus.language.encoder import Encoder
from habitus.language.llm import LLM
from habitus.profile.claim import Claim
from habitus.profile.context import Context, Unit, context
from habitus.profile.edits import EDIT, Action, Edit, corrected
from habitus.profile.everybody import Everybody
from habitus.profile.held import MODEL, Held, Users
from habitus.profile.identity import Identity
from habitus.profile.log import UserLog
from habitus.profile.profile import Profile, profile_of
from habitus.profile.proposed import Proposals, proposed
from habitus.profile.recall import PROPOSITION, Found, Memory, Utterance
from habitus.profile.sensitive import Policy, category_of
from habitus.profile.vectors import Vectors, vectors_of
from habitus.profile.voice import (
    claims_text,
    said,
    spoken,
    stating,
    utterance,
)
from habitus.types import (
    HabitusError,
    Kind,
    Origin,
    Progress,
    Proposition,
    Stance,
    silent,
)

POLICY, SECRET = "policy", "secret"  # names of the values that a store keeps
REMEMBERED = 20  # documents of a memory that a context may draw on
LONGEST = 2_000  # characters of a query
MORE = 4  # times as many are looked for where sensitive ones were left out
INTERIM = "The store cannot be written to at present: the ids of this profile are for now only."
UNFITTED = "What others do is not known yet, so that little can be read from behaviour."


class Profiles:
    """Reads the users of one store. Threads may share it."""

    def __init__(
        self, store: Store, secret: Callable[[], str], encoder: Encoder | None = None
    ) -> None:
        """`secret` makes a new secret of a workspace in hex, where it has none yet."""
        self._store, self._encoder, self._secret = store, encoder, secret
        self._users, self._everybody = Users(store), Everybody(store)
        self._interim = ""
        self._guard = threading.Lock()  # of memories

    # The workspace

    def policy(self) -> Policy:
        """What the workspace allows to be known."""
        text = self._store.values.get(POLICY)
        return Policy() if text is None else Policy.from_json(text)

    def set_policy(self, policy: Policy) -> None:
        """Allow, from the next answer on, what a policy says."""
        self._store.values.put(POLICY, policy.to_json())

    def learn(self, progress: Progress = silent) -> None:
        """Fit what everybody does anew, and keep it for every process."""
        self._everybody.learn(progress)

    # One user

    def profile(self, user_id: str, now: int, known_at: int | None = None) -> Profile:
        """Who a user is at `now`, from what happened by then and was recorded by `known_at` (None:
        all), sensitive matters included where the workspace allows them."""
        held, policy = self._users.of(user_id), self.policy()
        log = _as_of(held.log, now, known_at)
        stated = stating(log)
        made = [*said(stated, held.claims, Origin.STATED)]
        if policy.llm:
            made += said(stated, held.proposals, Origin.INFERRED)
        learned = self._everybody.now()
        found = profile_of(
            log,
            made,
            lambda some, at: [] if learned is None else learned.observe(some, at, policy),
            policy,
            self._identity(user_id),
            now,
        )
        notes = [UNFITTED] if learned is None and len(log) else []
        notes += [INTERIM] if self._interim else []
        return replace(found, note=" ".join(notes))

    def told(self, user_id: str, now: int) -> Profile:
        """What a user set or said of themselves, without what behaviour says."""
        held, policy = self._users.of(user_id), self.policy()
        log = _as_of(held.log, now, None)
        stated = said(stating(log), held.claims, Origin.STATED)
        return profile_of(log, stated, lambda *_: [], policy, self._identity(user_id), now)

    def edit(
        self,
        user_id: str,
        action: Action,
        proposition_id: str,
        now: int,
        value: str | None = None,
        stance: Stance | str | None = None,
    ) -> None:
        """Note durably what a user does to a proposition. HabitusError where the profile at `now`
        has none of that id, and for a correction that says nothing new or may not be kept."""
        known = self.proposition(user_id, proposition_id, now)
        edit = Edit(action, proposition_id)
        if action is Action.CORRECT:
            edit = corrected(known, value, stance)
            if not self.policy().allows_stated(edit.attribute, edit.value, edit.scope):
                raise HabitusError(
                    "The correction speaks of a sensitive matter, which the workspace does not keep.",
                    "Leave it out, or set allow_stated_sensitive in the workspace's policy.",
                )
        if self._store.event_types().get(EDIT.name) != EDIT:
            self._store.set_event_types([EDIT])
        self._store.observe(replace(edit.event(user_id), event_id=uuid4().hex))

    def recall(
        self, user_id: str, query: str, k: int, now: int, sensitive: bool = False
    ) -> list[Found]:
        """The k documents of a user's memory that answer a query best; what speaks of sensitive
        matters only with `sensitive`."""
        check_query(query)
        memory = self.memory(user_id, now, sensitive)
        vector = None
        if self._encoder is not None:
            vector = self._encoder.encode([memory.to_encode(query)])[0]
        most = k
        while True:
            found = memory.recall(query, most, now, vector=vector)
            kept = [one for one in found if sensitive or category_of(one.text) is None]
            if len(kept) >= k or len(found) < most:
                return kept[:k]
            most *= MORE

    def context(
        self, user_id: str, query: str, budget: int, now: int, sensitive: bool, unit: Unit
    ) -> Context:
        """What a language model should see of a user for a query."""
        profile = self.profile(user_id, now)
        known = (profile if sensitive else profile.without_sensitive()).propositions
        found = self.recall(user_id, query, REMEMBERED, now, sensitive)
        texts = {one.text for one in found if set(one.why) - {PROPOSITION}}  # that match indeed
        always = [
            replace(one, pinned=True) for one in known if one.pinned or one.kind is Kind.STYLE
        ]
        fitting = [one for one in known if one.sentence in texts and one.kind is not Kind.STYLE]
        return context([*always, *fitting], found, budget, unit)

    def memory(self, user_id: str, now: int, sensitive: bool = False) -> Memory:
        """Everything a user wrote, and the propositions that hold at `now`, ready to be searched."""
        held, profile = self._users.of(user_id), self.profile(user_id, now)
        known_now = (profile if sensitive else profile.without_sensitive()).propositions
        facts = [one for one in known_now if one.kind is not Kind.RETURN]  # a forecast, no memory
        turns = [utterance(one) for one in spoken(held.log)]
        with self._guard:
            memory, known = held.memory, held.turns
        if memory is None or known > len(turns):
            memory, known = Memory.build((), user=user_id, zone=held.log.timezone), 0
        if known < len(turns):
            memory = memory.added(turns[known:], self._vectors(user_id, turns[known:]))
        with self._guard:
            held.memory, held.turns = memory, len(turns)
        return memory.knowing(facts, self._meanings(held, facts))

    def _vectors(self, user_id: str, turns: Sequence[Utterance]) -> Vectors | None:
        """The vectors of turns by event id; None without an encoder."""
        if self._encoder is None:
            return None
        return vectors_of(self._store, self._encoder, user_id, turns)

    def _meanings(self, held: Held, facts: Sequence[Proposition]) -> Vectors | None:
        """The vectors of propositions by their ids; None without an encoder."""
        if self._encoder is None:
            return None
        new = [one.sentence for one in facts if one.sentence not in held.meanings]
        if new:
            held.meanings.update(zip(new, self._encoder.encode(new), strict=True))
        return {one.proposition_id: held.meanings[one.sentence] for one in facts}

    def interpret(self, user_id: str, llm: LLM | None) -> Proposals:
        """Have a language model read what a user wrote and keep what it proposes, where the
        workspace allows it."""
        held = self._users.of(user_id)
        found = proposed(llm, stating(held.log), self.policy())
        by_event: dict[str, list[Claim]] = {}
        for event_id, claim in found.accepted:
            by_event.setdefault(event_id, []).append(claim)
        if by_event:
            kept = {event_id: claims_text(each) for event_id, each in by_event.items()}
            self._store.derived.put(MODEL, kept)
            self.forget(user_id)
        return found

    def forget(self, user_id: str) -> None:
        """Keep nothing of a user in memory."""
        self._users.forget(user_id)

    def proposition(self, user_id: str, proposition_id: str, now: int) -> Proposition:
        """One proposition of a user; HabitusError where there is none of that id."""
        found = self.profile(user_id, now).find(proposition_id)
        if found is None:
            raise HabitusError(
                "The user's profile has no proposition of that id.",
                "Read the profile again: ids are those of its propositions.",
            )
        return found

    def _identity(self, user_id: str) -> Identity:
        return Identity.of_user(bytes.fromhex(self._own_secret()), user_id)

    def _own_secret(self) -> str:
        """The workspace's secret. Where none is kept yet and the store cannot be written to at
        present, one of this process: ids are then others later, and no edit can be made by them."""
        try:
            found = self._store.values.settle(SECRET, self._secret)
        except HabitusError as error:
            if failing(error) is None:
                raise
            self._interim = self._interim or self._secret()
            return self._interim
        self._interim = ""
        return found


def check_query(query: str) -> None:
    """HabitusError for what is no question."""
    if not query.strip() or len(query) > LONGEST:
        raise HabitusError(
            f"A query has 1 to {LONGEST:,} characters.", "Say in a few words what is looked for."
        )


def _as_of(log: UserLog, now: int, known_at: int | None) -> UserLog:
    """The log as it was: without what happened after `now`, or was recorded after `known_at`."""
    if not log.ordinal:
        log = log.where(log.time <= now)
    if known_at is not None:
        log = log.where([(one or 0) <= known_at for one in log.column("recorded_at")])
    return log
