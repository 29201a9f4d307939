"""BM25 over a few texts, kept as postings that grow by one text at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75

Posting = tuple[NDArray[np.int32], NDArray[np.float32]]


@dataclass(frozen=True, eq=False, slots=True)
class Postings:
    """Which of n texts hold a term, and how often.

    lengths   float32 [n]  terms of each text, repeats counted
    lists     term → (rows int32 [m], counts float32 [m]), rows ascending
    """

    lengths: NDArray[np.float32]
    lists: Mapping[str, Posting]

    def __len__(self) -> int:
        return len(self.lengths)

    @classmethod
    def empty(cls) -> Postings:
        return cls(np.zeros(0, np.float32), {})

    def added(self, texts: Iterable[Sequence[str]]) -> Postings:
        """These postings with more texts, each as its terms; this object stays as it is."""
        gained: dict[str, tuple[list[int], list[int]]] = {}
        lengths = []
        for row, terms in enumerate(texts, start=len(self)):
            lengths.append(len(terms))
            for term, count in Counter(terms).items():
                rows, counts = gained.setdefault(term, ([], []))
                rows.append(row)
                counts.append(count)
        lists = dict(self.lists)
        for term, (rows, counts) in gained.items():
            lists[term] = _joined(lists.get(term), rows, counts)
        return Postings(np.append(self.lengths, np.array(lengths, np.float32)), lists)

    def counts(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """How often each term is in each text, float32 [len(terms), n]."""
        found = np.zeros((len(terms), len(self)), np.float32)
        for place, term in enumerate(terms):
            if term in self.lists:
                rows, counts = self.lists[term]
                found[place, rows] = counts
        return found


def bm25(
    counts: NDArray[np.float32], lengths: NDArray[np.float32], k1: float = K1, b: float = B
) -> NDArray[np.float32]:
    """Scores of n texts for a query of t terms, float32 [n] ≥ 0.

    Σ over terms of idf · f · (k1 + 1) / (f + k1 · (1 − b + b · length / mean length)), with
    idf = ln(1 + (n − d + ½) / (d + ½)) and d the texts that hold the term (Robertson & Zaragoza
    2009; the idf of Lucene, which is never negative). 0 for no terms and for no texts.

    counts [t, n] need not be whole numbers: texts may be weighted sums of others.
    """
    texts = counts.shape[1]
    mean = float(lengths.mean()) if texts else 0.0
    if not counts.shape[0] or not mean:
        return np.zeros(texts, np.float32)
    holding = (counts > 0).sum(1)
    idf = np.log1p((texts - holding + 0.5) / (holding + 0.5)).astype(np.float32)
    damping = np.float32(k1) * (1 - b + b * lengths / np.float32(mean)).astype(np.float32)
    scores: NDArray[np.float32] = idf @ (counts * np.float32(k1 + 1) / (counts + damping + 1e-12))
    return scores.astype(np.float32)


def _joined(held: Posting | None, rows: list[int], counts: list[int]) -> Posting:
    more = np.array(rows, np.int32), np.array(counts, np.float32)
    if held is None:
        return more
    return np.concatenate([held[0], more[0]]), np.concatenate([held[1], more[1]])
