import os

SECRET_KEY = os.environ["CELLAR_KEY"]
SESSION_COOKIE_SECURE = True
DEBUG = os.environ.get("CELLAR_TASTING") is not None
