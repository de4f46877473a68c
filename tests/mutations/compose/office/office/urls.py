from django.http import HttpResponse
from django.urls import path


def desk(request):
    """Show the desk."""
    return HttpResponse("the office's desk")


urlpatterns = [path("", desk)]
