"""Settings: environment first, each documented in `docs/settings.md`."""

from __future__ import annotations

from pathlib import Path

import dj_database_url

from lantoa.lib.imap import address_of
from lantoa.project.channels_file import with_file
from lantoa.project.environment import (
    SettingError,
    boolean,
    folder,
    hours,
    listed,
    mapping,
    number,
    secret,
    text,
    whole,
)

BASE_DIR = Path(__file__).resolve().parent.parent

LANTOA_HOME = folder("LANTOA_HOME", "./var")
SECRET_KEY = secret("LANTOA_SECRET_KEY", LANTOA_HOME / "keys" / "secret_key")
DEBUG = boolean("LANTOA_DEBUG", default=False)
ALLOWED_HOSTS = listed("LANTOA_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = listed("LANTOA_ORIGINS", "")

LANTOA_PUBLIC_URL = text("LANTOA_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
LANTOA_PACKS = folder("LANTOA_PACKS", str(BASE_DIR / "packs"))
LANTOA_STORE = LANTOA_HOME / "store"
LANTOA_OUT = folder("LANTOA_OUT", str(LANTOA_HOME / "out"))
LANTOA_BOOK = text("LANTOA_BOOK", "")
LANTOA_WATCHED_FOLDER = folder("LANTOA_WATCHED_FOLDER", "") if text("LANTOA_WATCHED_FOLDER", "") else None
LANTOA_MAILBOX = text("LANTOA_MAILBOX", "")
LANTOA_MAILBOX_PASSWORD_FILE = text("LANTOA_MAILBOX_PASSWORD_FILE", "")
LANTOA_MAILBOX_CA = text("LANTOA_MAILBOX_CA", "")
LANTOA_TIMED_WORK = boolean("LANTOA_TIMED_WORK", default=False)
LANTOA_DEV_PAGES = boolean("LANTOA_DEV_PAGES", default=DEBUG)

LANTOA_BULLETIN_SECONDS = int(number("LANTOA_BULLETIN_SECONDS", 120, 20, 900))
LANTOA_LOUDNESS = number("LANTOA_LOUDNESS", -16, -31, -9)
LANTOA_OPENING_CHIME = text("LANTOA_OPENING_CHIME", "")
LANTOA_CLOSING_CHIME = text("LANTOA_CLOSING_CHIME", "")
LANTOA_PIPER = text("LANTOA_PIPER", "piper")
LANTOA_PIPER_VOICE = text("LANTOA_PIPER_VOICE", "")
LANTOA_SPEECH_RATE = number("LANTOA_SPEECH_RATE", 200, 100, 330)

if LANTOA_MAILBOX:
    try:
        address_of(LANTOA_MAILBOX)
    except ValueError as error:
        raise SettingError(f"LANTOA_MAILBOX: {error}") from error

# A channel is one line here: its name, its adapter and the adapter's options (docs/add-a-channel.md). What an
# installation says of them, such as accounts at providers, stands in a file of its own.
LANTOA_CHANNELS_FILE = folder("LANTOA_CHANNELS_FILE", str(LANTOA_HOME / "channels.toml"))
LANTOA_CHANNELS = with_file(
    {
        "folder": ("lantoa.channels.folder.FolderChannel", {"root": LANTOA_OUT}),
        "console": ("lantoa.channels.console.ConsoleChannel", {}),
        "memory": ("lantoa.channels.memory.MemoryChannel", {}),
        "rehearsal": ("lantoa.channels.memory_wire.MemoryWire", {}),
        "email": ("lantoa.channels.smtp_relay.SmtpRelayChannel", {}),
        "sms": ("lantoa.channels.smpp_gateway.SmppGatewayChannel", {}),
        "sms_http": ("lantoa.channels.http_service.HttpServiceChannel", {}),
        "zns": ("lantoa.channels.zalo_zns.ZaloZnsChannel", {}),
        "push": ("lantoa.channels.web_push.WebPushChannel", {}),
    },
    LANTOA_CHANNELS_FILE,
)
# Which channel carries a channel kind; the rest go by `default`, and all of a rehearsal by `rehearsal`.
LANTOA_ROUTES = {
    "default": "folder",
    "rehearsal": "memory",
    "rehearsal_dispatch": "rehearsal",
    **mapping("LANTOA_ROUTES"),
}
# When a message to a telephone or a browser may go out, local time; corrections have hours of their own.
LANTOA_SENDING_HOURS = hours("LANTOA_SENDING_HOURS", "07:00-21:00")
LANTOA_URGENT_HOURS = hours("LANTOA_URGENT_HOURS", "06:00-22:00")
# Most people who may have been sent to without the ledger knowing what became of it: so many a kill may leave unknown.
LANTOA_WINDOW = whole("LANTOA_WINDOW", 1000)
# After so many days of a dispatch's end who got it is forgotten, and only how many did is kept; 0 keeps it for good.
LANTOA_KEEP_RECIPIENTS_DAYS = whole("LANTOA_KEEP_RECIPIENTS_DAYS", 730, least=0)
# Many machines: where RabbitMQ is (amqp://…). Jobs then come by Celery instead of each worker looking for itself.
LANTOA_BROKER = text("LANTOA_BROKER", "")
# A message that did not go for now is tried again after so many seconds, then after twice as many, and so on.
LANTOA_RETRY_SECONDS = whole("LANTOA_RETRY_SECONDS", 60)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "lantoa.places.apps.PlacesConfig",
    "lantoa.letters.apps.LettersConfig",
    "lantoa.campaigns.apps.CampaignsConfig",
    "lantoa.content.apps.ContentConfig",
    "lantoa.residents.apps.ResidentsConfig",
    "lantoa.delivery.apps.DeliveryConfig",
    "lantoa.field.apps.FieldConfig",
    "lantoa.evidence.apps.EvidenceConfig",
    "lantoa.reports.apps.ReportsConfig",
    "lantoa.web.apps.WebConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lantoa.web.middleware.content_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lantoa.web.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

ROOT_URLCONF = "lantoa.project.urls"
WSGI_APPLICATION = "lantoa.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{LANTOA_HOME / 'lantoa.sqlite3'}", conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue for the lock at BEGIN instead of failing midway; readers never wait (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }

AUTH_USER_MODEL = "places.User"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "campaigns"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANTOA_PUBLIC_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"  # previews of our own renderings are framed

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "web" / "locale"]
LANGUAGE_COOKIE_NAME = "lantoa_language"
TIME_ZONE = text("LANTOA_TIME_ZONE", "Asia/Ho_Chi_Minh")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = LANTOA_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": text("LANTOA_LOG_LEVEL", "WARNING")},
}
