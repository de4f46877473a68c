from flask import Flask

import printshop
from printshop import ink

shop = Flask(__name__)
shop.config |= {"DEBUG": ink.LOUD}
shop.config["MAX_CONTENT_LENGTH"] = printshop.limits.SIZES[printshop.limits.WANTED]
shop.config["SESSION_COOKIE_NAME"] = "{}-{:02d}".format(printshop.limits.WANTED, 7)
