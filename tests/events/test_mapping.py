"""Fields to columns, and errors that name the columns and the flag."""

import pytest

from habitus.events.mapping import EVENT_FIELDS, nearest, resolve
from habitus.types import HabitusError


def test_own_names_map_themselves_and_a_mapping_wins() -> None:
    columns = ("user_id", "item_id", "customer", "other")
    found = resolve("log.csv", columns, {"user_id": "customer"}, EVENT_FIELDS, ["user_id"])
    assert found == {"item_id": "item_id", "user_id": "customer"}


def test_missing_fields_are_named_with_the_columns_and_the_flags() -> None:
    with pytest.raises(HabitusError) as caught:
        resolve(
            "log.csv",
            ("customer", "when", "sku"),
            {},
            EVENT_FIELDS,
            ["user_id", "timestamp"],
            "If the data has no times, pass --ordinal.",
        )
    assert caught.value.problem == (
        "log.csv has no column user_id and no column timestamp. "
        "Its columns are: customer, when, sku."
    )
    assert caught.value.mend == (
        "Say which column it is: --map user_id=customer --map timestamp=when. "
        "If the data has no times, pass --ordinal."
    )


def test_a_mapped_column_that_is_not_there_suggests_the_nearest() -> None:
    with pytest.raises(HabitusError, match="--map user_id=customer") as caught:
        resolve("log.csv", ("customer", "t"), {"user_id": "custmer"}, EVENT_FIELDS, [])
    assert "has no column 'custmer'" in caught.value.problem
    assert "customer, t" in caught.value.problem


def test_an_unknown_field_suggests_the_nearest() -> None:
    with pytest.raises(HabitusError, match="did you mean 'user_id'"):
        resolve("log.csv", ("a",), {"userid": "a"}, EVENT_FIELDS, [])


def test_columns_that_are_numbers_hint_at_a_missing_header() -> None:
    with pytest.raises(HabitusError, match="--header"):
        resolve("log.csv", ("12", "99", "5.0"), {}, EVENT_FIELDS, ["user_id"])


@pytest.mark.parametrize(
    ("field", "columns", "column"),
    [
        ("user_id", ("UserID", "x"), "UserID"),
        ("user_id", ("user_id:token",), "user_id:token"),
        ("item_id", ("product_id", "user"), "product_id"),
        ("timestamp", ("event_time",), "event_time"),
        ("timestamp", ("tmestamp",), "tmestamp"),
        ("user_id", ("qqq",), None),
    ],
)
def test_nearest_knows_usual_names(
    field: str, columns: tuple[str, ...], column: str | None
) -> None:
    assert nearest(field, columns) == column
