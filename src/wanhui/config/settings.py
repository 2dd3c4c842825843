"""Settings: closed by default, one folder of data, one variable to move to PostgreSQL."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from wanhui.config import mail
from wanhui.config.home import home, secret_key, sqlite

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()
SECRET_KEY = secret_key(HOME)
DEBUG = os.environ.get("WANHUI_DEBUG") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("WANHUI_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("WANHUI_ORIGINS", "").split(",") if o]
HTTPS = os.environ.get("WANHUI_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "wanhui.web",
    "wanhui.accounts",
    "wanhui.doors",
    "wanhui.audit",
    "wanhui.work",
    "wanhui.search",
    "wanhui.stores",
    "wanhui.webhooks",
    "wanhui.connectors",
    "wanhui.customers",
    "wanhui.reviews",
    "wanhui.triage",
    "wanhui.cases",
    "wanhui.replies",
    "wanhui.analytics",
    "wanhui.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wanhui.web.gateway.Gateway",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wanhui.web.language.PersonLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "wanhui.doors.guards.Seen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wanhui.web.guards.KeptPrivate",
    "wanhui.web.guards.TooLarge",
    "wanhui.web.guards.SignedOut",
    "wanhui.web.refusals.Refusals",
    "wanhui.webhooks.telling.TellAfterwards",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "wanhui.config.urls"
WSGI_APPLICATION = "wanhui.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wanhui.desk.context.navigation",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """SQLite in the data folder, or what `WANHUI_DATABASE_URL` names."""
    url = os.environ.get("WANHUI_DATABASE_URL")
    if url:
        found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)}
        if found["ENGINE"].endswith("postgresql"):
            # Compiling a page's question takes 100 ms, answering it 15; an address with "options" of its own is left.
            found.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
        return found
    return sqlite(HOME / "desk.sqlite3")


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "desk:queue"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "wanhui.accounts.views.locked_out"
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Wanhui"
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds a link for a new password works

# Letters: none without WANHUI_EMAIL_URL. Their links begin with WANHUI_URL.
_mail = mail.read(os.environ.get("WANHUI_EMAIL_URL", ""))
globals().update(_mail)
WANHUI_MAIL = bool(_mail)
WANHUI_URL = os.environ.get("WANHUI_URL") or next(iter(CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")

SESSION_ENGINE = "wanhui.doors.models"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # a supervisor on the same machine asks without https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Files are served straight from the package: an update needs no collecting step on a shopkeeper's laptop.
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Limits and clocks of the desk; each can be set by a variable of the same name.
WANHUI_MAX_UPLOAD_BYTES = int(os.environ.get("WANHUI_MAX_UPLOAD_BYTES", 100 * 1024 * 1024))
WANHUI_STEP_LEASE_SECONDS = float(os.environ.get("WANHUI_STEP_LEASE_SECONDS", 120))
WANHUI_ADVANCE = "wanhui.pipeline.advance.advance"
WANHUI_SWEEP = "wanhui.pipeline.sweep.sweep"
WANHUI_EVERY_MINUTE = "wanhui.pipeline.sweep.every_minute"
WANHUI_TELL = "wanhui.pipeline.sweep.tell"
WANHUI_RECOUNT = "wanhui.pipeline.sweep.recount"
WANHUI_QUEUE_FILE = HOME / "queue.sqlite3"
WANHUI_API_PER_MINUTE = int(os.environ.get("WANHUI_API_PER_MINUTE", 600))
# A receiver of webhooks inside the own network (a chat bot on this machine) must be allowed by who runs the desk.
WANHUI_WEBHOOKS_PRIVATE = os.environ.get("WANHUI_WEBHOOKS_PRIVATE") == "1"
WANHUI_CASE_MAX_AGE_DAYS = int(os.environ.get("WANHUI_CASE_MAX_AGE_DAYS", 30))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("WANHUI_LOG_LEVEL", "WARNING")},
}
