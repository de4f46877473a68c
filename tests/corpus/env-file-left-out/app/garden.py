from os import getenv

from dotenv import load_dotenv
from flask import Flask

load_dotenv()
garden = Flask(__name__)
garden.config.update(DEBUG=getenv("GARDEN_DEBUG", "off") == "on", SECRET_KEY=getenv("GARDEN_KEY"))
