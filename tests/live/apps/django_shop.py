"""A Django shop in one file. DEBUG turns its debug pages on."""

import os
import secrets

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    DEBUG=bool(os.environ.get("DEBUG")),
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)


def index(request):
    return HttpResponse('<!doctype html><title>Shop</title><a href="/items/?count=3">Three</a>')


def items(request):
    return HttpResponse("Rope" * int(request.GET.get("count", "1")))


urlpatterns = [path("", index), path("items/", items)]
application = get_wsgi_application()
