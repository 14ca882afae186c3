"""What a payment does, once more: doc/reference-payments.md written down in another language and another shape.

It is not made from payment_transitions, or it would check the machine against itself. It has no table of transitions
either: the commits are kept, and the status follows from what they hold. Where the two disagree, the document decides
who is wrong.

The operations have the names and parameters of the functions. A value is a number of minor units in the payment's
currency, or the commit's; text is an amount in another currency.
"""
import copy

from commit import FINAL_COMMIT, OPEN, Commit

FINAL = ("paid", "over_paid", "partially_paid", "cancelled", "failed", "expired")
CLASSES = {"insufficient_funds": "lower_amount", "lost_card": "never", "do_not_honor": "other_method"}

# Which event an outcome makes.
EVENTS = {"requires_action": "require_action", "unknown": "mark_unknown", "authorized": "authorize",
          "succeeded": "succeed", **dict.fromkeys(FINAL_COMMIT[1:], "decline")}


class Refused(Exception):
    """The operation raises an error with this SQLSTATE."""


def require(condition, sqlstate="55000"):
    if not condition:
        raise Refused(sqlstate)


class Payment:
    """A payment and, in events, what became of it."""

    def __init__(self, prices, mode, capture, commits_limit):
        self.prices = prices  # currency: (price, least, most)
        self.mode = mode
        self.capture = capture
        self.commits_limit = commits_limit
        self.currency = next(iter(prices))
        self.amount = prices[self.currency][0]
        self.status = "created"
        self.commits = []
        self.returns = {}
        self.captures = {}  # those with an idempotency key
        self.decline = None  # class and value
        self.method = None
        self.overdue = False
        self.version = 1
        self.event = ("create", None, "created", "merchant", None, self.amount, None)
        self.said = None  # NOTICE, WARNING

    @property
    def authorized(self):
        return sum(c.authorized for c in self.commits)

    @property
    def received(self):
        return sum(c.received for c in self.commits)

    @property
    def returned(self):
        return sum(self.returns.values())

    @property
    def balance(self):
        return max(self.amount - self.received - self.authorized, 0)

    @property
    def open_commit(self):
        return next((c for c in self.commits if c.status in OPEN), None)

    def key(self):
        """All that the future depends on: two payments with the same key behave alike."""
        key = (self.status, self.currency, tuple(c.key() for c in self.commits), frozenset(self.returns.items()),
               frozenset(self.captures.items()))
        if self.status in FINAL:
            return key
        lowered = self.mode == "editable_if_insufficient" and self.decline and self.decline[0] == "lower_amount"
        return key + (self.amount, self.method, self.overdue, lowered and self.decline[1])

    def after(self, operation, *arguments):
        """The payment after the operation, and the SQLSTATE: None, unless it is refused."""
        after = copy.copy(self)
        after.commits = [copy.copy(c) for c in self.commits]
        after.returns = dict(self.returns)
        after.captures = dict(self.captures)
        after.said = None
        try:
            getattr(after, operation)(*arguments)
        except Refused as refused:
            return self, refused.args[0]
        return after, None

    def record(self, event, status, actor, commit=None, value=None, detail=None):
        self.event = (event, self.status, status, actor, commit and commit.number, value, detail)
        self.status = status
        self.version += 1

    def settle(self, without=None):
        """The status that follows from the money; without: from which one, if none is there or to come."""
        if self.open_commit:
            return "processing"
        if self.received >= self.amount:
            return "paid" if self.received == self.amount else "over_paid"
        if self.authorized:
            return "authorized"
        return without or ("pending" if self.received else "attempted")

    def give_up(self, without_money):
        """The status of a payment that gets no more money."""
        return self.settle("partially_paid" if self.received else without_money)

    def release(self, status):
        for commit in self.commits:
            if commit.status == "authorized":
                commit.release(status)

    # What each operation needs.

    def require_status(self, *statuses):
        require(self.status in statuses)
        require(not self.overdue or self.status == "processing")

    def require_value(self, value):
        require(isinstance(value, int) and value > 0, "22023")

    def require_method(self, method):
        require(all(c.method != method or c.decline_class != "never" for c in self.commits))

    # The customer.

    def choose_currency(self, currency):
        self.require_status("created", "attempted")
        require(currency in self.prices, "22023")
        if currency != self.currency:
            self.currency = currency
            self.amount = self.prices[currency][0]
            self.decline = None
            self.record("choose_currency", self.status, "customer", value=self.amount)

    def choose_payment_method(self, method):
        self.require_status("created", "attempted", "pending")
        self.require_method(method)
        if method != self.method:
            self.method = method
            self.record("choose_payment_method", self.status, "customer")

    def change_amount(self, value):
        self.require_status("created", "attempted", "pending")
        require(self.mode == "editable" or
                self.mode == "editable_if_insufficient" and self.decline and self.decline[0] == "lower_amount")
        self.require_value(value)
        require(value >= self.received)
        require(self.mode == "editable" or value - self.received < self.decline[1])
        require(self.prices[self.currency][1] <= value <= self.prices[self.currency][2], "23514")
        if value != self.amount:
            self.amount = value
            self.record("change_amount", "paid" if value == self.received else self.status, "customer", value=value)

    def commit_payment(self, method=None, value=None):
        self.require_status("created", "attempted", "pending", "authorized")
        require(len(self.commits) < self.commits_limit)
        if value is not None:
            self.require_value(value)
        require(0 < (value or self.balance) <= self.balance)
        method = method or self.method or "first"
        self.require_method(method)
        commit = Commit(len(self.commits), method, value or self.balance, self.currency, self.capture)
        self.commits.append(commit)
        self.record("commit", "processing", "customer", commit, commit.value)

    def cancel_payment(self):
        self.require_status("created", "attempted", "pending", "authorized", "processing")
        commit = self.open_commit
        if commit:
            require(commit.status == "requires_action")
            commit.status = "cancelled"
        self.release("voided")
        self.record("cancel", self.give_up("cancelled"), "customer", commit, detail="requested_by_customer")

    # The merchant.

    def capture_payment(self, value=None, final=True, idempotency_key=None):
        call = value, final
        if idempotency_key in self.captures:
            require(self.captures[idempotency_key] == call, "22023")
            return
        self.require_status("authorized")
        if value is not None:
            self.require_value(value)
        else:
            value = self.authorized
        require(value <= self.authorized)
        left = value
        for commit in self.commits:
            part = min(left, commit.authorized)
            commit.authorized -= part
            commit.received += part
            left -= part
            if part and not commit.authorized:
                commit.status = "succeeded"
        released = self.authorized > 0 and (final or self.received >= self.amount)
        if released:
            self.release("voided")
        if idempotency_key:
            self.captures[idempotency_key] = call
        self.record("capture", self.settle(released and "partially_paid"), "merchant", value=value)

    def record_return(self, value, reference):
        self.require_value(value)
        if reference in self.returns:
            require(self.returns[reference] == value, "23505")
            return
        require(self.status in ("paid", "over_paid", "partially_paid", "pending"))
        require(value <= self.received - self.returned)
        self.returns[reference] = value
        self.record("return", self.status, "merchant", value=value, detail=reference)

    # The processor.

    def resolve_commit(self, number, outcome, value=None, code=None, reference=None, sequence=None):
        commit = self.commits[number]
        if outcome not in ("authorized", "succeeded"):
            value = None
        require(value is None or value > 0, "22023")
        counts = commit.counts(outcome, value, sequence)
        if sequence is not None:
            commit.sequence = max(sequence, commit.sequence or sequence)
        if counts:
            commit.reference = reference or commit.reference
            self.apply(commit, commit.meaning(outcome), value, code)
        elif commit.contradicts(outcome, value, reference):
            self.said = "WARNING"
            if not commit.late or commit.late[0] != "succeeded":
                commit.late = (outcome, value, reference)
        else:
            self.said = "NOTICE"
            commit.reference = commit.reference or reference

    def apply(self, commit, outcome, value, code):
        without = detail = None
        moved = commit.value
        if outcome == "authorized":
            moved = commit.authorized = value or commit.value
            commit.status = outcome
        elif outcome == "succeeded":
            before = commit.received
            commit.received = value or before + commit.authorized or commit.value
            moved = commit.received - before
            commit.authorized = 0
            commit.status = outcome
        elif outcome in OPEN:
            commit.status = outcome
        else:
            moved = commit.authorized or commit.value
            commit.release(outcome)
            detail = outcome
            if outcome == "declined":
                commit.decline_class = CLASSES.get(code, "unknown")
                self.decline = (commit.decline_class, commit.value)
                detail = code
            if len(self.commits) >= self.commits_limit:
                without = "partially_paid" if self.received else "failed"
        if outcome in ("authorized", "succeeded"):
            self.decline = None
        if self.received >= self.amount:
            self.release("voided")
        self.record(EVENTS[outcome], self.settle(without), "processor", commit, moved, detail)

    # The clock.

    def run_out(self):
        self.overdue = True

    def expire_payments(self):
        if self.overdue and self.status in ("created", "attempted", "pending", "authorized"):
            self.release("expired")
            self.record("expire", self.give_up("cancelled" if self.status == "authorized" else "expired"), "clock")
