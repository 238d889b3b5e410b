"""The orders' part of the day that makes the contract's examples: categories, prices, supply, notes, returns, queues."""

from datetime import date, timedelta
from typing import Any

from tests.api.day_of_the_file import Tell
from tests.api.steps import BOUTON, CHUT, DELIVREZ, NUIT, RUE, Json, euros

GONE = "9782070612758"


async def a_day_of_the_orders(tell: Tell) -> None:
    """Every operation of orders, prices and supply once at least, in an order that makes sense."""
    supplier = await tell(
        "createThirdParty", "POST", "/v1/third-parties", {"type": "supplier", "name": "SODIS"}, status=201, name="sodis"
    )
    await _catalogue(tell, supplier)
    await _prices(tell)
    order = await _lists(tell)
    await _answers(tell, order)
    await _supply(tell, supplier)
    await _queue(tell)
    await _fulfilment(tell)


async def _catalogue(tell: Tell, supplier: Json) -> None:
    await tell(
        "putCategory", "PUT", "/v1/categories/LIV", {"label": "Livres", "level": "shop"}, status=201, name="shop"
    )
    jeunesse = {"label": "Jeunesse", "level": "sector", "parent": "LIV"}
    await tell("putCategory", "PUT", "/v1/categories/JEUN", jeunesse, status=201, name="sector")
    await tell(
        "putCategory", "PUT", "/v1/categories/VIDE", {"label": "Vide", "level": "shop"}, status=201, name="empty"
    )
    await tell(
        "putCategory", "PUT", "/v1/categories/VIDE", {"label": "À ôter", "level": "shop"}, version=1, name="known"
    )
    await tell("deleteCategory", "DELETE", "/v1/categories/VIDE", status=204, version=2)
    await tell("getCategory", "GET", "/v1/categories/JEUN")
    await tell("listCategories", "GET", "/v1/categories")
    for ean, title in ((RUE, "DANS LA RUE"), (NUIT, "BONNE NUIT TOUT LE MONDE")):
        card = {
            "title": title,
            "list_price": euros("15.90"),
            "category": "JEUN",
            "supplier_id": supplier["id"],
            "kind": "book",
        }
        await tell("putArticle", "PUT", f"/v1/articles/{ean}", card, name="withCategoryAndSupplier")


async def _prices(tell: Tell) -> None:
    rules = {
        "rules": [{"scope": "all", "percent": "5.00"}, {"scope": "category", "category": "JEUN", "percent": "3.00"}]
    }
    await tell("putTariff", "PUT", "/v1/tariffs/PUB", rules)
    await tell("getTariff", "GET", "/v1/tariffs/PUB")
    await tell("listTariffs", "GET", "/v1/tariffs")
    asked: Json = {"lines": [{"ean": CHUT, "quantity": 2, "discount_percent": "10.00"}]}
    await tell("createPrices", "POST", "/v1/prices", asked, name="collected")
    await tell("createPrices", "POST", "/v1/prices", {**asked, "mail_order": True}, name="shipped")


async def _lists(tell: Tell) -> Json:
    body: Json = {"name": "Rentrée CE1", "lines": [{"ean": RUE, "quantity": 2}, {"ean": NUIT, "quantity": 1}]}
    saved = await tell("createSavedList", "POST", "/v1/saved-lists", body, status=201)
    where = f"/v1/saved-lists/{saved['id']}"
    await tell("putSavedList", "PUT", where, {**body, "name": "Rentrée CE1 2026"}, version=1)
    await tell("getSavedList", "GET", where)
    await tell("listSavedLists", "GET", "/v1/saved-lists")
    who = {"contact": {"name": "ECOLE DES TILLEULS"}, "customer_reference": "BC-2026-204"}
    order: Json = await tell("createSavedListOrder", "POST", f"{where}/orders", who, status=201)
    await tell("deleteSavedList", "DELETE", where, status=204, version=2)
    return order


async def _answers(tell: Tell, order: Json) -> None:
    await tell("listAnswers", "GET", "/v1/answers")
    await tell("getAnswer", "GET", "/v1/answers/6")
    await tell("putAnswer", "PUT", "/v1/answers/HC", {"label": "Hors commerce", "effect": "close"}, status=201)
    known = {"label": "Hors commerce", "label_en": "Not for sale", "effect": "close"}
    await tell("putAnswer", "PUT", "/v1/answers/HC", known, version=1, name="known")
    await tell("deleteAnswer", "DELETE", "/v1/answers/HC", status=204, version=2)
    line = f"/v1/orders/{order['id']}/lines/{order['lines'][0]['id']}"
    await tell("getOrderLine", "GET", line)
    said = {"code": "8", "new_ean": BOUTON}
    await tell(
        "createLineAnswer", "POST", f"{line}/answers", said, status=201, version=order["version"], name="reissue"
    )
    await tell("listLineAnswers", "GET", f"{line}/answers")
    await tell("moveLine", "POST", f"{line}/move", {"ean": BOUTON}, version=order["version"] + 1)
    away = {"until": (date.today() + timedelta(days=28)).isoformat()}  # noqa: DTZ011 - any day to come will do
    held = await tell("suspendLine", "PUT", f"{line}/suspension", away, version=order["version"] + 2)
    await tell("getQueue", "GET", f"/v1/articles/{BOUTON}/queue", name="suspended")
    await tell("resumeLine", "DELETE", f"{line}/suspension", version=held["version"])
    await tell("getOrderQueue", "GET", f"/v1/orders/{order['id']}/queue")


