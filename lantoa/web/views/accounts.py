"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lantoa.web.doors import public

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

MOST_FAILURES = 5
PAUSE_SECONDS = 15 * 60


class SignInForm(AuthenticationForm):
    """Name and password; after five wrong ones in a row the same name from the same address waits."""

    error_messages = {  # noqa: RUF012 - as the form it extends
        "invalid_login": gettext_lazy(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra bộ gõ tiếng Việt và phím Caps Lock.",
        ),
        "inactive": gettext_lazy("Tài khoản này đã khóa. Hãy liên hệ cán bộ phụ trách."),
    }

    def clean(self) -> dict[str, object]:
        """Refuse before the password is even looked at, so that guessing tells nothing."""
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        key = f"sign-in:{address}:{str(self.cleaned_data.get('username', '')).casefold()}"
        failures = cache.get(key, 0)
        if failures >= MOST_FAILURES:
            raise ValidationError(_("Đã nhập sai 5 lần. Hãy chờ 15 phút rồi thử lại."))
        cache.set(key, failures + 1, PAUSE_SECONDS)
        cleaned = super().clean()
        cache.delete(key)
        return cleaned


sign_in = public(
    auth.LoginView.as_view(
        template_name="web/sign_in.html",
        authentication_form=SignInForm,
        redirect_authenticated_user=True,
    ),
)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@public
@require_POST
def switch_language(request: HttpRequest) -> HttpResponseBase:
    """Remember the chosen language for a year and go back where one was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = redirect(back)
    if request.POST.get("language") in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.POST["language"],
            max_age=365 * 86400,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response
