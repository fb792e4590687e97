"""Calibration → reliability plot as SVG: how often statements of a confidence are right."""

from __future__ import annotations

from kg.evaluation.scores import Calibration

SIDE, MARGIN = 320, 44
"""Length of an axis and room around the plot, in pixels."""
LARGEST = 14
"""Radius of the circle of the fullest bin, in pixels."""


def reliability_svg(calibration: Calibration, title: str) -> str:
    """The plot: a circle for each bin, its area by the number of triples; the diagonal is perfect calibration."""
    fullest = max(row.count for row in calibration.bins)
    width, height = SIDE + 2 * MARGIN, SIDE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12" role="img">',
        f"<title>{_escaped(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#9a9a9a" stroke-dasharray="4 4"/>',
        f'<path d="M{_x(0)} {_y(1)} V{_y(0)} H{_x(1)}" fill="none" stroke="#333333"/>',
    ]
    for step in range(6):
        value = step / 5
        parts.append(f'<text x="{_x(value)}" y="{_y(0) + 16}" text-anchor="middle" fill="#333333">{value:.1f}</text>')
        parts.append(f'<text x="{_x(0) - 6}" y="{_y(value) + 4}" text-anchor="end" fill="#333333">{value:.1f}</text>')
    for row in calibration.bins:
        if row.confidence is None or row.right is None:
            continue
        radius = max(3.0, LARGEST * (row.count / fullest) ** 0.5)
        centre = f'cx="{_x(row.confidence)}" cy="{_y(row.right)}"'
        parts.append(
            f'<circle {centre} r="{radius:.1f}" fill="#1f5fa8" fill-opacity="0.75">'
            f"<title>{row.count} triples, confidence {row.confidence:.2f}, right {row.right:.2f}</title></circle>"
        )
    parts += [
        f'<text x="{_x(0.5)}" y="{height - 6}" text-anchor="middle" fill="#333333">confidence</text>',
        f'<text x="12" y="{_y(0.5)}" text-anchor="middle" fill="#333333" transform="rotate(-90 12 {_y(0.5)})">'
        "share that is right</text>",
        f'<text x="{_x(0.5)}" y="20" text-anchor="middle" fill="#333333">{_escaped(title)}: '
        f"{calibration.count} triples, Brier score {calibration.brier:.3f}</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(value: float) -> float:
    return round(MARGIN + SIDE * value, 1)


def _y(value: float) -> float:
    return round(MARGIN + SIDE * (1 - value), 1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
