"""A private server that can be killed as a power cut does it: all at once.

The programs of a PostgreSQL with the extension are in PATH.
"""
import os
import random
import secrets
import shutil
import signal
import subprocess
import tempfile
import time

import psycopg2

# The log must not have these, whatever the tests say.
BAD_SIGNS = ("PANIC:", "TRAP:", "terminated by signal", "XX000", "XX001", "XX002", "not closed", "still referenced", " leak")

# Small WAL, so that checkpoints come often and recovery begins at one of many
# places.  fsync matters for the machine's crash only, not for that of the server.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{directory}'
shared_preload_libraries = 'customers'
customers.key_file = '{directory}/root.key'
max_connections = 50
fsync = off
max_wal_size = 32MB
autovacuum_naptime = 1s
log_line_prefix = '%m [%p] %e '
"""


class Server:
    """The cluster in a temporary directory of its own, which goes with remove()."""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="customers.")
        self.data = os.path.join(self.directory, "data")
        self.log = os.path.join(self.directory, "server.log")
        self.postmaster = None
        key_file = os.path.join(self.directory, "root.key")
        with open(os.open(key_file, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
        subprocess.run(["initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                        "--locale=C.UTF-8", "-N"], check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write(SETTINGS.format(directory=self.directory))

    def connect(self, user="postgres"):
        """A connection in autocommit; psycopg2.OperationalError if the server is down."""
        connection = psycopg2.connect(host=self.directory, user=user, dbname="postgres")
        connection.autocommit = True
        return connection

    def launch(self):
        """Starts the server without waiting for it."""
        with open(self.log, "a", encoding="utf-8") as log:
            self.postmaster = subprocess.Popen(["postgres", "-D", self.data], stdin=subprocess.DEVNULL,
                                               stdout=log, stderr=log)

    def start(self):
        """Starts the server and waits until it takes connections."""
        self.launch()
        while True:
            try:
                self.connect().close()
                return
            except psycopg2.OperationalError:
                if self.postmaster.poll() is not None:
                    raise
                time.sleep(0.02)

    def kill(self, chance):
        """Kills all processes with SIGKILL, in an order of chance.

        The postmaster is stopped first, so that it neither starts another nor
        tells the others that one has died.
        """
        pid = self.postmaster.pid
        os.kill(pid, signal.SIGSTOP)
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            victims = [int(child) for child in file.read().split()] + [pid]
        chance.shuffle(victims)
        for victim in victims:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.postmaster.wait()
        # Orphans are not ours to wait for; they hold the shared memory until they have gone.
        while any(is_running(victim) for victim in victims):
            time.sleep(0.005)

    def restart(self, chance):
        """Starts the server that was killed; one time in four it is killed again while it recovers."""
        while chance.random() < 0.25:
            self.launch()
            time.sleep(chance.uniform(0, 0.3))
            self.kill(chance)
        self.start()

    def bad_lines(self):
        """The lines of the server's log that tell of a fault of the server."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return [line.rstrip() for line in file if any(sign in line for sign in BAD_SIGNS)]

    def remove(self):
        """Ends the server, however it is, and removes all of it."""
        if self.postmaster and self.postmaster.poll() is None:
            self.kill(random)
        shutil.rmtree(self.directory)


def is_running(pid):
    """Whether the process is there and no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
