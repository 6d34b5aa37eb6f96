"""The installation that tests run on: a home folder of its own, quick password hashes, a database that may be lost."""

import atexit
import os
import shutil
import tempfile

os.environ["CUNZHI_HOME"] = tempfile.mkdtemp(prefix="cunzhi-test-")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs beside our synchronous views
atexit.register(shutil.rmtree, os.environ["CUNZHI_HOME"], ignore_errors=True)

from cunzhi.config.settings import *  # noqa: E402, F403
from cunzhi.config.settings import DATABASES, HOME  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"].endswith("sqlite"):
    # A file, as in life: a database in memory knows no second connection and no write-ahead log.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    hasty = DATABASES["default"]["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"]["OPTIONS"], "init_command": hasty}