async def _supply(tell: Tell, supplier: Json) -> None:
    await tell("listUntreatedLines", "GET", "/v1/untreated-lines?category=LIV")
    counted = await tell("countUntreatedLines", "GET", "/v1/untreated-lines/count")
    assert counted["count"]
    lines = (await tell("listUntreatedLines", "GET", f"/v1/untreated-lines?ean={NUIT}", name="ofAnArticle"))["items"]
    wanted = {"lines": [{"line_id": each["line_id"]} for each in lines]}
    raised = await tell("createSupplierOrders", "POST", "/v1/supplier-orders", wanted, status=201)
    where = f"/v1/supplier-orders/{raised['items'][0]['id']}"
    body = {"contact": {"name": "DURAND"}, "lines": [{"ean": DELIVREZ, "quantity": 2}, {"ean": NUIT, "quantity": 1}]}
    other = await tell("createOrder", "POST", "/v1/orders", body, status=201, name="forSuppliers")
    asked = {"supplier_id": supplier["id"]}
    of_order = f"/v1/orders/{other['id']}/supplier-orders"
    await tell("createSupplierOrdersOfOrder", "POST", of_order, asked, status=201, version=other["version"])
    now = await tell("getSupplierOrder", "GET", where)
    patched = await tell("patchSupplierOrder", "PATCH", where, {"reference": "CF-118"}, version=now["version"])
    more = await tell(
        "createSupplierLine",
        "POST",
        f"{where}/lines",
        {"ean": RUE, "quantity": 2},
        status=201,
        version=patched["version"],
    )
    shelf = next(each for each in more["lines"] if each["ean"] == RUE)
    line = f"{where}/lines/{shelf['id']}"
    fewer = await tell("patchSupplierLine", "PATCH", line, {"ordered": 1}, version=more["version"])
    left = await tell("deleteSupplierLine", "DELETE", line, version=fewer["version"])
    sent = await tell("validateSupplierOrder", "POST", f"{where}/validate", version=left["version"])
    await tell("getOrderFile", "GET", f"{where}/order-file.csv")
    await tell("listSupplierOrders", "GET", "/v1/supplier-orders?state=validated")
    await tell("countSupplierOrders", "GET", "/v1/supplier-orders/count")
    await _parcel(tell, sent, where)
    asked_again = await tell("createOrder", "POST", "/v1/orders", body, status=201, name="askedAgain")
    of_order = f"/v1/orders/{asked_again['id']}/supplier-orders"
    again = await tell(
        "createSupplierOrdersOfOrder", "POST", of_order, asked, status=201, version=asked_again["version"], name="again"
    )
    gone = again["items"][0]
    where = f"/v1/supplier-orders/{gone['id']}"
    await tell(
        "cancelSupplierOrder", "POST", f"{where}/cancel", {"reason": "Commandé ailleurs"}, version=gone["version"]
    )


async def _parcel(tell: Tell, sent: Json, where: str) -> None:
    proposed = {"lines": [{"ean": NUIT, "quantity": 1}], "supplier_order_id": sent["id"], "dry_run": True}
    await tell("createReception", "POST", "/v1/receptions", proposed, name="proposed")
    notice = f"EAN;quantité\r\n{NUIT};1\r\n{CHUT};1\r\n"
    path = f"/v1/receptions/shipping-notice?reference=AE-77&supplier_order_id={sent['id']}"
    await tell("createReceptionOfNotice", "POST", f"{path}&dry_run=true", text=notice, name="proposed")
    came = await tell("createReceptionOfNotice", "POST", path, text=notice, status=201, name="booked")
    await tell("getReception", "GET", f"/v1/receptions/{came['id']}")
    await tell("listReceptions", "GET", "/v1/receptions")
    await tell("countReceptions", "GET", "/v1/receptions/count")
    now = await tell("getSupplierOrder", "GET", where, name="partlyReceived")
    missing = next(each for each in now["lines"] if each["ean"] == DELIVREZ)
    answers = {"answers": [{"line_id": missing["id"], "code": "7"}]}
    await tell("createSupplierAnswers", "POST", f"{where}/answers", answers, version=now["version"])


async def _queue(tell: Tell) -> None:
    queue = (await tell("getQueue", "GET", f"/v1/articles/{DELIVREZ}/queue", name="ofSeveral"))["items"]
    turned = [each["line_id"] for each in reversed(queue)]
    put = {"line_ids": turned, "reason": "Le lycée ouvre lundi"}
    await tell("putQueue", "PUT", f"/v1/articles/{DELIVREZ}/queue", put)
    await tell("listQueueChanges", "GET", f"/v1/articles/{DELIVREZ}/queue/changes")


