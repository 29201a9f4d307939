"""The files of the lexicon: each term can be found, each near miss is near something."""

from itertools import product

import pytest

from habitus.profile.lexicon import read, texts
from habitus.profile.lexicon.folding import folded
from habitus.profile.lexicon.terms import Terms
from habitus.profile.sensitive import Category

LANGUAGES = {"en", "de", "es", "fr", "zh", "ja"}


def forms(term: str) -> list[str]:
    """Texts that a term has to be found in."""
    parts = (part.split("|") for part in term.split())
    joined = (" ".join(words) for words in product(*parts))
    return [each.replace("#", "12").replace("_", "word").replace("*", "") for each in joined]


@pytest.mark.parametrize("name", [*Category, "foods", "orders", "harmless"])
def test_each_file_says_what_it_is_about(name: str) -> None:
    assert read(name)["about"].endswith(".")


@pytest.mark.parametrize("category", Category)
def test_each_category_speaks_each_language(category: Category) -> None:
    assert set(read(category)["terms"]) == LANGUAGES


@pytest.mark.parametrize("category", Category)
def test_every_term_is_found_in_itself(category: Category) -> None:
    file = read(category)
    for part in (file["terms"], file["names"], file["harmless"]):
        terms = Terms({"x": texts(part)})
        lost = [
            text for term in texts(part) for text in forms(term) if not terms.hits(folded(text))
        ]
        assert lost == []


@pytest.mark.parametrize("category", Category)
def test_no_term_is_written_twice(category: Category) -> None:
    for terms in read(category)["terms"].values():
        folds = [folded(term) for term in terms]
        assert sorted({term for term in folds if folds.count(term) > 1}) == []


def test_diets_leave_out_foods_that_are_known() -> None:
    file = read("foods")
    for diet in file["diets"].values():
        assert set(diet["foods"]) <= set(file["foods"])
    assert set(file["near"]) <= set(file["foods"])
