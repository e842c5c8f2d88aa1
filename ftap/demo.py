"""`python -m ftap.demo`, what `bin/demo` runs: the whole application on this machine, with invented actuals.

Data stay in `FTAP_VAR` (default var/). `DATABASE_URL`, `REDIS_URL` and `EMAIL_URL` point at servers of one's own:
the embedded one is then not started. Speaks French: who tries the application reads it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from ftap.embedded.children import stop_orphans
from ftap.embedded.postgres import Postgres
from ftap.embedded.supervisor import AlreadyRunningError, Program, Supervisor, only_one
from ftap.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
STOP_ORDER = ["web", "worker", "beat", "mailbox", "valkey", "postgres"]
LOOPBACK = "127.0.0.1"
NBSP = "\xa0"


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    """Runs until Ctrl-C. Ends with 2 and one sentence when it cannot start."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    began = time.monotonic()
    var = Path(os.environ.get("FTAP_VAR") or ROOT / "var").resolve()
    port = wanted_port("PORT", 8000)
    try:
        with only_one(var / "run" / "demo.lock") as tell, Supervisor(say, STOP_ORDER) as supervisor:
            run(supervisor, var, port, began, tell)
            say("Arrêt…")
        say("Tout est arrêté, les données sont conservées.")
    except AlreadyRunningError as running:
        raise SystemExit(f"La démonstration tourne déjà{NBSP}: {running}") from None
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        say(f"Démarrage impossible{NBSP}: {error}")
        raise SystemExit(2) from None


def run(supervisor: Supervisor, var: Path, port: int, began: float, tell: Callable[[str], None]) -> None:
    """Starts everything in order, says where it is, then watches."""
    tell("elle démarre")
    (var / "static").mkdir(exist_ok=True)
    for name in stop_orphans(var, STOP_ORDER):
        say(f"{name}{NBSP}: reste d’un arrêt brutal, arrêté")
    refuse_busy(port)
    env = environment(var, port)
    start_servers(supervisor, var, env)
    mailbox = start_mailbox(supervisor, var, env)
    accounts = prepare(env)
    commands = programs(port)
    web = Program("web", commands.pop("web"), var=var, cwd=ROOT, env=env)
    supervisor.start(web)
    wait_for(web, supervisor, port)
    for name, command in commands.items():
        supervisor.start(Program(name, command, var=var, cwd=ROOT, env=env))
    address = f"http://{LOOPBACK}:{port}/"
    tell(address)
    say(announcement(address, mailbox, accounts, var, time.monotonic() - began))
    supervisor.watch(lambda name: say(f"{name}{NBSP}: s’est arrêté, redémarré (journal{NBSP}: {var / name}.log)"))


# --- Steps ---


def environment(var: Path, port: int) -> dict[str, str]:
    """The environment of all the programs: the caller's, and what the demo decides."""
    site = os.environ.get("SITE_URL", f"http://{LOOPBACK}:{port}")
    return {**os.environ, "FTAP_VAR": str(var), "FTAP_DEMO": "1", "SITE_URL": site, "PYTHONUNBUFFERED": "1"}


def start_servers(supervisor: Supervisor, var: Path, env: dict[str, str]) -> None:
    """The database and the broker, each unless the environment names another, and their addresses for the programs."""
    if not env.get("DATABASE_URL"):
        postgres = Postgres(var)
        supervisor.start(postgres)
        env["DATABASE_URL"] = postgres.url()
    if not env.get("REDIS_URL"):
        valkey = Valkey(var)
        supervisor.start(valkey)
        env["REDIS_URL"] = valkey.url()


def start_mailbox(supervisor: Supervisor, var: Path, env: dict[str, str]) -> str | None:
    """The mailbox's address for the browser, None when the mails go to a server of one's own."""
    if env.get("EMAIL_URL"):
        return None
    http = free_port(wanted_port("MAILBOX_PORT", 8025))
    smtp = free_port(0)
    options = [f"--folder={var / 'mailbox'}", f"--smtp={smtp}", f"--http={http}"]
    command = [sys.executable, "-m", "ftap.mailbox", *options]
    supervisor.start(Program("mailbox", command, var=var, cwd=ROOT, env=dict(env)))
    env["EMAIL_URL"] = f"smtp://{LOOPBACK}:{smtp}"
    return f"http://{LOOPBACK}:{http}/"


def programs(port: int) -> dict[str, list[str]]:
    """The command of each of our own programs."""
    celery = [sys.executable, "-m", "celery", "-A", "ftap"]
    gunicorn = [sys.executable, "-m", "gunicorn", "ftap.wsgi", f"--bind={LOOPBACK}:{port}"]
    return {
        "beat": [*celery, "beat", "--loglevel=INFO", "--pidfile=", "--scheduler=celery.beat:Scheduler"],
        "worker": [*celery, "worker", "--loglevel=INFO", "--concurrency=2", "--hostname=demo@localhost"],
        "web": [*gunicorn, "--threads=8", "--worker-tmp-dir=/tmp", "--graceful-timeout=10"],
    }


def prepare(env: dict[str, str]) -> str:
    """Migrates and fills the database; gives the accounts. CalledProcessError, the reason shown, on failure."""
    command = [sys.executable, "-m", "ftap.preparation"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        say(done.stdout + done.stderr)
    done.check_returncode()
    return done.stdout.strip()


def wait_for(web: Program, supervisor: Supervisor, port: int, timeout: float = 60) -> None:
    """Until the site answers; RuntimeError naming the log when it does not."""
    deadline = time.monotonic() + timeout
    while not supervisor.ending.is_set() and not answers(f"http://{LOOPBACK}:{port}/sante/"):
        if not web.is_alive or time.monotonic() > deadline:
            raise RuntimeError(f"le site ne répond pas, voir {web.log}")
        time.sleep(0.05)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def announcement(address: str, mailbox: str | None, accounts: str, var: Path, seconds: float) -> str:
    """What the person needs to begin."""
    lines = [
        "",
        f"  Suivi des contrats FTAP{NBSP}: {address}",
        f"  Messagerie{NBSP}:              {mailbox}" if mailbox else "",
        f"  Données et journaux{NBSP}:     {var}",
        "",
        accounts,
        "",
        f"Prêt en {seconds:.0f}{NBSP}s. Ctrl-C arrête tout ce qui a été démarré ici, et rien d’autre.",
    ]
    return "\n".join(lines)


# --- Ports ---


def wanted_port(variable: str, default: int) -> int:
    """The port that the environment names. SystemExit with one sentence when it is not a port."""
    text = os.environ.get(variable) or str(default)
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise SystemExit(f"{variable}={text} n’est pas un numéro de port (1 à 65535).")


def is_busy(port: int) -> bool:
    """Whether some program already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
        return False


def refuse_busy(port: int) -> None:
    if is_busy(port):
        advice = f"Choisissez-en un autre{NBSP}: PORT={port + 1} bin/demo"
        raise RuntimeError(f"le port {port} est occupé ou réservé. {advice}")


def free_port(wanted: int) -> int:
    """`wanted` when it is free, else one that the system chooses."""
    if wanted and not is_busy(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
