"""What is over, after "I": "quit", "gave up", "moved on from", "not any more"."""

from __future__ import annotations

from habitus.profile.packs.english import grammar, words
from habitus.profile.packs.english.frame import frame
from habitus.types import Kind

DONE = r"(?:recently |finally |just |have |'ve |actually |already |completely |totally |eventually |since |also |now )*"
# fmt: off
CHANGES = (
    frame(rf"(?:do not|don't|dont|can't|cannot) (?:really |even )?(?P<object>(?:{words.DEEDS}|work|live|own|collect|volunteer)\b[\w '-]{{0,50}}?)(?= (?:any ?more|any longer)\b)", Kind.HABIT, "does", certainty=0.9, ends=True),
    frame(rf"{DONE}(?:quit|quitted|stopped|gave up on|gave up|given up on|given up|cut out|kicked)\b (?=\w+ing\b)(?!(?:anything|everything|nothing|something|worrying|thinking|feeling)\b)", Kind.HABIT, "is used to", certainty=0.88, ends=True),
    frame(rf"{DONE}(?:quit|gave up|given up|cut out|swore off|sworn off|kicked|dropped)\b (?!(?:on|it|that|this|out|by|for|in|off|everything|hope|my job|because|when|the|you|and|something|some|his|her|their|your|last|yesterday|today|recently|ago|after|before|since|at|cold turkey|too|again|early|already|long|{grammar.AGO})\b)", Kind.HABIT, "takes", certainty=0.85, ends=True),
    frame(rf"{DONE}(?:moved on from|grew out of|grown out of|outgrew|outgrown|lost interest in|went off|gone off|got tired of|gotten tired of|got bored of|fell out of love with|fallen out of love with|got over)\b(?! (?:it|that|this|the)\b)|(?:'m|am) (?:over|done with|through with)\b(?! (?:it|that|this|the moon|the|my|work|school|you|here|there|\d+)\b)", Kind.PREFERENCE, "likes", certainty=0.88, ends=True),
    frame(rf"{DONE}(?:sold|got rid of|gave away|given away|cancell?ed) my (?=(?:{words.BELONGINGS}|subscription|membership|gym membership|netflix)\b)", Kind.POSSESSION, "has", certainty=0.88, ends=True),
    frame(rf"{DONE}lost (?P<object>my job\b[\w' -]{{0,40}}?)" + words.BREAK, Kind.ROLE, "has", certainty=0.88, ends=True),
    frame(rf"{DONE}(?:quit|left) my job (?=as|at)", Kind.ROLE, "works", certainty=0.88, ends=True),
    frame(rf"(?:recently |have |'ve |just |finally )*(?:switched|changed|converted) (?:over )?from (?P<object>[\w '-]{{2,30}}?) to (?P<next>[\w '-]{{2,40}}?){words.BREAK}(?<!from home)", Kind.HABIT, "takes", certainty=0.75, ends=True),
)
# fmt: on
