"""Plans and wishes for a later time, after "I"."""

from __future__ import annotations

from habitus.profile.packs.english.frame import A, frame
from habitus.types import Kind

# fmt: off
PLANS = (
    frame(rf"(?:'m|am) {A}(?:planning|hoping|aiming|intending) (?P<object>to (?!(?:hear|see you|help|know|get back|chat|catch|find a|book|do (?:it|that|so)|you|be able to help|check|leave|arrive|go (?:there|soon|with)|stay (?:at|in)|travel from|depart|dine|eat|visit a|be there))\w+.*)", Kind.PLAN, "plans", certainty=0.85),
    frame(rf"(?:'m|am) {A}(?:planning|'m planning) (?P<object>(?:on |an? |my )[\w -]{{3,80}})", Kind.PLAN, "plans", certainty=0.85),
    frame(r"(?:plan|intend|aim) (?P<object>(?:to|on) (?!(?:book|leave|arrive|do (?:it|that|so)|stay|help)\b)\w+.*)", Kind.PLAN, "plans", certainty=0.85),
    frame(rf"(?:'m|am) {A}(?:currently )?(?P<object>(?:saving(?: up)?|training|preparing|studying|practicing|practising) for (?!that\b|this\b|it\b|you\b|them\b)[\w '-]{{3,60}})", Kind.PLAN, "is", certainty=0.87),
    frame(r"(?:'m|am) (?:also |now )*(?P<object>running for (?:mayor|office|president|governor|council|city council|parliament|senate|congress|the \w+ board)\b)(?: again)?", Kind.PLAN, "is", certainty=0.85),
    frame(r"(?:'m|am) (?P<object>(?:moving to|getting married|expecting a (?:baby|child)|retiring)\b(?! (?:the next)\b)[\w ,'-]{0,40})", Kind.PLAN, "is", certainty=0.85),
    frame(r"(?:'ve|have) always (?:wanted|dreamed|dreamt) (?P<object>(?:to|of) (?!(?:know|ask|say|be there|do (?:it|that|this)|try (?:it|that|this))\b)\w+.*)", Kind.PLAN, "wants", certainty=0.85),
    frame(r"(?:really |eventually |also |would |'d )*(?:want|hope|dream|wish|like) (?P<object>(?:to|of) (?:one day |eventually |someday )?(?:become|becoming|learn(?! more)|learning|start (?:a|an|my own)|starting (?:a|an|my own)|open (?:a|an|my own)|opening (?:a|an|my own)|write a (?:book|novel)|run a marathon|travel (?:to|the world)|move to|buy a house|retire|adopt|get (?:a degree|married|certified|in(?:to)? shape|fit|a (?:dog|cat))|quit smoking|lose weight|improve my)\b.*)", Kind.PLAN, "wants", certainty=0.82),
    frame(r"(?:'m|am) (?:going to|gonna) (?P<object>(?:become|learn|start (?:a|an|my)|run (?:a|the)|move to|get married|adopt|retire|quit|study|write a|train for|travel to|spend)\b.*)", Kind.PLAN, "plans", certainty=0.82),
    frame(r"(?:'ve|have) decided (?P<object>to (?!(?:go with|stay|take (?:it|a break)|book|leave|give|make it|share|call it)\b)\w+.*)", Kind.PLAN, "plans", certainty=0.82),
    frame(r"(?:'m|am) (?:also |now |currently |seriously )*thinking (?:of|about) (?P<object>(?:becoming|learning|starting|moving|buying|adopting|getting (?:a|an|into|another|married)|taking up|quitting|opening|switching|joining|going back|writing a|changing (?:jobs|careers))\b.*)", Kind.PLAN, "thinks of", certainty=0.75),
    frame(r"(?:'m|am) (?:also |really |still |so |now |more )*determined (?P<object>to (?!keep (?:going|trying)|make it|do it|get (?:back|there)|stay)\w+.*)", Kind.PLAN, "plans", certainty=0.8),
    frame(r"(?:also |really |just |still |always )*(?:want|wanna|hope) (?P<object>(?:to )?(?:also )?(?:help )?(?:make (?:a|the|our|this world a) (?:real |big |positive |lasting )*(?:difference|impact|change|world)|help (?:others|people|kids|those|children|my)|give back|inspire (?:others|people|kids)|turn my|start (?:a|my)|keep (?:improving|learning|growing)|see the world|travel (?:the world|more\b|around)|be a (?!part)\w+|use my (?:platform|voice|skills?|experience|story)|give something back|live (?!in\b)\w+|work on improving|work (?:in|with|for)|build my|have (?:kids|children|my own|a family))\b.*)", Kind.PLAN, "wants", certainty=0.8),
    frame(r"(?:'m|am) (?:so |really |super |very |also )*(?:excited|thrilled|stoked|pumped|psyched) (?P<object>to (?:start|begin|join|launch|open|compete|perform|travel|visit|move|become|teach|learn|host|attend|explore|share my|work (?!with you)|try|make (?!it)|watch)\b.*)", Kind.PLAN, "is", certainty=0.78),
    frame(r"(?:'m|am) (?:so |really |super |very |definitely |also )*looking forward to (?P<object>(?!(?:seeing|hearing|meeting|catching|finding out|talking|chatting)\b)(?:\w+ing|my|the)\b.*)", Kind.PLAN, "is", certainty=0.78),
    frame(r"can't wait (?P<object>to (?:start|visit|go|travel|move|try|perform|explore|compete|begin|open|launch|play|teach|read|take)\b.*)", Kind.PLAN, "wants", certainty=0.75),
    frame(r"(?:'m|am) (?:going to|gonna) (?P<object>(?:open|launch|host|organi[sz]e|enter|compete|visit|teach|build|create|volunteer|join|perform|apply)\b.*)", Kind.PLAN, "plans", certainty=0.8),
    frame(r"(?:'m|am|'ll be) (?:also |actually )*(?P<object>(?!thinking|feeling|looking|hoping|trying|seeing|getting back|being|so|really|leaving)\w+ing\b[^,.;!?]{2,60}?)(?= (?:next (?:week|month|year|weekend|summer|\w+day)|tomorrow)\b)", Kind.PLAN, "is", certainty=0.83),
)

FUTURES = (
    frame(r"(?:'m|am|'ll be) (?:also |actually )*(?P<object>(?!thinking|feeling|looking|hoping|trying|seeing|getting back|being|having fun|so|really|leaving)(?:\w+ing|off to)\b.*)", Kind.PLAN, "is", certainty=0.83),
)
"""After a coming time: "next month I'm running a marathon"."""
# fmt: on
