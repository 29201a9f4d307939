"""English: how users say what they like, avoid, do, have, are, plan and can.

Certainties are the shares of right claims of a family of frames, read by hand on turns of
conversation that no figure is reported on; the numbers stand in docs/decisions.
"""

from __future__ import annotations

import re

from habitus.profile.packs import english_words as words
from habitus.profile.patterns import Frame, Pack
from habitus.types import Kind, Stance

A = rf"(?:(?:{words.ADVERBS})[ ,]+)*+"
NOT = r"(?:do not|don't|dont|never|can't say i|cannot say i|wouldn't say i|don't think i|don't even|did never)"
BE = r"(?:'m|am|be|have always been|'ve always been|have been|'ve been)"
HAVE = r"(?:'ve got|have got|have|'ve|got)"
BIG = rf"(?:(?:{words.DEGREES})(?:,)? )*+"
ENJOY = r"(?:like|love|enjoy|adore|dig|fancy|appreciate)"
END = r"(?![\w'-])"


def _frame(
    cue: str,
    kind: Kind | None = None,
    attribute: str = "",
    stance: Stance = Stance.FOR,
    certainty: float = 0.9,
    *,
    ends: bool = False,
) -> Frame:
    return Frame(
        re.compile(cue.replace("'m|", "'?m|").replace("'ve|", "'?ve|").replace("|'ve", "|'?ve")),
        kind,
        attribute,
        stance,
        certainty,
        ends,
    )


