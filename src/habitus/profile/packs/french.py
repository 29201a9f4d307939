"""French: likes, dislikes, what is avoided, and what is over. Few frames, for few errors."""

from __future__ import annotations

import re

from habitus.profile.patterns import Pack, taste
from habitus.types import Stance

_VERY = r"(?:(?:vraiment|beaucoup|trop|du tout|bien|surtout|particulièrement|énormément|aussi|tellement|toujours|plutôt) )*+"
_FOR, _AGAINST = Stance.FOR, Stance.AGAINST


FRENCH = Pack(
    hint=re.compile(r"\b(?:je|j'|moi)"),
    clause=re.compile(r", |; | - |\b(?:et|mais|car|donc) "),
    leading=re.compile(r"(?:(?:moi|oui|non|et|mais|bon|alors|salut|bonjour|en fait|personnellement|franchement|en général|honnêtement)[ ,]+)*+"),
    unreal=re.compile(r"(?:si j|si je|imagine|imaginons|supposons|traduis|traduisez|écris)"),
    others=re.compile(r"\b(?:dit|disait|a dit|demande|écrit|si|que|quand)[ ,:]*$"),
    stop=re.compile(r"[;!?:()\n]|, | - |\s(?:mais|parce que|car|quand|lorsque|si|depuis|puisque|et je|et j'|plutôt que|au lieu|alors que|que (?=le|la|les|du))"),
    scope=re.compile(r"\s(?P<scope>(?:au (?:petit[ -]déjeuner|déjeuner|dîner|travail)|le (?:matin|soir|week-end|dimanche)|en (?:voyage|vacances|été|hiver)|ce soir))$"),
    tail=re.compile(r"[\s,]*(?:\b(?:beaucoup|aussi|vraiment|du tout|non plus|trop|bien)\b\s*)++$"),
    junk=re.compile(r"(?:$|(?:ça|cela|ce|cet|cette|ces|ton|ta|tes|votre|vos|son|sa|ses|leur|leurs|toi|vous|lui|elle|eux|que|quand|comment|l'idée|savoir|te|le faire)(?!\w))"),
    opening=(
        taste(rf"(?:je n'|j')aime plus {_VERY}", _FOR, ends=True),
        taste(rf"(?:avant |autrefois )?j'(?:aimais|adorais) {_VERY}(?=[\w' ]{{2,40}}(?:,| mais) )", _FOR, 0.85, ends=True),
        taste(r"je ne (?:mange|bois|fume|regarde|joue) plus (?:de |d'|du |au |à la |la |les |le )?", _FOR, attribute="takes", ends=True),
        taste(r"j'ai (?:arrêté de|arrêté le |arrêté la |arrêté l')", _FOR, attribute="takes", ends=True),
        taste(rf"(?:je n'|j')aime (?:vraiment |franchement )?pas {_VERY}", _AGAINST, 0.93),
        taste(r"(?:je déteste|je hais|j'ai horreur (?:de |du |des |d')|je (?:ne )?supporte pas|j'exècre)\b ?", _AGAINST, 0.93),
        taste(r"(?:j'évite|j'essaie d'éviter|je préfère éviter|je préfère ne pas)\b ", _AGAINST, attribute="avoids"),
        taste(r"je (?:ne )?(?:mange|bois|fume|consomme|porte|regarde) (?:pas|jamais) (?:de |d'|du )?", _AGAINST, attribute="avoids"),
        taste(r"je (?:ne )?suis pas (?:un |une )?(?:très |grand |grande )?(?:fan|amateur) (?:de |du |des |d')", _AGAINST),
        taste(r"je suis (?:un |une )?(?:très |grand |grande |vraiment )?(?:fan|amateur|passionnée?) (?:de |du |des |d'|par )", _FOR),
        taste(r"je suis (?:très )?allergique (?:à |au |aux )", _FOR, 0.95, attribute="allergic to"),
        taste(rf"(?:j'aime|j'adore|je préfère|je raffole (?:de|du|des))\b {_VERY}", _FOR, 0.88),
    ),
)  # fmt: skip
