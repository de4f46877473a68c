from flask import Flask

bakery = Flask(__name__)
bakery.config.from_object("pantry")
