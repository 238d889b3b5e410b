"""Saved lists on the wire."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import Closed, EanCode, Line, Listing, Open, Quantity, Sum, UtcInstant, euros, prefixed, wire_id
from domain.model.saved_list import SavedLine
from domain.queries.saved_lists import SavedListSummary as SummaryView
from domain.queries.saved_lists import SavedListView

SavedListKey = prefixed("lst")


class SavedLineInput(Closed):
    """An article and how many copies."""

    ean: EanCode
    quantity: Quantity = Field(examples=[1])

    def meant(self) -> SavedLine:
        return SavedLine(ean=self.ean, quantity=self.quantity)


class SavedListWrite(Closed):
    """A saved list whole."""

    name: Line = Field(examples=["Rentrée 6e"])
    lines: Annotated[list[SavedLineInput], Field(min_length=1, max_length=500)]

    def meant(self) -> tuple[SavedLine, ...]:
        return tuple(line.meant() for line in self.lines)


class SavedListLine(Open):
    """A line with what its article is called and costs today."""

    ean: str
    title: str
    author: str | None
    list_price: Sum
    quantity: int = Field(examples=[1])


class SavedList(Open):
    """A saved list (liste mémorisée); an order made of it leaves it as it is."""

    id: str = Field(examples=["lst_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    name: str = Field(examples=["Rentrée 6e"])
    lines: list[SavedListLine]
    created_at: UtcInstant
    updated_at: UtcInstant
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: SavedListView) -> "SavedList":
        return cls(
            id=wire_id("lst", view.id),
            name=view.name,
            lines=[
                SavedListLine(
                    ean=line.ean,
                    title=line.title,
                    author=line.author,
                    list_price=euros(line.list_price),
                    quantity=line.quantity,
                )
                for line in view.lines
            ],
            created_at=view.created_at,
            updated_at=view.updated_at,
            version=view.version,
        )


class SavedListSummary(Open):
    """A row of the list of lists: how many titles and copies it has."""

    id: str = Field(examples=["lst_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    name: str = Field(examples=["Rentrée 6e"])
    titles: int = Field(examples=[12])
    quantity: int = Field(examples=[30])
    updated_at: UtcInstant
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: SummaryView) -> "SavedListSummary":
        return cls(
            id=wire_id("lst", view.id),
            name=view.name,
            titles=view.titles,
            quantity=view.quantity,
            updated_at=view.updated_at,
            version=view.version,
        )


class SavedListPage(Listing[SavedListSummary]):
    """One page of saved lists."""
