"""Facts, roles and skills, after "I"."""

from __future__ import annotations

from habitus.profile.packs.english import words
from habitus.profile.packs.english.frame import BE, END, A, frame
from habitus.types import Kind, Stance

# fmt: off
FACTS = (
    frame(rf"{BE} {A}not {A}(?P<object>an? (?:early bird|morning person|night owl|night person|people person|dog person|cat person))\b", Kind.ROLE, "is", Stance.AGAINST, 0.9),
    frame(rf"have (?P<object>(?:an? )?(?:{words.CONDITIONS})){END}", Kind.FACT, "has", certainty=0.9),
    frame(r"(?:'m|am) (?P<object>\d{1,3})(?: years old| years of age| yrs old|$)(?! years in)", Kind.FACT, "age", certainty=0.9),
    frame(r"(?:'m|am) (?P<object>(?:happily )?(?:married|single|divorced|widowed|engaged|retired|unemployed|self-employed|pregnant|bilingual|left-handed|colou?r-?blind|deaf|dyslexic|transgender|trans|gay|lesbian|bisexual|bi|queer|asexual|non-binary|nonbinary|freelance|autistic))(?! (?:in|about|by|with the|to help|for)\b)" + END, Kind.FACT, "is", certainty=0.9),
    frame(r"(?:currently |now |still |also )*(?:live|'m living|am living|'ve lived|have lived|reside|'m based|am based|'ve been living|have been living)(?: right| just)? (?P<object>(?:in|near|by|at|on|outside|close to|with my|alone|off)(?! (?:this|that|the (?:moment|now|past|present)|it|fear|peace|harmony|each)\b)[\w\ue000 ,'-]{0,40}?)" + words.BREAK, Kind.FACT, "lives", certainty=0.9),
    frame(r"(?:originally |also |actually )*(?:(?:'m|am|come|came|hail) (?:originally |actually )*from)\b(?! (?:the (?:store|shop|gym|airport|station)|work|here|there|this|that|home|my)\b)", Kind.FACT, "from", certainty=0.88),
    frame(r"was born (?P<object>(?:and raised )?(?:in|on) [\w ,'-]{2,30}?)" + words.BREAK, Kind.FACT, "born", certainty=0.93),
    frame(r"grew up (?P<object>(?:in|on|near|with|by|outside) [\w ,'-]{2,40}?)" + words.BREAK, Kind.FACT, "grew up", certainty=0.9),
    frame(r"(?:recently |just |have |'ve |have just |'ve just |have recently |'ve recently )*moved (?P<object>(?:here |back )*(?:from|to|into) (?!that\b|this\b|it\b|the next\b|a (?:higher|new level))[\w ,'-]{2,40}?)" + words.BREAK, Kind.FACT, "moved", certainty=0.85),
    frame(r"(?:was|have been|'ve been) diagnosed with\b", Kind.FACT, "has", certainty=0.92),
    frame(r"(?:just |recently |finally |also |actually |have |'ve )*(?P<object>(?:joined|enrolled in|signed up for|signed with|got accepted (?:for|into|to)|was accepted (?:for|into|to)|applied (?:for|to)|auditioned for|completed|launched|opened|published) (?:a|an|the|my|some) (?!conversation|chat|call|meeting|discussion|event)[\w' -]{3,50}?)" + words.BREAK, Kind.FACT, "did", certainty=0.8),
    frame(r"(?:also |even |just |recently |finally |actually |have |'ve )*(?P<object>(?:won (?:a|an|my|the|our|another|first|second|third)|hosted (?:a|an|my|our)|organi[sz]ed (?:a|an|my|our)|attended (?:a|an|my)|passed (?:the|my|a)|failed (?:the|my|a)|competed in|performed (?:at|in)|published (?:a|an|my)|adopted|(?:finished|completed) (?:writing |making |building )?(?:a|an|my|another|the first) (?:[\w'-]+ ){0,3}?(?:project|course|degree|class|book|novel|script|screenplay|painting|sculpture|marathon|race|thesis|training|program|album|song|game|certification)) ?(?!(?:lot|bit|few|couple|great|awesome|amazing)\b)[\w' -]{0,50}?)" + words.BREAK, Kind.FACT, "did", certainty=0.78),
    frame(r"(?:just |recently |finally |actually |have |'ve )*(?P<object>(?:graduated|got (?:married|engaged|divorced|promoted)|got (?:a|my) (?:new |dream |first |temp |temporary |part-time |full-time |summer )*job|got (?:a )?(?:my )?degree)\b[\w' -]{0,40}?)" + words.BREAK, Kind.FACT, "did", certainty=0.82),
    frame(rf"{BE} {A}(?P<object>(?:an? |the |one of the ){words.ADJECTIVES}(?:{words.ROLES})|(?:{words.ROLES})){END}(?:(?! (?:roles?\b|positions?\b|jobs?\b|too young|at heart|of (?:yours|myself|this|that|it)|in the making|too|for (?:you|a (?:day|week)))|'s|-))", Kind.ROLE, "is", certainty=0.88),
    frame(rf"{BE} {A}(?P<object>(?:an? )?(?:strict |lifelong |full-time |committed |mostly |ethical )?(?:{words.WAYS})){END}", Kind.ROLE, "is", certainty=0.93),
    frame(rf"{BE} not (?P<object>(?:an? )?(?:{words.WAYS}|religious|married)){END}", Kind.ROLE, "is", Stance.AGAINST, 0.88),
    frame(rf"(?:work|'m working|am working|'ve been working|have been working|'ve worked|have worked) (?P<object>as an? (?!team\b|unit\b|group\b|whole\b|result\b|way\b|couple\b)(?:[\w-]+ ){{0,3}}?[\w-]+(?: (?:at|for|in) [\w\ue000 &'-]{{2,30}})?){words.BREAK}", Kind.ROLE, "works", certainty=0.92),
    frame(r"work (?:full[- ]time |part[- ]time )?(?P<object>(?:at|for) (?!home\b|night\b|the moment\b|it\b|that\b|this\b|me\b|least\b|my best\b|what\b|hours\b)(?:an? |the |my )?[\w\ue000&'-]+(?: [\w\ue000&'-]+){0,3}|from home|remotely|night shifts|nights|(?:in|with) (?:it|finance|marketing|healthcare|education|retail|construction|advertising|sales|tech|software|hospitality|banking|law|insurance|logistics|hr|publishing|film|media))" + words.BREAK, Kind.ROLE, "works", certainty=0.85),
    frame(r"(?:run|own|manage|'m running|am running|'ve started|have started|started) (?P<object>(?:an? |my (?:own )?|our )(?:(?!that\b|this\b)[\w-]+ ){0,3}?(?:business|shop|store|company|startup|start-up|studio|restaurant|café|cafe|bakery|farm|salon|gym|agency|practice|clinic|blog|channel|podcast|bar|pub|hotel|nonprofit|charity|bookshop))\b(?! (?:plan|idea|trip|card)s?)", Kind.ROLE, "runs", certainty=0.87),
    frame(r"(?:'m|am) (?:currently )?(?:studying|majoring in|doing a degree in|doing a (?:phd|master's|masters) in)\b(?! (?:hard|for|a lot|so|really|too|all|late|at home|with)\b)", Kind.ROLE, "studies", certainty=0.87),
    frame(r"study\b(?= (?!hard|for|a lot|best|so|with|when|in)[\w]+)|'?major in\b", Kind.ROLE, "studies", certainty=0.8),
    frame(r"teach\b(?! (?:you|them|him|her|myself|me|us|it|that|my|our)\b)(?= \w+)", Kind.ROLE, "teaches", certainty=0.85),
    frame(r"coach (?=(?:an? |the |my )?[\w -]{0,20}(?:team|football|soccer|basketball|kids|tennis|swimming|rugby|baseball))", Kind.ROLE, "does", certainty=0.85),
    frame(r"(?:'m|am) (?:also |now |still |currently |proudly )*(?P<object>(?:a )?(?:part|member) of (?!something|making|it\b|you|this|that|these|those|so\b|such)(?:an? |the |my )[\w -]{3,40}?)" + words.BREAK, Kind.ROLE, "is", certainty=0.82),
    frame(r"(?:also |currently |now |still )*(?:speak|'m fluent in|am fluent in|'m a native speaker of)\b (?P<object>(?:fluent |some |a (?:little|bit of) |basic |only )?(?:(?:(?:" + words.TONGUES + r")(?:,| and|, and| &)? ?)+))(?<![ ,])", Kind.SKILL, "speaks", certainty=0.93),
    frame(rf"(?:do not|don't|dont|can't|cannot) (?:really )?(?:speak|read|understand) (?P<object>(?:any |much )?(?:{words.TONGUES}))\b", Kind.SKILL, "speaks", Stance.AGAINST, 0.93),
    frame(rf"can {A}(?P<object>(?:{words.ABILITIES})\b(?! (?:it|that|this|you|your|with you|for you|up|out|over|anything|now|to you)\b)(?: (?:the )?[\w-]+){{0,3}}?){words.BREAK}", Kind.SKILL, "can", certainty=0.85),
    frame(rf"(?:can't|cannot|can not|never learned (?:how )?to|never learnt (?:how )?to|don't know how to|do not know how to) {A}(?P<object>(?:{words.INABILITIES})(?: (?:the )?[\w-]+)?){words.BREAK}", Kind.SKILL, "can", Stance.AGAINST, 0.88),
    frame(r"know how to (?!help|feel|get|make it|do (?:it|that)|deal|say|thank|tell|find|handle|use (?:it|that)|react|explain|be\b|describe|express)", Kind.SKILL, "can", certainty=0.82),
    frame(rf"{BE} {A}(?:not|terrible|bad|awful|rubbish|hopeless|not (?:very|that|so|too|really)) (?:good )?at\b(?! (?:all|this|that|it|the)\b)", Kind.SKILL, "good at", Stance.AGAINST, 0.87),
    frame(rf"{BE} {A}(?:quite |pretty |very |really )*(?:good|great|skilled|excellent|talented|decent|experienced|proficient) (?:at|in|with)\b(?! (?:all|this|that|it|the|you|what)\b)", Kind.SKILL, "good at", certainty=0.87),
)
# fmt: on
