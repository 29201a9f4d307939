"""Likes, dislikes, fears, allergies and what is avoided, after "I"."""

from __future__ import annotations

from habitus.profile.packs.english import words
from habitus.profile.packs.english.frame import BE, BIG, END, ENJOY, NOT, A, frame
from habitus.types import Kind, Stance

# fmt: off
TASTES = (
    frame(rf"{A}prefer [^,;]{{2,60}} please$"),
    frame(r"(?:'m|am) {BIG}(?P<object>(?:dog|cat|tea|coffee|outdoors?|beach|city|country|mountain|summer|winter|book|breakfast)) person\b".replace("{BIG}", rf"(?:an? )?{BIG}" ), Kind.PREFERENCE, "likes", certainty=0.9),
    frame(rf"(?:{ENJOY}|prefer|hate|feel|have|am|'m) (?:it|that|this|how|what|them|you|your|him|her)\b(?! better| up with)"),
    frame(rf"{NOT} {A}(?:dislike|hate|mind|not|avoid|prefer)\b"),
    frame(rf"{BE} not (?:saying|afraid|allergic)\b"),
    frame(rf"{A}prefer {A}(?:not to|to avoid|to stay away from|to steer clear of)\b", Kind.PREFERENCE, "avoids", Stance.AGAINST, 0.95),
    frame(rf"{A}prefer (?P<object>{words.SMALL}(?: {words.SMALL})?) to (?!the\b|an?\b|my\b|be\b)[\w'-]+(?: [\w'-]+)?(?=$|,)", Kind.PREFERENCE, "likes", certainty=0.93),
    frame(rf"{A}(?:do )?{A}prefer\b", Kind.PREFERENCE, "likes", certainty=0.93),
    frame(rf"{BE} {A}not {A}(?:an? )?{BIG}(?:(?:fan|lover|person) (?:of|for)|into|fond of|keen on|crazy about|interested in|comfortable (?:with|around|in)|big on|much for)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.95),
    frame(rf"{BE} {A}not (?:an? )?{BIG}(?P<object>[\w-]+(?: [\w-]+)?) (?:fan|lover|drinker|eater)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.9),
    frame(rf"{NOT} {A}(?:{ENJOY}|care (?:much )?for|get into|go for)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.95),
    frame(rf"{A}(?:do )?{A}(?:dislike|hate|detest|loathe|despise|abhor|(?:can't|cannot|can not|could never) {A}(?:stand|bear|abide|stomach))\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.95),
    frame(rf"{BE} {A}(?:bored of|bored by|uncomfortable (?:with|around|in)|averse to|opposed to|wary of|put off by|disgusted by|turned off by|easily bored by)", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.9),
    frame(rf"have (?:always had )?{A}(?:an? |no |zero |little |such an? )?{BIG}(?:aversion (?:to|towards?)|dislike (?:of|for)|hatred (?:of|for)|distaste for|disdain for)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.95),
    frame(rf"have {A}(?:absolutely )?(?:no|zero|little|not much) {BIG}(?:interest in|desire (?:to|for)|patience for|love for|tolerance for|time for)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.93),
    frame(rf"have {A}(?:an? )?{BIG}(?:low|little) tolerance for\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.93),
    frame(rf"{BE} {A}(?:afraid|scared|terrified|frightened|petrified) of\b", Kind.PREFERENCE, "fears", Stance.AGAINST, 0.88),
    frame(rf"have {A}(?:an? )?{BIG}(?:fear|phobia) of\b", Kind.PREFERENCE, "fears", Stance.AGAINST, 0.93),
    frame(rf"find (?:it )?{A}(?:{words.BAD})(?: for me)? to (?:stay|be|remain|get|keep) (?:engaged|focused|motivated|interested|concentrated|into) (?:in|with|by|on|during)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.9),
    frame(rf"find (?P<object>(?:[\w'/()-]+,? ){{1,10}}?)(?:to be |to )?{BIG}(?:{words.BAD}){END}", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.88),
    frame(rf"find (?P<object>(?:[\w'/()-]+,? ){{1,10}}?)(?:to be |to )?{BIG}(?:{words.GOOD}){END}", Kind.PREFERENCE, "likes", certainty=0.85),
    frame(rf"{A}(?:do )?{A}(?:love|like|enjoy|adore|relish|cherish){END}", Kind.PREFERENCE, "likes", certainty=0.9),
    frame(rf"{A}(?:loved|adored|enjoyed) (?=\ue000)", Kind.PREFERENCE, "likes", certainty=0.82),
    frame(rf"(?:have|'ve) (?:really |also |just |sort of )*(?:always |long )+{A}(?:loved|liked|enjoyed|adored|preferred|been drawn to|been interested in)\b", Kind.PREFERENCE, "likes", certainty=0.93),
    frame(rf"(?:have|'ve) {A}(?:loved|liked|enjoyed|adored|preferred)(?= [\w ]{{2,40}} since\b)", Kind.PREFERENCE, "likes", certainty=0.9),
    frame(rf"(?:have|'ve) {A}(?:never|not) {A}(?:liked|enjoyed|loved|cared for|been (?:an? )?{BIG}(?:fan of|into|keen on|fond of))\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.95),
    frame(rf"have {A}always {A}(?:hated|disliked|avoided|loathed)\b|'ve {A}always {A}(?:hated|disliked|avoided|loathed)\b|always (?:hated|disliked|loathed)\b", Kind.PREFERENCE, "likes", Stance.AGAINST, 0.95),
    frame(r"always (?:loved|liked|enjoyed|adored|preferred)\b", Kind.PREFERENCE, "likes", certainty=0.9),
    frame(rf"{BE} {A}(?:kind of |kinda |sort of |just )?(?:an? |such an? )?{BIG}(?:fan|lover|devotee|connoisseur|sucker|fanatic) (?:of|for)\b", Kind.PREFERENCE, "likes", certainty=0.93),
    frame(rf"{BE} {A}(?:fond of|(?:really |very |so |super |totally |quite )?into|keen on|(?:crazy|mad|nuts|wild|passionate) about|obsessed with|hooked on|fascinated (?:by|with)|in love with|partial to|big on|addicted to|a sucker for|drawn to|all about){END}", Kind.PREFERENCE, "likes", certainty=0.88),
    frame(rf"(?:'ve|have) {A}(?:always|long|recently|lately)? ?{A}(?:gotten|got|become|been getting) {A}(?:into|interested in|obsessed with|hooked on|fond of)\b", Kind.PREFERENCE, "likes", certainty=0.85),
    frame(r"(?:have |'ve )?(?:just |recently |really |also )*(?:started|begun|began) (?:getting|to get) (?:really |more )?into\b", Kind.PREFERENCE, "likes", certainty=0.85),
    frame(rf"{BE} {A}(?:really|very|always|deeply|especially|particularly|super|so|quite) (?:interested in|enthusiastic about)\b", Kind.PREFERENCE, "likes", certainty=0.88),
    frame(rf"{BE} {A}(?:an? |such an? ){BIG}(?P<object>[\w-]+(?: [\w-]+)?) (?:lover|fan|enthusiast|addict|buff|nerd|junkie|geek|fanatic|aficionado|freak)\b", Kind.PREFERENCE, "likes", certainty=0.88),
    frame(rf"(?:'ve got|have(?: got| always had)?) {A}(?:an? |such an? |this )?{BIG}(?:passion|love|soft spot|weakness|thing|preference|fondness|fascination|sweet spot|craving|affinity|obsession) (?:for|of|with)\b", Kind.PREFERENCE, "likes", certainty=0.92),
    frame(rf"{A}(?:gravitate|lean) towards?\b|{A}(?:learn|work|think|sleep|focus) best (?:in|through|with|by|when|from|while|on)\b|{A}thrive (?:in|on)\b|{A}swear by\b|{A}stick to\b", Kind.PREFERENCE, "likes", certainty=0.88),
    frame(rf"{A}(?:only|exclusively|strictly|solely) (?:ever )?(?:like|enjoy|eat|wear|watch|buy|drink|listen to|read|use|shop(?: for)?|play|purchase|drive|ride|consume|choose|order|visit|stay (?:in|at)|travel|fly|cook)\b", Kind.PREFERENCE, "likes", certainty=0.9),
    frame(r"strictly (?:buy|eat|wear|watch|drink|use|shop(?: for)?|purchase|consume)\b", Kind.PREFERENCE, "likes", certainty=0.9),
    frame(rf"{A}(?:strongly |firmly )?(?:believe in|follow) (?=(?:an? )?[\w -]{{0,40}}(?:diet|lifestyle|way of eating)\b)", Kind.PREFERENCE, "likes", certainty=0.9),
    frame(rf"{A}(?:{words.TRY} )?{A}(?:avoid|steer clear of|stay away from|shy away from|keep away from|refrain from|abstain from|boycott|opt out of)\b", Kind.PREFERENCE, "avoids", Stance.AGAINST, 0.93),
    frame(rf"{A}refuse to {A}(?:ever )?|won't ever |will never |would never ", Kind.PREFERENCE, "avoids", Stance.AGAINST, 0.9),
    frame(rf"{BE} {A}(?:an? )?(?:{words.DEGREES})?{A}allergic to\b|have {A}(?:an? )?{BIG}(?:allergy|allergies|intolerance|sensitivity) to\b", Kind.FACT, "allergic to", Stance.FOR, 0.95),
    frame(rf"have {A}(?:an? )?{BIG}(?P<object>[\w-]+) (?:allergy|allergies|intolerance)\b", Kind.FACT, "allergic to", Stance.FOR, 0.93),
    frame(rf"{BE} {A}(?P<object>lactose|gluten|fructose|histamine)[ -](?:intolerant|sensitive)\b", Kind.FACT, "allergic to", Stance.FOR, 0.95),
    frame(rf"(?:do not|don't|dont|never|cannot|can't|can not|won't|will not|do never) {A}(?:ever )?(?:eat|drink|wear|consume|smoke|watch|listen to|buy|purchase|tolerate|digest|stomach|participate in|engage in|go near|touch|eat or drink|do well with|handle){END}", Kind.PREFERENCE, "avoids", Stance.AGAINST, 0.9),
    frame(r"(?:do not|don't|dont|never) (?:use|do|play|read|take|go to|visit|ride|fly|drive|own|order|cook with)\b(?! (?:it|that|this|so|well|anything|much|enough|up)\b)", Kind.PREFERENCE, "avoids", Stance.AGAINST, 0.82),
    frame(rf"{BE} off (?=(?:caffeine|sugar|alcohol|gluten|dairy|meat|carbs|coffee))", Kind.PREFERENCE, "avoids", Stance.AGAINST, 0.9),
    frame(r"live for\b|can't (?:live|function|do|start (?:my|the) day) without\b|can never (?:say no to|resist|get enough of)\b|can't (?:resist|get enough of)\b", Kind.PREFERENCE, "likes", certainty=0.85),
)
# fmt: on
