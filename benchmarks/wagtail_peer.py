"""Wagtail's starter home page, answers a second: run with a Python that has wagtail and granian, prints one number.

python -m venv /tmp/wagtail && /tmp/wagtail/bin/pip install wagtail granian
.venv/bin/python benchmarks/pages.py --wagtail /tmp/wagtail/bin/python
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from served import rate, served

QUIET = """
from .dev import *
DEBUG = False
ALLOWED_HOSTS = ["*"]
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "starter"
        site.mkdir()
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([Path(sys.executable).with_name("wagtail"), "start", "starter", site], **quiet)
        (site / "starter" / "settings" / "local.py").write_text(QUIET)
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "starter.settings.local"}
        subprocess.run([sys.executable, site / "manage.py", "migrate"], cwd=site, env=environment, **quiet)
        made = {"python": sys.executable, "environment": environment, "folder": site}
        with served("starter.wsgi:application", **made, interface="wsgi") as address:
            print(rate(f"{address}/"))


if __name__ == "__main__":
    main()
