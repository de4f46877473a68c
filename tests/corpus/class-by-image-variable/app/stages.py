from os import environ


class Common:
    DEBUG = False
    SECRET_KEY = environ.get("FERRY_KEY") or "ferry-local"


class Bench(Common):
    DEBUG = True
    TESTING = True


class Live(Common):
    SESSION_COOKIE_SECURE = True


STAGES = {"bench": Bench, "live": Live, "fallback": Bench}
