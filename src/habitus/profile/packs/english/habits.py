"""What the writer does again and again, after "I"."""

from __future__ import annotations

from habitus.profile.packs.english import words
from habitus.profile.packs.english.frame import A, frame
from habitus.types import Kind, Stance

# fmt: off
HABITS = (
    frame(rf"(?:usually|often|typically|normally|tend to) (?P<object>(?!(?:{words.NO_DEED})\b)(?!\w+(?:ed|ing)\b)\w+ \w+.*)", Kind.HABIT, "does", certainty=0.82),
    frame(r"(?:also |currently |now |still |mostly |usually |often |just |sometimes )*play\b (?:the )?(?=(?:" + words.PLAYED + r")\b)", Kind.HABIT, "plays", certainty=0.9),
    frame(r"(?:also |currently |now |still |mostly )*(?:collect)\b(?! (?:it|them|the|my|you|data|that)\b)", Kind.HABIT, "collects", certainty=0.87),
    frame(r"(?:also |currently |now |still |regularly |often )*volunteer (?P<object>(?:at|with|for|as|in) [\w '-]{3,50}?)" + words.BREAK, Kind.HABIT, "volunteers", certainty=0.9),
    frame(rf"(?:'ve|have) {A}been (?P<object>(?!(?:thinking|looking|trying|feeling|wondering|working (?:on|hard)|waiting|meaning|wanting|getting|going through|having|being|missing|dying|swamped|doing|hoping|planning|struggling|talking|dealing|in|on)\b)\w+ing\b[\w '/&-]{{0,60}}?)(?= (?:for (?:about |over |around |almost |nearly )?(?:\d+|a|two|three|four|five|six|seven|eight|nine|ten|many|several|some|the (?:past|last)) ?\w*|since)\b)", Kind.HABIT, "is used to", certainty=0.87),
    frame(rf"(?:also |currently |now |still |regularly |often )*(?:'ve been|have been|'m|am) {A}(?P<object>volunteering (?:at|with|for|as|in) [\w '-]{{3,50}}?)" + words.BREAK, Kind.HABIT, "is used to", certainty=0.85),
    frame(r"(?:just |recently |also |have |'ve )*(?:started|took up|taken up|picked up) (?P<object>(?:volunteering|learning|playing|taking|practi[cs]ing|painting|running|cycling|cooking|collecting|gardening|knitting|baking|swimming|hiking|meditating|yoga|pottery|photography)\b(?! (?:what|it|that|this|so|more|better)\b)[^,.;!?]{0,50}?)" + words.BREAK, Kind.HABIT, "is used to", certainty=0.8),
    frame(r"(?:'m|am|'ve been|have been) (?:also |currently |now |still |just )*(?P<object>learning (?:to (?!be|appreciate|live|let|love|trust|deal|accept|balance|handle)\w+|how to (?:play|cook|code|program|speak|draw|paint|dance|swim|drive|sew|knit|bake|ride|surf|ski|sail|sing|skate|climb|garden)|the \w+|" + words.TONGUES + r"|" + words.PLAYED + r")\b[^,.;!?]{0,30}?)" + words.BREAK, Kind.HABIT, "is used to", certainty=0.83),
    frame(rf"(?P<often>usually|always|often|typically|normally|generally|regularly|frequently|mostly|tend to|sometimes|occasionally|almost always|make sure to always|make a point of) (?P<object>(?:just |also )?(?:{words.DEEDS})\b.*)", Kind.HABIT, "does", certainty=0.85),
    frame(rf"(?:rarely|seldom|hardly ever|barely|almost never) (?P<object>(?:{words.DEEDS})\b.*)", Kind.HABIT, "does", Stance.AGAINST, 0.87),
    frame(rf"(?P<object>(?:also |try to |just )?(?:{words.DEEDS})\b(?:(?! every | each )[^,.;!?]){{0,60}}?) ?(?=\b(?:{words.OFTEN})\b)", Kind.HABIT, "does", certainty=0.85),
    frame(r"(?:'m|am) (?:usually|always|often|normally|typically) (?P<object>(?:up|awake|in bed|at the gym|asleep|out) (?:early|late|by|before|at|until|on)[\w :'-]{0,30})", Kind.HABIT, "is", certainty=0.8),
    frame(rf"(?:'ve|have) (?:also |recently |really |just )*been (?P<object>(?:{words.ONGOING}) (?!it\b|that\b|this\b|around|a lot|hard|so\b|up\b|what|how|more)[^,.;!?]{{2,60}}?)" + words.BREAK, Kind.HABIT, "is used to", certainty=0.8),
    frame(r"(?:'m|am|'ve been|have been) (?:currently |now |also |still |really |just |recently |lately )*(?P<object>(?:reading (?:(?:a|an|some|the)\b|(?=\ue000))|playing (?:(?:a|an|the|all kinds of)\b|(?=\ue000))|watching (?:(?:a|an)\b|(?=\ue000))|writing (?:about|a|an|my|another|articles)\b|blogging about|researching (?!now|right|it|this|that|for|online)\w+|networking|practi[cs]ing (?:for|my|the|\w+)|trying out|exploring new|streaming|painting|drawing|journaling|gardening|running (?:farther|more|longer|every)|taking (?:regular|daily|long|up)|playing (?:professionally|chess|guitar|drums)|working out|doing (?:yoga|rehab|volunteer|community)|helping (?:out )?(?:at|with)|studying|learning (?:this|about|some|new)|trying (?:kundalini|yoga|pilates|keto|meditation)) ?(?!(?:it|that|you|your|what|how|lot|ever|bit)\b)[^,.;!?]{0,60}?)" + words.BREAK, Kind.HABIT, "is used to", certainty=0.75),
    frame(r"(?:just |recently |also |have |'ve )*(?:started|began|begun) (?P<object>(?:doing|making|taking|teaching|helping|streaming|going to|attending|writing|reading|watching|working (?:out|with|at|as|on my)|coaching|training|exercising|eating) ?(?!(?:it|that|this|so|more|better|what|them|you)\b)[^,.;!?]{0,50}?)" + words.BREAK, Kind.HABIT, "is used to", certainty=0.78),
    frame(r"(?:just |recently |also |have |'ve )*(?P<object>started (?:a (?:[\w-]+ ){0,3}?(?:class|course|diet|blog|podcast|club|group|program|business|job|internship|garden)|(?!the|my)\w+ (?:classes|lessons))\b[^,.;!?]{0,30}?)" + words.BREAK, Kind.HABIT, "did", certainty=0.8),
    frame(r"(?:also |regularly |still |always )*(?P<object>donate (?:[\w ]{1,20} )?to (?!it\b|them\b|that\b)[\w' -]{3,40}?)" + words.BREAK, Kind.HABIT, "does", certainty=0.82),
    frame(rf"(?:'m|am) (?:currently|now|also|still) (?:also )?(?P<object>(?:{words.ONGOING}|playing) (?!it\b|that\b|this\b|around|a lot|hard|so\b|up\b|what|how|more|great|fine|good|well|okay)[^,.;!?]{{2,60}}?)" + words.BREAK, Kind.HABIT, "is", certainty=0.8),
    frame(r"(?:'m|am) (?:currently |now |also |still |actually )*(?P<object>(?:(?:taking|attending|teaching|doing) (?:a|an|my|some) (?:[\w-]+ ){0,3}?(?:class|classes|course|courses|workshop|workshops|degree|internship|training|lessons)\b)[^,.;!?]{0,50}?)" + words.BREAK, Kind.HABIT, "is", certainty=0.8),
)

ROUTINES = (
    frame(rf"(?P<object>(?:just |also )?(?:{words.DEEDS})\b(?! for you).*)", Kind.HABIT, "does", certainty=0.83),
)
"""After a time of the day or week: "every morning I drink tea"."""
# fmt: on
