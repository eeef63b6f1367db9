"""What every answer tells the browser, whoever made it: a page, a file, a feed, a refusal, an error.

The first of all middleware, so that also a request which the others turn away is answered with these headers.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: What a page could ask of the device and never does. Passkeys alone are ours to use.
NOTHING_OF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
OWN = ("publickey-credentials-create", "publickey-credentials-get")

PERMISSIONS = ", ".join([*(f"{one}=()" for one in NOTHING_OF), *(f"{one}=(self)" for one in OWN)])

Answer = Callable[[HttpRequest], HttpResponse]


def security_headers(get_response: Answer) -> Answer:
    """The middleware. What a view chose for itself stays, such as the stricter Referrer-Policy of the portal."""

    def answered(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        for name, value in _headers().items():
            answer.setdefault(name, value)
        return answer

    return answered


def _headers() -> dict[str, str]:
    return {
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    }
