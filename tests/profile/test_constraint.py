"""Allergies and diets: what they keep from a user, in both directions."""

import pytest

from habitus.profile.constraint import Constraint, constraint_of
from habitus.types import AttributeValue


def made(words: str) -> Constraint:
    found = constraint_of(words)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "foods"),
    [
        ("allergic to peanuts", {"peanut"}),
        ("I have a severe peanut allergy, so please no satay", {"peanut"}),
        ("I can't eat shellfish", {"shellfish"}),
        ("I do not eat pork or beef", {"pork", "beef"}),
        ("lactose intolerant", {"milk"}),
        ("lactose intolerance", {"milk"}),
        ("I have coeliac disease", {"gluten"}),
        ("gluten-free", {"gluten"}),
        ("halal food only", {"pork", "alcohol", "gelatine"}),
        ("kosher", {"pork", "shellfish", "gelatine"}),
        ("I only eat halal meat", {"pork", "alcohol"}),
        ("pescatarian", {"meat", "poultry", "beef", "pork", "gelatine"}),
        ("vegetarian and allergic to sesame", {"meat", "fish", "sesame"}),
        ("I follow a strict vegan diet", {"meat", "fish", "milk", "egg", "honey"}),
        ("Ich habe eine Erdnussallergie", {"peanut"}),
        ("Ich bin Vegetarier", {"meat", "fish"}),
        ("Soy alérgica a los mariscos", {"shellfish"}),
        ("No como gluten", {"gluten"}),
        ("Je suis allergique aux arachides", {"peanut"}),
        ("我对花生过敏", {"peanut"}),
        ("我不吃猪肉", {"pork"}),
        ("我吃素", {"meat", "fish"}),
        ("エビアレルギーがあります", {"shellfish"}),
        ("ベジタリアンです", {"meat", "fish"}),
    ],
)
def test_what_a_statement_leaves_out(words: str, foods: set[str]) -> None:
    assert foods <= set(made(words).foods)


@pytest.mark.parametrize(
    "words", ["我不吃猪肉", "豚肉は食べません", "Ich esse kein Schweinefleisch"]
)
def test_no_pork_is_not_no_meat(words: str) -> None:
    assert made(words).foods == ("pork",)


def test_who_does_not_drink_is_not_who_does_not_drink_coffee() -> None:
    assert made("I don't drink").diets == ("teetotal",)
    assert constraint_of("I don't drink coffee") is None


def test_things_that_the_lexicon_does_not_name_are_left_out_by_the_users_words() -> None:
    found = made("I'm allergic to cats and red food dye but love dogs")
    assert found == Constraint(words=("cats", "red food dye"), allergy=True)
    assert found.excludes("Cat café", {})
    assert found.excludes("Sweets", {"ingredients": "sugar, red food dye"})
    assert not found.excludes("Dog park", {"ingredients": "dye"})
    assert made("latex allergy") == Constraint(words=("latex",), allergy=True)
    assert made("allergic to strawberries").excludes("Strawberry tart", {})


@pytest.mark.parametrize(
    "words",
    [
        "I'm not a vegan",
        "not allergic to anything",
        "no longer vegetarian",
        "vegan leather",
        "I love vegan restaurants",
        "food allergy",
        "I like peanuts",
        "I don't like jazz",
        "diabetic",
        "",
        "Muslim",
    ],
)
def test_what_makes_no_constraint(words: str) -> None:
    assert constraint_of(words) is None


def test_of_a_faith_only_what_must_not_be_shown_is_kept() -> None:
    found = made("I am Muslim, so halal food only, please")
    assert "uslim" not in repr(found)
    assert found == made("halal")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("peanut allergy", "Peanut butter cookies"),
        ("peanut allergy", "May contain traces of PEANUTS."),
        ("peanut allergy", "Not peanut-free"),
        ("peanut allergy", "Erdnussbutter"),
        ("peanut allergy", "花生酱"),
        ("peanut allergy", "Vegan peanut bar"),
        ("vegan", "Beef stew"),
        ("vegan", "Four cheese pizza"),
        ("vegan", "Not vegan: milk chocolate"),
        ("vegan", "All our dips are vegan. Cheese platter"),
        ("vegetarian", "Chicken curry"),
        ("halal", "Spaghetti with bacon"),
        ("kosher", "Garlic shrimps"),
        ("gluten-free", "Wholemeal bread"),
        ("vegan and allergic to nuts", "Vegan almond cake"),
        ("lactose intolerant", "Ice cream"),
        ("egg allergy", "Fried eggs"),
    ],
)
def test_items_that_must_not_be_shown(words: str, text: str) -> None:
    assert made(words).excludes(text, {})
    assert made(words).excludes("Dish of the day", {"ingredients": ("water", text)})


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("peanut allergy", "Peanut-free granola"),
        ("peanut allergy", "Doughnut"),
        ("peanut allergy", "Free from peanuts"),
        ("nut allergy", "Coconut rice"),
        ("nut allergy", "Butternut squash with nutmeg"),
        ("vegan", "Vegan sausages"),
        ("vegan", "Plant-based burger"),
        ("vegan", "Bean chili"),
        ("vegan", "Coconut milk curry with eggplant"),
        ("lactose intolerant", "Oat milk and peanut butter"),
        ("gluten-free", "Gluten-free bread"),
        ("gluten-free", "Glutenfreies Brot"),
        ("gluten-free", "Rice noodles"),
        ("halal", "Root beer and lamb"),
        ("fish allergy", "Fish tank"),
        ("shellfish allergy", "Crab apple jelly"),
    ],
)
def test_items_that_may_be_shown(words: str, text: str) -> None:
    assert not made(words).excludes(text, {"genre": "War", "stock": "yes"})


@pytest.mark.parametrize(
    ("words", "attributes", "excluded"),
    [
        ("peanut allergy", {"allergens": ("milk", "peanuts")}, True),
        ("peanut allergy", {"contains_peanuts": "yes"}, True),
        ("peanut allergy", {"contains_peanuts": "no"}, False),
        ("peanut allergy", {"peanut_free": "yes"}, False),
        ("vegan", {"vegan": "no"}, True),
        ("vegan", {"vegan": "yes", "ingredients": "cheese"}, False),
        ("vegan", {"diet": ("Vegan", "Organic"), "ingredients": "cheese"}, False),
        ("vegan", {"diet": "not vegan", "ingredients": "cheese"}, True),
        ("vegan and allergic to milk and sesame", {"diet": "vegan", "dip": "tahini"}, True),
        ("vegan and allergic to milk", {"diet": "vegan", "ingredients": "cheese"}, True),
        ("gluten-free", {"gluten_free": "false"}, True),
        ("gluten-free", {"gluten_free": "true", "ingredients": "flour"}, False),
    ],
)
def test_what_attributes_say(
    words: str, attributes: dict[str, AttributeValue], excluded: bool
) -> None:
    assert made(words).excludes("Dish of the day", attributes) is excluded
