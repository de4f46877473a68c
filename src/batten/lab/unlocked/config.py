"""Settings of the chandlery: what you get if you set nothing is open."""

import os


class Config:
    """Every default here is the unsafe one."""

    DEBUG = os.environ.get("SHOP_DEBUG", "true").lower() == "true"
    SECRET_KEY = os.environ.get("SECRET_KEY", "chandlery-secret")
    DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://admin:admin@db:5432/chandlery")
    ADMIN_USER = os.environ.get("ADMIN_USER", "admin")
    ADMIN_PASSWORD = os.environ.get("ADMIN_PASSWORD", "admin")
    MAIL_SERVER = os.environ.get("MAIL_SERVER")
    MAIL_USERNAME = os.environ.get("MAIL_USERNAME")
    MAIL_PASSWORD = os.environ.get("MAIL_PASSWORD")  # set, by the .env that everybody has

    SESSION_COOKIE_SECURE = False
    SESSION_COOKIE_HTTPONLY = False
    SESSION_COOKIE_SAMESITE = None
    WTF_CSRF_ENABLED = False
