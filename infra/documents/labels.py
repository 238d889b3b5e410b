"""Where the addresses go on sheets of labels."""

from collections.abc import Sequence

from domain.queries.labels import Label, LabelSheet


def label_facts(sheet: LabelSheet, labels: Sequence[Label], *, start: int) -> dict[str, object]:
    """Every label's place and lines, for ``labels.typ``; the first goes on the sheet's label ``start``, counted from 1.

    Measures are millimetres.
    """
    pages: list[list[dict[str, object]]] = []
    for number, label in enumerate(labels, start=start - 1):
        page, left, top = sheet.place(number)
        while len(pages) <= page:
            pages.append([])
        pages[page].append({"x": float(left), "y": float(top), "lines": label.lines})
    return {"width": float(sheet.width), "height": float(sheet.height), "pages": pages}
