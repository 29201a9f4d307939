import math
from dataclasses import replace

import pytest
import torch

from habitus.model.time import Calendar, ElapsedBias, Gaps, LearnedPositions, Rotary, log_bucket
from habitus.testing.conformance import TimeConformance
from habitus.testing.conformance.material import moments
from habitus.types import DAY, SECOND


class TestLearnedPositions(TimeConformance):
    def make(self) -> LearnedPositions:
        return LearnedPositions(16, 7)


class TestRotary(TimeConformance):
    def make(self) -> Rotary:
        return Rotary(8)


class TestGaps(TimeConformance):
    def make(self) -> Gaps:
        return Gaps(16)


class TestCalendar(TimeConformance):
    def make(self) -> Calendar:
        return Calendar(16)


class TestElapsedBias(TimeConformance):
    def make(self) -> ElapsedBias:
        part = ElapsedBias(heads=2, layers=2)
        torch.nn.init.normal_(part.table)  # it begins at zero, which would hide a mistake
        return part


@pytest.mark.parametrize(
    ("gap", "bucket"),
    [(-5, 0), (0, 0), (SECOND // 2, 2), (SECOND, 4), (3 * SECOND, 8), (1023 * SECOND, 40)],
)
def test_buckets_by_hand(gap: int, bucket: int) -> None:
    assert int(log_bucket(torch.tensor(gap), 88)) == bucket


def test_the_last_bucket_is_open() -> None:
    assert int(log_bucket(torch.tensor(10**18), 88)) == 87


def test_buckets_are_monotone_and_four_an_octave() -> None:
    seconds = torch.logspace(0, 9, 400, base=10.0, dtype=torch.float64)
    bucket = log_bucket(((seconds - 1) * SECOND).long(), 1000)
    assert (bucket.diff() >= 0).all()
    expected = 4 * torch.log2(seconds)
    assert (bucket - expected).abs().max().item() < 1.35  # straight lines within an octave


def test_positions_are_counted_from_the_end() -> None:
    part, when = LearnedPositions(16, 7), moments((2, 4))
    added = part.add(when)
    torch.testing.assert_close(added[0, 1], part.table[0])
    torch.testing.assert_close(added[1, 3], part.table[0])
    torch.testing.assert_close(added[1, 0], part.table[3])


def test_rotary_depends_on_the_distance_alone() -> None:
    part, when = Rotary(8), moments((5,))
    x = torch.randn(1, 2, 1, 8).expand(1, 2, 5, 8)
    here = part.turn(x, when)
    there = part.turn(x, replace(when, position=when.position + 40))
    torch.testing.assert_close(here @ here.mT, there @ there.mT)
    assert not torch.allclose((here @ here.mT)[0, 0, 0, 1], (here @ here.mT)[0, 0, 0, 4])


def test_rotary_remembers_its_angles_for_one_precision_at_a_time() -> None:
    part, when = Rotary(8), moments((5,))
    x = torch.randn(1, 2, 5, 8)
    for dtype in (torch.float32, torch.bfloat16, torch.float32):
        again = part.turn(x.to(dtype), replace(when))
        assert again.dtype == dtype
        assert torch.equal(part.turn(x.to(dtype), when), again)


def test_rotary_by_hand() -> None:
    part, when = Rotary(4, base=100.0), moments((3,))  # rates 1 and 0.1
    turned = part.turn(torch.tensor([1.0, 2, 3, 4]).expand(1, 1, 3, 4), when)[0, 0, 2]
    fast, slow = 2.0, 0.2
    expected = [
        1 * math.cos(fast) - 3 * math.sin(fast),
        2 * math.cos(slow) - 4 * math.sin(slow),
        1 * math.sin(fast) + 3 * math.cos(fast),
        2 * math.sin(slow) + 4 * math.cos(slow),
    ]
    torch.testing.assert_close(turned, torch.tensor(expected))


def test_rotary_keeps_lengths() -> None:
    x = torch.randn(3, 2, 7, 8)
    torch.testing.assert_close(Rotary(8).turn(x, moments()).norm(dim=-1), x.norm(dim=-1))


def test_the_calendar_comes_back_after_a_week_and_not_after_a_day() -> None:
    part, when = Calendar(16), moments()
    added = part.add(when)
    week = part.add(replace(when, query_time=when.query_time + 7 * DAY))
    torch.testing.assert_close(week, added)
    day = part.add(replace(when, query_time=when.query_time + DAY))
    assert not torch.allclose(day, added, atol=1e-3)


def test_the_calendar_by_hand() -> None:
    part = Calendar(2, harmonics=1)
    with torch.no_grad():
        part.linear.weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, 0, 1.0, 0]]))
    when = moments((1,))
    at_three = replace(when, query_time=torch.full_like(when.query_time, 20_000 * DAY + DAY // 8))
    expected = [math.sin(math.pi / 4), math.cos(math.pi / 4)]
    torch.testing.assert_close(part.add(at_three)[0, 0], torch.tensor(expected))


def test_gaps_read_the_time_to_the_next_event() -> None:
    part, when = Gaps(16), moments((3,))
    bucket = log_bucket(when.query_time - when.time, part.buckets)
    torch.testing.assert_close(part.add(when), part.table[bucket])