def _tastes() -> list[Frame]:
    taste, against = Kind.PREFERENCE, Stance.AGAINST
    return [
        _frame(
            r"(?:'m|am) {BIG}(?P<object>(?:dog|cat|tea|coffee|outdoors?|beach|city|country|mountain|summer|winter|book|breakfast)) person\b".replace(
                "{BIG}", rf"(?:an? )?{BIG}"
            ),
            taste,
            "likes",
            certainty=0.9,
        ),
        _frame(
            rf"(?:{ENJOY}|prefer|hate|feel|have|am|'m) (?:it|that|this|how|what|them|you|your|him|her)\b(?! better| up with)"
        ),
        _frame(rf"{NOT} {A}(?:dislike|hate|mind|not|avoid|prefer)\b"),
        _frame(rf"{BE} not (?:saying|afraid|allergic)\b"),
        _frame(
            rf"{A}prefer {A}(?:not to|to avoid|to stay away from|to steer clear of)\b",
            taste,
            "avoids",
            against,
            0.95,
        ),
        _frame(
            rf"{A}prefer (?P<object>{words.SMALL}(?: {words.SMALL})?) to (?!the\b|an?\b|my\b|be\b)[\w'-]+(?: [\w'-]+)?(?=$|,)",
            taste,
            "likes",
            certainty=0.93,
        ),
        _frame(rf"{A}(?:do )?{A}prefer\b", taste, "likes", certainty=0.93),
        _frame(
            rf"{BE} {A}not {A}(?:an? )?{BIG}(?:(?:fan|lover|person) (?:of|for)|into|fond of|keen on|crazy about|interested in|comfortable (?:with|around|in)|big on|much for)\b",
            taste,
            "likes",
            against,
            0.95,
        ),
        _frame(
            rf"{BE} {A}not (?:an? )?{BIG}(?P<object>[\w-]+(?: [\w-]+)?) (?:fan|person|lover|drinker|eater)\b",
            taste,
            "likes",
            against,
            0.9,
        ),
        _frame(
            rf"{NOT} {A}(?:{ENJOY}|care (?:much )?for|care about|get into|go for)\b",
            taste,
            "likes",
            against,
            0.95,
        ),
        _frame(
            rf"{A}(?:do )?{A}(?:dislike|hate|detest|loathe|despise|abhor|(?:can't|cannot|can not|could never) {A}(?:stand|bear|abide|stomach))\b",
            taste,
            "likes",
            against,
            0.95,
        ),
        _frame(
            rf"{BE} {A}(?:bored of|bored by|uncomfortable (?:with|around|in)|averse to|opposed to|wary of|put off by|disgusted by|turned off by|easily bored by)",
            taste,
            "likes",
            against,
            0.9,
        ),
        _frame(
            rf"have (?:always had )?{A}(?:an? |no |zero |little |such an? )?{BIG}(?:aversion (?:to|towards?)|dislike (?:of|for)|hatred (?:of|for)|distaste for|disdain for)\b",
            taste,
            "likes",
            against,
            0.95,
        ),
        _frame(
            rf"have {A}(?:absolutely )?(?:no|zero|little|not much) {BIG}(?:interest in|desire (?:to|for)|patience for|love for|tolerance for|time for)\b",
            taste,
            "likes",
            against,
            0.93,
        ),
        _frame(
            rf"have {A}(?:an? )?{BIG}(?:low|little) tolerance for\b", taste, "likes", against, 0.93
        ),
        _frame(
            rf"{BE} {A}(?:afraid|scared|terrified|frightened|petrified) of\b",
            taste,
            "fears",
            against,
            0.88,
        ),
        _frame(rf"have {A}(?:an? )?{BIG}(?:fear|phobia) of\b", taste, "fears", against, 0.93),
        _frame(
            rf"find (?:it )?{A}(?:{words.BAD})(?: for me)? to (?:stay|be|remain|get|keep) (?:engaged|focused|motivated|interested|concentrated|into) (?:in|with|by|on|during)\b",
            taste,
            "likes",
            against,
            0.9,
        ),
        _frame(
            rf"find (?P<object>(?:[\w'/()-]+,? ){{1,10}}?)(?:to be |to )?{BIG}(?:{words.BAD}){END}",
            taste,
            "likes",
            against,
            0.88,
        ),
        _frame(
            rf"find (?P<object>(?:[\w'/()-]+,? ){{1,10}}?)(?:to be |to )?{BIG}(?:{words.GOOD}){END}",
            taste,
            "likes",
            certainty=0.85,
        ),
        _frame(
            rf"{A}(?:do )?{A}(?:love|like|enjoy|adore|relish|cherish){END}",
            taste,
            "likes",
            certainty=0.9,
        ),
        _frame(
            rf"(?:have|'ve) (?:really |also |just |sort of )*(?:always |long )+{A}(?:loved|liked|enjoyed|adored|preferred|been drawn to|been interested in)\b",
            taste,
            "likes",
            certainty=0.93,
        ),
        _frame(
            rf"(?:have|'ve) {A}(?:loved|liked|enjoyed|adored|preferred)(?= [\w ]{{2,40}} since\b)",
            taste,
            "likes",
            certainty=0.9,
        ),
        _frame(
            rf"(?:have|'ve) {A}(?:never|not) {A}(?:liked|enjoyed|loved|cared for|been (?:an? )?{BIG}(?:fan of|into|keen on|fond of))\b",
            taste,
            "likes",
            against,
            0.95,
        ),
        _frame(
            rf"have {A}always {A}(?:hated|disliked|avoided|loathed)\b|'ve {A}always {A}(?:hated|disliked|avoided|loathed)\b|always (?:hated|disliked|loathed)\b",
            taste,
            "likes",
            against,
            0.95,
        ),
        _frame(r"always (?:loved|liked|enjoyed|adored|preferred)\b", taste, "likes", certainty=0.9),
        _frame(
            rf"{BE} {A}(?:an? |such an? )?{BIG}(?:fan|lover|devotee|connoisseur|sucker|fanatic) (?:of|for)\b",
            taste,
            "likes",
            certainty=0.93,
        ),
        _frame(
            rf"{BE} {A}(?:fond of|(?:really |very |so |super |totally |quite )?into|keen on|(?:crazy|mad|nuts|wild|passionate) about|obsessed with|hooked on|fascinated (?:by|with)|in love with|partial to|big on|addicted to|a sucker for|drawn to|all about){END}",
            taste,
            "likes",
            certainty=0.88,
        ),
        _frame(
            rf"(?:'ve|have) {A}(?:always|long|recently|lately)? ?{A}(?:gotten|got|become|been getting) {A}(?:into|interested in|obsessed with|hooked on|fond of)\b",
            taste,
            "likes",
            certainty=0.85,
        ),
        _frame(
            r"(?:have |'ve )?(?:just |recently |really |also )*(?:started|begun|began) (?:getting|to get) (?:really |more )?into\b",
            taste,
            "likes",
            certainty=0.85,
        ),
        _frame(
            rf"{BE} {A}(?:really|very|always|deeply|especially|particularly|super|so|quite) (?:interested in|enthusiastic about)\b",
            taste,
            "likes",
            certainty=0.88,
        ),
        _frame(
            rf"{BE} {A}(?:an? |such an? ){BIG}(?P<object>[\w-]+(?: [\w-]+)?) (?:lover|fan|enthusiast|addict|buff|nerd|junkie|geek|fanatic|aficionado|freak)\b",
            taste,
            "likes",
            certainty=0.88,
        ),
        _frame(
            rf"(?:'ve got|have(?: got| always had)?) {A}(?:an? |such an? |this )?{BIG}(?:passion|love|soft spot|weakness|thing|preference|fondness|fascination|sweet spot|craving|affinity|obsession) (?:for|of|with)\b",
            taste,
            "likes",
            certainty=0.92,
        ),
        _frame(
            rf"{A}(?:gravitate|lean) towards?\b|{A}(?:learn|work|think|sleep|focus) best (?:in|through|with|by|when|from|while|on)\b|{A}thrive (?:in|on)\b|{A}swear by\b|{A}stick to\b",
            taste,
            "likes",
            certainty=0.88,
        ),
        _frame(
            rf"{A}(?:only|exclusively|strictly|solely) (?:ever )?(?:like|enjoy|eat|wear|watch|buy|drink|listen to|read|use|shop(?: for)?|play|purchase|drive|ride|consume|choose|order|visit|stay (?:in|at)|travel|fly|cook)\b",
            taste,
            "likes",
            certainty=0.9,
        ),
        _frame(
            r"strictly (?:buy|eat|wear|watch|drink|use|shop(?: for)?|purchase|consume)\b",
            taste,
            "likes",
            certainty=0.9,
        ),
        _frame(
            rf"{A}(?:strongly |firmly )?(?:believe in|follow) (?=(?:an? )?[\w -]{{0,40}}(?:diet|lifestyle|way of eating)\b)",
            taste,
            "likes",
            certainty=0.9,
        ),
        _frame(
            rf"{A}(?:{words.TRY} )?{A}(?:avoid|steer clear of|stay away from|shy away from|keep away from|refrain from|abstain from|boycott|opt out of)\b",
            taste,
            "avoids",
            against,
            0.93,
        ),
        _frame(
            rf"{A}refuse to {A}(?:ever )?|won't ever |will never |would never ",
            taste,
            "avoids",
            against,
            0.9,
        ),
        _frame(
            rf"{BE} {A}(?:an? )?(?:{words.DEGREES})?{A}allergic to\b|have {A}(?:an? )?{BIG}(?:allergy|allergies|intolerance|sensitivity) to\b",
            Kind.FACT,
            "allergic to",
            against,
            0.95,
        ),
        _frame(
            rf"have {A}(?:an? )?{BIG}(?P<object>[\w-]+) (?:allergy|allergies|intolerance)\b",
            Kind.FACT,
            "allergic to",
            against,
            0.93,
        ),
        _frame(
            rf"{BE} {A}(?P<object>lactose|gluten|fructose|histamine)[ -](?:intolerant|sensitive)\b",
            Kind.FACT,
            "allergic to",
            against,
            0.95,
        ),
        _frame(
            rf"(?:do not|don't|dont|never|cannot|can't|can not|won't|will not|do never) {A}(?:ever )?(?:eat|drink|wear|consume|smoke|watch|listen to|buy|purchase|tolerate|digest|stomach|participate in|engage in|go near|touch|eat or drink|do well with|handle){END}",
            taste,
            "avoids",
            against,
            0.9,
        ),
        _frame(
            r"(?:do not|don't|dont|never) (?:use|do|play|read|take|go to|visit|ride|fly|drive|own|order|cook with)\b(?! (?:it|that|this|so|well|anything|much|enough|up)\b)",
            taste,
            "avoids",
            against,
            0.82,
        ),
        _frame(
            rf"{BE} off (?=(?:caffeine|sugar|alcohol|gluten|dairy|meat|carbs|coffee))",
            taste,
            "avoids",
            against,
            0.9,
        ),
        _frame(
            r"live for\b|can't (?:live|function|do|start (?:my|the) day) without\b|can never (?:say no to|resist|get enough of)\b|can't (?:resist|get enough of)\b",
            taste,
            "likes",
            certainty=0.85,
        ),
    ]


def _styles() -> list[Frame]:
    style = Kind.STYLE
    wish = r"(?:'d|would|do)? ?(?:really )?(?:like|love|prefer|want|appreciate|need)"
    return [
        _frame(
            rf"{wish} (?:it if )?you(?:r answers)? (?:to |would |could )?(?:always )?(?P<object>(?:(?:answer|respond|explain|talk)(?:ed)?|repl(?:y|ied)|spoke|speak|wrote|write|kept|keep|used?|g[ia]ve|were|be)\b[\w ,'-]{{2,60}})",
            style,
            "answers",
            certainty=0.85,
        ),
        _frame(
            rf"(?:{wish}|'m fond of) (?:to (?:get|have|receive) )?(?P<object>(?:(?:{words.MANNER})(?:,| and| but)? )+(?:{words.ANSWER}))\b",
            style,
            "answers",
            certainty=0.93,
        ),
        _frame(
            rf"(?:{wish}) (?:my |your |the )?(?:{words.ANSWER}) (?:to be )?(?P<object>(?:in )?(?:(?:{words.MANNER}|{words.TONGUES}|bullet points)(?:,| and| but)? ?)+)(?![\w])",
            style,
            "answers",
            certainty=0.9,
        ),
        _frame(
            rf"(?:do not|don't|dont|never) (?:like|want|need|enjoy) (?P<object>(?:(?:{words.MANNER}) )*(?:{words.ANSWER}|{words.DECORATION}))\b",
            style,
            "answers",
            Stance.AGAINST,
            0.92,
        ),
        _frame(
            rf"(?:hate|dislike|can't stand) (?P<object>(?:(?:{words.MANNER}) )*(?:{words.ANSWER}|{words.DECORATION}))\b(?! (?:in|from|at|of|about))",
            style,
            "answers",
            Stance.AGAINST,
            0.85,
        ),
    ]


