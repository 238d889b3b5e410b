"""Merging two cards of one customer, and undoing it (A55, C9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import CustomerAnonymised, MergeUndone, SameCustomer
from domain.events import Event, EventType
from domain.model.access import Caller
from domain.model.customer import Customer
from domain.model.merge import (
    ATTRIBUTES,
    CardField,
    Merge,
    Side,
    merged_card,
    settled_links,
    warnings_of,
)
from domain.model.values import CustomerId, MergeId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.merges import MergeView, view_of
from domain.usecases.loyalty_cards import ledgers_of, write
from domain.usecases.rulebook import visible
from domain.usecases.work import Surroundings, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOrder:
    """Which card goes into which; ``choices`` says whose value a field takes, absent is the rule's proposal (P17)."""

    kept_id: CustomerId
    absorbed_id: CustomerId
    choices: Mapping[CardField, Side]


@dataclass(frozen=True, slots=True)
class Merges:
    """Preview, merge, undo. All three do the very same work; a preview stops before it writes (U11)."""

    around: Surroundings

    async def preview(self, *, by: Caller, order: MergeOrder, once: Once[MergeView]) -> Told:
        """What ``merge`` would answer, without a merge; nothing is written. Raises what ``merge`` does."""

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                await work.claim(once)
                return once.tell(await self._merged(work, order, by, preview=True))

        return await until_done(attempt)

    async def merge(self, *, by: Caller, order: MergeOrder, once: Once[MergeView]) -> Told:
        """Merge one card into another, in one transaction.

        All that hangs on the absorbed card and all that names it moves to the kept one; its code, barcode and fidelity
        number stay with it and lead there. Raises ``SameCustomer``, ``NotFound``, ``CustomerMerged``, ``CustomerAnonymised``.
        """

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                return await told(work, once, await self._merged(work, order, by, preview=False))

        return await until_done(attempt)

    async def undo(self, *, by: Caller, merge_id: MergeId, once: Once[MergeView]) -> Told:
        """Take a merge back: each row becomes again what it was; what was added to the kept card since stays with it.

        Raises ``NotFound``, ``MergeUndone``, ``CustomerAnonymised``, or ``MergeBuiltOn`` naming each row that was changed since.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                merge = await work.merges.get(merge_id)
                await work.merges.hold_moved(merge_id)
                kept, absorbed = await work.customers.lock([merge.kept_id, merge.absorbed_id])
                visible(kept, by)
                visible(absorbed, by)
                merge = await work.merges.get(merge_id)
                if merge.undone_at is not None:
                    raise MergeUndone
                for card in (kept, absorbed):
                    if card.anonymised_at is not None:
                        raise CustomerAnonymised(code=card.code)
                await work.customers.links()
                moved = await work.merges.restore(merge, now=now)
                merge.undone_at, merge.undone_by = now, by.client
                await work.merges.close(merge)
                kept, absorbed = await work.customers.lock([merge.kept_id, merge.absorbed_id])
                await self._settle(work, [kept, absorbed], by=by, now=now)
                work.emit(self._event(EventType.CUSTOMER_UNMERGED, kept, absorbed, by))
                work.emit(self._event(EventType.CUSTOMER_UPDATED, absorbed, None, by))
                work.emit(self._event(EventType.CUSTOMER_UPDATED, kept, None, by))
                by_name = await work.merges.client_name(merge.by)
                view = view_of(
                    merge, kept=kept, absorbed=absorbed, moved=moved, by_name=by_name, undone_by_name=by.name
                )
                return await told(work, once, view)

        return await until_done(attempt)

    async def _settle(self, work: UnitOfWork, cards: Sequence[Customer], *, by: Caller, now: datetime) -> None:
        """What one card spent of the other's loyalty while they were one is owed from now on."""
        settings = await work.references.settings()
        ledgers = await ledgers_of(work, cards, settings, around=self.around, by=by)
        for ledger in ledgers.values():
            ledger.settle(now)
        write(work, ledgers.values())

    async def _merged(self, work: UnitOfWork, order: MergeOrder, by: Caller, *, preview: bool) -> MergeView:
        if order.kept_id == order.absorbed_id:
            raise SameCustomer
        now = self.around.clock()
        await work.merges.hold(order.absorbed_id)
        kept, absorbed = await work.customers.lock([order.kept_id, order.absorbed_id])
        for card in (kept, absorbed):
            visible(card, by).stand()
        known = await work.customers.links()
        details, outcomes = merged_card(kept.details, absorbed.details, order.choices)
        details, dropped = settled_links(
            details,
            kept_id=kept.id,
            absorbed_id=absorbed.id,
            links=lambda which: getattr(known, ATTRIBUTES[which][0]),
        )
        plan = await work.merges.plan(kept=kept, card=details, absorbed=absorbed, now=now)
        merge = Merge(
            id=MergeId(self.around.new_id()),
            kept_id=kept.id,
            absorbed_id=absorbed.id,
            at=now,
            by=by.client,
            choices=order.choices,
            fields=tuple(outcomes),
            clashes=(*dropped, *plan.clashes),
            warnings=tuple(warnings_of(kept.details, absorbed.details)),
        )
        kept.details = details  # as the report names it: the card that it is now, or would be
        if not preview:
            await work.merges.carry_out(merge, plan)
            merged, gone = await work.customers.lock([kept.id, absorbed.id])
            work.emit(self._event(EventType.CUSTOMER_MERGED, merged, gone, by))
            work.emit(self._event(EventType.CUSTOMER_UPDATED, merged, None, by))
        return view_of(merge, kept=kept, absorbed=absorbed, moved=plan.moved, by_name=by.name, preview=preview)

    def _event(self, kind: EventType, card: Customer, other: Customer | None, by: Caller) -> Event:
        more = {"absorbed_id": other.id.hex, "absorbed_name": other.details.name} if other else {}
        return self.around.event(
            kind,
            card.id,
            card.version,
            by,
            card.updated_at,
            customer_id=card.id.hex,
            code=card.code,
            name=card.details.name,
            **more,
        )
