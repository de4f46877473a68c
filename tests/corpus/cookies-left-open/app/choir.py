from flask import Flask

choir = Flask(__name__)
choir.config.from_object("voices.Concert")
