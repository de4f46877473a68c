"""What the shop reads from its environment: secrets are required, the rest is safe by default."""

import os
from datetime import timedelta


class Config:
    """The shop's settings."""

    DEBUG = os.environ.get("SHOP_DEBUG", "false").lower() == "true"
    SECRET_KEY = os.environ["SECRET_KEY"]
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]
    REDIS_URL = os.environ["REDIS_URL"]
    TRUSTED_HOSTS = ["harbour.example"]
    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    PERMANENT_SESSION_LIFETIME = timedelta(hours=8)
    MAX_CONTENT_LENGTH = 1024 * 1024
