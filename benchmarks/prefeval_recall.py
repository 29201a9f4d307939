"""Recall on PrefEval: whether the right statement of a user is among the five that are found.

All explicit preferences of one topic are one user's statements, each a session of its own, and each
question seeks the statement it was written for, without a language model. A user has the first fifty
statements of a topic, or all where there are fewer. Nothing was tuned on them. Beside ours: BM25 with
stems alone, which finds nothing where no word is shared, and with an encoder that alone. `difference`
is ours less that of the encoder alone, with a 95 % interval over questions (paired).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import emit
from benchmarks.stores import parser
from habitus.language.bm25 import bm25
from habitus.language.encoder import DEFAULT, Encoder, encoder, packaged
from habitus.language.tokens import terms
from habitus.profile.recall import Found, Memory, Utterance
from habitus.types import DAY

TOP = 5
STATEMENTS = 50  # of one user


def topic(path: Path, using: Encoder | None) -> dict[str, list[bool]]:
    """For each way of looking, whether each question found its statement."""
    rows = json.loads(path.read_text(encoding="utf-8"))[:STATEMENTS]
    turns = [
        Utterance(str(row), each["preference"], row * DAY, str(row), "user")
        for row, each in enumerate(rows)
    ]
    questions = [each["question"] for each in rows]
    vectors = asked = None
    if using is not None:
        encoded = using.encode([each.text for each in turns])
        vectors = {each.event_id: row for each, row in zip(turns, encoded, strict=True)}
        asked = using.encode(questions)
    memory = Memory.build(turns, vectors=vectors, user="user")
    now = len(turns) * DAY
    hits: dict[str, list[bool]] = {"ours": [], "bm25_alone": []}
    for row, text in enumerate(questions):
        hits["ours"].append(_holds(memory.recall(text, TOP, now), row))
        counts = memory.terms.counts(list(dict.fromkeys(terms(text))))
        hits["bm25_alone"].append(row in _best(bm25(counts, memory.terms.lengths)))
        if asked is not None:
            hits.setdefault("encoder_alone", []).append(row in _best(memory.vectors @ asked[row]))
            fused = memory.recall(text, TOP, now, vector=asked[row])
            hits.setdefault("ours_with_encoder", []).append(_holds(fused, row))
    return hits


def _holds(found: Sequence[Found], row: int) -> bool:
    return str(row) in {name for each in found for name in each.event_ids}


def _best(scores: NDArray[np.float32]) -> list[int]:
    best = np.argsort(-scores, kind="stable")[:TOP]
    found: list[int] = best[scores[best] > 0].tolist()
    return found


def means(topics: Mapping[str, Mapping[str, list[bool]]]) -> dict[str, float]:
    """Each way's share of questions over all topics."""
    ways = next(iter(topics.values()))
    return {
        way: round(float(np.mean([hit for each in topics.values() for hit in each[way]])), 4)
        for way in ways
    }


def difference(topics: Mapping[str, Mapping[str, list[bool]]]) -> dict[str, float] | None:
    """Ours with the encoder less the encoder alone, paired; None without an encoder."""
    pairs = [
        float(ours) - float(alone)
        for each in topics.values()
        for ours, alone in zip(
            each.get("ours_with_encoder", ()), each.get("encoder_alone", ()), strict=True
        )
    ]
    if not pairs:
        return None
    mean, error = float(np.mean(pairs)), float(np.std(pairs, ddof=1)) / len(pairs) ** 0.5
    return {
        "mean": round(mean, 4),
        "low": round(mean - 1.96 * error, 4),
        "high": round(mean + 1.96 * error, 4),
    }


def main() -> None:
    made = parser(__doc__)
    made.add_argument(
        "--encoder", default=None, help="a folder, or a name of sentence-transformers"
    )
    args = made.parse_args()
    if args.data is None:
        made.error("name the folder with the public data sets: --data DIR, or HABITUS_DATA")
    named = args.encoder or (DEFAULT if packaged() else None)
    using = encoder(named) if named else None
    paths = sorted((args.data / "prefeval" / "explicit_preference").glob("*.json"))
    topics = {path.stem: topic(path, using) for path in paths}
    emit(
        "prefeval_recall",
        {
            "data": "prefeval",
            "encoder": using and using.name,
            "top": TOP,
            "questions": sum(len(each["ours"]) for each in topics.values()),
            "found": means(topics),
            "difference": difference(topics),
            "statements": {name: len(each["ours"]) for name, each in topics.items()},
        },
        args.out,
    )


if __name__ == "__main__":
    main()
