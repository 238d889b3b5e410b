"""Why the shop says no. Each class is one problem type; its docstring is the English title.

The wording a person reads, French and English, stands in ``api/problems``, keyed by ``code``; nothing here knows HTTP.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field of what was asked.

    ``code`` names the rule broken, ``pointer`` is an RFC 6901 JSON pointer into the request, ``facts`` fill the wording.
    """

    code: str
    pointer: str
    facts: tuple[tuple[str, object], ...] = ()


class ShopError(Exception):
    """The shop refused"""

    code: ClassVar[str] = "refused"

    def __init__(self, *, faults: Sequence[Fault] = (), **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts
        self.faults = tuple(faults)


class NotFound(ShopError):
    """There is no such record"""

    code = "not-found"


class UnknownArticle(ShopError):
    """No article has this EAN"""

    code = "unknown-article"


class UnknownChannel(ShopError):
    """There is no such web shop"""

    code = "unknown-channel"


class Invalid(ShopError):
    """The request breaks a rule of the shop"""

    code = "invalid"


class Forbidden(ShopError):
    """The credentials do not allow this"""

    code = "forbidden"


class NotAuthenticated(ShopError):
    """Credentials are missing, wrong or no longer valid"""

    code = "not-authenticated"


class StaleVersion(ShopError):
    """The record was changed meanwhile"""

    code = "stale-version"


class Conflict(ShopError):
    """The record's state does not allow this"""

    code = "conflict"


class OrderLocked(Conflict):
    """Picking has begun: the web shop can no longer change the order"""

    code = "order-locked"


class OrderClosed(Conflict):
    """The order is closed"""

    code = "order-closed"


class LineInUse(Conflict):
    """The line has copies set aside or delivered"""

    code = "line-in-use"


class SupplierOrderClosed(Conflict):
    """The supplier order's state does not allow this"""

    code = "supplier-order-closed"


class NoSupplier(Conflict):
    """Nobody knows who supplies the article"""

    code = "no-supplier"


class NothingToOrder(Conflict):
    """Every copy waited for is on a supplier order already"""

    code = "nothing-to-order"


class CopiesPromised(Conflict):
    """Customers wait for these copies"""

    code = "copies-promised"


class UnfitLines(Conflict):
    """Some of the lines named do not allow this"""

    code = "unfit-lines"


class QueueChanged(Conflict):
    """The queue is no longer the one that was put in order"""

    code = "queue-changed"


class QueueBegun(Conflict):
    """A line that is being served keeps its place"""

    code = "queue-begun"


class NothingToReturn(Conflict):
    """The line has fewer copies delivered"""

    code = "nothing-to-return"


class LineKept(Conflict):
    """A copy lies aside for the line already"""

    code = "line-kept"


class NothingWaits(Conflict):
    """The line waits for no copy"""

    code = "nothing-waits"


class NothingToCancel(Conflict):
    """Nothing of the order is waited for any more"""

    code = "nothing-to-cancel"


class AlreadyRefunded(Conflict):
    """Money was given back: the order cannot be opened again"""

    code = "already-refunded"


class DepositTooLow(Conflict):
    """The deposit by name does not hold so much"""

    code = "deposit-too-low"


class OrderWithoutCustomer(Conflict):
    """The order is for a free name"""

    code = "order-without-customer"


class InvoiceOverpaid(Conflict):
    """More would be paid than the invoice is for"""

    code = "invoice-overpaid"


class NoLetters(Conflict):
    """The run made e-mails only"""

    code = "no-letters"


class RefundTooLarge(Conflict):
    """More would be given back than there is to give back"""

    code = "refund-too-large"


class CategoryInUse(Conflict):
    """Articles, discounts or other categories name this category"""

    code = "category-in-use"


class NothingToDeliver(Conflict):
    """Nothing of the order can be delivered now"""

    code = "nothing-to-deliver"


class OutOfStock(Conflict):
    """Stock does not hold the copies asked for"""

    code = "out-of-stock"


class TooManyCopies(Conflict):
    """No shop holds so many copies of one article"""

    code = "too-many-copies"


class CustomerClosed(Conflict):
    """The customer is closed to new documents"""

    code = "customer-closed"


class CustomerBlocked(Conflict):
    """The customer's light is red"""

    code = "customer-blocked"


class CustomerNotApproved(Conflict):
    """The customer has no administrative visa yet"""

    code = "customer-not-approved"


class CustomerMerged(Conflict):
    """The card was merged into another"""

    code = "customer-merged"


class CustomerAnonymised(Conflict):
    """The person on the card was blanked"""

    code = "customer-anonymised"


class CustomerInUse(Conflict):
    """Documents or other cards name this customer"""

    code = "customer-in-use"


class CustomerBusy(Conflict):
    """The customer has open orders, copies set aside or a deposit"""

    code = "customer-busy"


class UnknownCode(Conflict):
    """A table of the shop does not have this code"""

    code = "unknown-code"


class UnknownParty(Conflict):
    """A card named does not exist, is closed or was merged"""

    code = "unknown-party"


class LinkRing(Conflict):
    """The links between cards would close a ring"""

    code = "link-ring"


class CeilingExceeded(Conflict):
    """The customer's credit ceiling would be exceeded"""

    code = "ceiling-exceeded"


class MergeUndone(Conflict):
    """The merge was undone already"""

    code = "merge-undone"


class MergeBuiltOn(Conflict):
    """What the merge moved was changed since"""

    code = "merge-built-on"


class SameCustomer(Conflict):
    """A card cannot be merged into itself"""

    code = "same-customer"


class ThirdPartyInUse(Conflict):
    """Cards or records name this third party"""

    code = "third-party-in-use"


class CodeInUse(Conflict):
    """Cards use this code of the table"""

    code = "code-in-use"


class CodeUnfit(Conflict):
    """The code does not have the form that its table asks for"""

    code = "code-unfit"


class TableFull(Conflict):
    """The table holds as many values as it can"""

    code = "table-full"


class LastAdministrator(Conflict):
    """Nobody would be left who administers the shop"""

    code = "last-administrator"


class OrderHasCustomer(Conflict):
    """The order belongs to a card already"""

    code = "order-has-customer"


class Inconsistent(Conflict):
    """The fields do not go together"""

    code = "inconsistent"


class NotAProspect(Conflict):
    """Only a prospect that is no customer yet becomes one"""

    code = "not-a-prospect"


class TooMany(Conflict):
    """More records were found than can be done at once"""

    code = "too-many"


class NothingToPrint(Conflict):
    """Nothing of what was found can be printed"""

    code = "nothing-to-print"


class MessageGone(Conflict):
    """The message is no longer where this can be done"""

    code = "message-gone"


class MessageTold(Conflict):
    """The customer was told so already"""

    code = "message-told"


class DeadlinePast(Conflict):
    """The day has gone by"""

    code = "deadline-past"


class ReservationEnded(Conflict):
    """The reservation has ended already"""

    code = "reservation-ended"


class CodeTaken(Conflict):
    """Another record has this code"""

    code = "code-taken"


class AnswerPending(Conflict):
    """The first request with this idempotency key is still running"""

    code = "idempotency-in-progress"


class AnswerErased(ShopError):
    """The answer kept for this idempotency key was erased with the person it told of"""

    code = "answer-erased"


class KeyReused(ShopError):
    """The idempotency key was used for another request"""

    code = "idempotency-key-reused"


class LoyaltyBegun(Conflict):
    """The loyalty ledger of the card has begun already"""

    code = "loyalty-begun"


class LoyaltyTooLow(Conflict):
    """The loyalty card does not hold so much"""

    code = "loyalty-too-low"


class LoyaltyInactive(Conflict):
    """The loyalty card is not active"""

    code = "loyalty-inactive"


class VoucherOverCap(Conflict):
    """The law does not let a voucher take so much off these lines"""

    code = "voucher-over-cap"


class ReferenceReused(Conflict):
    """Something else was told under this reference"""

    code = "reference-reused"


class TryAgain(ShopError):
    """The database asked for the work to be done again"""

    code = "try-again"
