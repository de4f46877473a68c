from os import environ

from flask import Flask
from flask_wtf.csrf import CSRFProtect

import members

club = Flask(__name__)
club.config["SECRET_KEY"] = environ["CLUB_KEY"]
shield = CSRFProtect()
shield.init_app(club)
shield.exempt(members.members)
club.register_blueprint(members.members)
