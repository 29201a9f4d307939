"""How the writer wants to be answered: after "I", and in orders to the assistant."""

from __future__ import annotations

from habitus.profile.packs.english import words
from habitus.profile.packs.english.frame import BIG, END, frame
from habitus.types import Kind, Stance

WISH = r"(?:'d|would|do)? ?(?:really )?(?:like|love|prefer|want|appreciate|need)"
ASK = r"(?:(?:please|just|and|also|always|from now on|in future|in the future|can you|could you|try to|and please|but|hey|ok|okay|so|kindly|you can|you should|make sure to|remember to)[ ,]+)*+"
IT = r"(?:it|this|that|things|everything|(?:the|your|all) (?:answers?|repl(?:y|ies)|responses?|messages?|explanations?|tone|language)|answers|replies|responses|explanations)"

# fmt: off
STYLES = (
    frame(rf"{WISH} (?:it if )?you(?:r answers)? (?:to |would |could )?(?:always )?(?P<object>(?:(?:answer|respond|explain|talk)(?:ed)?|repl(?:y|ied)|spoke|speak|wrote|write|kept|keep|used?|g[ia]ve|were|be)\b[\w ,'-]{{2,60}})", Kind.STYLE, "answers", certainty=0.85),
    frame(rf"(?:{WISH}|'m fond of) (?:to (?:get|have|receive) )?(?P<object>(?:(?:{words.MANNER})(?:,| and| but)? )+(?:{words.ANSWER}))\b", Kind.STYLE, "answers", certainty=0.93),
    frame(rf"(?:{WISH}) (?:my |your |the )?(?:{words.ANSWER}) (?:to be )?(?P<object>(?:in )?(?:(?:{words.MANNER}|{words.TONGUES}|bullet points)(?:,| and| but)? ?)+)(?![\w])", Kind.STYLE, "answers", certainty=0.9),
    frame(rf"(?:do not|don't|dont|never) (?:like|want|need|enjoy) (?P<object>(?:(?:{words.MANNER}) )*(?:{words.ANSWER}|{words.DECORATION}))\b", Kind.STYLE, "answers", Stance.AGAINST, 0.92),
    frame(rf"(?:hate|dislike|can't stand) (?P<object>(?:(?:{words.MANNER}) )*(?:{words.ANSWER}|{words.DECORATION}))\b(?! (?:in|from|at|of|about))", Kind.STYLE, "answers", Stance.AGAINST, 0.85),
)
"""After "I"."""

ORDERS = (
    frame(rf"{ASK}(?:keep|make) {IT} {BIG}(?P<object>(?:{words.MANNER}|to the point|(?:under|below|to) (?:\w+ )?\w+ (?:words|sentences|lines|paragraphs?))(?:(?:,| and|, and) (?:{words.MANNER}|to the point))*){END}", Kind.STYLE, "answers", certainty=0.93),
    frame(rf"{ASK}(?:be|stay) {BIG}(?P<object>(?:{words.MANNER}))(?: and (?:{words.MANNER}))?(?= with me\b| please\b| in your\b| when you\b|$)", Kind.STYLE, "answers", certainty=0.88),
    frame(rf"{ASK}no (?:more )?(?P<object>(?:{words.DECORATION})(?:(?: or|,| and) (?:{words.DECORATION}))*)\b", Kind.STYLE, "answers", Stance.AGAINST, 0.93),
    frame(rf"{ASK}(?:do not|don't|dont|stop|avoid|never|without|skip|drop|leave out|cut|omit)(?: (?:use|using|write|writing|send|sending|add|adding|include|including|give me|giving me|put|with))? (?:any |the |so many |too many |all )?(?P<object>(?:{words.DECORATION}))\b", Kind.STYLE, "answers", Stance.AGAINST, 0.93),
    frame(rf"{ASK}(?:answer|reply|respond|write|speak|talk|write back|explain (?:things|it|this|everything)|explain)(?: (?:to )?me)?(?: back)? (?P<object>(?:only )?in (?:{words.TONGUES}|(?:{words.MANNER}) (?:{words.ANSWER}|sentences|words|terms|english|language)|bullet points|bullets|plain english|simple (?:terms|words|language|english)|layman's terms|full sentences|one sentence|a (?:{words.MANNER}) (?:tone|way|style)))\b", Kind.STYLE, "answers", certainty=0.95),
    frame(rf"{ASK}(?:speak|write) (?P<object>(?:{words.TONGUES}))\b", Kind.STYLE, "answers", certainty=0.9),
    frame(rf"{ASK}(?:answer|reply|respond|explain (?:things|it|this|everything))(?: (?:to )?me)? (?P<object>{words.MANNERLY}|like i(?:'m| am) (?:five|5|a beginner|a child|ten|twelve)|step by step)\b", Kind.STYLE, "answers", certainty=0.93),
    frame(rf"{ASK}use (?P<object>(?:more |only )?(?:bullet points|bullets|metric(?: units)?|imperial(?: units)?|simple (?:words|language|english)|plain (?:words|language|english)|short sentences|british (?:spelling|english)|american (?:spelling|english)|celsius|fahrenheit|(?:24|12)[- ]hour (?:time|clock|format)|formal language|informal language|emojis|tables|examples|markdown))\b", Kind.STYLE, "answers", certainty=0.92),
    frame(rf"{ASK}(?:give|send|show|write) me (?:only )?(?P<object>(?:(?:{words.MANNER})(?:,| and)? )+(?:{words.ANSWER}))\b", Kind.STYLE, "answers", certainty=0.85),
    frame(rf"{ASK}get (?P<object>(?:straight |right )?to the point)\b", Kind.STYLE, "answers", certainty=0.88),
    frame(rf"{ASK}call me (?P<object>[\w'-]{{2,20}})(?= from\b| please\b| instead\b| and\b|,|$)(?<! later)(?<! back)(?<! when)(?<! crazy)(?<! old)(?<! tomorrow)(?<! if)(?<! at)(?<! on)(?<! anytime)(?<! now)(?<! today)(?<! tonight)", Kind.FACT, "name", certainty=0.9),
)
"""At the start of a clause: "keep it short", "no emojis"."""
# fmt: on
