"""What clients ask for: calls of the operations, chosen by chance."""
import datetime

from shop import CURRENCIES, amount, minor_units, new_tag

# How each operation may be refused.  Other errors are faults, as is any error
# of one that is not here: an outcome is never refused, nor is a claim.
REFUSALS = {
    "create_payment": {"55000", "22023"},
    "choose_currency": {"55000", "22023"},
    "choose_payment_method": {"55000"},
    "change_amount": {"55000", "22023", "23514"},
    "commit_payment": {"55000", "22023"},
    "capture_payment": {"55000", "22023"},
    "record_return": {"55000", "22023"},
    "cancel_payment": {"55000"},
    "save_payment_method": {"55000", "23514"},
    "set_default_payment_method": {"55000"},
}

# What may be asked again when the connection was lost, and counts once.
REPEATABLE = {"record_return", "resolve_commit", "save_payment_method", "set_default_payment_method",
              "remove_payment_method"}

# Leases of claims, most of which run out before the commit is resolved.
LEASES = {text: datetime.timedelta(milliseconds=milliseconds) for text, milliseconds in (("50 ms", 50), ("1 s", 1000))}


# Those that take an idempotency key, without which asking again does it again; and other arguments, for a wrong repeat.
KEYED = {"create_payment": {"commits_limit": 17}, "commit_payment": {"save_method": True, "value": "0.01 EUR"},
         "capture_payment": {"value": "0.01 EUR"}}


class Request:
    """One call of an operation, with named arguments."""

    def __init__(self, operation, **arguments):
        self.operation = operation
        self.arguments = {name: value for name, value in arguments.items() if value is not None}

    @property
    def key(self):
        """Its idempotency key, or None."""
        return self.arguments.get("idempotency_key")

    def repeatable(self):
        """Whether asking again does nothing twice."""
        return self.operation in REPEATABLE or self.key is not None

    def sql(self):
        """The statement that calls it."""
        arguments = ", ".join(f'"{name}" => %({name})s' for name in self.arguments)
        return f"SELECT * FROM customers.{self.operation}({arguments})"


