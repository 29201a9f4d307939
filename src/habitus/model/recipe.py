"""A recipe: what a model is, as data. Built from a TOML file, checked before anything runs.

Each table of the file is one seam, and its `kind` names the part. Device, seed, threads and time
budget are not part of a recipe (see `habitus.model.train.RunOptions`).
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, ValidationError

from habitus.types import HabitusError

Share = Annotated[float, Field(ge=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]


class Section(BaseModel):
    """One table of a recipe; a key that nothing reads is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IdItems(Section):
    kind: Literal["id"]


class ContentItems(Section):
    kind: Literal["content"]
    id_dropout: Share = 0.1
    text_width: NonNegativeInt = 64


class ItemTokens(Section):
    kind: Literal["item"]
    dropout: Share


class EventTokens(Section):
    kind: Literal["event"]
    dropout: Share


class TimeSection(Section):
    """A time part; `reads_clock`: it looks at times, not only at the order."""

    reads_clock: ClassVar[bool] = False


class LearnedPositionsTime(TimeSection):
    kind: Literal["learned-positions"]


class RotaryTime(TimeSection):
    kind: Literal["rotary"]
    base: Positive = 1000.0


class GapsTime(TimeSection):
    reads_clock = True
    kind: Literal["gaps"]


class CalendarTime(TimeSection):
    reads_clock = True
    kind: Literal["calendar"]
    harmonics: PositiveInt = 3


class ElapsedTime(TimeSection):
    reads_clock = True
    kind: Literal["elapsed"]


class AttentionMix(Section):
    kind: Literal["attention"]
    blocks: PositiveInt
    heads: PositiveInt
    width: PositiveInt
    dropout: Share
    kernel: NonNegativeInt = 0


class GruMix(Section):
    kind: Literal["gru"]
    blocks: PositiveInt = 1
    dropout: Share


class DotHead(Section):
    kind: Literal["dot"]


class CosineHead(Section):
    kind: Literal["cosine"]
    temperature: Positive = 0.05


class UniformNegatives(Section):
    kind: Literal["uniform"]
    count: PositiveInt


class PopularNegatives(Section):
    kind: Literal["popular"]
    count: PositiveInt
    power: Annotated[float, Field(ge=0, le=1)] = 0.75


Negatives = Annotated[UniformNegatives | PopularNegatives, Field(discriminator="kind")]


class TrendSection(Section):
    """Days of the windows that trends are counted over."""

    windows: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] = (7,)


class SoftmaxObjective(Section):
    kind: Literal["softmax"]


class BinaryObjective(Section):
    kind: Literal["binary"]
    negatives: Negatives


class GeneralisedBinaryObjective(Section):
    kind: Literal["generalised-binary"]
    negatives: Negatives
    calibration: Annotated[float, Field(ge=0, le=1)] = 0.75


class SampledSoftmaxObjective(Section):
    kind: Literal["sampled-softmax"]
    negatives: Negatives


class Training(Section):
    """How the weights are found. `tokens`: padded events a step; `least_steps`: small data is gone
    through more than `epochs` times, until so many; `hide_time`: the share of windows whose times
    are hidden, so that the model also answers where `now` is not known; `return_share`: the least
    share of the loss that goes to targets whose user had been away for over half an hour (where
    times are shown): such are the moments at which a product asks, and few of the events;
    `average`: the decay, a step, of the running mean of the weights that is judged and kept in
    place of the last ones (Polyak & Juditsky 1992); 0 = none."""

    learning_rate: Positive
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    tokens: PositiveInt = 6400
    epochs: PositiveInt
    least_steps: NonNegativeInt = 1500
    patience: PositiveInt = 10
    warmup: Share = 0.02
    final_rate: Share = 0.05
    hide_time: Annotated[float, Field(ge=0, le=1)] = 0.0
    return_share: Share = 0.0
    average: Share = 0.0


SPARSE_BELOW = 50.0  # training events an item, on average


