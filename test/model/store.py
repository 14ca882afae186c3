"""A session that drives the real functions, on payments that are rolled back."""
import collections
import pathlib

import psycopg2

from machine import FINAL


class Disagreement(Exception):
    """The model and the functions differ, or the rows are wrong."""


def text(value, currency):
    return None if value is None else f"{value} {currency}"


def picture(payment):
    """The payment as pg_temp.look() shows it."""
    event, before, after, actor, commit, value, detail = payment.event
    decline_class, declined = payment.decline or (None, None)
    return {
        "status": payment.status, "amount": text(payment.amount, payment.currency),
        "authorized": text(payment.authorized, payment.currency), "received": text(payment.received, payment.currency),
        "returned": text(payment.returned, payment.currency), "commits_used": len(payment.commits),
        "decline_class": decline_class, "declined": text(declined, payment.currency), "method": payment.method,
        "version": payment.version,
        "event": [event, before, after, actor, commit, text(value, payment.currency), detail],
        "commits": [[c.method, text(c.value, c.currency), c.status, text(c.authorized, c.currency), text(c.received, c.currency),
                     c.decline_class, c.sequence, c.reference, *late(c)]
                    for c in payment.commits]}


def late(commit):
    outcome, value, reference = commit.late or (None, None, None)
    return outcome, text(value, commit.currency), reference


class Store:
    """Holds at most one payment at a time, which no other session sees."""

    def __init__(self, database):
        self.connection = psycopg2.connect(dbname=database)
        self.connection.notices = collections.deque()  # of a list it would keep the last 50
        self.cursor = self.connection.cursor()
        self.cursor.execute((pathlib.Path(__file__).parent / "store.sql").read_text())
        self.cursor.execute("SELECT kind, payment_method_id FROM customers.payment_method"
                            " WHERE merchant_id = customers.current_merchant()")
        self.methods = dict(self.cursor.fetchall())
        self.connection.commit()
        self.calls = 0

    def create(self, payment):
        """Creates the model's payment."""
        prices, least, most = ([text(limits[i], currency) for currency, limits in payment.prices.items()] for i in range(3))
        self.cursor.execute(
            "SELECT customers.create_payment(customers.find_customer('ana'), %s::customers.amount[], amount_mode => %s,"
            " min_amounts => %s::customers.amount[], max_amounts => %s::customers.amount[], capture => %s, commits_limit => %s)",
            (prices, payment.mode, least, most, payment.capture, payment.commits_limit))
        self.payment = self.cursor.fetchone()[0]
        self.commits = None

    def call(self, payment, operation):
        """Calls an operation; returns the model's payment, once it is certain that the real one looks the same."""
        self.connection.notices.clear()
        self.cursor.execute("SELECT * FROM pg_temp.call(%s, %s)", (self.payment, self.sql(payment, *operation)))
        answer = self.cursor.fetchone()
        self.commits = answer[2] or self.commits
        return self.agree(payment, operation, answer, self.connection.notices)

    def call_each(self, payment, operations):
        """Calls each operation on the payment as it is; yields it and the model's payment, or the disagreement."""
        self.connection.notices.clear()
        self.cursor.execute("SELECT * FROM pg_temp.call_each(%s, %s)",
                            (self.payment, [self.sql(payment, *operation) for operation in operations]))
        notices = "".join(self.connection.notices).split("NOTICE:  next\n")[1:]
        for operation, answer, said in zip(operations, self.cursor.fetchall(), notices, strict=True):
            try:
                yield operation, self.agree(payment, operation, answer, said.splitlines())
            except Disagreement as fault:
                yield operation, fault

    def agree(self, payment, operation, answer, notices):
        self.calls += 1
        after, refused = payment.after(*operation)
        real_refused, real, _, faults = answer
        compare("is refused with", refused, real_refused)
        if refused:
            return after
        said = [line.split(":")[0] for line in notices if line.startswith(("NOTICE", "WARNING"))]
        compare("says", [after.said] if after.said else [], said)
        for name, value in picture(after).items():
            compare(name, value, real[name])
        if faults:
            raise Disagreement(f"wrong rows: {faults}")
        if payment.status in FINAL and after.status != payment.status:
            raise Disagreement(f"{payment.status} is final, but became {after.status}")
        return after

    def next_steps(self):
        self.cursor.execute("SELECT customers.next_steps(%s)", (self.payment,))
        return self.cursor.fetchone()[0]

    def rollback(self):
        self.connection.rollback()

    def close(self):
        self.connection.close()

    def sql(self, payment, operation, *arguments):
        """The statement of an operation; values are in the payment's currency, or the commit's."""
        if operation == "run_out":
            return f"UPDATE customers.payment SET expires_at = created_at WHERE payment_id = '{self.payment}'"
        subject, currency = [self.payment], payment.currency
        if operation == "expire_payments":
            subject = []
        elif operation == "resolve_commit":
            subject, currency = [self.commits[arguments[0]]], payment.commits[arguments[0]].currency
            arguments = arguments[1:]
        values = subject + [text(value, currency) if type(value) is int else self.methods.get(value, value)
                            for value in arguments]
        return self.cursor.mogrify(f"SELECT customers.{operation}({', '.join(['%s'] * len(values))})", values).decode()


def compare(what, expected, real):
    if expected != real:
        raise Disagreement(f"{what}: {real!r}, but the model says {expected!r}")