class Chooser:
    """Chooses the requests of one client."""

    def __init__(self, shop, chance):
        self.shop = shop
        self.chance = chance

    def choose(self, look):
        """The next request; look(payment) tells what is possible for a payment."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.20:
            return Request("claim_commits", max_count=chance.randint(1, 10), lease=chance.choice(list(LEASES)))
        if kind < 0.45:
            report = self.shop.provider.next_report(chance)
            if report:
                return Request("resolve_commit", **report)
        if kind < 0.47:
            return Request("expire_payments", max_count=chance.randint(1, 20))
        if kind < 0.53:
            return self.about_customer()
        if kind < 0.58 and self.shop.recent:
            return self.repeat()
        return self.about_payment(look)

    def repeat(self):
        """A request that a client has made, or is making: seldom with a fault."""
        request = self.chance.choice(self.shop.recent)
        if self.chance.random() < 0.1:
            return Request(request.operation, **{**request.arguments, **KEYED[request.operation]})
        return request

    def keyed(self, request, share):
        """The request, with an idempotency key in that share of cases."""
        if self.chance.random() < share:
            request.arguments["idempotency_key"] = new_tag(self.chance)
            self.shop.recent.append(request)
        return request

    def about_customer(self):
        """Methods are saved and removed, customers blocked and freed."""
        chance = self.chance
        customer = chance.choice(self.shop.customers)
        kind = chance.random()
        if kind < 0.4 or len(customer.methods) < 2:
            return self.save_method(customer)
        if kind < 0.5:
            return Request("remove_payment_method", method=customer.methods.pop(chance.randrange(len(customer.methods) - 1)))
        if kind < 0.6:
            return Request("set_default_payment_method", customer=customer.customer_id, method=chance.choice(customer.methods))
        # Blocked customers are freed three times as often.
        free = chance.random() < 0.75
        if kind < 0.75:
            return Request("unarchive_customer" if free else "archive_customer", customer=customer.customer_id)
        if kind < 0.9:
            return Request("allow_payments", customer=customer.customer_id, allowed=free)
        return Request("remove_from_list" if free else "add_to_list", list=self.shop.block_list,
                       customers=f"{{{customer.customer_id}}}")

    def save_method(self, customer, payment=None):
        """A method, with a fingerprint that others have too, to be kept or for one payment."""
        chance = self.chance
        return Request("save_payment_method", customer=customer.customer_id, kind="card", token="tok_" + new_tag(chance),
                       fingerprint=f"finger {chance.randrange(6)}", for_payment=payment)

    def about_payment(self, look):
        """What the merchant or the customer does with a payment; a few are chosen often."""
        chance = self.chance
        payments = self.shop.payments
        slot = chance.randrange(len(payments) if chance.random() < 0.6 else 5)
        payment = payments[slot]
        steps = look(payment) if payment else None
        if steps is None or (steps["closed"] and chance.random() < 0.6):
            return self.create(slot)
        possible = steps["possible"] * 2 + (["capture"] * 3 if steps["authorized"] else [])
        if chance.random() < 0.15 or not possible:
            possible = ["choose_currency", "choose_payment_method", "change_amount", "commit", "cancel", "capture", "return",
                        "return", "commit"]
        event = chance.choice(possible + ["commit"] * 4 if "commit" in possible else possible)
        if event == "cancel" and chance.random() < 0.5:
            event = "commit"
        return getattr(self, event + "_")(payment, steps)

    def create(self, slot):
        """A new payment, which takes its place when it is there."""
        chance = self.chance
        customer = chance.choice(self.shop.customers)
        currencies = chance.sample(list(CURRENCIES), chance.randint(1, 2))
        request = self.keyed(Request(
            "create_payment", customer=customer.customer_id,
            prices="{" + ",".join(amount(chance.randint(1, 10000), currency) for currency in currencies) + "}",
            reference=new_tag(chance) if chance.random() < 0.5 else None,
            base_reference=f"order {chance.randrange(50)}",
            amount_mode=chance.choice(["strict", "editable", "editable_if_insufficient"]),
            capture=chance.choice(["automatic", "automatic", "manual"]),
            commits_limit=chance.randint(1, 8),
            expires_in=chance.choices(["24 hours", "2 s", "200 ms"], [70, 15, 15])[0]), 0.8)
        request.slot = slot
        return request

    def choose_currency_(self, payment, _):
        return Request("choose_currency", payment=payment, currency=self.chance.choice(list(CURRENCIES)))

    def choose_payment_method_(self, payment, _):
        customer = self.shop.customer_of[payment]
        if self.chance.random() < 0.3:
            return self.save_method(customer, payment)
        return Request("choose_payment_method", payment=payment, method=self.chance.choice(customer.methods))

    def change_amount_(self, payment, steps):
        value = steps["held"] + self.chance.randint(0, max(steps["balance"], 2))
        return Request("change_amount", payment=payment, value=amount(value, steps["currency"]))

    def commit_(self, payment, steps):
        chance = self.chance
        customer = self.shop.customer_of[payment]
        value = amount(chance.randint(1, max(steps["balance"], 1)), steps["currency"]) if chance.random() < 0.5 else None
        return self.keyed(Request("commit_payment", payment=payment, value=value, save_method=chance.random() < 0.3,
                                  method=chance.choice(customer.methods) if chance.random() < 0.7 else None), 0.8)

    def cancel_(self, payment, _):
        return Request("cancel_payment", payment=payment, reason=new_tag(self.chance))

    def capture_(self, payment, steps):
        chance = self.chance
        part = amount(chance.randint(1, max(steps["authorized"], 1)), steps["currency"])
        return self.keyed(Request("capture_payment", payment=payment, value=part if chance.random() < 0.6 else None,
                                  final=chance.random() < 0.4), 0.8)

    def return_(self, payment, steps):
        value = amount(self.chance.randint(1, max(steps["received"], 1)), steps["currency"])
        return Request("record_return", payment=payment, value=value, reference=new_tag(self.chance))


LOOK = """
SELECT customers.next_steps(payment_id), customers.minor_units(received), customers.minor_units(authorized),
       closed_at IS NOT NULL
FROM customers.payment WHERE payment_id = %s
"""


def describe(row):
    """What LOOK tells of a payment."""
    steps, received, authorized, closed = row
    return {"possible": steps["possible"], "balance": minor_units(steps["balance"]), "currency": steps["balance"].split()[1],
            "received": received, "authorized": authorized, "held": received + authorized, "closed": closed}
