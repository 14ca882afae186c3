#!/usr/bin/python3
"""Compares the payment functions with a small model of them, step by step.

  explore.py [--depth N] [--walks N] [--seed N]

Exhaustively: from a new payment, for each amount mode and way of capture, all sequences of up to N operations of all
actors; only, of two states that behave alike one is enough to go on from. An operation holds the lock of the payment's
row from its beginning to its end, so several sessions at once have the effect of some order of their operations: these
are all the interleavings of the actors. At random: walks of up to 40 operations on payments with more commits and values.

After each operation the payment, its commits and its last event must be as the model says, refusals must have its
SQLSTATE, and the rows must agree with one another. The server is that of $PGHOST.
"""
import argparse
import concurrent.futures
import os
import random
import sys
import time

try:
    import psycopg2
except ImportError:
    print("psycopg2 is not installed")
    sys.exit(77)

from machine import FINAL, Payment
from store import Disagreement, Store

DATABASE = "payment_model"
WALK_LENGTH = 40
CONFIGURATIONS = [(mode, capture) for capture in ("manual", "automatic")
                  for mode in ("editable", "editable_if_insufficient", "strict")]
# What next_steps() calls the customer's operations.
STEPS = {"choose_currency": "choose_currency", "choose_payment_method": "choose_payment_method",
         "change_amount": "change_amount", "commit_payment": "commit", "cancel_payment": "cancel"}

# Without a value they go for all there is; the values are a part, more than there is, nothing, and one of another currency.
CUSTOMER = [("choose_currency", "JPY"), ("choose_currency", "KRW"), ("choose_currency", "VND"),
            ("choose_payment_method", "first"), ("choose_payment_method", "second"),
            ("change_amount", 2), ("change_amount", 5), ("change_amount", 9), ("change_amount", "3 VND"),
            ("commit_payment",), ("commit_payment", "second"), ("commit_payment", "first", 1), ("commit_payment", "second", 2),
            ("commit_payment", "first", 9), ("commit_payment", "first", 0), ("cancel_payment",)]
MERCHANT = [("capture_payment",), ("capture_payment", 1, False), ("capture_payment", 1), ("capture_payment", 9),
            ("capture_payment", 0), ("capture_payment", 1, False, "k1"), ("record_return", 1, "r1"), ("record_return", 2, "r1"), ("record_return", 9, "r2"),
            ("record_return", "1 VND", "r2")]
CLOCK = [("run_out",), ("expire_payments",)]
# What the processor may say of a commit, whatever it has said before: outcome, value, code, reference, sequence.
REPORTS = [("requires_action", None, None, None, "2"), ("unknown",),
           ("authorized", None, None, "ch_1"), ("authorized", 1), ("authorized", 5),
           ("succeeded", None, None, "ch_1"), ("succeeded", 1), ("succeeded", 5), ("succeeded", 0),
           ("succeeded", None, None, "ch_2", "1"),  # numbered before requires_action
           ("declined", None, "insufficient_funds"), ("declined", None, "lost_card"), ("declined", None, "do_not_honor"),
           ("voided",), ("cancelled",), ("expired",)]


def operations(payment):
    """What all actors may do."""
    return CUSTOMER + MERCHANT + CLOCK + [
        ("resolve_commit", number, *report) for number in range(len(payment.commits)) for report in REPORTS]


def random_operation(payment, dice):
    """What one of the actors may do; much of it leads on."""
    value = dice.choice((None, None, 1, 2, 3, 5, 8, 13, 21, 30))
    if payment.overdue and dice.random() < 0.1:
        return ("expire_payments",)
    if payment.commits and dice.random() < 0.55:
        number = dice.choice((dice.randrange(len(payment.commits)), len(payment.commits) - 1))
        outcome = dice.choice(("authorized", "succeeded", "declined", dice.choice(REPORTS)[0]))
        return ("resolve_commit", number, outcome, value, dice.choice(("insufficient_funds", "lost_card", "do_not_honor", None)),
                dice.choice((None, None, "ch_1", "ch_2")), dice.choice((None, None, None, "1", "2", "3")))
    method = dice.choice(("first", "second"))
    choices = {
        ("commit_payment", dice.choice((None, method)), value): 20, ("capture_payment", value, dice.random() < 0.3): 4,
        ("capture_payment", value, dice.random() < 0.3, dice.choice(("k1", "k2"))): 6,
        ("change_amount", value or 4): 6, ("record_return", value or 4, dice.choice(("r1", "r2", "r3"))): 6,
        ("choose_currency", dice.choice(("JPY", "KRW"))): 2, ("choose_payment_method", method): 2,
        ("cancel_payment",): 1, ("run_out",): 0.5}
    return dice.choices(list(choices), choices.values())[0]


