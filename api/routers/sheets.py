"""Operations that answer a file for a spreadsheet."""

from typing import Any

from starlette.responses import Response

from api.routers.operation import operation


class Xlsx(Response):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Csv(Response):
    media_type = "text/csv"


def filing(name: str, kind: type[Response], *, refuses: tuple[str, ...]) -> dict[str, Any]:
    """Keyword arguments for the route of a file of ``kind``."""
    content = {str(kind.media_type): {"schema": {"type": "string", "format": "binary"}}}
    return {
        "response_class": kind,
        "responses": {200: {"content": content}},
        **operation(name, None, refuses=refuses, headers=("Content-Disposition",)),
    }


def filed(file: bytes, kind: type[Response], filename: str) -> Response:
    """``file``, to be kept under that name."""
    return kind(file, headers={"content-disposition": f'attachment; filename="{filename}"'})
