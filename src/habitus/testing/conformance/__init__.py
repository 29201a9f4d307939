"""What every part of a seam promises, as tests that a new part inherits.

Subclass the class of your seam in a test file, give it a name that begins with Test, and say in
`make` how your part is built; docs/guide/new-part.md shows it.
"""

from habitus.testing.conformance.check import check
from habitus.testing.conformance.head import HeadConformance
from habitus.testing.conformance.items import ItemsConformance
from habitus.testing.conformance.mix import MixConformance
from habitus.testing.conformance.negatives import NegativesConformance
from habitus.testing.conformance.objective import ObjectiveConformance
from habitus.testing.conformance.recipe import RecipeConformance, tiny
from habitus.testing.conformance.time import TimeConformance

__all__ = [
    "HeadConformance",
    "ItemsConformance",
    "MixConformance",
    "NegativesConformance",
    "ObjectiveConformance",
    "RecipeConformance",
    "TimeConformance",
    "check",
    "tiny",
]
