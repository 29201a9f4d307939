"""Statements that do not start with "I": "my favourite food is", "not a fan of", "my dog"."""

from __future__ import annotations

from habitus.profile.packs.english import words
from habitus.profile.packs.english.frame import BIG, END, A, frame
from habitus.types import Kind, Stance

# fmt: off
OPENINGS = (
    frame(rf"(?:i'm |am )?(?:not (?:really )?(?:an? )?{BIG}(?:fan of|into|keen on)|no fan of|never been (?:an? )?{BIG}fan of)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.9),
    frame(r"(?:no longer|not) into\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.85),
    frame(r"we (?:all |both |also |really |just |absolutely |still )*(?:love|enjoy|like)\b(?! to see| having you)", Kind.PREFERENCE, "likes", certainty=0.82),
    frame(rf"we (?:usually|often|always|typically|normally) (?P<object>(?:{words.DEEDS}|hit|go|have game nights)\b.*)", Kind.HABIT, "does", certainty=0.8),
    frame(r"we(?:'re| are) (?:also |now |currently |still |really )*(?:planning|hoping)(?: on)? (?P<object>(?:to )(?!(?:see|hear|be|have|do|get|make|keep|try|need|it|that|this|there|home|you|let)\b)\w+ .+)", Kind.PLAN, "plans", certainty=0.78),
    frame(r"we(?:'re| are) (?:also |now |currently )*(?:thinking (?:of|about)|considering) (?P<object>\w+ing .+)", Kind.PLAN, "thinks of", certainty=0.75),
    frame(r"hoping (?P<object>to (?:raise|become|learn|start|open|move|visit|travel|get into|get (?:a|an|my|our)|win|publish|expand|inspire|adopt|buy|build|make (?:a|an|my))\b.*)", Kind.PLAN, "plans", certainty=0.78),
    frame(rf"my (?P<object>(?:own |new |small |little |online )*(?:(?!own|new|local|favou?rite|next|first|last|old)[\w-]+ )?(?:{words.VENTURES}))(?=$|[,.;:!?)]| (?:and|is|has|was|to|in|so|but|with|even|will|at|for|because|since)\b)", Kind.ROLE, "runs", certainty=0.8),
    frame(r"allergic to\b", Kind.FACT, "allergic to", Stance.FOR, 0.85),
    frame(rf"my {A}(?:all[- ]time )?(?:absolute )?(?:least fav(?:ou?rite)?) (?P<field>[\w-]+(?: [\w-]+){{0,2}}?) (?:is|are|has to be|would be|was always)\b(?! (?:when|how|what|that|the (?:one|part|way))\b)", Kind.PREFERENCE, "", Stance.AGAINST, 0.9),
    frame(rf"my {A}(?:all[- ]time )?(?:absolute )?(?:{words.FAVOURITE})s? (?P<field>(?!part\b|thing about|memory|memories|moment|one|of)[\w-]+(?: (?!is\b|are\b)[\w-]+){{0,3}}?)(?: of all time| ever)? (?:is|are|'s|has to be|has always been|have always been|would be|would have to be|must be)\b(?! (?:when|how|what|that|this|these|just|still|so|also the|the (?:one|part|way))\b)", Kind.PREFERENCE, "", certainty=0.92),
    frame(r"(?P<object>[\w '&\ue000-]{2,40}?)(?: (?:is|are|has always been|have always been)|'s)(?: definitely| also| still| always| probably| by far)* (?:my (?:all[- ]time |absolute |number one )?fav(?:ou?rite)?s?|(?:one|some) of my (?:all[- ]time )?fav(?:ou?rite)s?)(?: (?P<field>[\w-]+(?: [\w-]+)?))?(?= of all time| ever|,|$| - | because| since| to\b| for\b| and\b)", Kind.PREFERENCE, "", certainty=0.85),
    frame(r"(?P<object>[\w '&/-]{2,60}?) (?:(?:is|are)(?:n't| not)|'s not) (?:really |quite |exactly )?(?:for me|my thing|my cup of tea|my style|my jam|my scene)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.85),
    frame(r"(?P<object>[\w '&/-]{2,60}?) (?:does not|do not|doesn't|don't|never) (?:really |particularly )?(?:interest|interests|appeal to|appeals to|excite|attract|do it for) me\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.85),
    frame(r"(?P<object>[\w '&/-]{2,60}?) (?:makes|make|leaves|gives|give) me (?:feel )?(?:really |very |so |extremely )?(?:sick|nauseous|uncomfortable|anxious|the creeps|dizzy|panic|claustrophobic|a headache|headaches)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.82),
    frame(r"(?P<object>[\w'-]+(?: [\w'-]+){0,2}?)(?: is|'s) (?:really |mostly |definitely |totally |kind of |also )*(?:my (?:thing|jam|passion|cup of tea|happy place|guilty pleasure|hobby)|a (?:big |huge |real )?passion of mine)\b", Kind.PREFERENCE, "likes", certainty=0.85),
    frame(r"(?P<object>[\w '&\ue000-]{2,40}?) (?:is|are|'s|has always been|have always been|has been)(?: definitely| also| still| always)* (?:a|one|an) (?:[\w-]+ )?fav(?:ou?rite)?s? of mine\b", Kind.PREFERENCE, "likes", certainty=0.88),
    frame(r"(?P<object>(?!my\b|your\b|our\b)[\w'-]+(?: (?!is\b|and\b)[\w'-]+){0,2}?) (?:(?:is|are) (?:still |so |really |super |very |always )*important to me)\b", Kind.PREFERENCE, "likes", certainty=0.78),
    frame(r"my (?:name is|name's|first name is)\b(?= (?P<object>[\w'-]+))", Kind.FACT, "name", certainty=0.95),
    frame(r"my birthday(?: is|'s) (?:on |in )?(?=(?:the )?(?:\d|january|february|march|april|may|june|july|august|september|october|november|december))", Kind.FACT, "birthday", certainty=0.95),
    frame(r"my (?:(?:ultimate |main |big |long-term |next )*(?:goal|dream|plan|aim|ambition)) (?:is|has always been) (?:to)\b", Kind.PLAN, "plans", certainty=0.88),
    frame(r"(?P<object>(?!my\b|these\b|those\b|they\b|what\b)[\w' -]{3,80}?) are (?:both )?(?:my|two of my|some of my) (?:main |favou?rite |biggest |other )?(?:hobbies|interests|passions)\b", Kind.PREFERENCE, "likes", certainty=0.87),
    frame(r"my (?:hobbies|interests|passions) (?:are|include)\b|my (?:hobby|passion) is\b", Kind.PREFERENCE, "likes", certainty=0.9),
    frame(r"my (?:job|profession|occupation) is(?= (?P<object>(?:an? |as an? )?[\w -]{3,40}))(?! (?:so|very|really|to|not|too|just|the|going|great|good|hard|tough|busy|fun)\b)", Kind.ROLE, "is", certainty=0.8),
    frame(rf"as (?P<object>an? {words.ADJECTIVES}(?:{words.ROLES})(?! of\b)){END}(?=,? (?:i|my|with \w+ \w+,? i)\b)", Kind.ROLE, "is", certainty=0.9),
)
"""At the start of a clause."""

INITIAL = (
    frame(r"(?P<object>(?!my\b|your\b|our\b|when\b|which\b|and\b)[\w'-]+(?: (?!is\b|and\b|really\b|always\b|that\b)[\w'-]+){0,5}?)(?: also| always| really| just| still)* (?:" + words.JOY + r"|is (?:like )?(?:my )?(?:escape|happy place|therapy|stress relief|go-to|chill time|me time|me-time|quiet time|stress buster)(?: for me)?)\b", Kind.PREFERENCE, "likes", certainty=0.82),
    frame(rf"(?:just |finally |also |recently |i )*(?:got|bought|adopted) (?:some )?(?P<object>(?:(?:{words.DETERMINERS}) )?{words.ADJECTIVES}(?:{words.BELONGINGS})){END}(?! (?:show|food|event|fair|race|accident|ride|idea|trip|walk|lesson|appointment|sitter|project|party|shelter|salon|park|shop|store|concert|competition|recital|exam|audition|gig|teacher|class|tournament|game|workshop|interview|training|exhibition))", Kind.POSSESSION, "has", certainty=0.82),
    frame(rf"(?:also |just |been |i've been |currently )*learning (?P<object>(?:to (?:play|cook|code|swim|drive|dance|sew|knit|bake|surf|ski|sail|sing|skate|draw|paint) ?[\w ]{{0,20}}?|(?:the |how to play the )?(?:{words.PLAYED})|(?:{words.TONGUES})))(?= (?:has|is|lately|now|too|and|for)\b|$|,)", Kind.HABIT, "is used to", certainty=0.8),
    frame(r"(?:really |absolutely |just )?love (?=(?!seeing|hearing|having|being|talking|your|loving|working)\w+ing\b)", Kind.PREFERENCE, "likes", certainty=0.82),
)
"""At the start of a sentence only: within one, another subject may hold."""

ANYWHERE = (
    frame(r"(?<![\w'])my (?:[\w-]+ )?(?:love|passion|enthusiasm|obsession) (?:for|of|with) (?!him\b|her\b|them\b|you\b|it\b)(?P<object>(?:(?!\b(?:has|have|is|was|keeps?|brings?|makes?|made|led|helps?|goes|started|began|with|by|even|more|into|through|so)\b)[\w'& -]){2,60})", Kind.PREFERENCE, "likes", certainty=0.87),
    frame(r"(?<![\w'])(?<!never )(?<!not )(?<!n't )(?<!nothing )(?<!nobody )(?<!hardly )(?<!really )(?:makes?|made|inspire[sd]?|motivate[sd]?|encourage[sd]?|pushe[sd]) me (?:really )?(?:want )?(?P<object>to (?!(?:cry|scream|hear|see|know|say|be|do|keep|push|go|get|work hard|think|feel|try (?:it|that|harder|my)|want|continue|never|stay|laugh|smile|realize|appreciate|look|take)\b)\w+ .+)", Kind.PLAN, "wants", certainty=0.78),
    frame(r"(?<![\w'])(?:why|how) i'm (?:so |really |still )*passionate about\b", Kind.PREFERENCE, "likes", certainty=0.85),
    frame(r"(?<![\w'])(?:why|how much) i (?:really |just |still )*(?:love|enjoy) ", Kind.PREFERENCE, "likes", certainty=0.85),
    frame(rf"(?<![\w'])my (?P<object>(?:(?:{words.KEPT}) )?(?:{words.PETS}))(?:, [\w'-]+,|)(?![\w-]| (?:show|food|park|shelter|sitter|walker|store|shop|bed|toy|collar|photo|pic|picture|painting|drawing|tattoo))", Kind.POSSESSION, "has", certainty=0.85),
    frame(rf"(?<![\w'])(?:for|on|at|in|of|run|running|grow|growing|expand|expanding) my (?:new |online |clothing |dance |little )*(?P<object>{words.VENTURES}){END}(?! (?:idea|plan|card|post|name|trip|partner|owner|skill|account|venture|reservation|booking|order|table|visit|meeting|hours)s?)", Kind.ROLE, "runs", certainty=0.8),
    frame(rf"(?:^|[ ,])we(?: also)?(?: have|'ve got| have got| own| adopted| got| just got) (?P<object>(?:{words.DETERMINERS}) {words.ADJECTIVES}(?:{words.PETS}|kids|children|garden|house|car|boat)){END}(?! (?:show|park|shelter))", Kind.POSSESSION, "has", certainty=0.85),
)
"""Anywhere in a sentence that is the writer's."""
# fmt: on
