"""What the web server calls: `gunicorn ftap.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftap.settings")

application = get_wsgi_application()

from ftap.loaded import set_aside  # noqa: E402 - Django is set up first

set_aside()
