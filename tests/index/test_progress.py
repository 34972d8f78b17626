from index.progress import Paced
from index.types import Progress


def paced(*reports: tuple[float, str, int, int]) -> list[Progress]:
    """What is passed on when these are reported at these times."""
    passed: list[Progress] = []
    times = iter(time for time, *_ in reports)
    pace = Paced(passed.append, clock=lambda: next(times))
    for _, stage, done, total in reports:
        pace(Progress(stage, done, total))
    return passed


def test_rate_and_time_left_are_those_of_the_stage():
    start, middle, end = paced((100.0, "embedding", 0, 40), (104.0, "embedding", 10, 40), (110.0, "embedding", 40, 40))
    assert (start.per_second, start.seconds_left) == (None, None)
    assert (middle.per_second, middle.seconds_left) == (2.5, 12.0)
    assert (end.per_second, end.seconds_left) == (4.0, 0.0)


def test_another_stage_begins_anew():
    *_, last = paced(
        (0.0, "cutting", 0, 10), (5.0, "cutting", 10, 10), (5.0, "embedding", 0, 9), (8.0, "embedding", 3, 9)
    )
    assert (last.per_second, last.seconds_left) == (1.0, 6.0)


def test_nothing_is_told_from_a_moment_or_without_a_total():
    assert [p.seconds_left for p in paced((0.0, "a", 0, 9), (0.5, "a", 3, 9))] == [None, None]
    assert [p.seconds_left for p in paced((0.0, "a", 0, 0), (9.0, "a", 3, 0))] == [None, None]


def test_what_was_done_before_does_not_count_as_speed():
    *_, last = paced((0.0, "a", 90, 100), (2.0, "a", 92, 100))
    assert (last.per_second, last.seconds_left) == (1.0, 8.0)
