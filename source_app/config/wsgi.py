"""WSGI entry point: `gunicorn --chdir source_app config.wsgi`."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _require_secret_key() -> None:
    try:
        settings.SECRET_KEY  # noqa: B018  (Django refuses an empty one when it is read)
    except ImproperlyConfigured:
        raise ImproperlyConfigured(
            "DJANGO_SECRET_KEY is not set and DJANGO_DEBUG is off; no server was started; set "
            "DJANGO_SECRET_KEY to a long random text, or DJANGO_DEBUG=1 on your own machine"
        ) from None


_require_secret_key()
application = get_wsgi_application()
