"""Spanish: likes, dislikes, what is avoided, and what is over. Few frames, for few errors."""

from __future__ import annotations

import re

from habitus.profile.patterns import Pack, taste
from habitus.types import Stance

_VERY = r"(?:(?:mucho|muchísimo|nada|realmente|siempre|también|más|especialmente|sobre todo|para nada|demasiado|tanto|bastante) )*+"
_FOR, _AGAINST = Stance.FOR, Stance.AGAINST


SPANISH = Pack(
    hint=re.compile(r"\b(?:me|prefiero|odio|detesto|evito|no|soy|ya|yo)\b"),
    clause=re.compile(r", |; | - |\b(?:y|pero|porque|aunque) "),
    leading=re.compile(r"(?:(?:bueno|sí|no,|y|pero|pues|hola|además|la verdad|en general|a mí|yo|personalmente)[ ,]+)*+"),
    unreal=re.compile(r"(?:si|imagina|supongamos|traduce|escribe|ojalá)\b"),
    others=re.compile(r"\b(?:dice|dijo|dicen|dijeron|pregunta|preguntó|escribió|si|que|cuando|a (?:él|ella|mi \w+|mis \w+))[ ,:]*$"),
    stop=re.compile(r"[;!?:()\n]|, | - |\s(?:pero|porque|aunque|cuando|si|desde|ya que|y (?:me|no|odio|prefiero|evito|también me|yo)|en vez|en lugar|que (?=a|en vez))\b|\s(?=(?:a|que) (?:las? |los |el )?(?!\w)$)"),
    scope=re.compile(r"\s(?P<scope>(?:para (?:desayunar|cenar|comer|el desayuno)|en el desayuno|por la (?:mañana|tarde|noche)|los fines de semana|en (?:verano|invierno|vacaciones)|cuando viajo|esta noche))$"),
    tail=re.compile(r"[\s,]*(?:\b(?:mucho|muchísimo|también|nada|tampoco|en general|la verdad)\b\s*)++$"),
    junk=re.compile(r"(?:$|(?:tu|tus|su|sus|esto|eso|esta|este|esa|ese|estas|estos|esas|esos|él|ella|ti|lo|la idea|lo que|que|cómo|como|mucho|más|nada|saber|ver|verte|oír|decir|ayudar|ayudarte)(?!\w))"),
    opening=(
        taste(rf"ya no me (?:gustan?|encantan?|interesan?) {_VERY}", _FOR, ends=True),
        taste(rf"(?:antes )?me (?:gustaba|gustaban|encantaba|encantaban) {_VERY}(?=[\w ]{{2,40}}(?:,| pero) )", _FOR, 0.85, ends=True),
        taste(r"ya no (?:como|bebo|fumo|tomo)\b ", _FOR, attribute="takes", ends=True),
        taste(r"(?:he dejado de|dejé de) (?=(?:fumar|comer|beber|tomar|jugar|correr|ver)\b)", _FOR, attribute="is used to", ends=True),
        taste(rf"no me (?:gustan?|encantan?|interesan?|apetecen?) {_VERY}", _AGAINST, 0.93),
        taste(r"(?:odio|detesto|aborrezco|no soporto|no aguanto)\b ", _AGAINST, 0.93),
        taste(r"(?:intento evitar|trato de evitar|evito|prefiero evitar|prefiero no)\b ", _AGAINST, attribute="avoids"),
        taste(r"(?:nunca|no) (?:como|bebo|tomo|fumo|uso|compro)\b (?!que|si|cuando|con)", _AGAINST, 0.85, attribute="avoids"),
        taste(r"(?:no soy (?:muy )?(?:fan|aficionad[oa]) (?:de|a)l?|no soy de) ", _AGAINST),
        taste(r"soy (?:muy |un gran |una gran |gran )?(?:fan|aficionad[oa]|amante) (?:de|a)l? ", _FOR),
        taste(r"soy (?:muy )?alérgic[oa] (?:a|al) ", _FOR, 0.95, attribute="allergic to"),
        taste(rf"me (?:gustan?|encantan?|fascinan?|apasionan?|chiflan?) {_VERY}", _FOR, 0.9),
        taste(r"(?:siempre )?prefiero\b ", _FOR, 0.85),
    ),
)  # fmt: skip
