"""All settings, from the environment; each has a default that works out of the box."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from cunzhi.base.home import files, home, secrets_file
from cunzhi.config.database import database
from cunzhi.config.secrets import load_or_make

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()
SECRETS = load_or_make(secrets_file())
SECRET_KEY = SECRETS.django
DEBUG = os.environ.get("CUNZHI_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("CUNZHI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HTTPS = os.environ.get("CUNZHI_HTTPS", "") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]

# What this deployment is: the system of codes that its records carry, and where its files and scenarios lie.
CUNZHI_PLACE_SYSTEM = os.environ.get("CUNZHI_PLACE_SYSTEM", "nbs")
CUNZHI_FILES = files()
CUNZHI_SCENARIOS = [PACKAGE / "scenarios", *map(Path, filter(None, os.environ.get("CUNZHI_SCENARIOS", "").split(":")))]
CUNZHI_LOG_ORIGIN = os.environ.get("CUNZHI_LOG_ORIGIN", "")
CUNZHI_SMS = os.environ.get("CUNZHI_SMS", f"folder:{HOME / 'sms'}")
CUNZHI_WARNING_UNIT = os.environ.get("CUNZHI_WARNING_UNIT", "00000000")
CUNZHI_SMS_TOKEN = os.environ.get("CUNZHI_SMS_TOKEN", "")
CUNZHI_FIRMS_KEY = os.environ.get("CUNZHI_FIRMS_KEY", "")
CUNZHI_FIRMS_URL = os.environ.get("CUNZHI_FIRMS_URL", "https://firms.modaps.eosdis.nasa.gov")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "ninja",
    "axes",
    "cunzhi.journal.apps.JournalConfig",
    "cunzhi.registry.apps.RegistryConfig",
    "cunzhi.meetings.apps.MeetingsConfig",
    "cunzhi.ledger.apps.LedgerConfig",
    "cunzhi.disclosures.apps.DisclosuresConfig",
    "cunzhi.perception.apps.PerceptionConfig",
    "cunzhi.fires.apps.FiresConfig",
    "cunzhi.deliberation.apps.DeliberationConfig",
    "cunzhi.alarms.apps.AlarmsConfig",
    "cunzhi.emergencies.apps.EmergenciesConfig",
    "cunzhi.engine.apps.EngineConfig",
    "cunzhi.web.apps.WebConfig",
    "cunzhi.api.apps.ApiConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # outside of WhiteNoise: style sheets are most of a first load
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cunzhi.web.log.caching.SameForAllMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cunzhi.web.sessions.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cunzhi.web.middleware.PolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cunzhi.web.middleware.ReaderMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cunzhi.config.urls"
WSGI_APPLICATION = "cunzhi.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web", PACKAGE / "api"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "cunzhi.web.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), HOME)}
# Counts the requests of each caller of the API; each process has its own, and none is needed to be shared.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

CSRF_FAILURE_VIEW = "cunzhi.web.errors.form_expired"
SESSION_ENGINE = "cunzhi.web.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("CUNZHI_BEHIND_PROXY") == "1" else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 12

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "cunzhi.web.sign_in.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "cunzhi.web.address.address"
AXES_SENSITIVE_PARAMETERS = ["phone", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # who came in when is nobody's business but theirs: see their own sessions

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": CUNZHI_FILES}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 7 * 24 * 3600  # our pages name files with a stamp of their content

EMAIL_BACKEND = os.environ.get("CUNZHI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("CUNZHI_LOG", "WARNING")},
}
