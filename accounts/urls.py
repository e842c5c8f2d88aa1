"""Addresses of sign-in and of one's own account."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("connexion/", views.sign_in, name="login"),
    path("deconnexion/", views.sign_out, name="logout"),
    path("compte/", views.profile, name="profile"),
    path("compte/mot-de-passe/", views.change_password, name="password"),
]
