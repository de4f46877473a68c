from os import environ, getenv

CELERY_BROKER_URL = getenv("PANTRY_BROKER")
MONGO_URI = "mongodb://" + getenv("PANTRY_LOGIN", "root:example") + "@flour:27017/bread"
SQLALCHEMY_DATABASE_URI = environ.get("PANTRY_DB", "postgresql://postgres:postgres@db:5432/bakery")
