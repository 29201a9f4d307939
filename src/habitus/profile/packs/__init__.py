"""The languages whose self-statements are read, each as data: one module a language."""

from habitus.profile.packs.chinese import CHINESE
from habitus.profile.packs.english import ENGLISH
from habitus.profile.packs.french import FRENCH
from habitus.profile.packs.german import GERMAN
from habitus.profile.packs.japanese import JAPANESE
from habitus.profile.packs.spanish import SPANISH

PACKS = (ENGLISH, GERMAN, SPANISH, FRENCH, CHINESE, JAPANESE)
