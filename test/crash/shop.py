"""What the clients share: the merchant's customers, open payments, and the provider."""
import collections
import random

# Minor units per unit, and how an amount is written.
CURRENCIES = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}

# An event's position is an epoch, always the first here, and below it a transaction's number.
TRANSACTION_BITS = 48

SET_UP = """
SET client_min_messages = warning;
CREATE EXTENSION customers;
SELECT customers.install();
CREATE ROLE shop LOGIN IN ROLE customers_merchant, customers_processor;
SELECT customers.bind_role('shop', customers.create_merchant('Shop'));
"""


def amount(minor_units, currency):
    """The text of an amount."""
    digits = CURRENCIES[currency]
    text = str(minor_units).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]} {currency}" if digits else f"{text} {currency}"


def minor_units(text):
    """The minor units of an amount that is text."""
    return int(text.split()[0].replace(".", ""))


class Customer:
    """A customer, and the methods that clients have saved."""

    def __init__(self, customer_id):
        self.customer_id = customer_id
        self.methods = []


class Shop:
    """The merchant.  Clients share it without locks: a stale entry does no harm."""

    def __init__(self, server, customers=20, payments=100):
        with server.connect() as connection, connection.cursor() as cursor:
            cursor.execute(SET_UP)
        connection.close()
        connection = server.connect("shop")
        cursor = connection.cursor()
        self.customers = []
        for _ in range(customers):
            cursor.execute("SELECT customers.create_customer()")
            customer = Customer(cursor.fetchone()[0])
            for token in ("tok_1", "tok_2"):
                cursor.execute("SELECT customers.save_payment_method(%s, 'card', %s)", (customer.customer_id, token))
                customer.methods.append(cursor.fetchone()[0])
            self.customers.append(customer)
        cursor.execute("SELECT customers.create_list('Blocked', effect => 'block_payments')")
        self.block_list = cursor.fetchone()[0]
        connection.close()

        self.payments = [None] * payments  # a payment that is closed makes room for another
        self.customer_of = {}              # payment: Customer
        self.recent = collections.deque(maxlen=40)  # requests that another client may repeat
        self.provider = Provider()


class Provider:
    """The payment provider: what it answers to each commit is decided once.

    Reports are sent late, twice and out of order, so a commit's are put among
    all that are under way, from where clients take any.
    """

    def __init__(self):
        self.charges = {}    # commit: its last report, which decides
        self.under_way = []  # reports that were not handed over yet
        self.sent = collections.deque(maxlen=200)

    def charge(self, chance, claimed):
        """Takes a commit that a worker claimed, as often as workers ask."""
        commit = claimed["commit_id"]
        if commit in self.charges:
            self.under_way.append(self.charges[commit])
            return
        reports = make_reports(chance, claimed)
        self.charges[commit] = reports[-1]
        self.under_way.extend(reports)

    def next_report(self, chance):
        """A report for a client to hand over; None if there is none."""
        if self.sent and chance.random() < 0.15:
            return chance.choice(self.sent)
        try:
            report = self.under_way.pop(chance.randrange(max(1, min(30, len(self.under_way)))))
        except IndexError:
            return None
        self.sent.append(report)
        return report


def make_reports(chance, claimed):
    """What the provider will say of a commit: some steps and an end, or two."""
    value = minor_units(claimed["value"])
    currency = claimed["value"].split()[1]
    numbered = chance.random() < 0.5
    outcomes = [step for step in ("requires_action", "unknown") if chance.random() < 0.3]
    if claimed["capture"] == "manual" and chance.random() < 0.8:
        outcomes.append("authorized")
        if chance.random() < 0.4:
            outcomes.append(chance.choice(["voided", "succeeded", "expired", "cancelled"]))
    else:
        outcomes.append(chance.choices(["succeeded", "declined", "voided", "cancelled", "expired"], [60, 30, 4, 3, 3])[0])
    if chance.random() < 0.05:
        outcomes.append(chance.choice(["succeeded", "declined"]))
    return [{
        "commit": claimed["commit_id"],
        "outcome": outcome,
        "value": answered_value(chance, value, currency) if outcome in ("authorized", "succeeded") else None,
        "code": chance.choice(["insufficient_funds", "lost_card", "do_not_honor", None]) if outcome == "declined" else None,
        "provider_reference": "ch_" + claimed["commit_id"],
        "provider_sequence": number if numbered else None,
    } for number, outcome in enumerate(outcomes, 1)]


def answered_value(chance, value, currency):
    """What was authorized or received: all, mostly, or less, or more."""
    kind = chance.random()
    if kind < 0.6:
        return None
    if kind < 0.8:
        return amount(value, currency)
    return amount(chance.randint(1, value) if kind < 0.95 else value + chance.randint(1, 500), currency)


def new_tag(chance=random):
    """What makes a request one that there is no other of."""
    return f"{chance.getrandbits(64):016x}"