def _orders() -> list[Frame]:
    """What is said to the assistant at the start of a clause: "keep it short", "no emojis"."""
    style = Kind.STYLE
    ask = r"(?:(?:please|just|and|also|always|from now on|in future|in the future|can you|could you|try to|and please|but|hey|ok|okay|so|kindly|you can|you should|make sure to|remember to)[ ,]+)*+"
    it = r"(?:it|this|that|things|everything|(?:the|your|all) (?:answers?|repl(?:y|ies)|responses?|messages?|explanations?|tone|language)|answers|replies|responses|explanations)"
    return [
        _frame(
            rf"{ask}(?:keep|make) {it} {BIG}(?P<object>(?:{words.MANNER}|to the point|(?:under|below|to) (?:\w+ )?\w+ (?:words|sentences|lines|paragraphs?))(?:(?:,| and|, and) (?:{words.MANNER}|to the point))*){END}",
            style,
            "answers",
            certainty=0.93,
        ),
        _frame(
            rf"{ask}(?:be|stay) {BIG}(?P<object>(?:{words.MANNER}))(?: and (?:{words.MANNER}))?(?= with me\b| please\b| in your\b| when you\b|$)",
            style,
            "answers",
            certainty=0.88,
        ),
        _frame(
            rf"{ask}no (?:more )?(?P<object>(?:{words.DECORATION})(?:(?: or|,| and) (?:{words.DECORATION}))*)\b",
            style,
            "answers",
            Stance.AGAINST,
            0.93,
        ),
        _frame(
            rf"{ask}(?:do not|don't|dont|stop|avoid|never|without|skip|drop|leave out|cut|omit)(?: (?:use|using|write|writing|send|sending|add|adding|include|including|give me|giving me|put|with))? (?:any |the |so many |too many |all )?(?P<object>(?:{words.DECORATION}))\b",
            style,
            "answers",
            Stance.AGAINST,
            0.93,
        ),
        _frame(
            rf"{ask}(?:answer|reply|respond|write|speak|talk|write back|explain (?:things|it|this|everything)|explain)(?: (?:to )?me)?(?: back)? (?P<object>(?:only )?in (?:{words.TONGUES}|(?:{words.MANNER}) (?:{words.ANSWER}|sentences|words|terms|english|language)|bullet points|bullets|plain english|simple (?:terms|words|language|english)|layman's terms|full sentences|one sentence|a (?:{words.MANNER}) (?:tone|way|style)))\b",
            style,
            "answers",
            certainty=0.95,
        ),
        _frame(
            rf"{ask}(?:speak|write) (?P<object>(?:{words.TONGUES}))\b",
            style,
            "answers",
            certainty=0.9,
        ),
        _frame(
            rf"{ask}(?:answer|reply|respond|explain (?:things|it|this|everything))(?: (?:to )?me)? (?P<object>{words.MANNERLY}|like i(?:'m| am) (?:five|5|a beginner|a child|ten|twelve)|step by step)\b",
            style,
            "answers",
            certainty=0.93,
        ),
        _frame(
            rf"{ask}use (?P<object>(?:more |only )?(?:bullet points|bullets|metric(?: units)?|imperial(?: units)?|simple (?:words|language|english)|plain (?:words|language|english)|short sentences|british (?:spelling|english)|american (?:spelling|english)|celsius|fahrenheit|(?:24|12)[- ]hour (?:time|clock|format)|formal language|informal language|emojis|tables|examples|markdown))\b",
            style,
            "answers",
            certainty=0.92,
        ),
        _frame(
            rf"{ask}(?:give|send|show|write) me (?:only )?(?P<object>(?:(?:{words.MANNER})(?:,| and)? )+(?:{words.ANSWER}))\b",
            style,
            "answers",
            certainty=0.85,
        ),
        _frame(
            rf"{ask}get (?P<object>(?:straight |right )?to the point)\b",
            style,
            "answers",
            certainty=0.88,
        ),
        _frame(
            rf"{ask}call me (?P<object>[\w'-]{{2,20}})(?= from\b| please\b| instead\b| and\b|,|$)(?<! later)(?<! back)(?<! when)(?<! crazy)(?<! old)(?<! tomorrow)(?<! if)(?<! at)(?<! on)(?<! anytime)(?<! now)(?<! today)(?<! tonight)",
            Kind.FACT,
            "name",
            certainty=0.9,
        ),
        _frame(
            rf"(?:i'm |am )?(?:not (?:really )?(?:an? )?{BIG}(?:fan of|into|keen on)|no fan of|never been (?:an? )?{BIG}fan of)\b",
            Kind.PREFERENCE,
            "likes",
            Stance.AGAINST,
            0.9,
        ),
        _frame(r"(?:no longer|not) into\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.85),
        _frame(
            r"we (?:all |both |also |really |just |absolutely |still )*(?:love|enjoy|like)\b(?! to see| having you)",
            Kind.PREFERENCE,
            "likes",
            certainty=0.82,
        ),
        _frame(
            rf"we (?:usually|often|always|typically|normally) (?P<object>(?:{words.DEEDS}|hit|go|have game nights)\b.*)",
            Kind.HABIT,
            "does",
            certainty=0.8,
        ),
        _frame(
            rf"my (?P<object>(?:own |new |small |little |online )*(?:(?!own|new|local|favou?rite|next|first|last|old)[\w-]+ )?(?:{words.VENTURES}))(?=$|[,.;:!?)]| (?:and|is|has|was|to|in|so|but|with|even|will|at|for|because|since)\b)",
            Kind.ROLE,
            "runs",
            certainty=0.8,
        ),
        _frame(r"allergic to\b", Kind.FACT, "allergic to", Stance.AGAINST, 0.85),
        _frame(
            rf"my {A}(?:all[- ]time )?(?:absolute )?(?:least fav(?:ou?rite)?) (?P<field>[\w-]+(?: [\w-]+){{0,2}}?) (?:is|are|has to be|would be|was always)\b(?! (?:when|how|what|that|the (?:one|part|way))\b)",
            Kind.PREFERENCE,
            "",
            Stance.AGAINST,
            0.9,
        ),
        _frame(
            rf"my {A}(?:all[- ]time )?(?:absolute )?(?:{words.FAVOURITE})s? (?P<field>(?!part\b|thing about|memory|memories|moment|one|of)[\w-]+(?: (?!is\b|are\b)[\w-]+){{0,3}}?)(?: of all time| ever)? (?:is|are|'s|has to be|has always been|have always been|would be|would have to be|must be)\b(?! (?:when|how|what|that|this|these|just|still|so|also the|the (?:one|part|way))\b)",
            Kind.PREFERENCE,
            "",
            certainty=0.92,
        ),
        _frame(
            r"(?P<object>[\w '&\ue000-]{2,40}?)(?: (?:is|are|has always been|have always been)|'s)(?: definitely| also| still| always| probably| by far)* (?:my (?:all[- ]time |absolute |number one )?fav(?:ou?rite)?s?|(?:one|some) of my (?:all[- ]time )?fav(?:ou?rite)s?)(?: (?P<field>[\w-]+(?: [\w-]+)?))?(?= of all time| ever|,|$| - | because| since| to\b| for\b| and\b)",
            Kind.PREFERENCE,
            "",
            certainty=0.85,
        ),
        _frame(
            r"(?P<object>[\w '&/-]{2,60}?) (?:(?:is|are)(?:n't| not)|'s not) (?:really |quite |exactly )?(?:for me|my thing|my cup of tea|my style|my jam|my scene)\b",
            Kind.PREFERENCE,
            "likes",
            Stance.AGAINST,
            0.85,
        ),
        _frame(
            r"(?P<object>[\w '&/-]{2,60}?) (?:does not|do not|doesn't|don't|never) (?:really |particularly )?(?:interest|interests|appeal to|appeals to|excite|attract|do it for) me\b",
            Kind.PREFERENCE,
            "likes",
            Stance.AGAINST,
            0.85,
        ),
        _frame(
            r"(?P<object>[\w '&/-]{2,60}?) (?:makes|make|leaves|gives|give) me (?:feel )?(?:really |very |so |extremely )?(?:sick|nauseous|uncomfortable|anxious|the creeps|dizzy|panic|claustrophobic|a headache|headaches)\b",
            Kind.PREFERENCE,
            "likes",
            Stance.AGAINST,
            0.82,
        ),
        _frame(
            r"(?P<object>[\w'-]+(?: [\w'-]+){0,2}?)(?: is|'s) (?:really |mostly |definitely |totally |kind of |also )*(?:my (?:thing|jam|passion|cup of tea|happy place|guilty pleasure|hobby)|a (?:big |huge |real )?passion of mine)\b",
            Kind.PREFERENCE,
            "likes",
            certainty=0.85,
        ),
        _frame(
            r"(?P<object>[\w '&\ue000-]{2,40}?) (?:is|are|'s|has always been|have always been|has been)(?: definitely| also| still| always)* (?:a|one|an) (?:[\w-]+ )?fav(?:ou?rite)?s? of mine\b",
            Kind.PREFERENCE,
            "likes",
            certainty=0.88,
        ),
        _frame(
            r"(?P<object>(?!my\b|your\b|our\b)[\w'-]+(?: (?!is\b|and\b)[\w'-]+){0,2}?) (?:(?:is|are) (?:still |so |really |super |very |always )*important to me)\b",
            Kind.PREFERENCE,
            "likes",
            certainty=0.78,
        ),
        _frame(
            r"my (?:name is|name's|first name is)\b(?= (?P<object>[\w'-]+))",
            Kind.FACT,
            "name",
            certainty=0.95,
        ),
        _frame(
            r"my birthday(?: is|'s) (?:on |in )?(?=(?:the )?(?:\d|january|february|march|april|may|june|july|august|september|october|november|december))",
            Kind.FACT,
            "birthday",
            certainty=0.95,
        ),
        _frame(
            r"my (?:(?:ultimate |main |big |long-term |next )*(?:goal|dream|plan|aim|ambition)) (?:is|has always been) (?:to)\b",
            Kind.PLAN,
            "plans",
            certainty=0.88,
        ),
        _frame(
            r"my (?:hobbies|interests|passions) (?:are|include)\b|my (?:hobby|passion) is\b",
            Kind.PREFERENCE,
            "likes",
            certainty=0.9,
        ),
        _frame(
            r"my (?:job|profession|occupation) is(?= (?P<object>(?:an? |as an? )?[\w -]{3,40}))(?! (?:so|very|really|to|not|too|just|the|going|great|good|hard|tough|busy|fun)\b)",
            Kind.ROLE,
            "is",
            certainty=0.8,
        ),
        _frame(
            rf"as (?P<object>an? {words.ADJECTIVES}(?:{words.ROLES})(?! of\b)){END}(?=,? (?:i|my|with \w+ \w+,? i)\b)",
            Kind.ROLE,
            "is",
            certainty=0.9,
        ),
    ]


def _lives() -> list[Frame]:
    fact, role, has, plan = Kind.FACT, Kind.ROLE, Kind.POSSESSION, Kind.PLAN
    return [
        _frame(
            rf"(?:{HAVE}|own|adopted|just adopted|recently adopted|just got|recently got|bought|just bought)(?: had)? {A}(?P<object>(?:{words.DETERMINERS}) {words.ADJECTIVES}(?:{words.BELONGINGS}))(?:,? (?:named|called) [\w'-]+)?{END}(?! (?:show|food|event|fair|race|accident|ride|idea|trip|walk|lesson|appointment|sitter|lover|project|party|shelter|salon|park|shop|store|concert|competition|in mind))",
            has,
            "has",
            certainty=0.9,
        ),
        _frame(
            rf"(?P<object>(?:{words.DETERMINERS}) {words.ADJECTIVES}(?:{words.BELONGINGS})){END}",
            has,
            "has",
            certainty=0.85,
        ),
        _frame(
            rf"(?:do not|don't|dont|never) (?:have|own|even have|actually have) (?P<object>(?:an? |any )?{words.ADJECTIVES}(?:{words.BELONGINGS})){END}",
            has,
            "has",
            Stance.AGAINST,
            0.9,
        ),
        _frame(
            rf"have (?P<object>(?:an? )?(?:{words.CONDITIONS})){END}", fact, "has", certainty=0.9
        ),
        _frame(
            rf"{BE} {A}(?P<object>(?:an? |the |one of the ){words.ADJECTIVES}(?:{words.ROLES})|(?:{words.ROLES})){END}(?:(?! (?:roles?\b|positions?\b|jobs?\b|too young|at heart|of (?:yours|myself|this|that|it)|in the making|too|for (?:you|a (?:day|week)))|'s|-))",
            role,
            "is",
            certainty=0.88,
        ),
        _frame(
            rf"{BE} {A}(?P<object>(?:an? )?(?:strict |lifelong |full-time |committed |mostly |ethical )?(?:{words.WAYS})){END}",
            role,
            "is",
            certainty=0.93,
        ),
        _frame(
            rf"{BE} not (?P<object>(?:an? )?(?:{words.WAYS}|religious|married)){END}",
            role,
            "is",
            Stance.AGAINST,
            0.88,
        ),
        _frame(
            rf"(?:work|'m working|am working|'ve been working|have been working|'ve worked|have worked) (?P<object>as an? (?!team\b|unit\b|group\b|whole\b|result\b|way\b|couple\b)(?:[\w-]+ ){{0,3}}?[\w-]+(?: (?:at|for|in) [\w\ue000 &'-]{{2,30}})?){words.BREAK}",
            role,
            "works",
            certainty=0.92,
        ),
        _frame(
            r"work (?:full[- ]time |part[- ]time )?(?P<object>(?:at|for) (?!home\b|night\b|the moment\b|it\b|that\b|this\b|me\b|least\b|my best\b|what\b|hours\b)(?:an? |the |my )?[\w\ue000&'-]+(?: [\w\ue000&'-]+){0,3}|from home|remotely|night shifts|nights|(?:in|with) (?:it|finance|marketing|healthcare|education|retail|construction|advertising|sales|tech|software|hospitality|banking|law|insurance|logistics|hr|publishing|film|media))"
            + words.BREAK,
            role,
            "works",
            certainty=0.85,
        ),
        _frame(
            r"(?:run|own|manage|'m running|am running|'ve started|have started|started) (?P<object>(?:an? |my (?:own )?|our )(?:(?!that\b|this\b)[\w-]+ ){0,3}?(?:business|shop|store|company|startup|start-up|studio|restaurant|café|cafe|bakery|farm|salon|gym|agency|practice|clinic|blog|channel|podcast|bar|pub|hotel|nonprofit|charity|bookshop))\b(?! (?:plan|idea|trip|card)s?)",
            role,
            "runs",
            certainty=0.87,
        ),
        _frame(
            r"(?:'m|am) (?:currently )?(?:studying|majoring in|doing a degree in|doing a (?:phd|master's|masters) in)\b(?! (?:hard|for|a lot|so|really|too|all|late|at home|with)\b)",
            role,
            "studies",
            certainty=0.87,
        ),
        _frame(
            r"study\b(?= (?!hard|for|a lot|best|so|with|when|in)[\w]+)|'?major in\b",
            role,
            "studies",
            certainty=0.8,
        ),
        _frame(
            r"teach\b(?! (?:you|them|him|her|myself|me|us|it|that|my|our)\b)(?= \w+)",
            role,
            "teaches",
            certainty=0.85,
        ),
        _frame(
            r"coach (?=(?:an? |the |my )?[\w -]{0,20}(?:team|football|soccer|basketball|kids|tennis|swimming|rugby|baseball))",
            role,
            "does",
            certainty=0.85,
        ),
        _frame(
            r"(?:'m|am) (?P<object>\d{1,3})(?: years old| years of age| yrs old|$)(?! years in)",
            fact,
            "age",
            certainty=0.9,
        ),
        _frame(
            r"(?:'m|am) (?P<object>(?:happily )?(?:married|single|divorced|widowed|engaged|retired|unemployed|self-employed|pregnant|bilingual|left-handed|colou?r-?blind|deaf|dyslexic|transgender|trans|gay|lesbian|bisexual|bi|queer|asexual|non-binary|nonbinary|freelance|autistic))(?! (?:in|about|by|with the|to help|for)\b)"
            + END,
            fact,
            "is",
            certainty=0.9,
        ),
        _frame(
            r"(?:currently |now |still |also )*(?:live|'m living|am living|'ve lived|have lived|reside|'m based|am based|'ve been living|have been living)(?: right| just)? (?P<object>(?:in|near|by|at|on|outside|close to|with my|alone|off)(?! (?:this|that|the (?:moment|now|past|present)|it|fear|peace|harmony|each)\b)[\w\ue000 ,'-]{0,40}?)"
            + words.BREAK,
            fact,
            "lives",
            certainty=0.9,
        ),
        _frame(
            r"(?:originally |also |actually )*(?:(?:'m|am|come|came|hail) (?:originally |actually )*from)\b(?! (?:the (?:store|shop|gym|airport|station)|work|here|there|this|that|home|my)\b)",
            fact,
            "from",
            certainty=0.88,
        ),
        _frame(
            r"was born (?P<object>(?:and raised )?(?:in|on) [\w ,'-]{2,30}?)" + words.BREAK,
            fact,
            "born",
            certainty=0.93,
        ),
        _frame(
            r"grew up (?P<object>(?:in|on|near|with|by|outside) [\w ,'-]{2,40}?)" + words.BREAK,
            fact,
            "grew up",
            certainty=0.9,
        ),
        _frame(
            r"(?:recently |just |have |'ve |have just |'ve just |have recently |'ve recently )*moved (?P<object>(?:here |back )*(?:from|to|into) (?!that\b|this\b|it\b|the next\b|a (?:higher|new level))[\w ,'-]{2,40}?)"
            + words.BREAK,
            fact,
            "moved",
            certainty=0.85,
        ),
        _frame(r"(?:was|have been|'ve been) diagnosed with\b", fact, "has", certainty=0.92),
        _frame(
            r"(?:also |currently |now |still )*(?:speak|'m fluent in|am fluent in|'m a native speaker of)\b (?P<object>(?:fluent |some |a (?:little|bit of) |basic |only )?(?:(?:(?:"
            + words.TONGUES
            + r")(?:,| and|, and| &)? ?)+))(?<![ ,])",
            Kind.SKILL,
            "speaks",
            certainty=0.93,
        ),
        _frame(
            rf"(?:do not|don't|dont|can't|cannot) (?:really )?(?:speak|read|understand) (?P<object>(?:any |much )?(?:{words.TONGUES}))\b",
            Kind.SKILL,
            "speaks",
            Stance.AGAINST,
            0.93,
        ),
        _frame(
            rf"can {A}(?P<object>(?:{words.ABILITIES})\b(?! (?:it|that|this|you|your|with you|for you|up|out|over|anything|now|to you)\b)(?: (?:the )?[\w-]+){{0,3}}?){words.BREAK}",
            Kind.SKILL,
            "can",
            certainty=0.85,
        ),
        _frame(
            rf"(?:can't|cannot|can not|never learned (?:how )?to|never learnt (?:how )?to|don't know how to|do not know how to) {A}(?P<object>(?:{words.INABILITIES})(?: (?:the )?[\w-]+)?){words.BREAK}",
            Kind.SKILL,
            "can",
            Stance.AGAINST,
            0.88,
        ),
        _frame(
            r"know how to (?!help|feel|get|make it|do (?:it|that)|deal|say|thank|tell|find|handle|use (?:it|that)|react|explain|be\b|describe|express)",
            Kind.SKILL,
            "can",
            certainty=0.82,
        ),
        _frame(
            rf"{BE} {A}(?:not|terrible|bad|awful|rubbish|hopeless|not (?:very|that|so|too|really)) (?:good )?at\b(?! (?:all|this|that|it|the)\b)",
            Kind.SKILL,
            "good at",
            Stance.AGAINST,
            0.87,
        ),
        _frame(
            rf"{BE} {A}(?:quite |pretty |very |really )*(?:good|great|skilled|excellent|talented|decent|experienced|proficient) (?:at|in|with)\b(?! (?:all|this|that|it|the|you|what)\b)",
            Kind.SKILL,
            "good at",
            certainty=0.87,
        ),
        _frame(
            rf"(?:'m|am) {A}(?:planning|hoping|aiming|intending) (?P<object>to (?!(?:hear|see you|help|know|get back|chat|catch|find a|book|do (?:it|that|so)|you|be able to help|check|leave|arrive|go (?:there|soon|with)|stay (?:at|in)|travel from|depart|dine|eat|visit a|be there))\w+.*)",
            plan,
            "plans",
            certainty=0.85,
        ),
        _frame(
            rf"(?:'m|am) {A}(?:planning|'m planning) (?P<object>(?:on |an? |my )[\w -]{{3,80}})",
            plan,
            "plans",
            certainty=0.85,
        ),
        _frame(
            r"(?:plan|intend|aim) (?P<object>(?:to|on) (?!(?:book|leave|arrive|do (?:it|that|so)|stay|help)\b)\w+.*)",
            plan,
            "plans",
            certainty=0.85,
        ),
        _frame(
            rf"(?:'m|am) {A}(?:currently )?(?P<object>(?:saving(?: up)?|training|preparing|studying|practicing|practising) for (?!that\b|this\b|it\b|you\b|them\b)[\w '-]{{3,60}})",
            plan,
            "is",
            certainty=0.87,
        ),
        _frame(
            r"(?:'m|am) (?:also |now )*(?P<object>running for (?:mayor|office|president|governor|council|city council|parliament|senate|congress|the \w+ board)\b)(?: again)?",
            plan,
            "is",
            certainty=0.85,
        ),
        _frame(
            r"(?:'m|am) (?:also |now |still |currently |proudly )*(?P<object>(?:a )?(?:part|member) of (?!something|making|it\b|you|this|that|these|those|so\b|such)(?:an? |the |my )[\w -]{3,40}?)"
            + words.BREAK,
            role,
            "is",
            certainty=0.82,
        ),
        _frame(
            r"(?:'m|am) (?P<object>(?:moving to|getting married|expecting a (?:baby|child)|retiring)\b(?! (?:the next)\b)[\w ,'-]{0,40})",
            plan,
            "is",
            certainty=0.85,
        ),
        _frame(
            r"(?:'ve|have) always (?:wanted|dreamed|dreamt) (?P<object>(?:to|of) (?!(?:know|ask|say|be there|do (?:it|that|this)|try (?:it|that|this))\b)\w+.*)",
            plan,
            "wants",
            certainty=0.85,
        ),
        _frame(
            r"(?:really |eventually |also |would |'d )*(?:want|hope|dream|wish|like) (?P<object>(?:to|of) (?:one day |eventually |someday )?(?:become|becoming|learn(?! more)|learning|start (?:a|an|my own)|starting (?:a|an|my own)|open (?:a|an|my own)|opening (?:a|an|my own)|write a (?:book|novel)|run a marathon|travel (?:to|the world)|move to|buy a house|retire|adopt|get (?:a degree|married|certified|in(?:to)? shape|fit|a (?:dog|cat))|quit smoking|lose weight|improve my)\b.*)",
            plan,
            "wants",
            certainty=0.82,
        ),
        _frame(
            r"(?:'m|am) (?:going to|gonna) (?P<object>(?:become|learn|start (?:a|an|my)|run (?:a|the)|move to|get married|adopt|retire|quit|study|write a|train for|travel to|spend)\b.*)",
            plan,
            "plans",
            certainty=0.82,
        ),
        _frame(
            r"(?:'ve|have) decided (?P<object>to (?!(?:go with|stay|take (?:it|a break)|book|leave|give|make it|share|call it)\b)\w+.*)",
            plan,
            "plans",
            certainty=0.82,
        ),
        _frame(
            r"(?:'m|am) (?:also |now |currently |seriously )*thinking (?:of|about) (?P<object>(?:becoming|learning|starting|moving|buying|adopting|getting (?:a|an|into|another|married)|taking up|quitting|opening|switching|joining|going back|writing a|changing (?:jobs|careers))\b.*)",
            plan,
            "thinks of",
            certainty=0.75,
        ),
    ]


def _habits() -> list[Frame]:
    habit = Kind.HABIT
    return [
        _frame(
            rf"(?:usually|often|typically|normally|tend to) (?P<object>(?!(?:{words.NO_DEED})\b)(?!\w+(?:ed|ing)\b)\w+ \w+.*)",
            habit,
            "does",
            certainty=0.82,
        ),
        _frame(
            r"(?:also |currently |now |still |mostly |usually |often |just |sometimes )*play\b (?:the )?(?=(?:"
            + words.PLAYED
            + r")\b)",
            habit,
            "plays",
            certainty=0.9,
        ),
        _frame(
            r"(?:also |currently |now |still |mostly )*(?:collect)\b(?! (?:it|them|the|my|you|data|that)\b)",
            habit,
            "collects",
            certainty=0.87,
        ),
        _frame(
            r"(?:also |currently |now |still |regularly |often )*volunteer (?P<object>(?:at|with|for|as|in) [\w '-]{3,50}?)"
            + words.BREAK,
            habit,
            "volunteers",
            certainty=0.9,
        ),
        _frame(
            rf"(?:'ve|have) {A}been (?P<object>(?!(?:thinking|looking|trying|feeling|wondering|working (?:on|hard)|waiting|meaning|wanting|getting|going through|having|being|missing|dying|swamped|doing|hoping|planning|struggling|talking|dealing|in|on)\b)\w+ing\b[\w '/&-]{{0,60}}?)(?= (?:for (?:about |over |around |almost |nearly )?(?:\d+|a|two|three|four|five|six|seven|eight|nine|ten|many|several|some|the (?:past|last)) ?\w*|since)\b)",
            habit,
            "is used to",
            certainty=0.87,
        ),
        _frame(
            rf"(?:also |currently |now |still |regularly |often )*(?:'ve been|have been|'m|am) {A}(?P<object>volunteering (?:at|with|for|as|in) [\w '-]{{3,50}}?)"
            + words.BREAK,
            habit,
            "is used to",
            certainty=0.85,
        ),
        _frame(
            r"(?:just |recently |also |have |'ve )*(?:started|took up|taken up|picked up) (?P<object>(?:volunteering|learning|playing|taking|practi[cs]ing|painting|running|cycling|cooking|collecting|gardening|knitting|baking|swimming|hiking|meditating|yoga|pottery|photography)\b(?! (?:what|it|that|this|so|more|better)\b)[^,.;!?]{0,50}?)"
            + words.BREAK,
            habit,
            "is used to",
            certainty=0.8,
        ),
        _frame(
            r"(?:'m|am|'ve been|have been) (?:also |currently |now |still |just )*(?P<object>learning (?:to (?!be|appreciate|live|let|love|trust|deal|accept|balance|handle)\w+|how to (?!be|deal|handle|let|live)\w+|the \w+|"
            + words.TONGUES
            + r"|"
            + words.PLAYED
            + r")\b[^,.;!?]{0,30}?)"
            + words.BREAK,
            habit,
            "is used to",
            certainty=0.83,
        ),
        _frame(
            rf"(?P<often>usually|always|often|typically|normally|generally|regularly|frequently|mostly|tend to|sometimes|occasionally|almost always|make sure to always|make a point of) (?P<object>(?:just |also )?(?:{words.DEEDS})\b.*)",
            habit,
            "does",
            certainty=0.85,
        ),
        _frame(
            rf"(?:rarely|seldom|hardly ever|barely|almost never) (?P<object>(?:{words.DEEDS})\b.*)",
            habit,
            "does",
            Stance.AGAINST,
            0.87,
        ),
        _frame(
            rf"(?P<object>(?:also |try to |just )?(?:{words.DEEDS})\b(?:(?! every | each )[^,.;!?]){{0,60}}?) ?(?=\b(?:{words.OFTEN})\b)",
            habit,
            "does",
            certainty=0.85,
        ),
        _frame(
            r"(?:'m|am) (?:usually|always|often|normally|typically) (?P<object>(?:up|awake|in bed|at the gym|asleep|out) (?:early|late|by|before|at|until|on)[\w :'-]{0,30})",
            habit,
            "is",
            certainty=0.8,
        ),
    ]


def _changes() -> list[Frame]:
    habit, taste = Kind.HABIT, Kind.PREFERENCE
    have = r"(?:recently |finally |just |have |'ve |actually |already |completely |totally |eventually |since |also |now )*"
    return [
        _frame(
            rf"(?:do not|don't|dont|can't|cannot) (?:really |even )?(?P<object>(?:{words.DEEDS}|work|live|own|collect|volunteer)\b[\w '-]{{0,50}}?)(?= (?:any ?more|any longer)\b)",
            habit,
            "does",
            certainty=0.9,
            ends=True,
        ),
        _frame(
            rf"{have}(?:quit|quitted|stopped|gave up on|gave up|given up on|given up|cut out|kicked)\b (?=\w+ing\b)(?!(?:anything|everything|nothing|something|worrying|thinking|feeling)\b)",
            habit,
            "is used to",
            certainty=0.88,
            ends=True,
        ),
        _frame(
            rf"{have}(?:quit|gave up|given up|cut out|swore off|sworn off|kicked|dropped)\b (?!(?:on|it|that|this|out|by|for|in|off|everything|hope|my job|because|when|the|you|and|something|some|his|her|their|your)\b)",
            habit,
            "takes",
            certainty=0.85,
            ends=True,
        ),
        _frame(
            rf"{have}(?:moved on from|grew out of|grown out of|outgrew|outgrown|lost interest in|went off|gone off|got tired of|gotten tired of|got bored of|fell out of love with|fallen out of love with|got over)\b(?! (?:it|that|this|the)\b)|(?:'m|am) (?:over|done with|through with)\b(?! (?:it|that|this|the moon|the|my|work|school|you|here|there|\d+)\b)",
            taste,
            "likes",
            certainty=0.88,
            ends=True,
        ),
        _frame(
            rf"{have}(?:sold|got rid of|gave away|given away|cancell?ed) my (?=(?:{words.BELONGINGS}|subscription|membership|gym membership|netflix)\b)",
            Kind.POSSESSION,
            "has",
            certainty=0.88,
            ends=True,
        ),
        _frame(
            rf"{have}lost (?P<object>my job\b[\w' -]{{0,40}}?)" + words.BREAK,
            Kind.ROLE,
            "has",
            certainty=0.88,
            ends=True,
        ),
        _frame(
            rf"{have}(?:quit|left) my job (?=as|at)", Kind.ROLE, "works", certainty=0.88, ends=True
        ),
        _frame(
            rf"(?:recently |have |'ve |just |finally )*(?:switched|changed|moved|converted) (?:over )?from (?P<object>[\w '-]{{2,30}}?) to (?P<next>[\w '-]{{2,40}}?){words.BREAK}(?<!from home)",
            habit,
            "takes",
            certainty=0.75,
            ends=True,
        ),
    ]


ROUTINES = (
    _frame(
        rf"(?P<object>(?:just |also )?(?:{words.DEEDS})\b(?! for you).*)",
        Kind.HABIT,
        "does",
        certainty=0.83,
    ),
)
"""After a subject that a time of the day or week stands before: "every morning I drink tea"."""

INITIAL = (
    _frame(
        r"(?P<object>(?!my\b|your\b|our\b|when\b|which\b|and\b)[\w'-]+(?: (?!is\b|and\b|really\b|always\b|that\b)[\w'-]+){0,3}?)(?: also| always| really| just| still)* (?:"
        + words.JOY
        + r"|is my (?:escape|happy place|therapy|stress relief|go-to))\b",
        Kind.PREFERENCE,
        "likes",
        certainty=0.82,
    ),
    _frame(
        r"(?:really |absolutely |just )?love (?=(?!seeing|hearing|having|being|talking|your|loving|working)\w+ing\b)",
        Kind.PREFERENCE,
        "likes",
        certainty=0.82,
    ),
)
"""At the start of a sentence only: within one, another subject may hold."""


FUTURES = (
    _frame(
        r"(?:'m|am|'ll be) (?:also |actually )*(?P<object>(?!thinking|feeling|looking|hoping|trying|seeing|getting back|being|having fun|so|really|leaving)(?:\w+ing|off to)\b.*)",
        Kind.PLAN,
        "is",
        certainty=0.83,
    ),
)
"""After a subject that a coming time stands before: "next month I'm running a marathon"."""


def _courses() -> list[Frame]:
    """What somebody is about to do, at, or has joined."""
    plan, habit, fact = Kind.PLAN, Kind.HABIT, Kind.FACT
    return [
        _frame(
            r"(?:'m|am) (?:also |really |still |so |now |more )*determined (?P<object>to (?!keep (?:going|trying)|make it|do it|get (?:back|there)|stay)\w+.*)",
            plan,
            "plans",
            certainty=0.8,
        ),
        _frame(
            r"(?:also |really |just |still |always )*(?:want|wanna|hope) (?P<object>(?:to )?(?:make (?:a|the|this world a) (?:real |big |positive |lasting )*(?:difference|impact|change|world)|help (?:others|people|kids|those|children|my)|give back|inspire (?:others|people|kids)|turn my|start (?:a|my)|keep (?:improving|learning|growing)|see the world|travel|be a (?!part)\w+)\b.*)",
            plan,
            "wants",
            certainty=0.8,
        ),
        _frame(
            r"(?:'m|am) (?:so |really |super |very |also )*(?:excited|thrilled|stoked|pumped|psyched) (?P<object>to (?:start|begin|join|launch|open|compete|perform|travel|visit|move|become|teach|learn|host|attend|explore)\b.*)",
            plan,
            "is",
            certainty=0.78,
        ),
        _frame(
            r"(?:'m|am) (?:so |really |super |very |definitely |also )*looking forward to (?P<object>(?!(?:seeing|hearing|meeting|catching|finding out|talking|chatting)\b)(?:\w+ing|my|the)\b.*)",
            plan,
            "is",
            certainty=0.78,
        ),
        _frame(
            r"can't wait (?P<object>to (?:start|visit|go|travel|move|try|perform|explore|compete|begin|open|launch|play|teach|read|take)\b.*)",
            plan,
            "wants",
            certainty=0.75,
        ),
        _frame(
            r"(?:'m|am) (?:going to|gonna) (?P<object>(?:open|launch|host|organi[sz]e|enter|compete|visit|teach|build|create|volunteer|join|perform|apply)\b.*)",
            plan,
            "plans",
            certainty=0.8,
        ),
        _frame(
            r"(?:'m|am|'ll be) (?:also |actually )*(?P<object>(?!thinking|feeling|looking|hoping|trying|seeing|getting back|being|so|really|leaving)\w+ing\b[^,.;!?]{2,60}?)(?= (?:next (?:week|month|year|weekend|summer|\w+day)|tomorrow)\b)",
            plan,
            "is",
            certainty=0.83,
        ),
        _frame(
            rf"(?:'ve|have) (?:also |recently |really |just )*been (?P<object>(?:{words.ONGOING}) (?!it\b|that\b|this\b|around|a lot|hard|so\b|up\b|what|how|more)[^,.;!?]{{2,60}}?)"
            + words.BREAK,
            habit,
            "is used to",
            certainty=0.8,
        ),
        _frame(
            rf"(?:'m|am) (?:currently|now|also|still) (?:also )?(?P<object>(?:{words.ONGOING}|playing) (?!it\b|that\b|this\b|around|a lot|hard|so\b|up\b|what|how|more|great|fine|good|well|okay)[^,.;!?]{{2,60}}?)"
            + words.BREAK,
            habit,
            "is",
            certainty=0.8,
        ),
        _frame(
            r"(?:'m|am) (?:currently |now |also |still |actually )*(?P<object>(?:(?:taking|attending|teaching|doing) (?:a|an|my|some) (?:[\w-]+ ){0,3}?(?:class|classes|course|courses|workshop|workshops|degree|internship|training|lessons)\b)[^,.;!?]{0,50}?)"
            + words.BREAK,
            habit,
            "is",
            certainty=0.8,
        ),
        _frame(
            r"(?:just |recently |finally |also |actually |have |'ve )*(?P<object>(?:joined|enrolled in|signed up for) (?:a|an|the|my) (?!conversation|chat|call|meeting|discussion|event)[\w' -]{3,50}?)"
            + words.BREAK,
            fact,
            "did",
            certainty=0.8,
        ),
        _frame(
            r"(?:just |recently |finally |actually |have |'ve )*(?P<object>(?:graduated|got (?:married|engaged|divorced|promoted)|got (?:a|my) (?:new |dream |first )*job|got (?:a )?(?:my )?degree)\b[\w' -]{0,40}?)"
            + words.BREAK,
            fact,
            "did",
            certainty=0.82,
        ),
        _frame(
            r"(?:'m|am) (?:really |also |so |absolutely |totally )*(?:loving|enjoying) (?=\w+ing\b|my (?:new )?(?:job|course|class|classes|school|work|studies)\b)",
            Kind.PREFERENCE,
            "likes",
            certainty=0.8,
        ),
    ]


FOLLOWING = (*_styles(), *_changes(), *_tastes(), *_lives(), *_habits(), *_courses())

ANYWHERE = (
    _frame(
        r"(?<![\w'])my (?:[\w-]+ )?(?:love|passion|enthusiasm|obsession) (?:for|of|with) (?!him\b|her\b|them\b|you\b|it\b)(?P<object>(?:(?!\b(?:has|have|is|was|keeps?|brings?|makes?|made|led|helps?|goes|started|began|with|by|even|more|into|through|so)\b)[\w'& -]){2,60})",
        Kind.PREFERENCE,
        "likes",
        certainty=0.87,
    ),
    _frame(
        r"(?<![\w'])(?:why|how much) i (?:really |just |still )*(?:love|enjoy) ",
        Kind.PREFERENCE,
        "likes",
        certainty=0.85,
    ),
    _frame(
        rf"(?<![\w'])my (?P<object>(?:(?:{words.KEPT}) )?(?:{words.PETS}))(?:, [\w'-]+,|)(?![\w-]| (?:show|food|park|shelter|sitter|walker|store|shop|bed|toy|collar|photo|pic|picture|painting|drawing|tattoo))",
        Kind.POSSESSION,
        "has",
        certainty=0.85,
    ),
    _frame(
        rf"(?:^|[ ,])we (?:also )?(?:have|'ve got|own|adopted|got) (?P<object>(?:{words.DETERMINERS}) {words.ADJECTIVES}(?:{words.PETS}|kids|children|garden|house|car|boat)){END}(?! (?:show|park|shelter))",
        Kind.POSSESSION,
        "has",
        certainty=0.85,
    ),
)

ENGLISH = Pack(
    hint=re.compile(
        r"(?<![\w'])(?:i|i'm|im|ive|my|no|don't|do not|please|answer|reply|respond|keep|use|be|not|never|stop|avoid|skip|we|allergic|call|me)(?![\w-])"
    ),
    clause=re.compile(r"(?:, | - | – |— |—|\(|\b(?:and|but|so|because|though|although|then) )"),
    subject=re.compile(r"(?<![\w'-])i(?=m |ve |\b)(?!-)"),
    adverbs=re.compile(rf"[ ]?(?:(?:{words.ADVERBS}|{words.HEDGES})[ ,]+)*+"),
    ending=re.compile(
        rf"(?:(?:{words.ADVERBS})[ ,]+)*+(?P<back>used to|'m no longer|am no longer|no longer)[ ]*(?:(?:{words.ADVERBS})[ ]+)*+"
    ),
    leading=re.compile(words.LEADING),
    hedged=re.compile(words.HEDGED),
    others=re.compile(words.OTHERS),
    unreal=re.compile(words.UNREAL),
    joint=re.compile(words.JOINT),
    firm=re.compile(rf"(?:{words.FIRM})\b"),
    deictic=re.compile(words.DEICTIC),
    no_deed=re.compile(words.NOT_DEEDS),
    stop=re.compile(words.STOP),
    scope=re.compile(words.SCOPE),
    unlimited=re.compile(words.NOT_SCOPE),
    asked=re.compile(words.ASKED),
    tail=re.compile(words.TAIL),
    more=re.compile(r"[ ,]+(?:any ?more|any longer|these days any ?more)\b.*$"),
    junk=re.compile(words.JUNK),
    following=FOLLOWING,
    scoped=((re.compile(words.ROUTINE), ROUTINES), (re.compile(words.FUTURE), FUTURES)),
    opening=tuple(_orders()),
    initial=INITIAL,
    anywhere=ANYWHERE,
)
