"""Recall on LoCoMo: the share of evidence turns among the ten that are found, and the right session.

Seven of the ten conversations, categories 1–4, questions with evidence (docs/protocols.md). A turn is
its words with the caption of its picture where it has one; `now` is the time of the last session.
Weights are fitted on the conversations `TUNED` with `--tune` (printed, and copied by hand into
`habitus.profile.signals`); the other three are reported. Beside ours: BM25 with stems alone, and the
encoder alone. Times are of one process with one thread.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from benchmarks.latency import summary
from benchmarks.report import emit
from benchmarks.stores import parser
from habitus.language.bm25 import bm25
from habitus.language.encoder import DEFAULT, Encoder, encoder, packaged
from habitus.language.tokens import terms
from habitus.profile.recall import Memory, Utterance
from habitus.profile.signals import Signals, question, signals

TUNED = (1, 3, 5, 7)
TOP = 10
RIDGE = 1e-3
SECOND = 1_000_000

Scores = Callable[["Conversation", int], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as a memory, and its questions with the turns that answer them."""

    number: int
    turns: list[Utterance]
    now: int
    questions: list[str]
    evidence: list[list[str]]
    memory: Memory
    asked: list[NDArray[np.float32] | None]

    @property
    def row(self) -> Mapping[str, int]:
        return {each.event_id: row for row, each in enumerate(self.turns)}

    def signals(self, place: int) -> Signals:
        asked = question(self.questions[place], self.memory.people, "", self.now, None)
        return signals(self.memory, asked, self.asked[place])


def number(path: Path) -> int:
    """The conversation's number, from the name of its file."""
    return int(path.stem.split("_")[1])


def read(path: Path, using: Encoder | None) -> Conversation:
    record = json.loads(path.read_text(encoding="utf-8"))
    held = record["conversation"]
    turns: list[Utterance] = []
    for name in [key for key, value in held.items() if isinstance(value, list)]:
        moment = _moment(held[f"{name}_date_time"])
        for each in held[name]:
            text = " ".join(filter(None, (each["text"], each.get("blip_caption"))))
            turns.append(Utterance(each["dia_id"], text, moment, name, each["speaker"]))
    asked = [each for each in record["qa"] if each["category"] != 5 and _cited(each)]
    vectors = None
    if using is not None:
        rows = using.encode([each.text for each in turns])
        vectors = {each.event_id: row for each, row in zip(turns, rows, strict=True)}
    memory = Memory.build(turns, vectors=vectors)
    questions = [each["question"] for each in asked]
    spoken = [memory.to_encode(each) for each in questions]
    return Conversation(
        number(path),
        turns,
        max(each.time for each in turns),
        questions,
        [_cited(each) for each in asked],
        memory,
        [None] * len(asked) if using is None else list(using.encode(spoken)),
    )


def found_share(of: Conversation, scores: Scores) -> list[float]:
    """For each question the share of its evidence turns that are among the first ten."""
    shares = []
    for place, wanted in enumerate(of.evidence):
        best = np.argsort(-scores(of, place), kind="stable")[:TOP]
        ids = {of.turns[row].event_id for row in best}
        shares.append(len(ids & set(wanted)) / len(wanted))
    return shares


def words_alone(of: Conversation, place: int) -> NDArray[np.float64]:
    """BM25 over stems, the names of speakers left in."""
    counts = of.memory.terms.counts(list(dict.fromkeys(terms(of.questions[place]))))
    return bm25(counts, of.memory.terms.lengths).astype(np.float64)


def meaning_alone(of: Conversation, place: int) -> NDArray[np.float64]:
    return of.signals(place).raw["meaning"]


def recalled(of: Conversation) -> list[float]:
    """As `found_share`, through `Memory.recall`."""
    shares = []
    for text, vector, wanted in zip(of.questions, of.asked, of.evidence, strict=True):
        got = of.memory.recall(text, TOP, of.now, vector=vector)
        ids = {name for each in got for name in each.event_ids}
        shares.append(len(ids & set(wanted)) / len(wanted))
    return shares


def session_first(of: Conversation) -> list[float]:
    """1 where the first ranked session holds evidence."""
    session = {each.event_id: each.session_id for each in of.turns}
    right = []
    for text, vector, wanted in zip(of.questions, of.asked, of.evidence, strict=True):
        first = of.memory.sessions(text, of.now, vector=vector)[0]
        right.append(float(first in {session.get(each) for each in wanted}))
    return right


