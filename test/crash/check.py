"""Compares the journals of the clients, and what a poller read, with the store."""
import collections
import datetime
import json
import os
import threading

from poller import Poller
from request import LEASES

FAULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults.sql")

KEYED = ("create_payment", "commit_payment")


class Check:
    """The faults that were found, each a line."""

    def __init__(self, server, entries, poller):
        self.entries = entries
        self.faults = []
        with server.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT customers.use_merchant(merchant_id) FROM customers.merchant")
            self.check_store(cursor)
            self.check_journal(cursor)
            self.check_keys(cursor)
            self.check_captures(cursor)
            self.check_returns(cursor)
            self.check_claims(cursor)
            self.check_reports(cursor)
            self.check_methods(cursor)
            self.check_events(cursor, server, poller)
        connection.close()

    def add(self, fault, *subjects):
        """Notes a fault."""
        self.faults.append(": ".join([fault, *map(str, subjects)]))

    def check_store(self, cursor):
        """The store agrees with itself."""
        with open(FAULTS, encoding="utf-8") as file:
            cursor.execute(file.read().replace("%", "%%"))
        for fault, subject in cursor.fetchall():
            self.add(fault, subject)

    def check_journal(self, cursor):
        """Each event was made by one transaction, and each transaction is there wholly, or not."""
        cursor.execute("SELECT encode(hash, 'hex') FROM customers.payment_event")
        there = collections.Counter(event for event, in cursor.fetchall())
        makers = collections.Counter()
        for entry in self.entries:
            made = entry.get("made", [])
            found = sum(1 for event in made if there[event] == 1)
            if entry.get("fault"):
                self.add("an error that should not be", entry)
            if entry["end"] == "acknowledged" and found != len(made):
                self.add("acknowledged, and not there", entry)
            elif entry["end"] == "doubtful" and found not in (0, len(made)):
                self.add("there by halves", entry)
            elif entry["end"] == "undone" and found != 0:
                self.add("undone, and there", entry)
            if found:
                makers.update(made)
        for event in there:
            if makers[event] != 1:
                self.add(f"made by {makers[event]} transactions", event)

    def of(self, operation, *ends):
        """The journal's entries of an operation that ended in one of these ways."""
        return [entry for entry in self.entries if entry["operation"] == operation and entry["end"] in ends]

    def check_keys(self, cursor):
        """Each key stands for one result, that of every answer; without a key each answer is new."""
        for operation in KEYED:
            cursor.execute("SELECT key, result FROM customers.idempotency WHERE operation = %s", (operation,))
            stored = dict(cursor.fetchall())
            identifier = "payment_id" if operation == "create_payment" else "commit_id"
            cursor.execute(f"SELECT {identifier}::text, {identifier}::uuid::text"
                           f" FROM customers.payment{'' if operation == 'create_payment' else '_commit'}")
            there = dict(cursor.fetchall())
            explained = collections.Counter()
            keys = set()
            for entry in self.of(operation, "acknowledged", "doubtful"):
                uuid = there.get(entry["result"])
                key = entry["key"]
                if entry["end"] == "acknowledged":
                    if uuid is None:
                        self.add("result is not there", entry)
                    elif key is not None and stored.get(key) != uuid:
                        self.add("key stands for another result", stored.get(key), entry)
                if uuid is not None and (key is None or key not in keys):
                    explained[uuid] += 1
                    keys.add(key)
            for uuid in there.values():
                if explained[uuid] != 1:
                    self.add(f"asked for {explained[uuid]} times", operation, uuid)
            for key in stored.keys() - keys:
                self.add("key that nobody got through with", operation, key)

    def check_captures(self, cursor):
        """A key stands for one capture, and for the status that every answer gave."""
        cursor.execute("SELECT key, status FROM customers.idempotency WHERE operation = 'capture_payment'")
        stored = dict(cursor.fetchall())
        cursor.execute("SELECT encode(hash, 'hex') FROM customers.payment_event WHERE event = 'capture'")
        there = {event for event, in cursor.fetchall()}
        captures = collections.Counter()
        for entry in self.of("capture_payment", "acknowledged", "doubtful"):
            key = entry["key"]
            if key is not None:
                captures[key] += len(there.intersection(entry["made"]))
                if entry["end"] == "acknowledged" and stored.get(key) != entry["result"]:
                    self.add("key stands for another status", stored.get(key), entry)
        for key in stored.keys() | captures.keys():
            if captures[key] != (key in stored):
                self.add(f"captured {captures[key]} times", key, stored.get(key))

    def check_returns(self, cursor):
        """A return that was acknowledged, however often, is there once."""
        cursor.execute("SELECT detail FROM customers.payment_event WHERE event = 'return'")
        there = collections.Counter(reference for reference, in cursor.fetchall())
        for entry in self.of("record_return", "acknowledged"):
            if there[entry["arguments"]["reference"]] != 1:
                self.add("return is not there once", entry)

    def check_claims(self, cursor):
        """No two workers got the same attempt of a commit, and none before the lease had run out."""
        cursor.execute("SELECT commit_id, attempt FROM customers.payment_commit")
        attempts = dict(cursor.fetchall())
        claimed = {}
        for entry in self.of("claim_commits", "acknowledged"):
            for claim in entry["claims"]:
                name = (claim["commit_id"], claim["attempt"])
                if name in claimed:
                    self.add("claimed twice", *name)
                claimed[name] = (lease_end(claim) - LEASES[entry["arguments"]["lease"]], lease_end(claim))
                if claim["attempt"] > attempts.get(claim["commit_id"], 0):
                    self.add("claim is not there", *name)
        for (commit, attempt), (begin, _) in claimed.items():
            if (commit, attempt - 1) in claimed and begin < claimed[commit, attempt - 1][1]:
                self.add("claimed before the lease had run out", commit, attempt)
        doubtful = sum(len(entry["claims"]) for entry in self.of("claim_commits", "doubtful"))
        if not 0 <= sum(attempts.values()) - len(claimed) <= doubtful:
            self.add("attempts that nobody made", sum(attempts.values()), len(claimed), doubtful)

    def check_reports(self, cursor):
        """Money that the provider took is received, or listed as too late."""
        cursor.execute("SELECT commit_id, customers.minor_units(received) > 0 OR late_outcome = 'succeeded', late_outcome IS NOT NULL"
                       " FROM customers.payment_commit")
        commits = {commit: rest for commit, *rest in cursor.fetchall()}
        for entry in self.of("resolve_commit", "acknowledged"):
            has_money, is_late = commits[entry["arguments"]["commit"]]
            if entry["arguments"]["outcome"] == "succeeded" and not has_money:
                self.add("success is forgotten", entry)
            if entry.get("said") == "WARNING" and not is_late:
                self.add("late report is forgotten", entry)
            if entry.get("said") is None and not entry["made"]:
                self.add("report counted without an event", entry)
            if entry.get("said") is not None and entry["made"]:
                self.add("report did not count, but made an event", entry)

    def check_methods(self, cursor):
        """Methods that were saved are there, and those that were removed are."""
        cursor.execute("SELECT payment_method_id, removed_at IS NOT NULL FROM customers.payment_method")
        removed = dict(cursor.fetchall())
        for entry in self.of("save_payment_method", "acknowledged"):
            if entry["result"] not in removed:
                self.add("method is not there", entry)
        for entry in self.of("remove_payment_method", "acknowledged"):
            if not removed.get(entry["arguments"]["method"]):
                self.add("method is not removed", entry)

    def check_events(self, cursor, server, poller):
        """Who polls gets each event once, those of a payment in order: from the start, and during all that."""
        cursor.execute("SELECT payment_id, sequence FROM customers.payment_event")
        there = set(cursor.fetchall())
        afterwards = Poller(server, threading.Event())
        for name, each in (("a later poll", afterwards), ("the poll meanwhile", poller)):
            each.catch_up()
            if each.failure:
                self.add(name + " failed", each.failure)
            given = collections.Counter(each.events)
            for event in there - given.keys():
                self.add(name + " skipped an event", *event)
            for event, times in given.items():
                if times > 1 or event not in there:
                    self.add(f"{name} gave an event {times} times, of {int(event in there)}", *event)
            last = collections.Counter()
            for payment, sequence in each.events:
                if sequence != last[payment] + 1:
                    self.add(name + " has another order", payment, sequence)
                last[payment] = sequence


def lease_end(claim):
    """When the lease of a claim runs out."""
    return datetime.datetime.fromisoformat(claim["lease_until"])


def read_journals(paths):
    """All entries of the journals."""
    entries = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            entries.extend(json.loads(line) for line in file)
    return entries
