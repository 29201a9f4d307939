"""One proposal against one text, without a server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from habitus.profile.proposal import KINDS, Dropped, Proposal, Said
from habitus.profile.sensitive import Policy
from habitus.types import Kind


def proposal(quote: str, value: str, stance: str = "for", attribute: str = "likes") -> Proposal:
    return Proposal.model_validate(
        {
            "kind": "preference",
            "attribute": attribute,
            "value": value,
            "stance": stance,
            "event_id": "e1",
            "quote": quote,
        }
    )


def test_kinds_are_those_of_statements() -> None:
    assert [Kind(kind) for kind in KINDS] == list(Kind)[list(Kind).index(Kind.PREFERENCE) :]


def test_what_is_not_asked_for_is_left_out_and_what_is_missing_is_refused() -> None:
    raw = proposal("I like tea", "tea").model_dump()
    assert Proposal.model_validate({**raw, "admin": True}) == proposal("I like tea", "tea")
    for name in ("kind", "attribute", "value", "stance", "event_id", "quote"):
        with pytest.raises(ValidationError, match=name):
            Proposal.model_validate({key: kept for key, kept in raw.items() if key != name})


def test_a_favourite_is_known_by_what_the_text_calls_it() -> None:
    said = Said.of("My favourite colour is teal.")
    fields = ("My favourite colour is teal", "teal", "for")
    assert said.claim(proposal(*fields, "colour"), Policy()).attribute == "colour"
    with pytest.raises(Dropped, match="attribute"):
        said.claim(proposal(*fields, "secret power"), Policy())


def test_every_sentence_is_looked_at_for_itself() -> None:
    said = Said.of("Do you like tea? I like tea. I don't like rum!")
    claim = said.claim(proposal("I like tea.", "tea"), Policy())
    assert (claim.start, claim.value) == (24, "tea")
    with pytest.raises(Dropped, match="question"):
        said.claim(proposal("you like tea", "tea"), Policy())
    with pytest.raises(Dropped, match="negation"):
        said.claim(proposal("like rum", "rum"), Policy())
    assert said.claim(proposal("I don't like rum", "rum", "against"), Policy()).value == "rum"


def test_a_sensitive_sentence_is_not_hidden_by_a_harmless_quote() -> None:
    said = Said.of("As a diabetic I like tea.")
    with pytest.raises(Dropped, match="sensitive"):
        said.claim(proposal("I like tea", "tea"), Policy())
    kept = Policy(allow_stated_sensitive=True)
    assert said.claim(proposal("I like tea", "tea"), kept).value == "tea"


@given(st.text(max_size=80), st.data())
def test_a_claim_is_always_words_of_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))].strip()
    value = data.draw(st.sampled_from([part, *part.split()]))
    if not part or not value or len(value) > 40:
        return
    try:
        claim = Said.of(text).claim(proposal(part, value, "against"), Policy())
    except Dropped:
        return
    assert claim.value == text[claim.start : claim.end] != ""
