"""The report's curves as inline SVG: no script, no font, no colour of their own (the page's style gives them).

Drawn on a canvas as wide as a phone, so that labels stay readable wherever it is scaled to.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT = 340, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 18, 16, 42
_BARS_SHARE = 0.82  # of the height; above it is room for labels


def risk_coverage_curve(points: Sequence[Mapping[str, float]]) -> Markup:
    """Coverage (share of the questions answered) across, risk (share of the answers wrong) up; steps to the right."""
    shapes = []
    if points:
        path = [f"M{_x(0):.1f} {_y(points[0]['risk']):.1f}"]
        for point in points:
            path.append(f"V{_y(point['risk']):.1f}H{_x(point['coverage']):.1f}")
        last = points[-1]
        shapes = [
            f'<path class="line" d="{"".join(path)}"/>',
            f'<circle class="dot" cx="{_x(last["coverage"]):.1f}" cy="{_y(last["risk"]):.1f}" r="4"/>',
        ]
    title = "Risk-coverage curve"
    return _chart(title, "share of questions answered", "share of answers wrong", shapes)


def calibration_plot(bins: Sequence[Mapping[str, float]]) -> Markup:
    """Confidence across, share right up; a dot's area grows with its answers, the dashed line is perfect."""
    largest = max((each["n"] for each in bins), default=1)
    shapes = [f'<path class="ideal" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>']
    for each in bins:
        x, y = _x(each["mean_confidence"]), _y(each["share_right"])
        radius = 3 + 9 * (each["n"] / largest) ** 0.5
        label = f"{each['share_right']:.0%} of {each['n']:.0f} right at confidence {each['mean_confidence']:.2f}"
        shapes.append(
            f'<circle class="bubble" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{label}</title></circle>'
        )
    return _chart("Calibration", "support of the answer", "share right", shapes)


def latency_histogram(times_ms: Sequence[float], p50: float | None, p95: float | None, bars: int = 24) -> Markup:
    """How many answers took how long, with lines at the 50th and the 95th percentile."""
    if not times_ms or p50 is None or p95 is None:
        return Markup("")
    end = max(times_ms) or 1.0
    counts = [0] * bars
    for value in times_ms:
        counts[min(int(value / end * bars), bars - 1)] += 1
    width, tallest = (WIDTH - LEFT - RIGHT) / bars, max(counts)
    heights = [count / tallest * _BARS_SHARE for count in counts]
    shapes = [
        f'<rect class="bar" x="{_x(0) + index * width + 0.5:.1f}" y="{_y(height):.1f}" '
        f'width="{width - 1:.1f}" height="{_y(0) - _y(height):.1f}"/>'
        for index, height in enumerate(heights)
    ]
    shapes += [f'<path class="mark" d="M{_x(value / end):.1f} {TOP}V{_y(0)}"/>' for value in (p50, p95)]
    right_of_lines = p95 / end < 0.6
    x, anchor = (_x(p95 / end) + 5, "start") if right_of_lines else (_x(p50 / end) - 5, "end")
    shapes += [
        f'<text class="label" x="{x:.1f}" y="{TOP + 8 + 14 * row}" text-anchor="{anchor}">'
        f"{name} {duration(value)}</text>"
        for row, (name, value) in enumerate((("p50", p50), ("p95", p95)))
    ]
    return _chart(
        "Latency",
        "time to answer",
        "answers",
        shapes,
        across=lambda share: duration(share * end),
        up=lambda share: f"{share / _BARS_SHARE * tallest:.0f}",
        up_ticks=(0, _BARS_SHARE),
    )


def duration(milliseconds: float) -> str:
    """`5.2 ms`, `83 ms` or `1.2 s`."""
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.1f} s"
    return f"{milliseconds:.1f} ms" if 0 < milliseconds < 10 else f"{milliseconds:.0f} ms"


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _chart(
    title: str,
    across_name: str,
    up_name: str,
    shapes: Iterable[str],
    *,
    across: Callable[[float], str] = _percent,
    up: Callable[[float], str] = _percent,
    up_ticks: Sequence[float] = (0, 0.5, 1),
) -> Markup:
    parts = []
    for share in up_ticks:
        parts.append(f'<path class="grid" d="M{LEFT} {_y(share):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{_y(share) + 4:.1f}" text-anchor="end">{escape(up(share))}</text>')
    for share, anchor in ((0, "start"), (0.5, "middle"), (1, "end")):
        label = escape(across(share))
        parts.append(f'<text x="{_x(share):.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="{anchor}">{label}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text class="axis" x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(across_name)}</text>')
    parts.append(
        f'<text class="axis" transform="translate(13 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(up_name)}</text>'
    )
    label = escape(f"{title}: {up_name} against {across_name}")
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join([*parts, *shapes])}</svg>'
    )
