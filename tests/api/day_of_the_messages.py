"""The part of the day in which copies wait, customers hear of it, and the stock is counted."""

import re
from typing import Any

from infra.db.pools import ShopConnection
from tests.api.day_of_the_file import Tell
from tests.api.steps import BOUTON, Json

CLAIRE = {"name": "PETIT", "first_name": "Claire", "email": "claire.petit@example.org", "phone": "06 06 06 06 07"}


async def a_day_of_the_messages(tell: Tell, sql: ShopConnection) -> None:
    """Every operation of reservations kept, messages, stock truth and labels once at least."""
    card = {**CLAIRE, "address": {"street": "12 rue des Lilas", "postal_code": "44000", "town": "NANTES"}}
    claire = await tell("createCustomer", "POST", "/v1/customers", card, status=201, name="reachable")
    said = {"channel": "email", "purpose": "marketing", "granted": True, "source": "comptoir"}
    await tell("createConsent", "POST", f"/v1/customers/{claire['id']}/consents", said, status=201, name="marketing")
    kept = await _kept(tell, claire)
    await _reminders(tell, kept, sql)
    await _templates(tell)
    await _mailing(tell, claire, sql)
    await _stock(tell)
    await tell("listPurchases", "GET", f"/v1/customers/{claire['id']}/purchases")


async def _kept(tell: Tell, claire: Json) -> Json:
    movement = {"quantity": 4, "reason": "Inventaire"}
    await tell("createMovement", "POST", f"/v1/articles/{BOUTON}/movements", movement, status=201, name="more")
    body: Json = {"ean": BOUTON, "quantity": 2, "customer_id": claire["id"]}
    kept = await tell("createReservation", "POST", "/v1/reservations", body, status=201, name="forACustomer")
    where = f"/v1/reservations/{kept['id']}"
    await tell("patchReservation", "PATCH", where, {"place": "Casier 7", "slip_printed": True}, version=1)
    late: Json = {"reservation_ids": [kept["id"]], "pickup_deadline": "2999-12-31"}
    await tell("postponeReservations", "POST", "/v1/reservations/postpone", late)
    asked = await tell("requestCancellation", "POST", f"{where}/cancellation-request", {"reason": "Déjà offert"})
    back = await tell("withdrawCancellation", "DELETE", f"{where}/cancellation-request", version=asked["version"])
    one = {"reservation_ids": [kept["id"]], "parts": [{"reservation_id": kept["id"], "quantity": 1}]}
    await tell("collectReservations", "POST", "/v1/reservations/collect", one, name="oneOfTwo")
    rest = await tell("listReservations", "GET", f"/v1/reservations?customer_id={claire['id']}&state=set_aside")
    left: Json = rest["items"][0]
    assert back["cancel_request"] is None
    other = {"contact": {"name": "DURAND"}, "reason": "Claire a déjà le livre"}
    moved = await tell("moveReservation", "POST", f"/v1/reservations/{left['id']}/move", other, version=left["version"])
    again = {"customer_id": claire["id"], "reason": "Erreur de casier"}
    found: Json = await tell(
        "moveReservation",
        "POST",
        f"/v1/reservations/{left['id']}/move",
        again,
        version=moved["version"],
        name="toACustomer",
    )
    return found


async def _reminders(tell: Tell, kept: Json, sql: ShopConnection) -> None:
    body: Json = {"reservation_ids": [kept["id"]]}
    await tell("previewReminders", "POST", "/v1/reservations/reminders/preview", body)
    told = await tell("createReminders", "POST", "/v1/reservations/reminders", body, status=201)
    message = told["messages"][0]
    await tell("listMessages", "GET", "/v1/messages?state=queued")
    await tell("countMessages", "GET", "/v1/messages/count?state=queued")
    where = f"/v1/messages/{message['id']}"
    await tell("getMessage", "GET", where)
    await sql.execute(
        "UPDATE message SET state = 'dead', attempts = 1, error = '550 5.1.1 Adresse inconnue', ended_at = now(), version = 2"
    )
    again = await tell("retryMessage", "POST", f"{where}/retry", version=2)
    await tell("dropMessage", "POST", f"{where}/drop", version=again["version"])


async def _templates(tell: Tell) -> None:
    words = {
        "subject": "Vos livres sont là : {librairie}",
        "body": "Bonjour {client},\n\n{titres}\n\nJusqu'au {date_limite}.",
        "sms": "{librairie} : {nombre} pour vous, jusqu'au {date_limite}.",
    }
    asked = {"event": "arrival", "language": "fr", **words}
    await tell("previewMessageTemplate", "POST", "/v1/message-templates/preview", asked)
    where = "/v1/message-templates/arrival/fr"
    made = await tell("putMessageTemplate", "PUT", where, words, headers={"if-match": '"0"'})
    await tell("listMessageTemplates", "GET", "/v1/message-templates")
    await tell("deleteMessageTemplate", "DELETE", where, status=204, version=made["version"])


async def _mailing(tell: Tell, claire: Json, sql: ShopConnection) -> None:
    await tell("listCustomerEmails", "GET", "/v1/customers/emails?q=petit")
    await tell("countCustomerEmails", "GET", "/v1/customers/emails/count?q=petit")
    await tell("printCustomerLabels", "GET", f"/v1/customers/labels.pdf?id={claire['id']}&format=L7160&start=4")
    body: Json = {
        "customer_ids": [claire["id"]],
        "channel": "email",
        "purpose": "marketing",
        "subject": "Rencontre le 12 décembre",
        "text": "Bonjour {client}, l'auteur sera chez nous.",
    }
    await tell("previewMessages", "POST", "/v1/messages/preview", body)
    await sql.execute("UPDATE message SET told_key = NULL, state = 'withheld', reason = 'dropped', ended_at = now()")
    written = await tell("createMessages", "POST", "/v1/messages", body, status=201)
    token = _token(written)
    await tell("showUnsubscribe", "GET", f"/v1/unsubscribe/{token}")
    await tell("unsubscribe", "POST", f"/v1/unsubscribe/{token}")


def _token(written: Any) -> str:
    found = re.search(r"/v1/unsubscribe/(\S+)", written["messages"][0]["body"])
    assert found
    return found[1]


async def _stock(tell: Tell) -> None:
    check = await tell("createStockCheck", "POST", "/v1/stock-checks", status=201)
    await tell("listStockChecks", "GET", "/v1/stock-checks")
    await tell("getStockCheck", "GET", f"/v1/stock-checks/{check['id']}")
    counted: Json = {"lines": [{"ean": BOUTON, "counted": 0}], "cause": "theft"}
    await tell("createStockCount", "POST", "/v1/stock-counts", {**counted, "dry_run": True}, name="tried")
    done = {**counted, "reason": "Inventaire de novembre"}
    await tell("createStockCount", "POST", "/v1/stock-counts", done, status=201, name="done")
    await tell("getShrinkage", "GET", "/v1/shrinkage?from=2026-01-01&to=2999-01-01")
