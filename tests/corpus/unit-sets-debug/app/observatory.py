from os import environ

from flask import Flask

dome = Flask(__name__)
dome.config["DOME_TITLE"] = environ.get("DOME_TITLE", "A dome")
dome.debug = environ.get("DOME_DEBUG", "shut") == "open"
