from flask import Flask

forge = Flask(__name__)
