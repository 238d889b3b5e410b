"""The composition root: reads like a parts list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg

from domain.comptoir import Comptoir, Readers
from domain.errors import TryAgain
from domain.usecases.anonymising import Anonymising
from domain.usecases.api_keys import ApiKeys
from domain.usecases.articles import Articles
from domain.usecases.cards import cards
from domain.usecases.customers import Customers
from domain.usecases.duplicating import Duplicating
from domain.usecases.flashes import Flashes
from domain.usecases.merges import Merges
from domain.usecases.orders import Orders
from domain.usecases.pushes import Pushes
from domain.usecases.receptions import Receptions
from domain.usecases.reservations import Reservations
from domain.usecases.scans import Scans
from domain.usecases.settings import Settings
from domain.usecases.tables import CustomFields, Tables
from domain.usecases.third_parties import ThirdParties
from domain.usecases.users import Users
from domain.usecases.work import Surroundings
from infra.company import GroupCompany
from infra.db.pools import Pool, pool
from infra.directory import Directory
from infra.documents import TypstPapers
from infra.identities import SqlIdentities
from infra.ids import new_id
from infra.readers.activity import SqlActivityReader
from infra.readers.articles import SqlArticleReader
from infra.readers.audit import SqlAuditReader
from infra.readers.cards import SqlCardReader
from infra.readers.channels import SqlChannelReader
from infra.readers.customers import SqlCustomerReader
from infra.readers.duplicates import SqlDuplicateReader
from infra.readers.flashes import SqlFlashReader
from infra.readers.happenings import SqlHappeningReader
from infra.readers.merges import SqlMergeReader
from infra.readers.orders import SqlOrderReader
from infra.readers.personal_data import SqlPersonalDataReader
from infra.readers.reservations import SqlReservationReader
from infra.readers.settings import SqlSettingsReader
from infra.readers.tables import SqlTableReader
from infra.readers.third_parties import SqlThirdPartyReader
from infra.readers.users import SqlUserReader
from infra.tidy import tidying
from infra.unit_of_work import units_of_work


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def running(*, database_url: str, pool_size: int) -> AsyncIterator[Comptoir]:
    """The shop, on a migrated database, with at most ``pool_size`` connections to write and as many to read."""
    async with (
        pool(database_url, size=pool_size, read_only=False) as writing,
        pool(database_url, size=pool_size, read_only=True) as reading,
        tidying(writing, clock),
    ):
        around = Surroundings(begin=units_of_work(writing, clock), clock=clock, new_id=new_id)
        company = GroupCompany()
        identities = SqlIdentities(reading=reading, writing=writing, clock=clock)
        yield Comptoir(
            anonymising=Anonymising(around),
            api_keys=ApiKeys(around, identities),
            articles=Articles(around),
            cards=cards(around, Directory()),
            customers=Customers(around),
            duplicating=Duplicating(around),
            fields=CustomFields(around),
            flashes=Flashes(around),
            merges=Merges(around),
            orders=Orders(around),
            pushes=Pushes(around, company),
            receptions=Receptions(around),
            reservations=Reservations(around),
            scans=Scans(around, company),
            settings=Settings(around),
            tables=Tables(around),
            users=Users(around, identities),
            third_parties=ThirdParties(around),
            read=Readers(
                activity=SqlActivityReader(reading),
                articles=SqlArticleReader(reading),
                audit=SqlAuditReader(reading),
                cards=SqlCardReader(reading, Directory()),
                channels=SqlChannelReader(reading),
                customers=SqlCustomerReader(reading),
                flashes=SqlFlashReader(reading),
                duplicates=SqlDuplicateReader(reading),
                happenings=SqlHappeningReader(reading),
                merges=SqlMergeReader(reading),
                orders=SqlOrderReader(reading),
                personal_data=SqlPersonalDataReader(reading),
                reservations=SqlReservationReader(reading),
                settings=SqlSettingsReader(reading),
                tables=SqlTableReader(reading),
                third_parties=SqlThirdPartyReader(reading),
                users=SqlUserReader(reading),
            ),
            identities=identities,
            papers=TypstPapers(),
            clock=clock,
            new_id=new_id,
            ready=lambda: _answers(writing),
        )


async def _answers(pool: Pool) -> bool:
    try:
        async with pool.any() as connection:
            return bool(await connection.fetchval("SELECT true"))
    except (TryAgain, asyncpg.PostgresError):
        return False
