"""The pages' addresses."""

from django.urls import path
from django.views.i18n import set_language

from podlab.web import accounts, instructor, lessons, own, preview, views

urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("own/", own.own, name="own"),
    path("lessons/<slug:pack>/", lessons.pack, name="pack"),
    path("lessons/<slug:pack>/<slug:slug>/", lessons.lesson, name="lesson"),
    path("lessons/<slug:pack>/<slug:slug>/start/", lessons.start, name="start_lesson"),
    path("claims/", lessons.claims, name="claims"),
    path("glossary/", lessons.glossary, name="glossary"),
    path("instructor/", instructor.packs, name="instructor"),
    path("instructor/upload/", instructor.upload, name="upload"),
    path("instructor/drafts/<slug:name>/", instructor.draft, name="draft"),
    path("instructor/drafts/<slug:name>/prove/", instructor.again, name="prove_draft"),
    path("instructor/drafts/<slug:name>/publish/", instructor.publish, name="publish_draft"),
    path("instructor/drafts/<slug:name>/discard/", instructor.discard, name="discard_draft"),
    path("instructor/packs/<slug:pack>/<str:version>/withdraw/", instructor.withdraw, name="withdraw_pack"),
    path("instructor/packs/<slug:pack>/<str:version>/offer/", instructor.offer, name="offer_pack"),
    path("preview/", preview.state, name="preview"),
    path("lab/<uuid:session>/", views.lab, name="lab"),
    path("sign-up/", accounts.sign_up, name="sign_up"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("language/", set_language, name="language"),
]
