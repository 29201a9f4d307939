"""English: how users say what they like, avoid, do, have, are, plan and can.

Certainties: 341 claims on 3,824 turns of conversation that no figure is reported on were read by
hand; right were about .97 of the tastes, .98 of the possessions, .9 of the roles, facts and plans
and .85 of the habits. Of 82 more, of frames for plans, habits and events that were added later, 79
were right. A frame has its family's share, a little more where it names the stance
outright ("I can't stand") and less where it needs an inference ("can't wait to").
"""

from __future__ import annotations

import re

from habitus.profile.packs.english import grammar, words
from habitus.profile.packs.english.changes import CHANGES
from habitus.profile.packs.english.facts import FACTS
from habitus.profile.packs.english.habits import HABITS, ROUTINES
from habitus.profile.packs.english.openings import ANYWHERE, INITIAL, OPENINGS
from habitus.profile.packs.english.plans import FUTURES, PLANS
from habitus.profile.packs.english.possessions import POSSESSIONS
from habitus.profile.packs.english.styles import ORDERS, STYLES
from habitus.profile.packs.english.tastes import TASTES
from habitus.profile.patterns import Pack

ENGLISH = Pack(
    hint=re.compile(
        r"(?<![\w'])(?:i|i'm|im|ive|my|no|don't|do not|please|answer|reply|respond|keep|use|be|not|never|stop|avoid|skip|we|allergic|call|me|got)(?![\w-])"
    ),
    clause=re.compile(
        r"(?:, | - | – |— |—|\(|\b(?:and|but|so|because|though|although|then|'cause|cause|cuz) )"
    ),
    subject=re.compile(r"(?<![\w'-])i(?=m |ve |\b)(?!-)"),
    adverbs=re.compile(rf"[ ]?(?:(?:{words.ADVERBS}|{words.HEDGES})[ ,]+)*+"),
    ending=re.compile(
        rf"(?:(?:{words.ADVERBS})[ ,]+)*+(?:used to|'m no longer|am no longer|no longer)[ ]*(?:(?:{words.ADVERBS})[ ]+)*+"
    ),
    leading=re.compile(grammar.LEADING),
    hedged=re.compile(grammar.HEDGED),
    others=re.compile(grammar.OTHERS),
    unreal=re.compile(grammar.UNREAL),
    joint=re.compile(grammar.JOINT),
    firm=re.compile(rf"(?:{grammar.FIRM})\b"),
    deictic=re.compile(grammar.DEICTIC),
    no_deed=re.compile(grammar.NOT_DEEDS),
    stop=re.compile(grammar.STOP),
    scope=re.compile(grammar.SCOPE),
    unlimited=re.compile(grammar.NOT_SCOPE),
    asked=re.compile(grammar.ASKED),
    tail=re.compile(grammar.TAIL),
    more=re.compile(r"[ ,]+(?:any ?more|any longer|these days any ?more)\b.*$"),
    junk=re.compile(grammar.JUNK),
    following=(*STYLES, *CHANGES, *TASTES, *POSSESSIONS, *FACTS, *PLANS, *HABITS),
    scoped=((re.compile(grammar.ROUTINE), ROUTINES), (re.compile(grammar.FUTURE), FUTURES)),
    opening=(*ORDERS, *OPENINGS),
    initial=INITIAL,
    anywhere=ANYWHERE,
)