async def _fulfilment(tell: Tell) -> None:
    await tell(
        "createMovement",
        "POST",
        f"/v1/articles/{GONE}/movements",
        {"quantity": 4, "reason": "Arrivage"},
        status=201,
        name="forDelivery",
    )
    customer = await tell("createCustomer", "POST", "/v1/customers", {"name": "PETIT"}, status=201, name="ofTheNote")
    lines = [{"ean": GONE, "quantity": 2}, {"ean": DELIVREZ, "quantity": 1}]
    body = {"customer_id": customer["id"], "lines": lines, "quote_reference": "DEV-2026-7", "origin": "quote"}
    order = await tell("createOrder", "POST", "/v1/orders", body, status=201, name="ofAQuote")
    where = f"/v1/orders/{order['id']}"
    deposit = {"amount": euros("10.00"), "kind": "deposit", "method": "card"}
    paid = await tell("createPayment", "POST", f"{where}/payments", deposit, status=201, version=1, name="acompte")
    first = order["lines"][0]["id"]
    going = {"lines": [{"line_id": first, "quantity": 2}]}
    note = await tell(
        "createDeliveryNote", "POST", f"{where}/delivery-notes", going, status=201, version=paid["version"]
    )
    await tell("listDeliveryNotes", "GET", f"{where}/delivery-notes")
    await tell("getDeliveryNote", "GET", f"/v1/delivery-notes/{note['id']}")
    await tell("printDeliveryNote", "GET", f"/v1/delivery-notes/{note['id']}/print.pdf")
    await tell("printOrder", "GET", f"{where}/print.pdf")
    back: Json = {
        "lines": [{"line_id": first, "quantity": 1}],
        "restock": True,
        "replace": True,
        "reason": "Page arrachée",
    }
    returned = await tell("createReturn", "POST", f"{where}/returns", back, status=201, version=note["order_version"])
    rest = {"reason": "Le client renonce"}
    done = await tell("cancelRemainder", "POST", f"{where}/cancel-remainder", rest, version=returned["version"])
    refund = {"amount": euros("0.50"), "kind": "refund", "method": "card"}
    await _refund(tell, where, done, refund)
    await tell("listOrderDeposits", "GET", f"{where}/deposits")
    await tell("listCustomerDeposits", "GET", f"/v1/customers/{customer['id']}/deposits")
    await tell("listOrderDocuments", "GET", f"{where}/documents")
    await _lapse(tell)
    await _surplus(tell)


async def _refund(tell: Tell, where: str, order: Json, refund: Json) -> None:
    deposit = {"amount": euros("20.00"), "kind": "deposit", "method": "card"}
    paid = await tell(
        "createPayment", "POST", f"{where}/payments", deposit, status=201, version=order["version"], name="tooMuch"
    )
    await tell("createPayment", "POST", f"{where}/payments", refund, status=201, version=paid["version"], name="refund")


async def _lapse(tell: Tell) -> None:
    push: Json = {
        "contact": {"name": "LEROY"},
        "lines": [{"ean": CHUT, "quantity": 1, "unit_price": euros("12.20")}],
        "paid": False,
        "delivery_charge": euros("3.00"),
    }
    blocked = await tell("pushOrder", "PUT", "/v1/channels/boutique/orders/WEB-1002", push, status=201, name="blocked")
    where = f"/v1/orders/{blocked['id']}"
    lapsed = await tell("lapseOrder", "POST", f"{where}/lapse", version=1)
    await tell("reopenOrder", "POST", f"{where}/reopen", version=lapsed["version"])


async def _surplus(tell: Tell) -> Any:
    body = {"contact": {"name": "MOREAU"}, "lines": [{"ean": GONE, "quantity": 1}]}
    order = await tell("createOrder", "POST", "/v1/orders", body, status=201, name="foundAfterAll")
    suppliers = await tell("listThirdParties", "GET", "/v1/third-parties?type=supplier", name="suppliers")
    asked = {"supplier_id": suppliers["items"][-1]["id"]}
    of_order = f"/v1/orders/{order['id']}/supplier-orders"
    await tell("createSupplierOrdersOfOrder", "POST", of_order, asked, status=201, version=1, name="surplus")
    chosen = {"ean": GONE, "order_id": order["id"], "line_id": order["lines"][0]["id"], "reason": "au comptoir"}
    await tell("createScan", "POST", "/v1/scans", chosen, status=201, name="foundOnTheShelf")
    now = await tell("getOrder", "GET", f"/v1/orders/{order['id']}", name="withASurplus")
    line = f"/v1/orders/{order['id']}/lines/{order['lines'][0]['id']}"
    return await tell("releaseSupply", "POST", f"{line}/release-supply", version=now["version"])
