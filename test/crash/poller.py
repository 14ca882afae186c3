"""A consumer of events_since(), who keeps its cursor outside the database."""
import threading
import time

import psycopg2

POLL = "SELECT payment_id, sequence, next_cursor FROM customers.events_since(%s, %s)"


class Poller(threading.Thread):
    """Polls until `stop` is set, through crashes of the server."""

    def __init__(self, server, stop, cursor=None):
        super().__init__()
        self.server = server
        self.stop = stop
        self.cursor = cursor
        self.events = []  # (payment, sequence), as they came
        self.failure = None

    def run(self):
        try:
            while not self.stop.is_set():
                try:
                    self.poll_until_stop()
                except psycopg2.OperationalError as error:
                    # An error that has an SQLSTATE is one of the poll.
                    if error.pgcode and not error.pgcode.startswith("57P"):
                        raise
                    time.sleep(0.02)
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure

    def poll_until_stop(self):
        """Polls over one connection."""
        connection = self.server.connect("shop")
        try:
            while not self.stop.is_set():
                if self.poll(connection, 50) == 0:
                    time.sleep(0.01)
        finally:
            connection.close()

    def poll(self, connection, max_count):
        """Polls once; returns how many events came."""
        with connection.cursor() as cursor:
            cursor.execute(POLL, (self.cursor, max_count))
            rows = cursor.fetchall()
        for payment, sequence, following in rows:
            self.events.append((payment, sequence))
            self.cursor = following
        return len(rows)

    def catch_up(self):
        """Polls to the end, when nobody writes any more.

        A transaction that still runs, such as one of autovacuum, holds events back.
        """
        connection = self.server.connect("shop")
        settled = False
        while not settled:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_snapshot_xmin(s) = pg_snapshot_xmax(s) FROM pg_current_snapshot() s")
                settled = cursor.fetchone()[0]
            while self.poll(connection, 1000) > 0:
                pass
        connection.close()
