"""What the processor's reports do to a commit: the part of the model that is about one commit."""

OPEN = ("submitted", "requires_action", "unknown")
FINAL_COMMIT = ("succeeded", "declined", "voided", "cancelled", "expired")

# A commit only goes forward.
PROGRESS = {"submitted": 0, "requires_action": 1, "unknown": 2, "authorized": 3, **dict.fromkeys(FINAL_COMMIT, 4)}


class Commit:
    """A commit, and which reports of it count."""

    def __init__(self, number, method, value, currency, capture):
        self.number = number
        self.method = method
        self.value = value
        self.currency = currency
        self.capture = capture  # the payment's
        self.status = "submitted"
        self.authorized = 0
        self.received = 0
        self.decline_class = None
        self.sequence = None
        self.reference = None  # the provider's
        self.late = None  # outcome, value and reference

    def key(self):
        """What its future depends on."""
        key = (self.status, self.received, self.sequence, self.reference,
               self.late is not None and self.late[0] == "succeeded",
               self.decline_class == "never" and self.method)
        return key if self.status in FINAL_COMMIT else key + (self.method, self.value, self.authorized)

    def release(self, status):
        """Ends it without more money; what was captured of it stays."""
        self.authorized = 0
        self.status = "succeeded" if self.received else status

    def meaning(self, outcome):
        """Where the provider captures by itself, what it holds may still come to nothing."""
        return "unknown" if outcome == "authorized" and self.capture == "automatic" else outcome

    def is_echo(self, outcome, value):
        """The merchant captured it, and the provider says so."""
        return outcome == "succeeded" and self.status == "authorized" and value is not None and value <= self.received

    def counts(self, outcome, value, sequence):
        """Does a report lead on?"""
        overtaken = None not in (sequence, self.sequence) and sequence <= self.sequence
        # A decline was made before the authorization.
        stale = outcome == "declined" and self.status == "authorized"
        return (PROGRESS[self.meaning(outcome)] > PROGRESS[self.status] and not overtaken and not stale
                and not self.is_echo(outcome, value))

    def contradicts(self, outcome, value, reference):
        """Does a report that doesn't count say something else than what counts?"""
        if PROGRESS[outcome] < PROGRESS["authorized"] or self.is_echo(outcome, value):
            return False
        if outcome == self.status and outcome in ("authorized", "succeeded"):
            # What the merchant captures may have an identifier of its own.
            charge = outcome == "authorized" or self.capture == "automatic"
            return (charge and None not in (reference, self.reference) and reference != self.reference
                    or value not in (None, self.authorized + self.received))
        if outcome == "authorized":
            return self.status in ("declined", "cancelled", "expired")
        return outcome != self.status
