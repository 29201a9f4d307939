"""Japanese: likes, dislikes, what is avoided, and what is over. Few frames, for few errors."""

from __future__ import annotations

import re

from habitus.profile.patterns import Pack, taste
from habitus.types import Stance

_I = r"(?:(?:私|僕|俺|わたし|ぼく|自分|あたし)(?:は|も)[、 ]?)?(?:昔から|ずっと|最近は?|基本的に|正直|やっぱり|実は|特に|今は)?[、 ]?"
_THING = r"(?P<object>[^、。！？\sはがをも,!?「」]{1,20}?)"
_VERY = (
    r"(?:あまり|全然|そんなに|とても|すごく|一番|本当に|めっちゃ|ちょっと|かなり|どうも|もともと)?"
)
_CLOSE = r"(?=です(?!か)|だ(?!っ|ろ)|なんです(?!か)|なんだ|だよ|なので|ですが|だけど|$|[。、！,!])"
_FOR, _AGAINST = Stance.FOR, Stance.AGAINST


JAPANESE = Pack(
    hint=re.compile(r"好き|嫌い|苦手|アレルギー|ません|ない|やめ|避け"),
    clause=re.compile(r"[、,]\s*|けど|ですが"),
    leading=re.compile(r"(?:でも|しかし|だけど|そして|あと|はい|いいえ|うん|ええ|実は|[、 ])*+"),
    unreal=re.compile(r"もし|たとえば|仮に|翻訳|訳して"),
    others=re.compile(r"(?:と言|って言|曰く|によると|もし)[^、]{0,6}$|(?:彼|彼女|母|父|兄|姉|弟|妹|友達|夫|妻|息子|娘|さん|君|ちゃん|あなた)(?:は|も)[、,]?$"),
    stop=re.compile(r"[。！？；,!?;()（）\n]"),
    junk=re.compile(r"$|(?:それ|これ|あれ|その|この|あの|あなた|君|彼|彼女|どれ|何|誰|こと|の|母|父|友達|みんな|人)"),
    spaced=False,
    longest=20,
    opening=(
        taste(rf"{_I}もう{_THING}(?:が|は)(?:好きではない|好きじゃない|好きではありません|好きじゃありません)", _FOR, ends=True),
        taste(rf"{_I}{_THING}(?:が|は)もう(?:好きではない|好きじゃない|好きではありません|好きじゃありません)", _FOR, ends=True),
        taste(rf"{_I}(?:以前は|昔は|前は)[、 ]?{_THING}(?:が|は){_VERY}(?:大?好き)(?:だった|でした)(?=が|けど)", _FOR, 0.85, ends=True),
        taste(rf"{_I}{_THING}(?:を|は)(?:やめました|やめた|卒業しました|辞めました)", _FOR, attribute="takes", ends=True),
        taste(rf"{_I}{_THING}(?:が|は){_VERY}(?:好きではない|好きじゃない|好きではありません|好きじゃありません|好きではないです|好きじゃないです)", _AGAINST, 0.92),
        taste(rf"{_I}{_THING}(?:が|は){_VERY}(?:大嫌い|嫌い|苦手){_CLOSE}", _AGAINST, 0.9),
        taste(rf"{_I}{_THING}(?:を|は)(?:絶対に?|一切|あまり|全く|まったく)?(?:食べません|飲みません|食べない|飲まない|食べられません|飲めません|食べられない|避けています|避けてる|避けている|吸いません)(?!か)", _AGAINST, attribute="avoids"),
        taste(rf"{_I}(?P<object>[^、。！？\sはがをも]{{1,10}}?)(?:の)?アレルギー(?:です|があります|がある|持ち)(?!か)", _FOR, 0.93, attribute="allergic to"),
        taste(rf"{_I}{_THING}(?:が|は){_VERY}(?:大好き|好き){_CLOSE}", _FOR, 0.86),
    ),
)  # fmt: skip
