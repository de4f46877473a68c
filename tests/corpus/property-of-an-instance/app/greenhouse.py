from os import environ

from flask import Flask

from climate import Climate

greenhouse = Flask(__name__)
greenhouse.config.from_object(Climate(environ.get("SEASON", "sowing")))
