"""Which of our forms allauth shows on its pages, by its names: ours answer in our words, at the field."""

ACCOUNT = {
    "change_password": "prm.web.account_forms.ChangeForm",
    "reauthenticate": "prm.web.account_forms.AgainForm",
    "reset_password": "prm.web.account_forms.ForgottenForm",
    "reset_password_from_key": "prm.web.account_forms.ChooseForm",
    "set_password": "prm.web.account_forms.FirstForm",
}
MFA = {
    "authenticate": "prm.web.second_factor.CodeForm",
    "reauthenticate": "prm.web.second_factor.CodeAgainForm",
    "activate_totp": "prm.web.second_factor.FirstCodeForm",
    "add_webauthn": "prm.web.second_factor.PasskeyForm",
    "edit_webauthn": "prm.web.second_factor.PasskeyNameForm",
}