class Recipe(Section):
    """A published system, or our own, as a composition of parts.

    `sparse` holds what the recipe changes (dotted key → value) on data with fewer than
    `SPARSE_BELOW` training events an item: what the papers do on shops and not on films.
    """

    name: str
    source: str
    dim: PositiveInt
    length: PositiveInt
    items: Annotated[IdItems | ContentItems, Field(discriminator="kind")]
    tokens: Annotated[ItemTokens | EventTokens, Field(discriminator="kind")]
    time: tuple[
        Annotated[
            LearnedPositionsTime | RotaryTime | GapsTime | CalendarTime | ElapsedTime,
            Field(discriminator="kind"),
        ],
        ...,
    ] = ()
    mix: Annotated[AttentionMix | GruMix, Field(discriminator="kind")]
    head: Annotated[DotHead | CosineHead, Field(discriminator="kind")]
    trend: TrendSection | None = None
    objective: Annotated[
        SoftmaxObjective | BinaryObjective | GeneralisedBinaryObjective | SampledSoftmaxObjective,
        Field(discriminator="kind"),
    ]
    training: Training
    sparse: dict[str, Any] = {}

    @property
    def reads_time(self) -> bool:
        """Whether its models answer otherwise when they know the times and `now`."""
        return self.trend is not None or any(part.reads_clock for part in self.time)

    def resolved(self, events_per_item: float) -> Recipe:
        """The recipe as it is trained on data of this density; nothing is left to decide."""
        raw = self.model_dump(mode="json") | {"sparse": {}}
        for key, value in self.sparse.items() if events_per_item < SPARSE_BELOW else ():
            _override(raw, key, value)
        return parse_recipe(raw, self.name)


def recipe_names() -> list[str]:
    """The recipes that come with Habitus."""
    folder = resources.files("habitus") / "recipes"
    return sorted(
        file.name[: -len(".toml")] for file in folder.iterdir() if file.name.endswith(".toml")
    )


def load_recipe(name: str | Path, overrides: Mapping[str, Any] | None = None) -> Recipe:
    """A recipe by name, or from a .toml file. `overrides` maps dotted keys to values
    ("mix.dropout": 0.5). HabitusError names the file, the key and the nearest right one."""
    text = _read(name)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HabitusError(f"{name} is not valid TOML: {error}.") from error
    for key, value in (overrides or {}).items():
        _override(raw, key, value)
    return parse_recipe(raw, str(name))


def parse_recipe(raw: Mapping[str, Any], where: str) -> Recipe:
    """Check a recipe's mapping; `where` names it in errors."""
    try:
        recipe = Recipe.model_validate(raw)
    except ValidationError as error:
        raise HabitusError(f"Recipe {where}: {_explain(error)}") from error
    _refuse_illegal(recipe)
    if recipe.sparse:
        recipe.resolved(0.0)
    return recipe


def _read(name: str | Path) -> str:
    path = Path(name)
    if path.suffix == ".toml":
        if not path.is_file():
            raise HabitusError(f"There is no recipe file {path}.")
        return path.read_text(encoding="utf-8")
    if str(name) not in recipe_names():
        near = difflib.get_close_matches(str(name), recipe_names(), 1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise HabitusError(
            f"There is no recipe {str(name)!r}.", f"{hint}Known: {', '.join(recipe_names())}."
        )
    return (resources.files("habitus") / "recipes" / f"{name}.toml").read_text(encoding="utf-8")


def _override(raw: dict[str, Any], key: str, value: Any) -> None:
    *path, last = key.split(".")
    table: Any = raw
    for step in path:
        table = table[int(step)] if isinstance(table, list) else table.setdefault(step, {})
    table[last] = value


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        place = ".".join(str(step) for step in problem["loc"])
        line = f"{place}: {problem['msg']}"
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(problem["loc"][-1]), _known_keys(), 1)
            line = f"{place} is not a key" + (f"; did you mean {near[0]!r}?" if near else ".")
        lines.append(line)
    return " ".join(lines)


def _known_keys() -> list[str]:
    found: set[str] = set()
    waiting = list(Section.__subclasses__())
    for section in waiting:
        found.update(section.model_fields)
    return sorted(found)


def _refuse_illegal(recipe: Recipe) -> None:
    mix = recipe.mix
    if isinstance(mix, AttentionMix) and recipe.dim % mix.heads:
        raise HabitusError(
            f"Recipe {recipe.name}: dim {recipe.dim} is not divisible by mix.heads {mix.heads}.",
            "Choose heads that divide dim.",
        )
    relations = [part.kind for part in recipe.time if isinstance(part, RotaryTime | ElapsedTime)]
    if isinstance(mix, GruMix) and relations:
        raise HabitusError(
            f"Recipe {recipe.name}: time part {relations[0]!r} acts on attention, and mix 'gru' has none.",
            "Use 'gaps' or 'calendar', or mix 'attention'.",
        )
