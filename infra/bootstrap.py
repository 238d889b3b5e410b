"""The composition root: reads like a parts list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg

from domain.comptoir import Comptoir, Readers
from domain.errors import TryAgain
from domain.usecases.anonymising import Anonymising
from domain.usecases.answering import Answering
from domain.usecases.answers import Answers
from domain.usecases.api_keys import ApiKeys
from domain.usecases.articles import Articles
from domain.usecases.cancelling import Cancelling
from domain.usecases.cards import cards
from domain.usecases.categories import Categories
from domain.usecases.customers import Customers
from domain.usecases.delivery_notes import DeliveryNotes
from domain.usecases.dunning import Dunning
from domain.usecases.duplicating import Duplicating
from domain.usecases.flashes import Flashes
from domain.usecases.fulfilment import Fulfilment
from domain.usecases.invoices import Invoices
from domain.usecases.loyalty import Loyalty
from domain.usecases.merges import Merges
from domain.usecases.messaging import Messaging
from domain.usecases.moving import Moving
from domain.usecases.named_deposits import NamedDeposits
from domain.usecases.orders import Orders
from domain.usecases.payments import Payments
from domain.usecases.prices import Prices
from domain.usecases.pushes import Pushes
from domain.usecases.queueing import Queueing
from domain.usecases.receptions import Receptions
from domain.usecases.recording import Recording
from domain.usecases.reminding import Reminding
from domain.usecases.reservations import Reservations
from domain.usecases.reserving_changes import ReservationChanges
from domain.usecases.reserving_moves import ReservationMoves
from domain.usecases.returns import Returns
from domain.usecases.saved_lists import SavedLists
from domain.usecases.scans import Scans
from domain.usecases.sending import Sending
from domain.usecases.settings import Settings
from domain.usecases.stocktaking import Stocktaking
from domain.usecases.supplier_orders import SupplierOrders
from domain.usecases.suspending import Suspending
from domain.usecases.tables import CustomFields, Tables
from domain.usecases.tariffs import Tariffs
from domain.usecases.templates import Templates
from domain.usecases.third_parties import ThirdParties
from domain.usecases.unsubscribing import Unsubscribing
from domain.usecases.users import Users
from domain.usecases.work import Surroundings
from infra.company import GroupCompany
from infra.db.pools import Pool, pool
from infra.directory import Directory
from infra.documents import TypstPapers
from infra.identities import SqlIdentities
from infra.ids import new_id
from infra.jobs.handlers import handlers_of
from infra.jobs.running import working
from infra.jobs.shops import SqlShops
from infra.messaging.choose import carriers_of
from infra.messaging.outlets import Outlets
from infra.readers.activity import SqlActivityReader
from infra.readers.answers import SqlAnswerReader
from infra.readers.articles import SqlArticleReader
from infra.readers.audit import SqlAuditReader
from infra.readers.cards import SqlCardReader
from infra.readers.categories import SqlCategoryReader
from infra.readers.channels import SqlChannelReader
from infra.readers.customers import SqlCustomerReader
from infra.readers.delivery_notes import SqlDeliveryNoteReader
from infra.readers.deposits import SqlDepositReader
from infra.readers.documents import SqlDocumentReader
from infra.readers.dunning import SqlDunningReader
from infra.readers.duplicates import SqlDuplicateReader
from infra.readers.flashes import SqlFlashReader
from infra.readers.happenings import SqlHappeningReader
from infra.readers.invoices import SqlInvoiceReader
from infra.readers.labels import SqlLabelReader
from infra.readers.lending import SqlLendingReader
from infra.readers.loyalty import SqlLoyaltyReader
from infra.readers.merges import SqlMergeReader
from infra.readers.messages import SqlMessageReader
from infra.readers.named_deposits import SqlNamedDepositReader
from infra.readers.orders import SqlOrderReader
from infra.readers.personal_data import SqlPersonalDataReader
from infra.readers.purchases import SqlPurchaseReader
from infra.readers.queue import SqlQueueReader
from infra.readers.receptions import SqlReceptionReader
from infra.readers.reservations import SqlReservationReader
from infra.readers.saved_lists import SqlSavedListReader
from infra.readers.settings import SqlSettingsReader
from infra.readers.shrinkage import SqlShrinkageReader
from infra.readers.statistics import SqlStatisticsReader
from infra.readers.stock_checks import SqlStockCheckReader
from infra.readers.supply import SqlSupplyReader
from infra.readers.tables import SqlTableReader
from infra.readers.tariffs import SqlTariffReader
from infra.readers.third_parties import SqlThirdPartyReader
from infra.readers.untreated import SqlUntreatedReader
from infra.readers.users import SqlUserReader
from infra.spreadsheets import OpenpyxlSpreadsheets
from infra.tidy import tidying
from infra.unit_of_work import units_of_work


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def running(
    *, database_url: str, pool_size: int, public_url: str = "http://localhost", outlets: Outlets | None = None
) -> AsyncIterator[Comptoir]:
    """The shop, on a migrated database, with at most ``pool_size`` connections to write and as many to read.

    ``public_url`` is where customers reach it. With ``outlets``, where messages leave the house, this process does the work
    that waits in the queue of jobs; without, others do.
    """
    async with (
        pool(database_url, size=pool_size, read_only=False) as writing,
        pool(database_url, size=pool_size, read_only=True) as reading,
        tidying(writing, clock),
    ):
        around = Surroundings(begin=units_of_work(writing, clock), clock=clock, new_id=new_id)
        company = GroupCompany()
        identities = SqlIdentities(reading=reading, writing=writing, clock=clock)
        shops = SqlShops(reading)
        comptoir = Comptoir(
            anonymising=Anonymising(around),
            answers=Answers(around),
            answering=Answering(around),
            api_keys=ApiKeys(around, identities),
            articles=Articles(around),
            cancelling=Cancelling(around),
            cards=cards(around, Directory()),
            categories=Categories(around),
            customers=Customers(around),
            delivery_notes=DeliveryNotes(around),
            dunning=Dunning(around, public_url),
            duplicating=Duplicating(around),
            fields=CustomFields(around),
            flashes=Flashes(around),
            invoices=Invoices(around),
            loyalty=Loyalty(around),
            merges=Merges(around),
            messaging=Messaging(around, public_url),
            moving=Moving(around),
            named_deposits=NamedDeposits(around),
            fulfilment=Fulfilment(around),
            orders=Orders(around),
            payments=Payments(around),
            prices=Prices(around),
            pushes=Pushes(around, company),
            queueing=Queueing(around),
            receptions=Receptions(around),
            recording=Recording(around),
            reminding=Reminding(around, public_url),
            reservations=Reservations(around),
            reservation_changes=ReservationChanges(around),
            reservation_moves=ReservationMoves(around),
            returns=Returns(around),
            saved_lists=SavedLists(around),
            scans=Scans(around, company),
            settings=Settings(around),
            stocktaking=Stocktaking(around),
            supplier_orders=SupplierOrders(around),
            suspending=Suspending(around),
            tables=Tables(around),
            tariffs=Tariffs(around),
            templates=Templates(around, public_url),
            users=Users(around, identities),
            third_parties=ThirdParties(around),
            unsubscribing=Unsubscribing(around, shops),
            read=Readers(
                activity=SqlActivityReader(reading),
                answers=SqlAnswerReader(reading),
                articles=SqlArticleReader(reading),
                audit=SqlAuditReader(reading),
                cards=SqlCardReader(reading, Directory()),
                categories=SqlCategoryReader(reading),
                channels=SqlChannelReader(reading),
                customers=SqlCustomerReader(reading),
                delivery_notes=SqlDeliveryNoteReader(reading),
                deposits=SqlDepositReader(reading),
                documents=SqlDocumentReader(reading),
                dunning=SqlDunningReader(reading),
                flashes=SqlFlashReader(reading),
                duplicates=SqlDuplicateReader(reading),
                happenings=SqlHappeningReader(reading),
                invoices=SqlInvoiceReader(reading),
                labels=SqlLabelReader(reading, Directory()),
                lending=SqlLendingReader(reading),
                loyalty=SqlLoyaltyReader(reading),
                merges=SqlMergeReader(reading),
                messages=SqlMessageReader(reading),
                named_deposits=SqlNamedDepositReader(reading),
                orders=SqlOrderReader(reading),
                personal_data=SqlPersonalDataReader(reading),
                purchases=SqlPurchaseReader(reading),
                queue=SqlQueueReader(reading),
                receptions=SqlReceptionReader(reading),
                reservations=SqlReservationReader(reading),
                saved_lists=SqlSavedListReader(reading),
                settings=SqlSettingsReader(reading),
                shrinkage=SqlShrinkageReader(reading),
                statistics=SqlStatisticsReader(reading),
                stock_checks=SqlStockCheckReader(reading),
                supply=SqlSupplyReader(reading),
                tables=SqlTableReader(reading),
                tariffs=SqlTariffReader(reading),
                third_parties=SqlThirdPartyReader(reading),
                untreated=SqlUntreatedReader(reading),
                users=SqlUserReader(reading),
            ),
            identities=identities,
            papers=TypstPapers(),
            spreadsheets=OpenpyxlSpreadsheets(),
            clock=clock,
            new_id=new_id,
            ready=lambda: _answers(writing),
        )
        if outlets is None:
            yield comptoir
            return
        sending = Sending(around, carriers_of(outlets, clock), public_url)
        async with working(database_url, handlers_of(comptoir, sending, shops), shops=shops, pool=writing, clock=clock):
            yield comptoir


async def _answers(pool: Pool) -> bool:
    try:
        async with pool.any() as connection:
            return bool(await connection.fetchval("SELECT true"))
    except (TryAgain, asyncpg.PostgresError):
        return False
