"""What the writer has, after "I"."""

from __future__ import annotations

from habitus.profile.packs.english import words
from habitus.profile.packs.english.frame import END, HAVE, A, frame
from habitus.types import Kind, Stance

# fmt: off
POSSESSIONS = (
    frame(rf"(?:{HAVE}|own|adopted|just adopted|recently adopted|just got|recently got|bought|just bought)(?: had)? {A}(?P<object>(?:{words.DETERMINERS}) {words.ADJECTIVES}(?:{words.BELONGINGS}))(?:,? (?:named|called) [\w'-]+)?{END}(?! (?:show|food|event|fair|race|accident|ride|idea|trip|walk|lesson|appointment|sitter|lover|project|party|shelter|salon|park|shop|store|concert|competition|in mind|recital|exam|audition|gig|teacher|class|tournament|game|workshop|interview|training|exhibition))", Kind.POSSESSION, "has", certainty=0.9),
    frame(rf"(?P<object>(?:{words.DETERMINERS}) {words.ADJECTIVES}(?:{words.BELONGINGS})){END}", Kind.POSSESSION, "has", certainty=0.85),
    frame(rf"(?:do not|don't|dont|never) (?:have|own|even have|actually have) (?P<object>(?:an? |any )?{words.ADJECTIVES}(?:{words.BELONGINGS})){END}", Kind.POSSESSION, "has", Stance.AGAINST, 0.9),
)
# fmt: on
