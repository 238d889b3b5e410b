"""What a new document starts with, from the general case to the exception."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.card import (
    CONSENTED,
    Address,
    AddressDetails,
    AddressRole,
    BankAccount,
    BankDetails,
    Channel,
    Consent,
    ContactDetails,
    ContactPerson,
    Purpose,
)
from domain.model.consents import NO_SMS, standing
from domain.model.customer import (
    BackOrderRules,
    BackOrders,
    CardOrigin,
    Customer,
    CustomerDetails,
    Light,
    SalesShare,
)
from domain.model.defaults import (
    BILLING,
    UNRECONCILED,
    CardFile,
    DocumentDefaults,
    Main,
    Source,
    document_defaults,
    roles_of,
)
from domain.model.settings import DossierSettings
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DocumentType,
    Party,
    PostalAddress,
    ThirdPartyId,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
QUOTE, ORDER, NOTE, INVOICE, REMINDER = DocumentType
SCHOOL, TOWN_HALL = CustomerId(UUID(int=1)), CustomerId(UUID(int=2))
HOME = PostalAddress(street="1 rue de l'École", postal_code="44000", town="NANTES")
DEPOT = PostalAddress(street="2 quai du Dépôt", postal_code="44000", town="NANTES")
OFFICE = PostalAddress(street="3 place de la Mairie", postal_code="44000", town="NANTES")
ELSEWHERE = PostalAddress(street="4 bd Ailleurs", postal_code="75011", town="PARIS")


def customer(customer_id: CustomerId = SCHOOL, *, approved: bool = True, **details: Any) -> Customer:
    return Customer(
        id=customer_id,
        code=f"C{customer_id.int}",
        details=CustomerDetails(**{"name": f"Client {customer_id.int}", "address": HOME, **details}),
        origin=CardOrigin.COUNTER,
        approved_at=NOW if approved else None,
        created_at=NOW,
        updated_at=NOW,
    )


def address(number: int = 10, *, owner: CustomerId = SCHOOL, **details: Any) -> Address:
    return Address(
        id=AddressId(UUID(int=number)),
        owner=Party.customer(owner),
        code=f"ADR{number}",
        details=AddressDetails(**{"postal": DEPOT, **details}),
        created_at=NOW,
        updated_at=NOW,
    )


def contact(number: int, function: str | None) -> ContactPerson:
    return ContactPerson(
        id=ContactId(UUID(int=number)),
        owner=Party.customer(SCHOOL),
        code=f"CON{number}",
        details=ContactDetails(name="Petit", function=function),
        created_at=NOW,
        updated_at=NOW,
    )


def account(number: int, *, main: bool, closed_on: date | None = None) -> BankAccount:
    return BankAccount(
        id=BankAccountId(UUID(int=number)),
        owner=Party.customer(SCHOOL),
        code=f"RIB{number}",
        details=BankDetails(iban="FR1420041010050500013M02606", main=main, closed_on=closed_on),
        created_at=NOW,
        updated_at=NOW,
    )


def file(card: Customer | None = None, **hanging: Any) -> CardFile:
    card = card or customer()
    return CardFile(customer=card, name=card.details.name, **hanging)


def start(
    document: DocumentType = ORDER,
    card: CardFile | None = None,
    *,
    billed: CardFile | None = None,
    hidden: bool = False,
    settings: DossierSettings | None = None,
    mains: dict[Party, Main] | None = None,
) -> DocumentDefaults:
    card = card or file()
    return document_defaults(
        document,
        card=card,
        billed=None if hidden else billed or card,
        mains=mains or {},
        settings=settings or DossierSettings(),
        today=TODAY,
    )


@pytest.mark.row("A57", "B39")
class TestTheAddress:
    @pytest.mark.parametrize("document", DocumentType)
    def test_is_the_main_one_where_delivery_and_billing_are_empty(self, document: DocumentType) -> None:
        told = start(document)
        assert (told.delivery.source, told.delivery.postal) == (Source.MAIN, HOME)
        assert (told.billing.source, told.billing.postal) == (Source.MAIN, HOME)

    def test_is_the_main_one_where_the_tab_was_left_blank(self) -> None:
        blank = address(role=AddressRole.DELIVERY, postal=PostalAddress(country="BE"))
        assert start(card=file(addresses=[blank])).delivery.postal == HOME

    def test_of_each_role_is_used_for_it_alone(self) -> None:
        card = file(
            addresses=[
                address(10, role=AddressRole.DELIVERY),
                address(11, role=AddressRole.BILLING, postal=OFFICE),
            ]
        )
        told = start(card=card)
        assert (told.delivery.source, told.delivery.code, told.delivery.postal) == (Source.ROLE, "ADR10", DEPOT)
        assert (told.billing.source, told.billing.code, told.billing.postal) == (Source.ROLE, "ADR11", OFFICE)

    def test_of_a_role_that_is_not_allowed_for_the_document_is_passed_over(self) -> None:
        card = file(addresses=[address(role=AddressRole.DELIVERY, allowed_for=frozenset({QUOTE}))])
        assert start(QUOTE, card).delivery.postal == DEPOT
        assert start(ORDER, card).delivery.postal == HOME

    @pytest.mark.row("B40")
    def test_named_for_the_document_comes_before_the_one_of_the_role(self) -> None:
        named = address(11, postal=ELSEWHERE, default_for=frozenset({ORDER}))
        card = file(addresses=[address(10, role=AddressRole.DELIVERY), named])
        assert (start(ORDER, card).delivery.source, start(ORDER, card).delivery.postal) == (Source.CODE, ELSEWHERE)
        assert start(NOTE, card).delivery.postal == DEPOT

    @pytest.mark.row("B40")
    def test_named_for_invoices_bills_every_document_that_it_is_allowed_for(self) -> None:
        named = address(postal=OFFICE, default_for=frozenset({INVOICE}), allowed_for=frozenset({INVOICE, ORDER}))
        card = file(addresses=[named])
        assert start(INVOICE, card).billing.postal == OFFICE
        assert start(ORDER, card).billing.postal == OFFICE
        assert start(NOTE, card).billing.postal == HOME
        assert start(INVOICE, card).delivery.postal == HOME

    @pytest.mark.row("B41")
    def test_may_be_the_main_one_of_another_party(self) -> None:
        depot = Party.third_party(ThirdPartyId(UUID(int=99)))
        card = file(addresses=[address(role=AddressRole.DELIVERY, use_main_of=depot)])
        told = start(card=card, mains={depot: Main(name="Messagerie", postal=ELSEWHERE)}).delivery
        assert (told.source, told.party, told.name, told.postal) == (Source.PARTY, depot, "Messagerie", ELSEWHERE)
        assert (told.address_id, told.code) == (AddressId(UUID(int=10)), "ADR10")

    @pytest.mark.row("B30", "B41")
    def test_of_a_party_that_may_not_be_seen_is_not_told(self) -> None:
        secret = Party.customer(TOWN_HALL)
        told = start(card=file(addresses=[address(role=AddressRole.DELIVERY, use_main_of=secret)])).delivery
        assert (told.source, told.party, told.name, told.postal) == (Source.PARTY, None, None, None)


@pytest.mark.row("A60")
class TestWhoIsBilled:
    def test_is_the_customer_without_a_link(self) -> None:
        assert start().billed_to == SCHOOL

    def test_is_the_linked_card_and_the_address_is_its_own(self) -> None:
        card = file(customer(billed_to=TOWN_HALL), addresses=[address(role=AddressRole.BILLING)])
        billed = file(
            customer(TOWN_HALL, address=ELSEWHERE),
            addresses=[address(11, owner=TOWN_HALL, role=AddressRole.BILLING, postal=OFFICE)],
        )
        told = start(card=card, billed=billed)
        assert (told.billed_to, told.billing.postal, told.delivery.postal) == (TOWN_HALL, OFFICE, HOME)
        assert told.billing.party == Party.customer(TOWN_HALL)

    def test_is_not_followed_further(self) -> None:
        card = file(customer(billed_to=TOWN_HALL))
        billed = file(customer(TOWN_HALL, address=OFFICE, billed_to=CustomerId(UUID(int=3))))
        told = start(card=card, billed=billed)
        assert (told.billed_to, told.billing.postal) == (TOWN_HALL, OFFICE)

    @pytest.mark.row("B30")
    def test_is_named_but_not_told_where_it_may_not_be_seen(self) -> None:
        told = start(INVOICE, file(customer(billed_to=TOWN_HALL)), hidden=True)
        assert (told.billed_to, told.billing.postal, told.billing.party) == (TOWN_HALL, None, None)
        assert (told.contact_id, told.bank_account_id) == (None, None)


@pytest.mark.row("B20", "B21", "B22", "B29")
class TestWhoeverElseIsConcerned:
    @pytest.mark.parametrize("document", DocumentType)
    def test_is_the_customer_without_a_link(self, document: DocumentType) -> None:
        told = start(document)
        assert {told.payer, told.reminded, told.counted_for} == {SCHOOL}
        assert told.warnings == []

    @pytest.mark.row("B23")
    def test_pays_in_the_place_of_whoever_is_billed_and_cannot_be_reconciled(self) -> None:
        payer = CustomerId(UUID(int=4))
        card = file(customer(billed_to=TOWN_HALL, payment_party=CustomerId(UUID(int=5))))
        billed = file(customer(TOWN_HALL, payment_party=payer))
        told = start(INVOICE, card, billed=billed)
        assert (told.payer, told.reminded, told.warnings) == (payer, payer, [UNRECONCILED])
        assert start(ORDER, card, billed=billed).warnings == []

    def test_is_reminded_as_the_central_of_whoever_is_billed(self) -> None:
        central = CustomerId(UUID(int=6))
        told = start(REMINDER, file(customer(group=central)))
        assert (told.payer, told.reminded) == (SCHOOL, central)

    def test_is_counted_in_the_statistics_of_the_card_linked(self) -> None:
        sundry = CustomerId(UUID(int=7))
        assert start(card=file(customer(statistics_party=sundry))).counted_for == sundry


@pytest.mark.row("B25", "B26")
class TestTheLanguages:
    @pytest.mark.parametrize(
        ("language", "country", "languages"),
        [
            (None, "FR", ("fr",)),
            ("fr", "US", ("fr",)),
            ("de", "DE", ("fr", "de")),
            ("de", "FR", ("fr", "de")),
            ("en", "US", ("en",)),
            (None, "US", ("fr",)),
        ],
    )
    def test_are_the_shops_and_the_customers_within_the_union(
        self, language: str | None, country: str, languages: tuple[str, ...]
    ) -> None:
        card = file(customer(language=language, address=PostalAddress(town="X", country=country)))
        assert start(card=card).languages == languages


@pytest.mark.row("B36", "O10")
class TestTheContact:
    @pytest.mark.parametrize(
        ("document", "function"), [(QUOTE, "DEV"), (ORDER, "CDE"), (NOTE, "LIV"), (INVOICE, "FAC"), (REMINDER, "REL")]
    )
    def test_is_the_first_whose_function_receives_the_document(self, document: DocumentType, function: str) -> None:
        card = file(contacts=[contact(20, None), contact(21, "DIR"), contact(22, function), contact(23, function)])
        assert start(document, card).contact_id == UUID(int=22)
        assert roles_of(function, DossierSettings()) == (document,)

    def test_is_nobody_where_no_function_receives_it(self) -> None:
        assert start(card=file(contacts=[contact(20, None), contact(21, "FAC")])).contact_id is None
        silent = DossierSettings(contact_roles={})
        assert start(card=file(contacts=[contact(20, None), contact(21, "CDE")]), settings=silent).contact_id is None

    def test_follows_the_functions_that_the_dossier_names(self) -> None:
        settings = DossierSettings(contact_roles={ORDER: "DOC", INVOICE: "DOC"})
        assert start(card=file(contacts=[contact(20, "CDE"), contact(21, "DOC")]), settings=settings).contact_id == (
            UUID(int=21)
        )
        assert roles_of("DOC", settings) == (ORDER, INVOICE)
        assert roles_of("CDE", settings) == roles_of(None, settings) == ()

    @pytest.mark.row("A60")
    def test_of_an_invoice_is_one_of_whoever_is_billed(self) -> None:
        card = file(customer(billed_to=TOWN_HALL), contacts=[contact(20, "FAC"), contact(21, "CDE")])
        billed = file(customer(TOWN_HALL), contacts=[contact(22, "FAC")])
        assert start(INVOICE, card, billed=billed).contact_id == UUID(int=22)
        assert start(ORDER, card, billed=billed).contact_id == UUID(int=21)


@pytest.mark.row("B43", "B44")
class TestTheBankAccount:
    def test_is_the_main_one(self) -> None:
        card = file(bank_accounts=[account(30, main=False), account(31, main=True)])
        assert start(card=card).bank_account_id == UUID(int=31)

    def test_is_none_without_a_main_one(self) -> None:
        assert start(card=file(bank_accounts=[account(30, main=False)])).bank_account_id is None

    @pytest.mark.parametrize(("days", "used"), [(-1, False), (0, False), (1, True)])
    def test_is_none_from_its_closing_date_on(self, days: int, used: bool) -> None:
        card = file(bank_accounts=[account(30, main=True, closed_on=TODAY + timedelta(days=days))])
        assert (start(card=card).bank_account_id is not None) is used

    @pytest.mark.row("B45")
    @pytest.mark.parametrize("document", [INVOICE, REMINDER])
    def test_from_which_money_is_drawn_is_that_of_whoever_is_billed(self, document: DocumentType) -> None:
        card = file(customer(billed_to=TOWN_HALL), bank_accounts=[account(30, main=True)])
        billed = file(customer(TOWN_HALL), bank_accounts=[account(31, main=True)])
        assert start(document, card, billed=billed).bank_account_id == UUID(int=31)
        assert start(ORDER, card, billed=billed).bank_account_id == UUID(int=30)


@pytest.mark.row("B27")
class TestBackOrders:
    @pytest.mark.parametrize("general", [True, False])
    @pytest.mark.parametrize("own", BackOrders)
    def test_follow_the_customer_and_else_the_dossier(self, own: BackOrders, general: bool) -> None:
        card = file(customer(back_orders=BackOrderRules(quotes=own, orders=own, delivery_notes=own)))
        settings = DossierSettings(
            back_orders_quotes=general, back_orders_orders=general, back_orders_delivery_notes=general
        )
        expected = {BackOrders.INHERIT: general, BackOrders.YES: True, BackOrders.NO: False}[own]
        assert {start(each, card, settings=settings).back_orders for each in (QUOTE, ORDER, NOTE)} == {expected}

    def test_are_of_each_document_apart(self) -> None:
        rules = BackOrderRules(quotes=BackOrders.YES, orders=BackOrders.NO, delivery_notes=BackOrders.YES)
        card = file(customer(back_orders=rules))
        assert [start(each, card).back_orders for each in DocumentType] == [True, False, True, None, None]


class TestTheRest:
    @pytest.mark.row("A61", "B4", "B16")
    def test_comes_from_the_card(self) -> None:
        reps = (SalesShare(sales_rep=ThirdPartyId(UUID(int=90)), share=Decimal("60.00")),)
        told = start(
            card=file(customer(language="de", payment_mode="VIR", print_mode="MAIL", comment="Sonner", sales_reps=reps))
        )
        assert (told.language, told.payment_mode, told.print_mode, told.comment) == ("de", "VIR", "MAIL", "Sonner")
        assert told.sales_reps == reps

    @pytest.mark.row("B8", "B31", "B32")
    @pytest.mark.parametrize(
        ("card", "blocked", "warnings"),
        [
            (customer(), None, []),
            (customer(light=Light.ORANGE, light_message="Voir la caisse"), None, ["Voir la caisse"]),
            (customer(light=Light.RED), "customer-blocked", []),
            (customer(approved=False), "customer-not-approved", []),
            (customer(closed_on=TODAY), "customer-closed", []),
        ],
    )
    def test_tells_what_a_document_would_meet_and_refuses_nothing(
        self, card: Customer, blocked: str | None, warnings: list[str]
    ) -> None:
        told = start(card=file(card))
        assert (told.blocked, told.warnings) == (blocked, warnings)


DOCUMENTS = st.frozensets(st.sampled_from(DocumentType))
ADDRESSES = st.lists(
    st.tuples(
        st.sampled_from(AddressRole),
        DOCUMENTS,
        DOCUMENTS,
        st.sampled_from([DEPOT, OFFICE, PostalAddress()]),
        st.booleans(),
    ),
    max_size=5,
)


@pytest.mark.row("A57", "B40", "B42")
class TestWhateverIsOnTheCard:
    @given(ADDRESSES, st.sampled_from(DocumentType))
    def test_an_address_is_used_only_where_it_is_allowed(self, drawn: list[Any], document: DocumentType) -> None:
        lender = Party.third_party(UUID(int=99))
        addresses = [
            address(
                10 + n,
                role=role,
                allowed_for=allowed,
                default_for=default & allowed,
                postal=where,
                use_main_of=lender if lent else None,
            )
            for n, (role, allowed, default, where, lent) in enumerate(drawn)
        ]
        by_id = {each.id: each for each in addresses}
        told = start(document, file(addresses=addresses), mains={lender: Main(name="Autre", postal=ELSEWHERE)})
        for role, found in ((AddressRole.DELIVERY, told.delivery), (AddressRole.BILLING, told.billing)):
            if found.address_id is None:
                assert (found.source, found.postal) == (Source.MAIN, HOME)
                continue
            used = by_id[found.address_id]
            assert document in used.details.allowed_for
            assert used.details.role in {role, AddressRole.OTHER}
            assert found.postal == (ELSEWHERE if used.details.use_main_of else used.details.postal)
            assert found.postal != PostalAddress()

    @given(ADDRESSES, st.sampled_from(DocumentType))
    def test_an_address_named_for_the_document_wins(self, drawn: list[Any], document: DocumentType) -> None:
        others = [
            address(10 + n, role=role, allowed_for=allowed, postal=where)
            for n, (role, allowed, _, where, _) in enumerate(drawn)
        ]
        named = address(50, postal=ELSEWHERE, default_for=frozenset({document}))
        told = start(document, file(addresses=[*others, named]))
        assert (told.billing if document in BILLING else told.delivery).address_id == named.id


def consent(number: int, channel: Channel, purpose: Purpose, *, granted: bool, minutes: int) -> Consent:
    return Consent(
        id=UUID(int=number),
        customer_id=SCHOOL,
        channel=channel,
        purpose=purpose,
        granted=granted,
        source=None,
        at=NOW + timedelta(minutes=minutes),
        by="staff:1",
    )


LEDGERS = st.lists(
    st.tuples(st.sampled_from(Channel), st.sampled_from(CONSENTED), st.booleans(), st.integers(0, 5)), max_size=12
).map(
    lambda drawn: [
        consent(n, channel, purpose, granted=granted, minutes=at)
        for n, (channel, purpose, granted, at) in enumerate(drawn)
    ]
)


class TestTheLedgerOfConsents:
    @pytest.mark.row("A58")
    @given(LEDGERS, st.randoms())
    def test_comes_to_the_last_word_on_each_channel_and_purpose(self, ledger: list[Consent], chance: Any) -> None:
        last: dict[object, Consent] = {}
        for entry in sorted(ledger, key=lambda each: (each.at, each.id)):
            last[entry.channel, entry.purpose] = entry
        shuffled = chance.sample(ledger, len(ledger))
        assert {
            (each.channel, each.purpose): (each.granted, each.at, each.reason)
            for each in standing(shuffled, no_sms=False)
        } == {key: (entry.granted, entry.at, None) for key, entry in last.items()}

    @pytest.mark.row("A59")
    @given(LEDGERS)
    def test_grants_no_sms_on_a_card_that_refuses_them(self, ledger: list[Consent]) -> None:
        found = standing(ledger, no_sms=True)
        messages = [each for each in found if each.channel is Channel.SMS]
        assert [(each.purpose, each.granted, each.reason) for each in messages] == [
            (purpose, False, NO_SMS) for purpose in CONSENTED
        ]
        others = [each for each in found if each.channel is not Channel.SMS]
        assert others == [each for each in standing(ledger, no_sms=False) if each.channel is not Channel.SMS]


def test_an_address_cannot_start_documents_that_it_is_not_allowed_for() -> None:
    details = AddressDetails(allowed_for=frozenset({ORDER}), default_for=frozenset({ORDER}))
    with pytest.raises(Exception, match="inconsistent"):
        replace(details, default_for=frozenset({ORDER, QUOTE}))
