class Profile:
    SECRET_KEY = "change-me"

    @classmethod
    def prepare(cls, app):
        app.config["PREPARED_BY"] = cls.__name__


class Local(Profile):
    DEBUG = True


class Site(Profile):
    DEBUG = False

    @staticmethod
    def prepare(app):
        app.config["SESSION_COOKIE_SECURE"] = not app.debug


profiles = {cls.__name__.lower(): cls for cls in (Local, Site)}
