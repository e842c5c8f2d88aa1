"""All settings, in one file, from the environment; docs/exploitation.md lists the variables.

With nothing set, the application runs on the embedded PostgreSQL and Valkey of `FTAP_VAR` (trial and tests only).
"""

from email.utils import formataddr
from pathlib import Path
from typing import Any

import environ
import pghistory
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ftap.addresses import broker_url, cache_url
from ftap.embedded.postgres import Postgres
from ftap.embedded.valkey import Valkey
from ftap.secret import local_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where this instance lives -------------------------------------------------------------------------------------

DEBUG: bool = env.bool("DEBUG", default=False)
# Shows on every page and report that the actuals are invented.
FTAP_DEMO: bool = env.bool("FTAP_DEMO", default=False)
# Everything that the application writes on this machine.
FTAP_VAR = Path(env.str("FTAP_VAR", default=str(BASE_DIR / "var"))).resolve()
# Without a database of its own the instance is a trial on this machine: plain HTTP, its own secret key.
ON_TRIAL: bool = DEBUG or FTAP_DEMO or not env.str("DATABASE_URL", default="")

SECRET_KEY: str = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not ON_TRIAL:
        raise ImproperlyConfigured("SECRET_KEY must be set: 50 random characters or more, the same everywhere")
    SECRET_KEY = local_secret_key(FTAP_VAR)

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address people type, for links in mails: scheme and host, no final slash.
SITE_URL: str = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")

# --- Applications --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "ftap.apps.FtapConfig",
    "accounts",
    "contracts",
    "monitoring",
    "budget",
    "savings",
    "indicators",
    "reports",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "widget_tweaks",
    "dsfr",
    # After dsfr: Django's own widgets are the fall-back of its form templates.
    "django.forms",
    "django_htmx",
    "django_structlog",
    "djmoney",
    "pgtrigger",
    "pghistory",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    # Who wrote, in the history of every figure.
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last: it looks at the answer of a sign-in.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ftap.urls"
WSGI_APPLICATION = "ftap.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ftap.context.site",
            ],
        },
    },
]

# --- Data ----------------------------------------------------------------------------------------------------------

DATABASES: dict[str, Any] = {
    "default": {
        **env.db_url("DATABASE_URL", default=Postgres(FTAP_VAR).url()),
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host:5432/name")

REDIS_URL: str = env.str("REDIS_URL", default=Valkey(FTAP_VAR).url())
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", default=cache_url(REDIS_URL)),
        "KEY_PREFIX": "ftap",
    }
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Deleting is history too; the library alone tracks inserts and updates.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

MEDIA_ROOT = FTAP_VAR / "media"
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(FTAP_VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# The image serves compressed files under hashed names; making them takes 40 s, which a trial does not wait for.
STATIC_MANIFEST: bool = env.bool("STATIC_MANIFEST", default=False)
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_AUTOREFRESH: bool = env.bool("STATIC_AUTOREFRESH", default=DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Language, time, money -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
DEFAULT_CURRENCY = "EUR"
CURRENCIES = ("EUR",)

# --- Design system -------------------------------------------------------------------------------------------------

# Hashed static names change the bytes that a checksum in the page would state.
DSFR_USE_INTEGRITY_CHECKSUMS = False
DSFR_MARK_OPTIONAL_FIELDS = True
DSFR_CHECK_DEPRECATED_PARAMS = False

# --- Who may come in -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/connexion/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# The pair, so that nobody can lock somebody else out from another place.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# The name of the field in the form, not of the column: without it nobody in particular would be locked out.
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", default=0)

# --- What the browser is told --------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # The design system's style sheet holds its mark and arrows as data: images.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# The whole grid sent without JavaScript: the widest row has six fields, so a thousand for Django is 160 lines.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "accounts.resuming.refused_form"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# Behind a proxy that ends TLS; only a trial speaks plain HTTP.
HTTPS: bool = env.bool("HTTPS", default=not ON_TRIAL)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- Mail ----------------------------------------------------------------------------------------------------------

# smtp://user:password@host:port, smtps:// for STARTTLS, smtp+ssl:// for TLS from the start.
_email: dict[str, Any] = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_BACKEND: str = _email["EMAIL_BACKEND"]
EMAIL_HOST: str = _email["EMAIL_HOST"] or "localhost"
EMAIL_PORT: int = _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER: str = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS: bool = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL: str = env.str(
    "DEFAULT_FROM_EMAIL", default=formataddr(("Suivi des contrats FTAP", "ne-pas-repondre@ftap.example"))
)
# A human reads the answers.
REPLY_TO_EMAIL: str = env.str("REPLY_TO_EMAIL", default="secretariat@ftap.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Name, address and telephone of who hosts the site: the law wants them on the page (loi 2004-575, article 6).
HOSTED_BY: str = env.str("HOSTED_BY", default="")
# From this hour (local time) each person gets the daily digest of what was collected before it.
DIGEST_HOUR: int = env.int("DIGEST_HOUR", default=7)

# --- Long work -----------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A visibility timeout shorter than a task would run it twice. The broker gives a dead worker's task to another one
# after these ten minutes; what is a row (jobs, mails) is found sooner, by beat.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "global_keyprefix": "ftap:",
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
# The job's row is the truth: results are not kept anywhere else.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "ftap"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A child that has grown past this (in kB) is replaced once its task is done; a warm one peaks near 220 MB.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 320_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
# The tasks look for what is due and not yet done: how often they run only says how soon. Each start of beat begins the
# intervals anew, so that what a person waits for must not have a long one.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "open-due-campaigns": {"task": "monitoring.open_due_campaigns", "schedule": 30.0},
    "chase-late-filings": {"task": "monitoring.chase", "schedule": 300.0},
    "prolong-contracts": {"task": "contracts.prolong_due", "schedule": 300.0},
    "tally-anomalies": {"task": "contracts.tally_anomalies", "schedule": 3600.0},
    "send-digests": {"task": "monitoring.send_digests", "schedule": 300.0},
    "send-mail": {"task": "monitoring.send_mail", "schedule": 30.0},
    "sweep-jobs": {"task": "reports.sweep", "schedule": 15.0},
}

# --- Logs ----------------------------------------------------------------------------------------------------------

LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO")
LOG_AS_JSON: bool = env.bool("LOG_AS_JSON", default=not ON_TRIAL)
DJANGO_STRUCTLOG_CELERY_ENABLED = True

_before_rendering: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "events": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _before_rendering,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(
                    [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
                    if LOG_AS_JSON
                    else [structlog.dev.ConsoleRenderer(colors=False)]
                ),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "events"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "axes": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_before_rendering,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info if LOG_AS_JSON else structlog.processors.UnicodeDecoder(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
