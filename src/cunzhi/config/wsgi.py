"""The WSGI application, for any server that speaks it; `cunzhi serve` runs it behind `gateway`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunzhi.config.settings")
application = get_wsgi_application()
