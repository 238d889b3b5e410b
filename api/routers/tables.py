"""The tables that the shop edits, and its own fields."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Query
from starlette.responses import Response

from api.deps import Admin, Anyone, IdempotencyKey, IfMatch, Shop, answer, told
from api.routers.operation import link, operation, router
from api.schemas.base import QueryFlag
from api.schemas.identities import FieldKey, TableCode
from api.schemas.tables import (
    CustomField,
    CustomFieldCreate,
    CustomFieldPage,
    CustomFieldPatch,
    ReferenceTables,
    ReferenceValue,
    ReferenceValueCreate,
    ReferenceValuePage,
    ReferenceValuePatch,
)
from domain.model.reference import FieldRecord, Table
from domain.ports.answers import Told
from domain.queries.tables import FieldView, ValueView

routes = router("settings")
TableName = Annotated[Table, Path(examples=["titles"])]
CodePath = Annotated[TableCode, Path(examples=["Mme"])]
FieldPath = Annotated[FieldKey, Path()]
Active = Annotated[QueryFlag | None, Query(description="Only values that are proposed, or only those that are not.")]
Record = Annotated[FieldRecord | None, Query(description="Only fields of these cards.")]


@routes.get("/tables", **operation("listTables", ReferenceTables))
async def list_tables(by: Anyone, shop: Shop) -> Response:
    """The tables that the shop edits, and how many values each has."""
    return answer(told(ReferenceTables.of(await shop.read.tables.counts(by.dossier.id))))


@routes.get("/tables/{name}", **operation("listTableValues", ReferenceValuePage))
async def list_table_values(name: TableName, by: Anyone, shop: Shop, active: Active = None) -> Response:
    """All values of one table, in their order."""
    views = await shop.read.tables.values(by.dossier.id, name, active=active)
    return answer(told(ReferenceValuePage(items=[ReferenceValue.of(view) for view in views], next=None)))


@routes.post(
    "/tables/{name}",
    **operation(
        "createTableValue",
        ReferenceValue,
        status=201,
        refuses=("code-taken", "code-unfit", "table-full"),
        headers=("ETag", "Location"),
        links={
            "patch": link(
                "patchTableValue",
                name="$request.path.name",
                code="$response.body#/code",
                if_match="$response.header.ETag",
            )
        },
    ),
)
async def create_table_value(
    name: TableName, body: ReferenceValueCreate, by: Admin, key: IdempotencyKey, shop: Shop
) -> Response:
    """A new value; the codes of statistics are at most as long as their axis (B82)."""

    def tell(view: ValueView) -> Told:
        made = ReferenceValue.of(view)
        return told(made, status=201, version=made.version, location=f"/v1/tables/{made.table}/{quote(made.code)}")

    once = await key.once(by, tell)
    return answer(await shop.tables.create(by=by, table=name, code=body.code, card=body.meant(), once=once))


@routes.get(
    "/tables/{name}/{code}", **operation("getTableValue", ReferenceValue, refuses=("not-found",), headers=("ETag",))
)
async def get_table_value(name: TableName, code: CodePath, by: Anyone, shop: Shop) -> Response:
    """One value."""
    view = await shop.read.tables.value(by.dossier.id, name, code)
    return answer(told(ReferenceValue.of(view), version=view.version))


@routes.patch(
    "/tables/{name}/{code}",
    **operation("patchTableValue", ReferenceValue, refuses=("not-found",), headers=("ETag",)),
)
async def patch_table_value(
    name: TableName, code: CodePath, body: ReferenceValuePatch, version: IfMatch, by: Admin, shop: Shop
) -> Response:
    """Change the fields sent; an inactive value stays on its cards and is proposed no more."""
    view = await shop.tables.change(by=by, table=name, code=code, version=version, edit=body.edit)
    return answer(told(ReferenceValue.of(view), version=view.version))


@routes.delete(
    "/tables/{name}/{code}",
    **operation("deleteTableValue", None, status=204, refuses=("not-found", "code-in-use")),
)
async def delete_table_value(name: TableName, code: CodePath, version: IfMatch, by: Admin, shop: Shop) -> Response:
    """Delete a value that nothing has."""
    await shop.tables.remove(by=by, table=name, code=code, version=version)
    return Response(status_code=204)


@routes.get("/custom-fields", **operation("listCustomFields", CustomFieldPage))
async def list_custom_fields(by: Anyone, shop: Shop, record: Record = None) -> Response:
    """The shop's own fields (rubriques), by questionnaire and position (B60)."""
    views = await shop.read.tables.fields(by.dossier.id, record)
    return answer(told(CustomFieldPage(items=[CustomField.of(view) for view in views], next=None)))


@routes.post(
    "/custom-fields",
    **operation(
        "createCustomField",
        CustomField,
        status=201,
        refuses=("code-taken", "table-full"),
        headers=("ETag", "Location"),
        links={
            "patch": link("patchCustomField", field_id="$response.body#/id", if_match="$response.header.ETag"),
            "delete": link("deleteCustomField", field_id="$response.body#/id", if_match="$response.header.ETag"),
        },
    ),
)
async def create_custom_field(body: CustomFieldCreate, by: Admin, key: IdempotencyKey, shop: Shop) -> Response:
    """A new field of the shop's own on the cards of customers or of third parties."""

    def tell(view: FieldView) -> Told:
        made = CustomField.of(view)
        return told(made, status=201, version=made.version, location=f"/v1/custom-fields/{made.id}")

    once = await key.once(by, tell)
    return answer(
        await shop.fields.create(
            by=by,
            record=body.record,
            questionnaire=body.questionnaire,
            code=body.code,
            kind=body.kind,
            card=body.meant(),
            once=once,
        )
    )


@routes.get(
    "/custom-fields/{field_id}", **operation("getCustomField", CustomField, refuses=("not-found",), headers=("ETag",))
)
async def get_custom_field(field_id: FieldPath, by: Anyone, shop: Shop) -> Response:
    """One field."""
    view = await shop.read.tables.field(by.dossier.id, field_id)
    return answer(told(CustomField.of(view), version=view.version))


@routes.patch(
    "/custom-fields/{field_id}",
    **operation("patchCustomField", CustomField, refuses=("not-found", "code-in-use", "conflict"), headers=("ETag",)),
)
async def patch_custom_field(
    field_id: FieldPath, body: CustomFieldPatch, version: IfMatch, by: Admin, shop: Shop
) -> Response:
    """Change the fields sent; a choice that cards have stays."""
    view = await shop.fields.change(by=by, field_id=field_id, version=version, edit=body.edit)
    return answer(told(CustomField.of(view), version=view.version))


@routes.delete(
    "/custom-fields/{field_id}",
    **operation("deleteCustomField", None, status=204, refuses=("not-found", "code-in-use")),
)
async def delete_custom_field(field_id: FieldPath, version: IfMatch, by: Admin, shop: Shop) -> Response:
    """Delete a field that no card answers."""
    await shop.fields.remove(by=by, field_id=field_id, version=version)
    return Response(status_code=204)
