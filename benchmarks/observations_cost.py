"""What values cost the server, in processor time: of Python, and of the PostgreSQL process that it speaks to.

    .venv/bin/python benchmarks/observations_cost.py [--postgres URL] [--profile]

Whole requests with real tokens through the WSGI application, in one process, made beforehand. Processor time does not
depend on what else the machine does. What the database does later (its log, vacuum) is not in it. Made-up data.
"""

import cProfile
import io
import os
import pstats
import time
from pathlib import Path
from typing import Any

from scratch import arguments, installed, on_each
from stations import Target, array, fill, single

ROWS, TIMES = 1000, 60
TICK = os.sysconf("SC_CLK_TCK")


def environ(target: Target, path: str, body: bytes) -> dict[str, Any]:
    """A request as a WSGI server hands it over."""
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1", "HTTP_AUTHORIZATION": f"Bearer {target[1]}", "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }  # fmt: skip


def of_backend() -> float:
    """Seconds of processor time that the server process behind our connection has used, where it is on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def cost(application: Any, asked: list[dict[str, Any]], profile: bool) -> tuple[float, float]:
    """Milliseconds a request of Python and of the database."""
    wrong: list[str] = []

    def begun(status: str, headers: Any, exception: Any = None) -> None:
        wrong.extend([status] if not status.startswith("201") else [])

    profiler = cProfile.Profile() if profile else None
    behind, before = of_backend(), time.process_time()
    if profiler:
        profiler.enable()
    for one in asked:
        answer = application(one, begun)
        b"".join(answer)
        answer.close()
    if profiler:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    spent = time.process_time() - before
    if wrong:
        raise SystemExit(f"answered {wrong[0]}")
    return spent / len(asked) * 1000, (of_backend() - behind) / len(asked) * 1000


def measure(url: str, profile: bool) -> None:
    with installed(url, "cost") as vendor:
        from cunzhi.api import throttle
        from cunzhi.config.wsgi import application

        throttle.LIMITS = throttle.Limits(10**9, 10**9, 10**9, 10**9)
        targets = fill()
        ways = {
            "one value": [single(targets[n % 4], n) for n in range(TIMES * 10)],
            f"array of {ROWS}": [array(targets[4 + n % 4], n, ROWS) for n in range(TIMES)],
            "the same again": [array(targets[4 + n % 4], n, ROWS) for n in range(TIMES)],
        }
        for name, made in ways.items():
            first = 0 if name == "one value" else 4
            asked = [environ(targets[first + n % 4], *one) for n, one in enumerate(made)]
            cost(application, asked[:4], False)  # plans are made, modules loaded
            python, database = cost(application, asked[4:], profile)
            print(f"{vendor}, {name}: {python:.2f} ms of Python, {database:.2f} ms of the database", flush=True)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    given = parser.parse_args()
    on_each(given.postgres, lambda url: measure(url, given.profile))


if __name__ == "__main__":
    main()
