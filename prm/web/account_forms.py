"""allauth's forms about passwords, answering in our words."""

from allauth.account import forms

from prm.web.typed import Typed


class ChangeForm(Typed, forms.ChangePasswordForm):
    """The old password and a new one."""


class FirstForm(Typed, forms.SetPasswordForm):
    """A password for an account that had none."""


class ForgottenForm(Typed, forms.ResetPasswordForm):
    """The address to which the link goes."""


class ChooseForm(Typed, forms.ResetPasswordKeyForm):
    """A new password, by the link from a mail."""


class AgainForm(Typed, forms.ReauthenticateForm):
    """The password once more."""
