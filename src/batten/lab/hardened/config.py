"""Settings of the chandlery: what you get if you set nothing is safe, or does not start."""

import os
from datetime import timedelta


class Config:
    """Secrets are required and have no default; everything else defaults to the safe setting."""

    DEBUG = os.environ.get("SHOP_DEBUG", "false").lower() == "true"
    SECRET_KEY = os.environ["SECRET_KEY"]
    DATABASE_URL = os.environ["DATABASE_URL"]
    ADMIN_USER = os.environ.get("ADMIN_USER", "harbourmaster")
    ADMIN_PASSWORD_HASH = os.environ.get("ADMIN_PASSWORD_HASH")  # unset: nobody logs in
    MAIL_SERVER = os.environ.get("MAIL_SERVER")
    MAIL_USERNAME = os.environ.get("MAIL_USERNAME")
    MAIL_PASSWORD = os.environ.get("MAIL_PASSWORD")  # unset: no mail, rather than a password in the repository

    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    PERMANENT_SESSION_LIFETIME = timedelta(hours=12)
    MAX_CONTENT_LENGTH = 64 * 1024
