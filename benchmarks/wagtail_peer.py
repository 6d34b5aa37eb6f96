"""Wagtail's starter home page, answers a second: run with a Python that has wagtail, prints one number.

python -m venv /tmp/wagtail && /tmp/wagtail/bin/pip install wagtail
.venv/bin/python benchmarks/pages.py --wagtail /tmp/wagtail/bin/python
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from wsgi_rate import call, rate


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "starter"
        site.mkdir()
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([Path(sys.executable).with_name("wagtail"), "start", "starter", site], **quiet)
        subprocess.run([sys.executable, site / "manage.py", "migrate"], cwd=site, **quiet)
        sys.path.insert(0, str(site))
        os.chdir(site)
        os.environ["DJANGO_SETTINGS_MODULE"] = "starter.settings.dev"
        from django.conf import settings
        from django.core.wsgi import get_wsgi_application

        settings.DEBUG = False
        settings.ALLOWED_HOSTS = ["*"]
        application = get_wsgi_application()
        call(application, "/")
        print(rate(application, "/"))


if __name__ == "__main__":
    main()
