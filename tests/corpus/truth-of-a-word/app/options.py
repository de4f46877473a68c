from os import environ


class Options:
    SESSION_COOKIE_SAMESITE = "Strict"
    SESSION_COOKIE_SECURE = bool(environ.get("KIOSK_TLS", "off"))
    TESTING = bool(environ.get("KIOSK_TRIAL", ""))
    DEBUG = bool(environ.get("KIOSK_DEBUG", "no"))