def tables(
    data: Sequence[Conversation], measure: Callable[[Conversation], list[float]]
) -> dict[str, float]:
    """Means over the questions of the tuned conversations, of the others, and of all."""
    values = {each.number: measure(each) for each in data}
    return {
        "tuned": _mean(values, [each for each in values if each in TUNED]),
        "others": _mean(values, [each for each in values if each not in TUNED]),
        "all": _mean(values, list(values)),
        "questions": sum(map(len, values.values())),
    }


def tune(data: Sequence[Conversation]) -> dict[str, float]:
    """Weights of the signals that make the evidence turns of these conversations likely.

    Softmax over all turns of a conversation, the evidence turns its target with equal shares;
    cross entropy plus a ridge, L-BFGS from zero.
    """
    cases = []
    for each in data:
        row = each.row
        for place, wanted in enumerate(each.evidence):
            made = each.signals(place)
            names = list(made.weights)
            columns = np.stack([made.scaled(name) for name in names], 1)
            rows = [row[one] for one in wanted if one in row]
            if rows:
                cases.append((columns, rows))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for columns, rows in cases:
            scores = columns @ weights
            logs = scores - logsumexp(scores)
            total -= float(logs[rows].mean()) / len(cases)
            slope = slope + (np.exp(logs) @ columns - columns[rows].mean(0)) / len(cases)
        return total, slope

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(weight), 3) for name, weight in zip(names, fitted, strict=True)}


def timings(of: Conversation, calls: int = 100) -> dict[str, Any]:
    """Writing one turn into a memory of all others, and recalling ten, in ms."""
    fewer = Memory.build(of.turns[:-1])
    write, recall = [], []
    for place in range(calls):
        start = time.perf_counter()
        fewer.added(of.turns[-1:])
        write.append((time.perf_counter() - start) * 1e3)
        text = of.questions[place % len(of.questions)]
        vector = of.asked[place % len(of.questions)]
        start = time.perf_counter()
        of.memory.recall(text, TOP, of.now, vector=vector)
        recall.append((time.perf_counter() - start) * 1e3)
    return {"turns": len(of.turns), "write": summary(write), "recall": summary(recall)}


def figures(data: Sequence[Conversation], using: Encoder | None = None) -> dict[str, Any]:
    """All that is reported, with the encoder or with words only."""
    found = {
        "evidence_found": tables(data, recalled),
        "evidence_session_first": tables(data, session_first),
        **timings(max(data, key=lambda each: len(each.turns))),
    }
    if using is None:
        return found | {"bm25_alone": tables(data, lambda each: found_share(each, words_alone))}
    return found | {
        "encoder": using.name,
        "encoder_alone": tables(data, lambda each: found_share(each, meaning_alone)),
        "encode_one_turn": encoding(data[0], using),
    }


def encoding(of: Conversation, using: Encoder, calls: int = 100) -> dict[str, float]:
    """Encoding turns one by one, in ms."""
    taken = []
    for each in of.turns[:calls]:
        start = time.perf_counter()
        using.encode([each.text])
        taken.append((time.perf_counter() - start) * 1e3)
    return summary(taken)


def _mean(values: Mapping[int, Sequence[float]], which: Sequence[int]) -> float:
    return round(float(np.mean([one for each in which for one in values[each]])), 4)


def _moment(words: str) -> int:
    there = datetime.strptime(words, "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
    return int(there.timestamp()) * SECOND


def _cited(asked: Mapping[str, Any]) -> list[str]:
    """The turns that a question names, also where they share a string or have a colon too many."""
    joined = " ".join(asked["evidence"]).replace("D:", "D")
    return list(dict.fromkeys(re.findall(r"D\d+:\d+", joined)))


def main() -> None:
    made = parser(__doc__)
    made.add_argument(
        "--encoder", help="a folder or a name (default: all-MiniLM-L6-v2 where it is packaged)"
    )
    made.add_argument("--tune", action="store_true", help="print fitted weights and stop")
    args = made.parse_args()
    if args.data is None:
        made.error("name the folder with the public data sets: --data DIR, or HABITUS_DATA")
    named = args.encoder or (DEFAULT if packaged() else None)
    using = encoder(named) if named else None
    paths = sorted((args.data / "locomo").glob("*.json"))
    if args.tune:
        for each in (None, using) if using else (None,):
            data = [read(path, each) for path in paths if number(path) in TUNED]
            print(json.dumps({"encoder": each and each.name, "weights": tune(data)}))
        return
    emit(
        "locomo",
        {
            "data": "locomo",
            "top": TOP,
            "tuned_on": TUNED,
            "words_only": figures([read(path, None) for path in paths]),
            "with_encoder": using and figures([read(path, using) for path in paths], using),
        },
        args.out,
    )


if __name__ == "__main__":
    main()
