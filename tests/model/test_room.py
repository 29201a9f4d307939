"""Room is shared while events come one after the other, and copied where they do not."""

import numpy as np

from habitus.model.room import SPARE, Memory, Pairs, Room


def nothing() -> Memory:
    return Memory(Room(1, 2, 0, 3), (np.zeros((0, 6), np.float32),), np.empty(0, np.int64))


def event(number: float) -> list[Pairs]:
    return [(np.full((2, 1, 3), number, np.float32), np.full((2, 3, 1), number, np.float32))]


def longer(memory: Memory, number: int) -> Memory:
    return memory.after(event(number), memory.tails, np.array([number]))


def numbers(memory: Memory) -> list[float]:
    key, value = memory.past(0)
    assert (key == value.transpose(0, 2, 1)).all()
    found: list[float] = key[0, :, 0].tolist()
    assert memory.time.tolist() == found
    return found


def test_the_next_event_is_written_in_place_and_the_older_memory_stays() -> None:
    one = longer(nothing(), 1)
    two = longer(one, 2)
    assert two.room is one.room
    assert (numbers(one), numbers(two)) == ([1], [1, 2])


def test_another_future_of_the_same_past_has_room_of_its_own() -> None:
    one = longer(nothing(), 1)
    two, other = longer(one, 2), longer(one, 3)
    assert other.room is not two.room
    assert (numbers(two), numbers(other)) == ([1, 2], [1, 3])


def test_full_room_is_copied_once_in_a_while() -> None:
    memory, copies = nothing(), 0
    for number in range(1, 3 * SPARE):
        after = longer(memory, number)
        copies += after.room is not memory.room
        memory = after
    assert numbers(memory) == list(range(1, 3 * SPARE))
    assert copies == 3
    assert memory.room.used == len(memory.time)
    assert memory.nbytes >= memory.room.key.nbytes + memory.room.value.nbytes
