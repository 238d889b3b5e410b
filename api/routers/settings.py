"""The company file."""

from starlette.responses import Response

from api.deps import Admin, Anyone, IfMatch, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.settings import Dossier, DossierPatch

routes = router("settings")


@routes.get("/dossier", **operation("getDossier", Dossier, headers=("ETag",)))
async def get_dossier(by: Anyone, shop: Shop) -> Response:
    """The company file (fiche dossier) and its settings."""
    view = await shop.read.settings.dossier(by.dossier.id)
    return answer(told(Dossier.of(view), version=view.version))


@routes.patch(
    "/dossier",
    **operation("patchDossier", Dossier, refuses=("inconsistent", "unknown-code", "unknown-party"), headers=("ETag",)),
)
async def patch_dossier(body: DossierPatch, version: IfMatch, by: Admin, shop: Shop) -> Response:
    """Change the fields sent; cards and codes that are there already stay as they are."""
    view = await shop.settings.change(by=by, version=version, edit=body.edit, rewrite_contacts=body.rewrite_contacts)
    return answer(told(Dossier.of(view), version=view.version))
