"""A claim in plain words, as they are said of its writer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from habitus.profile.claim import Claim
from habitus.types import Kind, Stance


@dataclass(frozen=True, slots=True)
class Wording:
    """How one attribute is said of a user: for it, against it, and when it is over."""

    liked: str
    against: str
    over: str
    over_against: str = ""


def _verb(third: str, base: str) -> Wording:
    return Wording(f"{third} {{}}", f"Does not {base} {{}}", f"No longer {third.lower()} {{}}")


WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "likes": Wording("Likes {}", "Dislikes {}", "No longer likes {}", "No longer dislikes {}"),
        "avoids": Wording("Keeps to {}", "Avoids {}", "No longer takes {}", "No longer avoids {}"),
        "fears": Wording("Seeks {}", "Is afraid of {}", "", "Is no longer afraid of {}"),
        "allergic to": Wording(
            "Is allergic to {}", "Is not allergic to {}", "Is no longer allergic to {}"
        ),
        "wants": Wording("Wants {}", "Does not want {}", "No longer wants {}"),
        "looks forward to": Wording(
            "Looks forward to {}", "Does not look forward to {}", "No longer looks forward to {}"
        ),
        "thinks of": Wording("Thinks of {}", "Does not think of {}", "No longer thinks of {}"),
        "has": Wording("Has {}", "Does not have {}", "No longer has {}"),
        "is": Wording("Is {}", "Is not {}", "Is no longer {}", "Is {} again"),
        "works": Wording("Works {}", "Does not work {}", "No longer works {}"),
        "plans": Wording("Plans {}", "Does not plan {}", "No longer plans {}"),
        "can": Wording("Can {}", "Cannot {}", "Could once {}", "Cannot {} yet"),
        "good at": Wording("Is good at {}", "Is not good at {}", "Is no longer good at {}"),
        "does": Wording(
            "Tends to {}", "Does not {}", "Used to {} but no longer does", "Used not to {}"
        ),
        "is used to": Wording("Has been {}", "Does without {}", "Stopped {}", "Took up {} again"),
        "takes": Wording("Keeps to {}", "Does without {}", "Gave up {}"),
        "answers": Wording("Wants answers: {}", "Wants answers without {}", "No longer wants {}"),
        "did": Wording("Has {}", "Has not {}", "Had {}"),
        "plays": _verb("Plays", "play"),
        "speaks": _verb("Speaks", "speak"),
        "studies": _verb("Studies", "study"),
        "teaches": _verb("Teaches", "teach"),
        "collects": _verb("Collects", "collect"),
        "runs": _verb("Runs", "run"),
        "volunteers": _verb("Volunteers", "volunteer"),
        "lives": _verb("Lives", "live"),
        "from": Wording("Comes from {}", "Does not come from {}", "No longer comes from {}"),
        "born": Wording("Was born {}", "Was not born {}", ""),
        "grew up": Wording("Grew up {}", "Did not grow up {}", ""),
        "moved": Wording("Moved {}", "Did not move {}", ""),
        "age": Wording("Is {} years old", "Is not {} years old", ""),
        "name": Wording("Is called {}", "Is not called {}", "Is no longer called {}"),
        "birthday": Wording("Has a birthday on {}", "Has no birthday on {}", ""),
    }
)
TASTES = frozenset({"likes", "avoids", "fears"})
FAVOURITE = Wording(
    "Favourite {field}: {}", "Least favourite {field}: {}", "Favourite {field} once: {}"
)

_COUNTED = frozenset(
    [
        "a",
        "an",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "my",
        "our",
        "the",
        "some",
        "several",
        "another",
        "no",
        "any",
        "few",
        "many",
        "both",
        "fur",
        "drums",
    ]
)


def sentence(claim: Claim) -> str:
    """A claim in plain words, the user's own but for "I" and "my": "Avoids gluten (for breakfast)."."""
    favourite = claim.kind is Kind.PREFERENCE and claim.attribute not in TASTES
    wording = FAVOURITE if favourite else WORDINGS.get(claim.attribute, FAVOURITE)
    if not claim.ends:
        chosen = wording.liked if claim.stance is Stance.FOR else wording.against
    else:
        chosen = wording.over if claim.stance is Stance.FOR else wording.over_against
    chosen = chosen or ("No longer: {}" if claim.ends else "Says: {}")
    head, _, tail = chosen.replace("{field}", claim.attribute).partition("{}")
    value = _missing(claim) + _told(claim)
    if claim.attribute == "wants" and value.startswith("of "):
        head = head.replace("Wants", "Dreams").replace("want", "dream")
    scope = _retold(claim.scope[:1].lower() + claim.scope[1:])
    said = f" ({scope})" if scope else ""
    return f"{head}{value}{tail}{said}."


DEED = 6  # letters of a deed that is told from a name: "Baking bread", not "King Lear"
_QUOTED = re.compile(r'("[^"]*"|“[^”]*”|«[^»]*»|「[^」]*」)')
_FIRST = {
    "i'm": "they are", "i am": "they are", "i was": "they were", "i've": "they have",
    "i'd": "they would", "i'll": "they will", "i": "they", "we're": "they are", "we": "they",
    "us": "them", "my": "their", "our": "their", "myself": "themselves", "ourselves": "themselves",
}  # fmt: skip
_SELF = re.compile(
    r"(?<![\w'’-])(?:I(?:['’]m| am| was|['’]ve|['’]d|['’]ll)?|we(?:['’]re)?|us|my|our|myself|ourselves)(?![\w-])"
)
_BOUND = re.compile(
    r"\b(with|for|to|of|about|by|from|around|helps?|makes?|lets?|gives?) me(?![\w'’-])"
)


def _told(claim: Claim) -> str:
    """The value as somebody else says it; a deed that began its sentence loses its capital."""
    value = _retold(claim.value)
    first, space, more = value.partition(" ")
    deed = len(first) >= DEED and first.istitle() and first.endswith("ing") and more[:1].islower()
    return f"{first.lower()}{space}{more}" if deed else value


def _retold(words: str) -> str:
    """Words with "their job" for "my job", but for what they quote."""
    parts = _QUOTED.split(words)
    for place in range(0, len(parts), 2):
        said = _BOUND.sub(r"\1 them", parts[place])
        parts[place] = _SELF.sub(_of_another, said)
    return "".join(parts)


def _of_another(found: re.Match[str]) -> str:
    """The third person for the first; "I" after a name is a number: "World War I"."""
    before = found.string[: found.start()].split()
    if found[0] == "I" and before and before[-1][0].isupper():
        return "I"
    return _FIRST[found[0].lower().replace("’", "'")]


def _missing(claim: Claim) -> str:
    """What its wording needs before a value: the article of "my dog", the "to" of "I'm going to fly"."""
    words = claim.value.lower().split()
    if not claim.value.isascii() or not words:
        return ""
    if claim.attribute in ("plans", "wants") and claim.kind is Kind.PLAN:
        told = words[0] in ("to", "on", "of") or words[0] in _COUNTED or words[0].endswith("ing")
        return "" if told else "to "
    if claim.kind is not Kind.POSSESSION and claim.attribute != "runs":
        return ""
    if (
        (words[-1].endswith("s") and words[-1] != "business")
        or words[0] in _COUNTED
        or words[0].isdigit()
    ):
        return ""
    return "an " if words[0][0] in "aeiou" else "a "
