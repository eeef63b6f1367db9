"""Every setting of PRM on one page, read once from the environment (and from `.env`).

With nothing set but SECRET_KEY it runs embedded: SQLite, mail as files and the broker as a folder, all under `var/`.
docs/operate.md explains each name.
"""

import os
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from holidays import list_supported_countries

from config import environment as read
from config import signin_forms
from config.logs import logging_for

COUNTRIES = tuple(list_supported_countries())
BASE_DIR = Path(__file__).resolve().parent.parent
read.read_file(Path(os.environ.get("PRM_ENV_FILE") or BASE_DIR / ".env"))

# -- who and where ----------------------------------------------------------------------------------------------------

SECRET_KEY = read.text("SECRET_KEY")
if len(SECRET_KEY) < 32:
    read.stop("SECRET_KEY", "is too short: use at least 32 random characters.")
DEBUG = read.flag("DEBUG", default=False)
PORT = read.number("PORT", default=8000, lowest=1, highest=65535)
SITE_URL = read.site("SITE_URL", default=f"http://localhost:{PORT}")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
ALLOWED_HOSTS = read.names("ALLOWED_HOSTS", default=[SITE_HOST, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATA_DIR = read.folder("PRM_DATA_DIR", default=BASE_DIR / "var")

PRM_PROGRAM_NAME = read.text("PRM_PROGRAM_NAME", "Partner program")
PRM_TIME_ZONE = read.zone("PRM_TIME_ZONE", "America/New_York")
PRM_HOLIDAY_COUNTRY = read.choice("PRM_HOLIDAY_COUNTRY", "US", COUNTRIES, "a country code such as US")
PRM_SENDING = read.choice("PRM_SENDING", "on", ("on", "held"))
PRM_WEBHOOK_SECRET = read.text("PRM_WEBHOOK_SECRET", "")

# -- the application --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "phonenumber_field",
    "simple_history",
    "prm.apps.PrmConfig",
]
MIDDLEWARE = [
    "prm.web.headers.security_headers",  # these two first: what others turn away is answered with headers as well
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "prm.web.legible.legible_text",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "prm.web.hand.whose_hand",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "prm.web.wall.second_factor_wall",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# cotton and template-partials each wrap the loaders by themselves; together they only work when written out.
_loaders = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
_cached = _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", _cached)],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "prm.web.icons",
                "prm.web.second_factor",
                "prm.web.words",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "prm.web.frame.for_templates",
            ],
        },
    },
]
COTTON_DIR = "components"

# -- data -------------------------------------------------------------------------------------------------------------

_embedded, _schemes = f"sqlite:///{DATA_DIR / 'db.sqlite3'}", ("sqlite", "postgres", "postgresql")
DATABASES = {"default": read.address("DATABASE_URL", _embedded, environ.Env.db_url_config, _schemes)}
_options = DATABASES["default"].setdefault("OPTIONS", {})
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # With Django's defaults two claimers and a web writer lock each other out; with these they wait their turn.
    _options |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    _options.setdefault("pool", {"min_size": 1, "max_size": 8, "timeout": 10})

# Sign-in limits are counted in the cache, so all processes must share it.
_schemes = ("dbcache", "redis", "rediss")
CACHES = {"default": read.address("CACHE_URL", "dbcache://prm_cache", environ.Env.cache_url_config, _schemes)}

SIMPLE_HISTORY_DATE_INDEX = False  # rows are found by their record (prm/accounts/history.py)

# -- mail: the only sender is prm/outbox/posts.py ---------------------------------------------------------------------

