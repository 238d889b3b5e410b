"""Keys of programs: one suite on the fake and on PostgreSQL."""

from datetime import timedelta

import pytest

from domain.errors import NotFound, UnknownChannel
from domain.model.access import ApiKey
from tests.contracts.house import CHANNEL, House
from tests.contracts.samples import NOW, committed, plain


class TestAnApiKey:
    async def test_comes_back_as_it_was_kept_and_is_revoked_once(self, house: House) -> None:
        async with committed(house) as work:
            key = ApiKey(
                id=house.new_id(),
                digest=b"\x00\xfe",
                label="Clé é",
                scopes=("orders:*", "articles:read"),
                channel_id=await work.api_keys.channel(CHANNEL),
                created_at=NOW,
            )
            work.api_keys.add(key)
        assert plain(await house.api_keys()) == plain([key])
        for at in (NOW, NOW + timedelta(days=1)):
            async with committed(house) as work:
                await work.api_keys.revoke(key.id, at)
        key.revoked_at = NOW
        assert plain(await house.api_keys()) == plain([key])

    async def test_that_does_not_exist_is_not_found(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            with pytest.raises(NotFound):
                await work.api_keys.revoke(house.new_id(), NOW)
            with pytest.raises(UnknownChannel):
                await work.api_keys.channel("autre")
