"""The product's settings on a folder of their own: a test never touches a person's data."""

import atexit
import os
import shutil
import tempfile

if "WANHUI_TEST_HOME" not in os.environ:
    os.environ["WANHUI_TEST_HOME"] = tempfile.mkdtemp(prefix="wanhui-test-")
    atexit.register(shutil.rmtree, os.environ["WANHUI_TEST_HOME"], ignore_errors=True)
os.environ["WANHUI_HOME"] = os.environ["WANHUI_TEST_HOME"]
_url = os.environ.get("WANHUI_TEST_DATABASE_URL")
if _url:
    os.environ["WANHUI_DATABASE_URL"] = _url
else:
    os.environ.pop("WANHUI_DATABASE_URL", None)

from wanhui.config.settings import *  # noqa: E402, F403
from wanhui.config.settings import DATABASES, HOME  # noqa: E402

if not _url:
    # A file, as in real life: an in-memory database would hide every question of locking.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Seven people sign up before every test: a slow hash would take most of the suite's time. One test checks the real one.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405
