"""The languages whose self-statements are read, each as data: one module a language."""

from __future__ import annotations

from functools import cache

from habitus.profile.patterns import Pack


@cache
def packs() -> tuple[Pack, ...]:
    """All packs. Their patterns take a third of a second to compile: at the first text that is read,
    not at import."""
    from habitus.profile.packs.chinese import CHINESE
    from habitus.profile.packs.english import ENGLISH
    from habitus.profile.packs.french import FRENCH
    from habitus.profile.packs.german import GERMAN
    from habitus.profile.packs.japanese import JAPANESE
    from habitus.profile.packs.spanish import SPANISH

    return ENGLISH, GERMAN, SPANISH, FRENCH, CHINESE, JAPANESE
