"""A client: calls operations, one in a transaction, and keeps a journal of what it knows.

The journal is outside the database: a file with a line of JSON for each
transaction.  Its "end" says what the client may rely on:

  acknowledged  COMMIT was answered: it is there, whatever happens
  doubtful      COMMIT was sent, and the connection lost: it is there wholly or not at all
  undone        refused, rolled back, or lost before COMMIT: nothing of it is there
"""
import json
import threading
import time

import psycopg2

from request import LOOK, REFUSALS, Chooser, describe
from shop import TRANSACTION_BITS

ISOLATION = ["READ COMMITTED", "REPEATABLE READ"]

# The hashes of the events that this transaction has made: each is of one event
# only.  They stand at the transaction's number in the order of events, or later.
MADE = f"""
SELECT encode(hash, 'hex') FROM customers.payment_event
WHERE position >= (1::int8 << {TRANSACTION_BITS}) + pg_current_xact_id_if_assigned()::text::int8
  AND xmin = pg_current_xact_id_if_assigned()::xid
"""


class Lost(Exception):
    """The connection is lost."""


class Client(threading.Thread):
    """Works until `stop` is set; then it settles what it was left in doubt about."""

    def __init__(self, server, shop, chance, journal, stop):
        super().__init__()
        self.server = server
        self.shop = shop
        self.chance = chance
        self.chooser = Chooser(shop, chance)
        self.journal = journal
        self.stop = stop
        self.connection = None
        self.failure = None

    def run(self):
        try:
            with open(self.journal, "a", encoding="utf-8") as self.file:
                while not self.stop.is_set():
                    self.settle(self.choose())
            if self.connection:
                self.connection.close()
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure

    def choose(self):
        """The next request; None if the connection was lost meanwhile."""
        try:
            return self.chooser.choose(self.look)
        except Lost:
            return None

    def settle(self, request):
        """Does the request; again if it was lost and may be repeated."""
        while request is not None:
            entry = self.attempt(request)
            lost = entry.get("lost", False)
            # The transaction could not be serialized, or the server has gone.
            if not (lost and request.repeatable() or entry.get("sqlstate") == "40001" and not self.stop.is_set()):
                return

    def cursor(self):
        """A cursor of a connection that is there."""
        while self.connection is None or self.connection.closed:
            try:
                self.connection = self.server.connect("shop")
            except psycopg2.OperationalError:
                time.sleep(0.02)
        return self.connection.cursor()

    def execute(self, cursor, sql, arguments=None):
        """Runs a statement; Lost if the connection is."""
        try:
            cursor.execute(sql, arguments)
        except psycopg2.Error as error:
            if self.connection.closed or error.pgcode is None or error.pgcode.startswith("57P"):
                self.connection.close()
                raise Lost from error
            raise

    def look(self, payment):
        """What is possible for a payment."""
        cursor = self.cursor()
        self.execute(cursor, LOOK, (payment,))
        return describe(cursor.fetchone())

    def attempt(self, request):
        """Does the request in one transaction, and writes the journal."""
        entry = {"operation": request.operation, "arguments": request.arguments, "key": request.key,
                 "isolation": self.chance.choice(ISOLATION), "end": "undone"}
        cursor = self.cursor()
        try:
            self.transact(cursor, request, entry)
        except Lost:
            entry["lost"] = True
        except psycopg2.Error as error:
            entry["sqlstate"] = error.pgcode
            entry["fault"] = error.pgcode not in REFUSALS.get(request.operation, ()) and not (
                error.pgcode == "40001" and entry["isolation"] == "REPEATABLE READ")
            entry["message"] = str(error)
            self.undo(cursor)
        self.file.write(json.dumps(entry) + "\n")
        self.file.flush()
        if entry["end"] == "acknowledged":
            self.learn(request, entry)
        return entry

    def transact(self, cursor, request, entry):
        """The transaction."""
        self.execute(cursor, "BEGIN ISOLATION LEVEL " + entry["isolation"])
        if entry["isolation"] == "REPEATABLE READ":
            # As whoever reads before writing: others may commit between.
            self.execute(cursor, "SELECT count(*) FROM customers.payment_method")
        del self.connection.notices[:]
        self.execute(cursor, request.sql(), request.arguments)
        if request.operation == "claim_commits":
            names = [column.name for column in cursor.description]
            entry["claims"] = [dict(zip(names, row)) for row in cursor.fetchall()]
            for claim in entry["claims"]:
                for moment in ("lease_until", "created_at"):
                    claim[moment] = claim[moment].isoformat()
        else:
            entry["result"] = cursor.fetchone()[0]
        if self.connection.notices:
            entry["said"] = self.connection.notices[-1].split(":")[0]
        self.execute(cursor, MADE)
        entry["made"] = [made for made, in cursor.fetchall()]
        if self.chance.random() < 0.03:
            self.execute(cursor, "ROLLBACK")
            return
        entry["end"] = "doubtful"
        self.execute(cursor, "COMMIT")
        entry["end"] = "acknowledged"

    def undo(self, cursor):
        """Ends a transaction that failed."""
        try:
            self.execute(cursor, "ROLLBACK")
        except Lost:
            pass

    def learn(self, request, entry):
        """Takes over what an acknowledged request gave."""
        shop = self.shop
        if request.operation == "claim_commits":
            for claim in entry["claims"]:
                shop.provider.charge(self.chance, claim)
        elif request.operation == "create_payment":
            customer = next(c for c in shop.customers if c.customer_id == request.arguments["customer"])
            shop.customer_of[entry["result"]] = customer
            slot = getattr(request, "slot", None)
            if slot is not None:
                shop.payments[slot] = entry["result"]
        elif request.operation == "save_payment_method":
            customer = next(c for c in shop.customers if c.customer_id == request.arguments["customer"])
            customer.methods.append(entry["result"])
            del customer.methods[:-20]