def describe(payment, path):
    """The way to a disagreement, as text."""
    return "\n".join([f"{payment.capture} capture, {payment.mode}, {payment.commits_limit} commits",
                      *(f"  {operation[0]}{operation[1:]!r}" for operation in path)])


def explore(store, mode, capture, depth):
    """Calls every operation in every state that takes less than depth operations to reach; returns the number of states."""
    first = Payment({"JPY": (4, 2, 6), "KRW": (3, 2, 6)}, mode, capture, commits_limit=2)
    seen = {first.key()}
    frontier = [()]
    for _ in range(depth):
        following = []
        for path in frontier:
            payment = first
            store.create(first)
            for operation in path:
                payment = store.call(payment, operation)
            possible = [None, *store.next_steps()["possible"]]
            taken = set()
            for operation, after in store.call_each(payment, operations(payment)):
                if not isinstance(after, Disagreement) and after is not payment and STEPS.get(operation[0]) not in possible:
                    after = Disagreement("next_steps() did not offer it")
                if isinstance(after, Disagreement):
                    raise Disagreement(f"{after}\n{describe(first, (*path, operation))}")
                if after is not payment:
                    taken.add(STEPS.get(operation[0]))
                if after.key() not in seen:
                    seen.add(after.key())
                    following.append((*path, operation))
            refused = set(possible) - taken - {None}
            if payment.mode == "editable_if_insufficient":
                refused -= {"change_amount"}  # no amount may be as low as it has to be
            if refused:
                raise Disagreement(f"next_steps() offers {refused}\n{describe(first, path)}")
            store.rollback()
        frontier = following
    return len(seen)


def walk(store, mode, capture, seed):
    """Walks at random; the seed is all that decides where."""
    dice = random.Random(f"{mode} {capture} {seed}")
    first = payment = Payment({"JPY": (20, 2, 30), "KRW": (15, 2, 30)}, mode, capture, dice.choice((2, 4, 9)))
    path = []
    store.create(first)
    while len(path) < WALK_LENGTH and (payment.status not in FINAL or dice.random() < 0.9):
        path.append(random_operation(payment, dice))
        try:
            payment = store.call(payment, path[-1])
        except Disagreement as fault:
            raise Disagreement(f"{fault}\nin a walk of --depth 0 --seed {seed} --walks 1\n{describe(first, path)}")
    store.rollback()


def work(task):
    """Explores, or walks from each seed; returns how many states there were, and how many calls."""
    mode, capture, depth, seeds = task
    store = Store(DATABASE)
    try:
        states = explore(store, mode, capture, depth) if depth else 0
        for seed in seeds:
            walk(store, mode, capture, seed)
    finally:
        store.close()
    return states, store.calls


def run(tasks):
    """Runs the tasks in a database of their own, as many at a time as there are processors."""
    server = psycopg2.connect(dbname="postgres")
    server.autocommit = True
    server.cursor().execute(f"CREATE DATABASE {DATABASE}")
    try:
        owner = psycopg2.connect(dbname=DATABASE)
        owner.cursor().execute("CREATE EXTENSION customers; SELECT customers.install()")
        owner.commit()
        owner.close()
        with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
            try:
                return list(pool.map(work, tasks))
            except Disagreement:
                pool.shutdown(cancel_futures=True)
                raise
    finally:
        server.cursor().execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def main():
    """Prints what was done, or how the first disagreement came about."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--walks", type=int, default=100, help="for each amount mode and way of capture")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10 ** 6))
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.walks)
    began = time.monotonic()
    try:
        done = run([(mode, capture, options.depth, ()) for mode, capture in CONFIGURATIONS] +
                   [(mode, capture, 0, seeds) for mode, capture in CONFIGURATIONS])
    except Disagreement as fault:
        sys.exit(str(fault))
    print(f"depth {options.depth}: {sum(states for states, _ in done)} states; "
          f"seed {options.seed}: {len(seeds) * len(CONFIGURATIONS)} walks; "
          f"{sum(calls for _, calls in done)} calls, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
