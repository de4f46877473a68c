class Mood:
    DEBUG = False
    MAX_CONTENT_LENGTH = 64_000


class Rehearsal(Mood):
    DEBUG = True


class Opening(Mood):
    SESSION_COOKIE_SECURE = True
