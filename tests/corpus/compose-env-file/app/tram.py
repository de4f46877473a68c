from os import getenv

from flask import Flask

tram = Flask(__name__)
tram.config["SECRET_KEY"] = getenv("TRAM_KEY")
tram.config["DEBUG"] = getenv("TRAM_DEBUG", "off").lower() == "on"
