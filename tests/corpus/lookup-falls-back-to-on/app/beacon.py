from os import environ

from flask import Flask

TALKATIVE = {"harbour": False, "workshop": True}

lamp = Flask(__name__)
lamp.config["TESTING"] = TALKATIVE.get(environ.get("PLACE", "harbour"))
lamp.config["DEBUG"] = TALKATIVE.get(environ.get("PLACE"), 1 == 1)
