from environs import Env

read = Env()
with read.prefixed("DEPOT_"):
    SECRET_KEY = read.str("KEY")
    DEBUG = read.bool("DEBUG", default=False)
    MAX_CONTENT_LENGTH = read.int("LIMIT", 5000)
