"""The WSGI door for the server."""

import os

from django.core.wsgi import get_wsgi_application

from wanhui.config.family import leave_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanhui.config.settings")
application = get_wsgi_application()
leave_with_parent()
