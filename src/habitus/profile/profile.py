"""Who a user is, in propositions: what was observed, what was said, and what the user made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import Any

from habitus.profile.allowance import OBSERVED, allowed
from habitus.profile.claim import Claim
from habitus.profile.constraint import Constraint, constraint_of
from habitus.profile.edits import EDIT, Action, Edit, Edits
from habitus.profile.identity import Identity
from habitus.profile.log import UserLog
from habitus.profile.sensitive import Policy
from habitus.profile.statements import Said, propositions
from habitus.profile.wording import WORDINGS, sentence
from habitus.types import Interval, Kind, Origin, Proposition, Stance

SURE = 0.99  # nothing is surer, not even what the user set

Observe = Callable[[UserLog, int], list[Proposition]]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a user at `now` (µs since 1970, UTC), as far as it was known at `known_at`.

    propositions  what holds: pinned first, then the surest
    past          what held once, the latest first
    constraints   what must not be shown to them: allergies and diets that they stated
    events        how many events it was read from
    note          says in plain words where it is less than it could be
    """

    user_id: str
    now: int
    propositions: tuple[Proposition, ...] = ()
    past: tuple[Proposition, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    events: int = 0
    note: str = ""

    def find(self, proposition_id: str) -> Proposition | None:
        """The proposition of an id, if it holds or held."""
        every = (*self.propositions, *self.past)
        return next((one for one in every if one.proposition_id == proposition_id), None)

    def without_sensitive(self) -> Profile:
        """The same for who may not see sensitive matters."""
        return replace(
            self,
            propositions=tuple(one for one in self.propositions if not one.sensitive),
            past=tuple(one for one in self.past if not one.sensitive),
            constraints=(),
        )


def profile_of(
    log: UserLog,
    said: Sequence[Said],
    observe: Observe,
    policy: Policy,
    identity: Identity,
    now: int,
) -> Profile:
    """The profile that events and claims make, both already cut to what happened and was known.

    `observe(log, now)` reads behaviour. What the user rejected or corrected never comes back from
    behaviour; what they deleted comes back only from events that came later; and of what they said
    before either, nothing is used.
    """
    edits = Edits.of(log.where([kind == EDIT.name for kind in log.column("event_type")]).events)
    wrong = edits.removed(Action.REJECT, Action.CORRECT)
    gone = edits.removed(Action.DELETE)
    kept = [
        one
        for one in said
        if one.recorded > max(_at(wrong, identity, one), _at(gone, identity, one))
    ]
    stated = propositions(log.user_id, kept, now)
    said_since = {identity.of_proposition(one): one.valid.start or 0 for one in stated}
    found = [
        *_observed(log, observe, identity, now, wrong, gone),
        *stated,
        *(
            _corrected(log.user_id, each)
            for each in edits.corrections(lambda each: _name(each, identity))
            if said_since.get(_name(each, identity), -1) < each.time  # else they said so since
        ),
    ]
    kept_ones = allowed(found, log.catalogue, policy)
    recorded = dict(zip(log.event_ids, log.column("recorded_at"), strict=True))
    pinned = edits.pinned()
    made = [_finished(one, identity, recorded, pinned) for one in kept_ones]
    holding = [one for one in made if one.valid.end is None or one.valid.end > now]
    over = [one for one in made if one.valid.end is not None and one.valid.end <= now]
    return Profile(
        log.user_id,
        now,
        tuple(sorted(holding, key=lambda one: (not one.pinned, -one.confidence))),
        tuple(sorted(over, key=lambda one: -(one.valid.end or 0))),
        _constraints(holding),
        len(log),
    )


def _at(removed: Mapping[str, int], identity: Identity, one: Said) -> int:
    return removed.get(identity.of_claim(one.claim), -1) if removed else -1


def _name(edit: Edit, identity: Identity) -> str:
    """The id of what a correction makes."""
    assert edit.kind is not None
    return identity.of(edit.kind, edit.attribute, edit.value, edit.scope)


def _observed(
    log: UserLog,
    observe: Observe,
    identity: Identity,
    now: int,
    wrong: Mapping[str, int],
    gone: Mapping[str, int],
) -> list[Proposition]:
    found = observe(log, now)
    if not wrong and not gone:
        return found
    named = [(identity.of_proposition(one), one) for one in found]
    kept = [one for name, one in named if name not in wrong and name not in gone]
    if gone:
        since = max(gone.values())
        later = observe(_recorded_after(log, since), now)
        names = [(identity.of_proposition(one), one) for one in later]
        kept += [one for name, one in names if name in gone and name not in wrong]
    return kept


def _recorded_after(log: UserLog, moment: int) -> UserLog:
    return log.where([(one or 0) > moment for one in log.column("recorded_at")])


def _corrected(user_id: str, edit: Edit) -> Proposition:
    assert edit.kind is not None
    return Proposition(
        proposition_id="",
        user_id=user_id,
        kind=edit.kind,
        attribute=edit.attribute,
        value=edit.value,
        stance=edit.stance,
        confidence=SURE,
        events_for=(edit.event_id,),
        sentence=_worded(edit),
        origin=Origin.EDITED,
        scope=edit.scope,
        valid=Interval(edit.time or None, None),
        known=Interval(edit.recorded or None, None),
        words=edit.value,
    )


def _worded(edit: Edit) -> str:
    assert edit.kind is not None
    if edit.kind not in OBSERVED and (edit.attribute in WORDINGS or edit.kind is Kind.PREFERENCE):
        end = len(edit.value)
        claim = Claim(edit.kind, edit.attribute, edit.value, edit.stance, edit.scope, 0, end, SURE)
        return sentence(claim)
    verb = "Wants" if edit.stance is Stance.FOR else "Does not want"
    scope = f" {edit.scope}" if edit.scope else ""
    return f"{verb} {edit.value} ({edit.attribute}){scope}: set by the user."


def _finished(
    one: Proposition, identity: Identity, recorded: Mapping[str, int | None], pinned: frozenset[str]
) -> Proposition:
    """With its id, since when it was known, and whether it is pinned."""
    name = identity.of_proposition(one)
    known = one.known
    if known.start is None:
        # Known since enough of it was: the event in the middle of those that speak for it.
        middle = one.events_for[(len(one.events_for) - 1) // 2]
        known = Interval(recorded.get(middle) or 0, known.end)
    return Proposition(  # `replace` takes three times as long, and there are hundreds
        proposition_id=name,
        user_id=one.user_id,
        kind=one.kind,
        attribute=one.attribute,
        value=one.value,
        stance=one.stance,
        confidence=min(one.confidence, SURE),
        events_for=one.events_for,
        sentence=one.sentence,
        origin=one.origin,
        scope=one.scope,
        events_against=one.events_against,
        valid=one.valid,
        known=known,
        strength=one.strength,
        sensitive=one.sensitive,
        words=one.words,
        pinned=name in pinned,
    )


def _constraints(holding: Iterable[Proposition]) -> tuple[Constraint, ...]:
    """What allergies and diets that the user stated rule out."""
    stated = [one for one in holding if one.origin in (Origin.STATED, Origin.EDITED)]
    words = [one.sentence for one in stated if one.kind not in OBSERVED]
    found = [constraint_of(each) for each in words]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def everything(profile: Profile) -> list[dict[str, Any]]:
    """All propositions of a profile as plain values, ready for JSON: NaN is None."""
    return [plain(one) for one in (*profile.propositions, *profile.past)]


def plain(one: Proposition) -> dict[str, Any]:
    """A proposition as plain values, ready for JSON: NaN is None."""
    return {**asdict(one), "strength": one.strength if isfinite(one.strength) else None}
