import os

import dotenv
from flask import Flask

dotenv.load_dotenv(override=True)
library = Flask(__name__)
library.config["SECRET_KEY"] = os.getenv("LIBRARY_KEY")
library.config["DEBUG"] = os.environ["LIBRARY_DEBUG"] == "yes"