_domain = SITE_HOST if SITE_HOST.rpartition(".")[2].isalpha() else "localhost"
DEFAULT_FROM_EMAIL = read.mailbox("DEFAULT_FROM_EMAIL", f"{PRM_PROGRAM_NAME} <partners@{_domain}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
PRM_MAILBOX = read.mailbox("PRM_MAILBOX", parseaddr(DEFAULT_FROM_EMAIL)[1])
RSVP_ADDRESS = read.mailbox("RSVP_ADDRESS", PRM_MAILBOX)

FILE_EMAIL_BACKEND = "config.mailfile.EmailBackend"  # demo organizations never reach anything else
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
PRM_LEASE_SECONDS = read.number("PRM_LEASE_SECONDS", 90, lowest=9, highest=3600)
PRM_RETRY_SECONDS = read.number("PRM_RETRY_SECONDS", 60, lowest=1, highest=3600)
EMAIL_TIMEOUT = PRM_LEASE_SECONDS * 2 // 9  # for one answer: a mail must be done with before its lease ends
EMAIL_BACKEND = read.backend("EMAIL_BACKEND", FILE_EMAIL_BACKEND)
_smtp = read.text("EMAIL_URL", "")
if _smtp:
    _ways = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail")
    _mail = read.address("EMAIL_URL", "", environ.Env.email_url_config, _ways)
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "localhost", _mail["EMAIL_PORT"] or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
ANYMAIL = read.prefixed("ANYMAIL_")
_connections = (
    16 if EMAIL_BACKEND.startswith("anymail.") else 4
)  # relays count connections, services count mails
PRM_CONNECTIONS = read.number("PRM_CONNECTIONS", _connections, lowest=1, highest=64)

# -- the broker: a clock and hands; losing it costs a minute, never a message (config/celery.py) -----------------------

BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = read.address(
    "CELERY_BROKER_URL", "filesystem://localhost", str, ("filesystem", "redis", "rediss", "amqp", "memory")
)
PULSE_PATH = read.text("PRM_PULSE_PATH", "")  # config/pulse.py
PRM_PING_URL = read.elsewhere("PRM_PING_URL")  # prm/reporting/alarm.py

# -- uploads ----------------------------------------------------------------------------------------------------------

FILE_UPLOAD_HANDLERS = [
    "prm.web.uploads.NoLargerThan",  # first: it refuses before anything is kept
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a workbook may have many sheets with many columns

# -- signing in -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "prm.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "prm.web.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by invitation, for addresses that staff know
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = signin_forms.ACCOUNT
PRM_SECOND_FACTOR = read.choice("PRM_SECOND_FACTOR", "required", ("required", "optional"))
MFA_ADAPTER = "prm.web.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True  # over plain http on localhost only: no setting can allow more
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are known by invitation
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute wrong
MFA_FORMS = signin_forms.MFA

# -- signing in with the account of one's agency; unset, nothing of it is loaded ---------------------------------------

PRM_OIDC = read.together("PRM_OIDC_NAME", "PRM_OIDC_URL", "PRM_OIDC_CLIENT_ID", "PRM_OIDC_SECRET")
if PRM_OIDC:
    PRM_OIDC_ORIGIN = read.origin("PRM_OIDC_URL", PRM_OIDC["PRM_OIDC_URL"])
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "prm.web.agency_signin.AgencyAdapter"
    _agency = {
        "provider_id": "agency",
        "name": PRM_OIDC["PRM_OIDC_NAME"],
        "client_id": PRM_OIDC["PRM_OIDC_CLIENT_ID"],
        "secret": PRM_OIDC["PRM_OIDC_SECRET"],
        "settings": {"server_url": PRM_OIDC["PRM_OIDC_URL"].rstrip("/"), "fetch_userinfo": False},
    }
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [_agency]}}

# -- language and time: rows say when they are due, in UTC; people read their own zone ---------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(read.text("PRM_STATIC_DIR", str(DATA_DIR / "static")))  # an image's may be read-only
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# -- what a browser may do --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF, *([PRM_OIDC_ORIGIN] if PRM_OIDC else [])],  # its button leads there
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
_https = SITE_URL.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True  # our scripts read the token where the form has it
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
# "subdomains": every name below this host speaks https too; "preload": browsers may know the whole domain beforehand.
_hsts = read.choice("PRM_HSTS", "subdomains", ("host", "subdomains", "preload"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https and _hsts != "host"
SECURE_HSTS_PRELOAD = _https and _hsts == "preload"
# Both are for the owner of the domain to decide, so `check --deploy` does not ask for what was left out on purpose.
_left_out = {"host": ["security.W005", "security.W021"], "subdomains": ["security.W021"]}
# W161 warns of a default that is about the present time: ours are nine o'clock and six, at whatever time it looks.
SILENCED_SYSTEM_CHECKS = ["fields.W161", *_left_out.get(_hsts, [])]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if read.flag("PRM_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else one wrong guess from anywhere counts for everybody
    SECURE_SSL_REDIRECT = _https

LOGGING = logging_for(read.choice("PRM_LOG_FORMAT", "text", ("text", "json")))
