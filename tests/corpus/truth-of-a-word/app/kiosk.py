from flask import Flask

import options

kiosk = Flask(__name__)
kiosk.config.from_object(options.Options)
