"""Operations that answer a printed paper."""

from typing import Any

from starlette.responses import Response

from api.routers.operation import operation


class Pdf(Response):
    media_type = "application/pdf"


def printing(name: str) -> dict[str, Any]:
    """Keyword arguments for the route of a paper that may not be found."""
    return {
        "response_class": Pdf,
        "responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
        **operation(name, None, refuses=("not-found",), headers=("Content-Disposition",)),
    }


def printed(paper: bytes, filename: str) -> Pdf:
    """``paper``, shown in the browser under a name it can be kept by."""
    return Pdf(paper, headers={"content-disposition": f'inline; filename="{filename}.pdf"'})
