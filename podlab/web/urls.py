"""The pages' addresses."""

from django.urls import path
from django.views.i18n import set_language

from podlab.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("lab/<uuid:session>/", views.lab, name="lab"),
    path("language/", set_language, name="language"),
]
