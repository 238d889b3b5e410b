"""The bars of an EAN-13 (ISO/IEC 15420)."""

from itertools import groupby

from domain.model.values import Ean

MODULES = 95
_LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
_EVEN = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"]
"""Which digits of the left half are written with even parity; the number's first digit is told by nothing else."""


def modules(ean: Ean) -> str:
    """The 95 modules from guard to guard, 1 for a bar; quiet zones not included."""
    first, *digits = (int(digit) for digit in ean)
    left = "".join(
        _mirrored(digit) if parity == "G" else _LEFT[digit]
        for digit, parity in zip(digits[:6], _EVEN[first], strict=True)
    )
    right = "".join(_inverted(_LEFT[digit]) for digit in digits[6:])
    return f"101{left}01010{right}101"


def bars(ean: Ean) -> list[tuple[int, int]]:
    """Where each bar begins and how wide it is, in modules."""
    found: list[tuple[int, int]] = []
    position = 0
    for dark, group in groupby(modules(ean)):
        width = len(list(group))
        if dark == "1":
            found.append((position, width))
        position += width
    return found


def _inverted(pattern: str) -> str:
    return pattern.translate(str.maketrans("01", "10"))


def _mirrored(digit: int) -> str:
    return _inverted(_LEFT[digit])[::-1]
