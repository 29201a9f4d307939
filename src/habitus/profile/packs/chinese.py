"""Chinese: likes, dislikes, what is avoided, and what is over. Few frames, for few errors."""

from __future__ import annotations

import re

from habitus.profile.patterns import Pack, taste
from habitus.types import Stance

_VERY = r"(?:真的|非常|很|特别|最|也|一直|都|超级|超|比较|更|还是|从来|其实|就|挺|现在|完全|十分|一点都|一点也|通常|一般)*+"
_LOVE = r"(?:喜欢|喜歡|爱(?!人|情|好)|愛(?!人|情|好)|热爱|熱愛|偏爱|钟爱|酷爱)"
_FOR, _AGAINST = Stance.FOR, Stance.AGAINST


CHINESE = Pack(
    hint=re.compile(r"我"),
    clause=re.compile(r"[，,；;、]\s*|但是|但|可是|不过|而且|所以|因为|虽然|然后"),
    leading=re.compile(r"(?:但是|但|可是|不过|而且|所以|因为|虽然|然后|其实|说实话|平时|\s)*+"),
    unreal=re.compile(r"如果|假如|要是|假设|翻译|想象|请翻译|把.{0,3}翻译"),
    others=re.compile(r"(?:说|說|问|問|写道|告诉我|如果|假如|要是)[：:，, ]*$"),
    stop=re.compile(r"[，。！？；：,!?;:()（）\n]|但是|但|可是|不过|因为|所以|而且|胜过|而不是|不喜欢|，"),
    scope=re.compile(r"(?P<scope>$^)"),
    tail=re.compile(r"(?:了|啊|呀|哦|哈|啦|的时候|\s)++$"),
    junk=re.compile(r"$|[你您他她它这那這哪什怎咱]|.{0,15}[吗嗎么呢吧]$|一个人$|的$|上了?[你他她]"),
    spaced=False,
    longest=16,
    opening=(
        taste(rf"我{_VERY}(?:不再|再也不|已经不)(?:{_LOVE}|吃|喝|玩|打|抽)", _FOR, ends=True),
        taste(rf"我{_VERY}戒(?:掉)?了?(?=烟|酒|糖|咖啡|煙)", _FOR, attribute="takes", ends=True),
        taste(rf"我(?:以前|过去|曾经){_VERY}{_LOVE}(?=[^，。]{{1,15}}[，,]?(?:但|可是|不过|现在不))", _FOR, 0.85, ends=True),
        taste(rf"我{_VERY}(?:不太|不是很|不怎么|不大|不|没那么|从不){_LOVE}", _AGAINST, 0.92),
        taste(rf"我{_VERY}(?:讨厌|討厭|厌恶|痛恨|受不了|无法忍受|不能忍受|反感)", _AGAINST, 0.9),
        taste(rf"我{_VERY}(?:尽量)?(?:避免|避开|不吃|不喝|从不吃|从不喝|不能吃|不能喝|不抽(?=烟))", _AGAINST, attribute="avoids"),
        taste(rf"我{_VERY}对(?P<object>[^，。！？\s]{{1,10}}?)(?:严重|有点)?过敏", _FOR, 0.93, attribute="allergic to"),
        taste(rf"我{_VERY}对(?P<object>[^，。！？\s]{{1,12}}?){_VERY}(?:不感兴趣|没兴趣|没有兴趣)", _AGAINST),
        taste(rf"我{_VERY}对(?P<object>[^，。！？\s]{{1,12}}?){_VERY}感兴趣", _FOR, 0.85),
        taste(rf"我{_VERY}{_LOVE}", _FOR, 0.86),
    ),
)  # fmt: skip
