from os import getenv


class Concert:
    SESSION_COOKIE_SAMESITE = "None"
    SESSION_COOKIE_HTTPONLY = False
    SECRET_KEY = getenv("CHOIR_KEY")
