"""German: likes, dislikes, what is avoided, and what is over. Few frames, for few errors."""

from __future__ import annotations

import re

from habitus.profile.patterns import Pack, taste
from habitus.types import Stance

_VERY = r"(?:(?:wirklich|sehr|total|echt|überhaupt|gar|besonders|auch|schon|immer|so|einfach|absolut|generell|eigentlich|am) )*+"
_EAT = r"(?:esse|trinke|kaufe|trage|rauche|benutze|nutze|schaue|höre|lese|spiele|vertrage|nehme)"
_THING = r"(?P<object>(?!mich|dich|sie|ihn|es|das|dies)[\wäöüß' -]{2,40}?)"


_FOR, _AGAINST = Stance.FOR, Stance.AGAINST

GERMAN = Pack(
    hint=re.compile(r"\b(?:ich|mir|mein|meine|antworte|bitte)\b"),
    clause=re.compile(r", |; | - |\b(?:und|aber|doch|denn) "),
    leading=re.compile(r"(?:(?:also|ja|nein|und|aber|naja|übrigens|ehrlich gesagt|hallo|doch|denn)[ ,]+)*+"),
    unreal=re.compile(r"(?:wenn|falls|stell dir|übersetze?|angenommen|schreib)\b"),
    others=re.compile(r"\b(?:sagt|sagte|meint|meinte|fragt|fragte|schrieb|wenn|falls|dass|ob)[ ,:]*$"),
    stop=re.compile(r"[;!?:()\n]|, | - |\s(?:aber|weil|denn|obwohl|wenn|als|statt|seit|sondern|dass|damit|und ich|doch|und (?:esse|trinke|mag|hasse|liebe|meide))\b"),
    scope=re.compile(r"\s(?P<scope>(?:am wochenende|zum (?:frühstück|mittagessen|abendessen)|auf reisen|im (?:sommer|winter|urlaub)|am (?:morgen|abend)|morgens|abends|nachts|heute abend))$"),
    tail=re.compile(r"[\s,]*(?:\b(?:sehr|auch|total|besonders|lieber|gern|gerne|einfach|wirklich|überhaupt|gar|so)\b\s*)++$"),
    junk=re.compile(r"(?:$|(?:es|das|dich|sie|ihn|ihm|dein\w*|ihr\w*|sein\w*|dies\w*|jen\w*|wie|was|dass|nicht|mich|mir|euch|uns|nur|das hier)(?!\w)(?! [a-zäöü]+ essen))"),
    opening=(
        taste(rf"(?:früher )?(?:mochte|liebte) ich {_VERY}(?={_THING}(?:,| aber|$))", _FOR, ends=True),
        taste(rf"ich mag {_VERY}{_THING} {_VERY}nicht mehr\b", _FOR, ends=True),
        taste(r"ich mag keine?[nrms]? (?P<object>[\wäöüß -]{2,40}?) mehr\b", _FOR, ends=True),
        taste(r"ich (?:esse|trinke|rauche) keine?[nrms]? (?P<object>[\wäöüß -]{2,40}?) mehr\b", _FOR, attribute="takes", ends=True),
        taste(rf"ich mag {_VERY}{_THING} {_VERY}nicht\b(?! nur)", _AGAINST),
        taste(rf"ich mag {_VERY}(?:nicht |keine?[nrms]? )(?!nur\b)", _AGAINST),
        taste(rf"ich (?:hasse|verabscheue|verachte)\b {_VERY}", _AGAINST, 0.92),
        taste(r"ich kann (?P<object>[\wäöüß -]{2,40}?) (?:gar |überhaupt )?nicht (?:leiden|ausstehen|ertragen)\b", _AGAINST, 0.92),
        taste(rf"ich (?:vermeide|meide|verzichte auf)\b {_VERY}", _AGAINST, attribute="avoids"),
        taste(rf"ich {_EAT} {_VERY}(?:keine?[nrms]?|nie|niemals) ", _AGAINST, attribute="avoids"),
        taste(rf"ich bin {_VERY}(?:kein|keine|nicht) (?:großer |große )?fan von ", _AGAINST),
        taste(r"ich bin (?:ein |eine )?(?:großer |große |riesiger )?fan von ", _FOR),
        taste(r"ich bin (?:stark |leicht )?allergisch (?:gegen|auf) ", _FOR, 0.95, attribute="allergic to"),
        taste(rf"ich (?:liebe|bevorzuge)\b {_VERY}", _FOR),
        taste(rf"ich mag\b {_VERY}", _FOR, 0.88),
        taste(rf"ich (?:esse|trinke|höre|lese|schaue|spiele|koche|backe|fahre|gehe|reise) {_VERY}(?:gerne?|liebsten|am liebsten) ", _FOR),
        taste(r"ich (?P<object>(?!hätte|würde|möchte|wüsste|könnte|wäre|habe|mache)\w+e) (?:sehr |wirklich |total )?gerne?$", _FOR, 0.88),
        taste(rf"mir (?:gefällt|gefallen|schmeckt|schmecken) {_THING} {_VERY}nicht\b(?! mehr)", _AGAINST),
    ),
)  # fmt: skip
