"""Item content as features: attribute values as a sparse matrix, text by TF-IDF and SVD.

Fitted on the items that training events name; nothing is downloaded. Only fitting loads scikit-learn:
it takes seconds, and a server that starts reads models that were fitted before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from habitus.events.catalogue import Catalogue

VOCABULARY = 20_000
TOKEN = r"(?u)\b\w\w+\b"


@dataclass(frozen=True, eq=False)
class Content:
    """How an item's content becomes features. Everything here is saved with the model.

    attributes  name → values that get a column each
    words, idf  the text vocabulary and its inverse document frequencies [V]
    axes        [S, V] float32: the SVD axes of the text (S may be 0)
    numbers     name → (mean, standard deviation)
    """

    attributes: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]
    idf: NDArray[np.float32]
    axes: NDArray[np.float32]
    numbers: Mapping[str, tuple[float, float]]

    @property
    def width(self) -> int:
        """Features of an item."""
        values = sum(len(values) for values in self.attributes.values())
        return values + len(self.axes) + 2 * len(self.numbers)

    def features(self, catalogue: Catalogue) -> sparse.csr_matrix:
        """[N + 1, F] float32, row 0 empty. Every attribute's values share a weight of 1 in a row."""
        parts = [
            _attribute_matrix(catalogue, name, known) for name, known in self.attributes.items()
        ]
        if len(self.axes):
            weighted = _counts(self.words, catalogue).multiply(self.idf).tocsr()
            dense = _unit(weighted) @ self.axes.T
            parts.append(sparse.csr_matrix(_rows_to_unit(np.asarray(dense, np.float32))))
        parts += [_number_matrix(catalogue, name, *scale) for name, scale in self.numbers.items()]
        if not parts:
            return sparse.csr_matrix((len(catalogue), 0), dtype=np.float32)
        return sparse.hstack(parts, format="csr", dtype=np.float32)


def fit_content(
    catalogue: Catalogue, trained: NDArray[np.bool_], seed: int, text_width: int, rare: int = 2
) -> Content:
    """Learn the features from the rows `trained` [N + 1]; values on fewer than `rare` items are left out."""
    attributes = {}
    for name, column in catalogue.attributes.items():
        owner = np.repeat(np.arange(len(catalogue)), np.diff(column.offsets))
        counts = np.bincount(column.codes[trained[owner]], minlength=len(column.values))
        kept = tuple(value for value, n in zip(column.values, counts, strict=True) if n >= rare)
        if kept:
            attributes[name] = kept
    words, idf, axes = _fit_text(catalogue, trained, seed, text_width)
    numbers = {}
    for name, values in catalogue.numbers.items():
        known = values[trained & np.isfinite(values)]
        if len(known) > 1 and known.std() > 0:
            numbers[name] = (float(known.mean()), float(known.std()))
    return Content(attributes, words, idf, axes, numbers)


def _fit_text(
    catalogue: Catalogue, trained: NDArray[np.bool_], seed: int, width: int
) -> tuple[tuple[str, ...], NDArray[np.float32], NDArray[np.float32]]:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [catalogue.text[row] for row in np.flatnonzero(trained)]
    nothing = ((), np.empty(0, np.float32), np.empty((0, 0), np.float32))
    if width == 0 or sum(bool(text) for text in texts) < 2:
        return nothing
    vectoriser = TfidfVectorizer(
        min_df=2, max_df=0.5, max_features=VOCABULARY, sublinear_tf=True, token_pattern=TOKEN
    )
    try:
        weighted = vectoriser.fit_transform(texts)
    except ValueError:  # scikit-learn's answer where no word is left
        return nothing
    words = tuple(str(word) for word in vectoriser.get_feature_names_out())
    width = min(width, len(words) - 1, len(texts) - 1)
    if width < 1:
        return nothing
    svd = TruncatedSVD(width, random_state=seed).fit(weighted)
    return words, vectoriser.idf_.astype(np.float32), svd.components_.astype(np.float32)


def _counts(words: tuple[str, ...], catalogue: Catalogue) -> sparse.csr_matrix:
    """1 + log(how often) for each word of each text, [N + 1, V]: as the fitted vectoriser counts."""
    place = {word: at for at, word in enumerate(words)}
    known, words_of = place.get, re.compile(TOKEN).findall
    columns, sizes = list[int](), list[int]()
    for text in catalogue.text:
        before = len(columns)
        columns += [at for word in words_of(text.lower()) if (at := known(word)) is not None]
        sizes.append(len(columns) - before)
    rows = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    cells, times = np.unique(rows * len(words) + np.array(columns, np.int64), return_counts=True)
    sublinear = 1 + np.log(times.astype(np.float32))
    shape = (len(catalogue), len(words))
    return sparse.csr_matrix((sublinear, (cells // len(words), cells % len(words))), shape)


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1))).ravel()
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(norms, 1e-12)) @ matrix)


def _rows_to_unit(dense: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(dense, axis=1, keepdims=True)
    unit: NDArray[np.float32] = dense / np.maximum(norms, 1e-6)
    return unit


def _attribute_matrix(catalogue: Catalogue, name: str, known: tuple[str, ...]) -> sparse.csr_matrix:
    shape = (len(catalogue), len(known))
    column = catalogue.attributes.get(name)
    if column is None:
        return sparse.csr_matrix(shape, dtype=np.float32)
    place = {value: at for at, value in enumerate(known)}
    codes = np.array([place.get(value, -1) for value in column.values], np.int64)[column.codes]
    owner = np.repeat(np.arange(shape[0]), np.diff(column.offsets))[codes >= 0]
    share = 1 / np.sqrt(np.maximum(np.bincount(owner, minlength=shape[0]), 1))
    return sparse.csr_matrix((share[owner], (owner, codes[codes >= 0])), shape=shape)


def _number_matrix(
    catalogue: Catalogue, name: str, mean: float, deviation: float
) -> sparse.csr_matrix:
    """Two columns: the standardised number (clipped at ± 3) and whether it is there."""
    values = catalogue.numbers.get(name)
    if values is None:
        return sparse.csr_matrix((len(catalogue), 2), dtype=np.float32)
    there = np.isfinite(values)
    scaled = np.where(there, np.clip((values - mean) / deviation, -3, 3), 0)
    return sparse.csr_matrix(np.stack((scaled, there), 1), dtype=np.float32)
