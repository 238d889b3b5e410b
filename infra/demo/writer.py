"""What stands on the demo's cards beside names and orders, and who else has a card.

Written from a generator of its own once the orders are made, so that neither changes the other. The seeds' three customers
stay as their screens show them. No SIREN begins with 000 and no bank is 00000: nobody's account or firm is named by accident.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from stdnum import luhn

from domain.model.bank import Rib, rib_key
from domain.model.card import (
    Address,
    AddressDetails,
    AddressRole,
    BankAccount,
    BankDetails,
    Channel,
    Consent,
    ContactDetails,
    ContactPerson,
    DiscountDetails,
    DiscountRule,
    DiscountScope,
    Note,
    Purpose,
)
from domain.model.customer import CardOrigin, ChorusProfile, Customer, CustomerDetails, Kind, SalesShare
from domain.model.flash import Flash
from domain.model.identifiers import automatic_code, siret, sub_code
from domain.model.reference import CustomField, FieldKind, FieldRecord, ReferenceValue, Table
from domain.model.third_party import ThirdParty, ThirdPartyDetails, ThirdPartyType
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DiscountId,
    DocumentType,
    NoteId,
    Party,
    PostalAddress,
    StaffId,
    ThirdPartyId,
    folded,
)
from domain.usecases.third_parties import PREFIXES
from infra.demo import words
from infra.demo.cards import (
    BILLED,
    CATEGORIES,
    CLUBS,
    GROUPED,
    HIDDEN,
    NOTES,
    QUESTIONNAIRE,
    SEEDS,
    STATISTICS,
    CardFile,
)
from infra.demo.days import Days


@dataclass(slots=True, kw_only=True)
class CardWriter:
    """Fills ``file`` and the details of ``customers``, as ``staff_id`` would have done it since the shop opened."""

    customers: list[Customer]
    staff_id: UUID
    days: Days
    file: CardFile = field(default_factory=CardFile)
    _firms: Iterator[int] = field(default_factory=lambda: iter(range(10_101, 99_999, 37)))
    _number: int = 0

    @property
    def rng(self) -> Random:
        return self.days.rng

    @property
    def by(self) -> str:
        return f"staff:{self.staff_id.hex}"

    def write(self) -> CardFile:
        opened = self.days.ago(430)
        self._tables(opened)
        reps = self._third_parties(opened)
        named = {customer.details.name: customer for customer in self.customers[SEEDS:]}
        for customer in self.customers[SEEDS:]:
            if customer.details.kind is Kind.ORGANISATION:
                self._organisation(customer, reps, named)
            else:
                self._person(customer)
        self._twins()
        unseen = next(customer for customer in self.customers if customer.approved_at is None)
        self._flash(Party.customer(unseen.id), unseen.details.name, at=unseen.created_at)
        return self.file

    # the shop's own tables --------------------------------------------------------------------------------------------

    def _tables(self, at: datetime) -> None:
        for table, values in STATISTICS.items():
            for position, (code, label) in enumerate(values, start=1):
                self.file.values.append(
                    ReferenceValue(
                        table=table,
                        code=code,
                        label=label,
                        label_en=None,
                        position=position,
                        active=True,
                        updated_at=at,
                    )
                )
        rubrics = (
            ("A100", "Club de lecture", FieldKind.CHOICE, CLUBS),
            ("A110", "Dernière visite de classe", FieldKind.DATE, ()),
            ("A120", "Reçoit le catalogue de Noël", FieldKind.FLAG, ()),
        )
        for position, (code, label, kind, choices) in enumerate(rubrics, start=1):
            self.file.fields.append(
                CustomField(
                    id=self.days.new_id(at),
                    record=FieldRecord.CUSTOMER,
                    questionnaire=QUESTIONNAIRE,
                    code=code,
                    label=label,
                    kind=kind,
                    choices=choices,
                    position=position,
                    updated_at=at,
                )
            )

    # third parties ----------------------------------------------------------------------------------------------------

    def _third_parties(self, opened: datetime) -> list[ThirdParty]:
        reps = [
            self._third_party(
                ThirdPartyType.SALES_REP,
                opened,
                ThirdPartyDetails(
                    name=name,
                    kind=Kind.PERSON,
                    title=title,
                    first_name=first_name,
                    email=f"{folded(first_name)}.{folded(name)}@example.org".replace(" ", "-").lower(),
                    commission=Decimal(commission),
                ),
            )
            for name, first_name, title, commission in (
                ("LE GALL", "Maëlle", "Mme", "3.00"),
                ("TESSIER", "Benoît", "M.", "3.00"),
                ("DA SILVA", "Zoé", "Mme", "2.50"),
            )
        ]
        for name, town in (("DIFFUSION DU PHARE", "75011 Paris"), ("COMPTOIR DES PETITS ÉDITEURS", "35000 Rennes")):
            supplier = self._third_party(
                ThirdPartyType.SUPPLIER,
                opened,
                ThirdPartyDetails(
                    name=name,
                    address=PostalAddress(
                        street="Zone des Entrepôts", postal_code=town[:5], town=town.partition(" ")[2].upper()
                    ),
                    siret=self._siret(),
                    our_code="LIB44007",
                    account_number=f"401{folded(name).replace(' ', '')[:8]}",
                    email=f"commandes@{folded(name).replace(' ', '-').lower()}.example.org",
                ),
            )
            self._account(Party.third_party(supplier.id), name, opened)
        lately = self.days.ago(1)
        prospect = self._third_party(
            ThirdPartyType.PROSPECT,
            lately,
            ThirdPartyDetails(name="ÉCOLE DES QUATRE-VENTS", email="direction@quatre-vents.example.org"),
            approved=False,
        )
        self._note(Party.third_party(prospect.id), "Rencontrée au salon du livre de jeunesse.", lately)
        self._flash(Party.third_party(prospect.id), prospect.details.name, at=lately)
        return reps

    def _third_party(
        self, kind: ThirdPartyType, at: datetime, card: ThirdPartyDetails, *, approved: bool = True
    ) -> ThirdParty:
        self._number += 1
        made = ThirdParty(
            id=ThirdPartyId(self.days.new_id(at)),
            type=kind,
            code=automatic_code(PREFIXES[kind], self._number),
            details=card,
            origin=CardOrigin.COUNTER if approved else CardOrigin.CRM,
            approved_at=at if approved else None,
            approved_by=self.by if approved else None,
            created_at=at,
            updated_at=at,
        )
        self.file.third_parties.append(made)
        return made

    # customers --------------------------------------------------------------------------------------------------------

    def _organisation(self, customer: Customer, reps: list[ThirdParty], named: dict[str, Customer]) -> None:
        card, owner, at, rng = customer.details, Party.customer(customer.id), customer.created_at, self.rng
        category = next((code for code, starts in CATEGORIES.items() if card.name.startswith(starts)), "ENT")
        public = category in {"ECOLE", "MAIRIE", "BIB"}
        card.category = category
        card.stat_1, card.stat_2 = _sector(card), "PUB" if public else "PRI"
        card.sales_admin = StaffId(self.staff_id)
        card.reminder_family, card.payment_mode = ("COLL", "MANDAT") if public else ("STD", "VIR")
        card.account_number = f"411{folded(card.name).replace(' ', '')[:8]}"
        if card.address.country == "FR":
            card.siret = self._siret()
        if public:
            card.print_mode = "CHORUS"
            card.chorus = ChorusProfile(enabled=True, service_code="ACHATS", service_required=category == "MAIRIE")
        first, second = rng.sample(reps, 2)
        whole = rng.random() < 0.6
        shares = ((first, "100.00"),) if whole else ((first, "60.00"), (second, "40.00"))
        card.sales_reps = tuple(SalesShare(sales_rep=rep.id, share=Decimal(share)) for rep, share in shares)
        if not public:
            card.management_ceiling, card.insurance_ceiling = Decimal("1500.00"), Decimal("1000.00")
        if (mayor := BILLED.get(card.name)) is not None:
            card.billed_to = named[mayor].id
        if (group := GROUPED.get(card.name)) is not None:
            card.group = named[group].id
        if card.name == HIDDEN:
            card.confidentiality_code = "DIR"
        if category == "ECOLE":
            visited = (self.days.today - timedelta(days=rng.randint(20, 300))).isoformat()
            card.custom_fields = {QUESTIONNAIRE: {"A110": visited}}
            self._discount(customer.id, DiscountScope.SCHOOL_BOOKS, "10.00", "Manuels scolaires", at)
        self._discount(customer.id, DiscountScope.ALL, "9.00", "Loi du 10 août 1981, article 3", at)
        self._places(owner, card, at)
        self._people(owner, card, at)
        if rng.random() < 0.5:
            self._account(owner, card.name, at)
        if rng.random() < 0.4:
            self._note(owner, rng.choice(NOTES), self.days.ago(rng.randint(2, 200)))

    def _person(self, customer: Customer) -> None:
        card, rng = customer.details, self.rng
        card.category, card.stat_1, card.stat_2 = "PART", _sector(card), "PAR"
        answers = {}
        if rng.random() < 0.08:
            answers["A100"] = rng.choice(CLUBS)
        if rng.random() < 0.2:
            answers["A120"] = "true"
        if answers:
            card.custom_fields = {QUESTIONNAIRE: answers}
        if rng.random() < 0.04:
            self._note(Party.customer(customer.id), "Cherche un livre ancien : prévenir si trouvé.", self.days.ago(30))
        source, at = rng.choice(("Fiche papier", "Comptoir", "Site")), customer.created_at
        asked = [
            (Channel.EMAIL, Purpose.ORDER_ARRIVAL, 0.9, card.email),
            (Channel.EMAIL, Purpose.MARKETING, 0.5, card.email),
            (Channel.EMAIL, Purpose.RECEIPT, 0.3, card.email),
            (Channel.SMS, Purpose.ORDER_ARRIVAL, 0.9, None if card.no_sms else card.phone),
        ]
        for channel, purpose, chance, reached in asked:
            if reached and rng.random() < chance:
                self._consent(customer.id, channel, purpose, at, source=source)
                if purpose is Purpose.MARKETING and rng.random() < 0.1:
                    later = self.days.ago(rng.randint(1, 40))
                    self._consent(customer.id, channel, purpose, later, source="Lien de désinscription", granted=False)

    def _twins(self) -> None:
        """Persons entered twice, as the finder of duplicates is to find them."""
        pairs: dict[tuple[str | None, str], Customer] = {}
        for customer in self.customers[SEEDS:]:
            card = customer.details
            if card.name.startswith(("LEFEBVRE", "LEFÈVRE")) and card.first_name == "Julie":
                card.address = replace(card.address, postal_code="44000", town="Nantes")
                card.stat_1 = _sector(card)
            first = pairs.setdefault((card.first_name, card.name), customer)
            if first is not customer and (card.first_name, card.name) == ("Marie", "MARTIN"):
                first.details.email = first.details.email or "marie.martin@example.org"
                card.email = first.details.email.capitalize()

    # what hangs on cards ----------------------------------------------------------------------------------------------

    def _places(self, owner: Party, card: CustomerDetails, at: datetime) -> None:
        taken: set[str] = set()
        roles = [
            role for role, chance in ((AddressRole.DELIVERY, 0.5), (AddressRole.BILLING, 0.3)) if self._luck(chance)
        ]
        for role in roles:
            town = card.address.town or "Nantes"
            code = sub_code(town, taken=taken)
            taken.add(code)
            delivery = role is AddressRole.DELIVERY
            self.file.addresses.append(
                Address(
                    id=AddressId(self.days.new_id(at)),
                    owner=owner,
                    code=code,
                    details=AddressDetails(
                        role=role,
                        postal=PostalAddress(
                            recipient="Réserve, entrée de service" if delivery else "Service comptabilité",
                            street=f"{self.rng.randint(1, 90)} {self.rng.choice(words.STREETS.split('|'))}",
                            postal_code=card.address.postal_code or "44000",
                            town=town,
                            country=card.address.country,
                        ),
                        allowed_for=frozenset({DocumentType.ORDER, DocumentType.DELIVERY_NOTE})
                        if delivery
                        else frozenset({DocumentType.INVOICE, DocumentType.REMINDER}),
                    ),
                    created_at=at,
                    updated_at=at,
                )
            )

    def _people(self, owner: Party, card: CustomerDetails, at: datetime) -> None:
        taken: set[str] = set()
        families, first_names = words.FAMILIES.replace("·", " ").split(), words.FEMALE.split()
        functions = ["CDE", "FAC", *(["DOC"] if card.lending_library else [])]
        for function in functions[: self.rng.randint(1, len(functions))]:
            name, first_name = self.rng.choice(families), self.rng.choice(first_names)
            code = sub_code(name, taken=taken)
            taken.add(code)
            mailbox = f"{folded(first_name)}.{folded(name)}".replace(" ", "-").lower()
            self.file.contacts.append(
                ContactPerson(
                    id=ContactId(self.days.new_id(at)),
                    owner=owner,
                    code=code,
                    details=ContactDetails(
                        name=name,
                        title="Mme",
                        first_name=first_name,
                        function=function,
                        phone=f"02 61 91 {self.rng.randint(0, 99):02} {self.rng.randint(0, 99):02}",
                        email=f"{mailbox}@example.org",
                    ),
                    created_at=at,
                    updated_at=at,
                )
            )

    def _account(self, owner: Party, name: str, at: datetime) -> None:
        bank, branch, account = "00000", "00044", f"{self.rng.randrange(10**11):011d}"
        rib = Rib(bank=bank, branch=branch, account=account, key=rib_key(bank, branch, account))
        self.file.accounts.append(
            BankAccount(
                id=BankAccountId(self.days.new_id(at)),
                owner=owner,
                code=sub_code("BANQUE", taken=()),
                details=BankDetails(iban=rib.iban, domiciliation=f"BANQUE FICTIVE {name}"[:60], main=True),
                created_at=at,
                updated_at=at,
            )
        )

    def _discount(self, customer_id: CustomerId, scope: DiscountScope, percent: str, basis: str, at: datetime) -> None:
        since = date(self.days.today.year, 1, 1)
        details = DiscountDetails(scope=scope, percent=Decimal(percent), basis=basis, starts_on=since)
        self.file.discounts.append(
            DiscountRule(
                id=DiscountId(self.days.new_id(at)),
                customer_id=customer_id,
                details=details,
                created_at=at,
                updated_at=at,
            )
        )

    def _note(self, owner: Party, text: str, at: datetime) -> None:
        self.file.notes.append(
            Note(id=NoteId(self.days.new_id(at)), owner=owner, text=text, by=self.by, created_at=at, updated_at=at)
        )

    def _consent(
        self,
        customer_id: CustomerId,
        channel: Channel,
        purpose: Purpose,
        at: datetime,
        *,
        source: str,
        granted: bool = True,
    ) -> None:
        self.file.consents.append(
            Consent(
                id=self.days.new_id(at),
                customer_id=customer_id,
                channel=channel,
                purpose=purpose,
                granted=granted,
                source=source,
                at=at,
                by=self.by,
            )
        )

    def _flash(self, card: Party, name: str, *, at: datetime) -> None:
        self.file.flashes.append(
            Flash(
                id=self.days.new_id(at),
                staff_id=StaffId(self.staff_id),
                card=card,
                name=name,
                approved=False,
                by=self.by,
                at=at,
            )
        )

    def _siret(self) -> str:
        """A number with both keys right, of no firm there is."""
        firm = f"000{next(self._firms):05d}"
        firm += luhn.calc_check_digit(firm)
        house = f"{firm}0001"
        return siret(house + luhn.calc_check_digit(house))

    def _luck(self, chance: float) -> bool:
        return self.rng.random() < chance


def _sector(card: CustomerDetails) -> str:
    """The code on the first axis: the département, or the town where it has a level of its own."""
    department = (card.address.postal_code or "99")[:2]
    if department == "44" and card.address.town == "Nantes":
        return "44NAN"
    return (
        department
        if (department, card.address.country) in {(code, "FR") for code, _ in STATISTICS[Table.STAT_1]}
        else "99"
    )
