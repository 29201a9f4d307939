"""One proposal of a language model, and whether the event that it cites bears it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints

from habitus.profile.claim import Claim
from habitus.profile.lexicon import read
from habitus.profile.lexicon.folding import Form, folded
from habitus.profile.lexicon.terms import Terms, tokens
from habitus.profile.sensitive import Policy
from habitus.profile.wording import WORDINGS
from habitus.types import Kind, Stance

CERTAINTY = 0.6  # of what a model proposed: below what the patterns give for a plain statement
LONGEST = 200  # characters of a value

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Stated = Literal["preference", "habit", "possession", "role", "plan", "skill", "style", "fact"]
KINDS: tuple[str, ...] = get_args(Stated)

_SENTENCE = re.compile(r"[.!?](?=\s|$)|[。！？]|\n")
_COMMA = re.compile(r"[,;:](?=\s|$)|[，；、]")


class Dropped(Exception):  # noqa: N818 - it says what became of a proposal, not what failed
    """Why a proposal is not kept, in plain words."""


class Proposal(BaseModel):
    """One statement as a model words it."""

    model_config = ConfigDict(extra="ignore", strict=True)

    kind: Stated
    attribute: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z ]{0,39}$")]
    value: Short
    stance: Literal["for", "against"]
    scope: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST)] = ""
    ends: bool = False
    event_id: Short
    quote: Words


@dataclass(frozen=True, slots=True)
class Said:
    """The text of an event, made ready for any number of proposals about it.

    sentences, clauses: offsets where those end or begin; `orders`: it speaks to a model
    """

    text: str
    form: Form
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]
    orders: bool

    @classmethod
    def of(cls, text: str) -> Self:
        """Linear in the length of the text."""
        form, words = Form.of(text), _words()
        sentences = [found.end() for found in _SENTENCE.finditer(text)]
        commas = [found.end() for found in _COMMA.finditer(text)]
        turns = [form.starts[hit.start] for hit in words["clauses"].hits(form.text)]
        return cls(
            text,
            form,
            tuple(sentences),
            tuple(sorted({*sentences, *commas, *turns})),
            bool(words["orders"].hits(form.text)),
        )

    def claim(self, proposal: Proposal, policy: Policy) -> Claim:
        """The claim that a proposal makes; Dropped where this text does not bear it out."""
        if self.orders:
            raise Dropped("It rests on a text that gives orders to a model.")
        quoted = self.form.place(Form.of(proposal.quote).text.strip())
        if quoted is None:
            raise Dropped("Its quote is not in the event that it cites.")
        sentence = self._around(quoted, self.sentences)
        if sentence.rstrip().endswith(("?", "？")):
            raise Dropped("It rests on a question.")
        if not proposal.ends:
            self._check_negation(quoted, proposal.stance)
        if (
            proposal.attribute not in WORDINGS
            and Form.of(sentence).place(proposal.attribute) is None
        ):
            raise Dropped("Its attribute is neither a known one nor in what was said.")
        start, end = self._value(quoted, proposal.value)
        value = self.text[start:end]
        scope = Form.of(proposal.scope).text.strip()
        if scope and Form.of(sentence).place(scope) is None:
            raise Dropped("Its scope is not in what was said.")
        if not policy.allows_stated(proposal.attribute, sentence, value, proposal.scope):
            raise Dropped("It is a sensitive matter, which the workspace does not keep.")
        return Claim(
            kind=Kind(proposal.kind),
            attribute=proposal.attribute,
            value=value,
            stance=Stance(proposal.stance),
            scope=proposal.scope,
            start=start,
            end=end,
            certainty=CERTAINTY,
            ends=proposal.ends,
        )

    def _check_negation(self, quoted: tuple[int, int], stance: str) -> None:
        negations = _words()["negations"]
        said = len(negations.hits(folded(self._around(quoted, self.clauses))))
        if said > len(negations.hits(folded(self.text[slice(*quoted)]))):
            raise Dropped("Its quote leaves out a negation.")
        if said and stance == "for":
            raise Dropped("Its stance is for what was said with a negation.")

    def _value(self, quoted: tuple[int, int], value: str) -> tuple[int, int]:
        """Where the quote holds a value: as it is, else the stretch that has all of its words."""
        form = Form.of(self.text[slice(*quoted)])
        wanted = Form.of(value).text.strip()
        found = form.place(wanted) or form.covering([token.text for token in tokens(wanted)])
        if found is None or found[1] - found[0] > LONGEST:
            raise Dropped("Its value is not in its quote.")
        return quoted[0] + found[0], quoted[0] + found[1]

    def _around(self, quoted: tuple[int, int], ends: tuple[int, ...]) -> str:
        """The stretch between two of the given ends that a quote lies in."""
        first = max((at for at in ends if at <= quoted[0]), default=0)
        last = min((at for at in ends if at >= quoted[1]), default=len(self.text))
        return self.text[first:last]


@lru_cache(maxsize=1)
def _words() -> dict[str, Terms]:
    lists = read("orders")
    return {name: Terms({name: lists[name]}) for name in ("orders", "negations", "clauses")}
