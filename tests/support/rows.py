"""Writes docs/rows.md from a test report: which feature rows have a passing test, and which test shows each.

python -m tests.support.rows reports/junit.xml
"""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAD = """# What is done

Each row is a function of the old programs or one of ours; it is done when the tests that carry it pass. Made from a test
report by `python -m tests.support.rows reports/junit.xml`; rows that are not here are not done.

| row | shown by |
| --- | --- |
"""


def proofs(report: Path) -> dict[str, list[str]]:
    """The passing tests of each row, by file and class."""
    found: dict[str, set[str]] = {}
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - our own report
        if any(case.find(tag) is not None for tag in ("failure", "error", "skipped")):
            continue
        for each in case.iter("property"):
            if each.get("name") == "row":
                found.setdefault(str(each.get("value")), set()).add(f"`{case.get('classname')}`")
    return {row: sorted(tests) for row, tests in found.items()}


def order(row: str) -> tuple[str, int]:
    letter, number = re.fullmatch(r"([A-Z])(\d+)", row).groups()  # type: ignore[union-attr]
    return letter, int(number)


def main() -> None:
    done = proofs(Path(sys.argv[1]))
    lines = [f"| {row} | {', '.join(done[row])} |\n" for row in sorted(done, key=order)]
    (ROOT / "docs" / "rows.md").write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
