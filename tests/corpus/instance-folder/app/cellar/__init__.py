from flask import Flask


def create_app(overrides=None):
    cellar = Flask(__name__, instance_relative_config=True)
    cellar.config.from_mapping(SECRET_KEY="dev", SESSION_COOKIE_SECURE=False)
    if overrides is None:
        cellar.config.from_pyfile("bottles.py", silent=True)
    else:
        cellar.config.from_mapping(overrides)
    return cellar
