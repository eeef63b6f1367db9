"""Every address of the product."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from prm.web import feeds, health
from prm.web.gate import staff
from prm.web.portal.urls import urlpatterns as portal_pages
from prm.web.second_factor import new_phone
from prm.web.staff import (
    accesses,
    agreement,
    agreement_clauses,
    agreement_new,
    agreement_notice,
    agreement_signing,
    agreement_steps,
    changes,
    closed_days,
    colleagues,
    composer,
    demo,
    export,
    facts_edit,
    first_steps,
    keepers,
    ledger,
    links,
    look_up,
    more,
    new_partner,
    new_person,
    outbox,
    outlook,
    own_account,
    partner,
    partners,
    pause,
    pause_after,
    person,
    person_roles,
    program,
    promises,
    put_off,
    release,
    renewal,
    replacement,
    rule_change,
    rules_page,
    sessions,
    statements,
    steering,
    talk,
    template,
    today,
    trial,
    undo,
    views,
    vocabulary,
    writing,
)
from prm.web.staff.imports import bringing, columns, doors, rows_out, state
from prm.web.wall import second_step

#: The kinds of file that a list comes as.
KIND = "(?P<kind>csv|xlsx)"

#: One person of a partner, and what is done about them.
SOMEBODY = "partners/<slug:slug>/people/<int:pk>/"
PERSON_PAGES: list[URLPattern | URLResolver] = [
    path(SOMEBODY, person.person, name="person"),
    path(f"{SOMEBODY}facts/<slug:fact>", person.person_fact, name="person-fact"),
    path(f"{SOMEBODY}roles", person_roles.give, name="person-roles"),
    path(f"{SOMEBODY}roles/<slug:role>", person_roles.end, name="person-role"),
    path(f"{SOMEBODY}works", person.works, name="person-works"),
    path(f"{SOMEBODY}same", person.same, name="person-same"),
]

#: The pages of allauth that we offer; their names are its own. Addresses are changed by staff, not here.
ACCOUNT_PAGES: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("new-phone/", new_phone, name="account_new_phone"),
    path("second-step/", staff(second_step), name="mfa_index"),
    path("second-step/code/", mfa.authenticate, name="mfa_authenticate"),
    path("second-step/again/", staff(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-step/app/", staff(app.activate_totp), name="mfa_activate_totp"),
    path("second-step/app/remove/", staff(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-step/recovery/", staff(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "second-step/recovery/new/",
        staff(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("passkeys/add/", staff(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/rename/", staff(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", staff(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("passkeys/again/", staff(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("signed-in/", sessions.sessions, name="usersessions_list"),
    path("signed-in/end-others", sessions.end_others, name="usersessions_end_others"),
    path("signed-in/<int:pk>/end", sessions.end, name="usersessions_end"),
]

#: One agreement and the steps with it, below its own address.
PAPER = "partners/<slug:slug>/agreements/<int:pk>/"
AGREEMENT_PAGES: list[URLPattern | URLResolver] = [
    path(PAPER, agreement.agreement, name="agreement"),
    path(f"{PAPER}sign", agreement_signing.signing, name="agreement-sign"),
    path(f"{PAPER}approval", agreement_signing.approval, name="agreement-approval"),
    path(f"{PAPER}join", agreement_signing.join, name="agreement-join"),
    path(f"{PAPER}clauses", agreement_clauses.clauses, name="agreement-clauses"),
    path(f"{PAPER}notice", agreement_notice.notice, name="agreement-notice"),
    path(f"{PAPER}undo", agreement_steps.undo, name="agreement-undo"),
    *(
        path(f"{PAPER}{name}", agreement_steps.step, {"name": name}, name=f"agreement-{name}")
        for name in agreement_steps.STEPS
    ),
]

if settings.PRM_OIDC:  # else nothing of it is loaded
    from prm.web import agency_signin

    ACCOUNT_PAGES += [
        path("agency/<slug:provider_id>/login/", agency_signin.begin, name="openid_connect_login"),
        path("agency/<slug:provider_id>/back/", agency_signin.come_back, name="openid_connect_callback"),
    ]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="today"), name="home"),
    path("today/", today.today, name="today"),
    path("today/keys", today.keys, name="today-keys"),
    path("put-off/<int:pk>/back", put_off.fetch_back, name="put-off-back"),
    path("said/<int:pk>/confirm", statements.press, {"act": "confirm"}, name="said-confirm"),
    path("said/<int:pk>/seen", statements.press, {"act": "seen"}, name="said-seen"),
    path("said/<int:pk>/take-back", statements.press, {"act": "take-back"}, name="said-take-back"),
    path("said/<int:pk>/undo", statements.press, {"act": "undo"}, name="said-undo"),
    path("said/<int:pk>/correct", statements.correct, name="said-correct"),
    path("partners/", partners.partners, name="partners"),
    path("partners/new", new_partner.new_partner, name="partner-new"),
    path("views/new", views.keep, name="partners-view-new"),
    path("views/<int:pk>", views.change, name="partners-view"),
    path("views/<int:pk>/remove", views.remove, name="partners-view-remove"),
    path("views/<int:pk>/undo", views.undo, name="partners-view-undo"),
    re_path(rf"^partners/export\.{KIND}$", export.partners, name="partners-export"),
    re_path(rf"^partners/(?P<slug>[-\w]+)/timeline\.{KIND}$", export.timeline, name="partner-timeline"),
    path("partners/<slug:slug>/", partner.partner, name="partner"),
    path("partners/<slug:slug>/changes", changes.changed, name="partner-changes"),
    path("partners/<slug:slug>/facts/<slug:fact>", facts_edit.partner_fact, name="partner-fact"),
    path("partners/<slug:slug>/people/new", new_person.new_person, name="person-new"),
    *PERSON_PAGES,
    path("partners/<slug:slug>/keepers", keepers.keepers, name="partner-keepers"),
    path("partners/<slug:slug>/undo/<int:pk>", undo.undo, name="partner-undo"),
    path("partners/<slug:slug>/talk", talk.talk, name="partner-talk"),
    path("partners/<slug:slug>/put-off", put_off.put_off, name="today-put-off"),
    path("partners/<slug:slug>/write", composer.write, name="partner-write"),
    path("partners/<slug:slug>/pause", pause.pause, name="partner-pause"),
    path("partners/<slug:slug>/pauses/<int:pk>", pause.pause_end_page, name="partner-pause-end"),
    path("partners/<slug:slug>/pauses/<int:pk>/after", pause_after.after, name="partner-pause-after"),
    path(
        "partners/<slug:slug>/pauses/<int:pk>/take-back",
        pause_after.take_back,
        name="partner-pause-take-back",
    ),
    path("partners/<slug:slug>/pauses/<int:pk>/undo", pause_after.undo, name="partner-pause-undo"),
    path("partners/<slug:slug>/renewal", renewal.renewal, name="partner-renewal"),
    path("partners/<slug:slug>/agreements/new", agreement_new.new, name="agreement-new"),
    *AGREEMENT_PAGES,
    path("partners/<slug:slug>/links", links.send, name="partner-links"),
    path("partners/<slug:slug>/links/end", links.end, name="partner-links-end"),
    path("partners/<slug:slug>/replace", replacement.replacement, name="partner-replacement"),
    path("promises/<int:pk>/keep", promises.keep, name="promise-keep"),
    path("promises/<int:pk>/move", promises.move, name="promise-move"),
    path("promises/<int:pk>/drop", promises.drop, name="promise-drop"),
    path("promises/<int:pk>/undo", promises.undo, name="promise-undo"),
    path("imports/", bringing.bring_in, name="imports"),
    path("imports/<int:pk>/", state.state, name="import"),
    path("imports/<int:pk>/columns", columns.columns, name="import-columns"),
    path("imports/<int:pk>/progress", state.progress, name="import-progress"),
    path("imports/<int:pk>/take", doors.take, name="import-take"),
    path("imports/<int:pk>/undo", doors.undo, name="import-undo"),
    path("imports/<int:pk>/discard", doors.discard, name="import-discard"),
    path("imports/<int:pk>/lines/<str:part>", state.lines, name="import-lines"),
    path("imports/<int:pk>/out.csv", rows_out.rows_out, name="import-out"),
    path("search", look_up.look_up, name="look-up"),
    path("outlook/", outlook.outlook_page, name="outlook"),
    re_path(rf"^outlook/export\.{KIND}$", export.outlook, name="outlook-export"),
    path("outbox/", outbox.outbox, name="outbox"),
    re_path(rf"^outbox/export\.{KIND}$", export.outbox, name="outbox-export"),
    path("outbox/sending", outbox.hold, name="outbox-sending"),
    path("outbox/release", release.release, name="release"),
    path("outbox/<int:pk>/", outbox.outbox, name="outbox-message"),
    path("outbox/<int:pk>/again", steering.again, name="outbox-again"),
    path("outbox/<int:pk>/hold", steering.steer, {"act": "hold"}, name="outbox-hold"),
    path("outbox/<int:pk>/release", steering.steer, {"act": "release"}, name="outbox-release"),
    path("outbox/<int:pk>/cancel", steering.steer, {"act": "cancel"}, name="outbox-cancel"),
    path("outbox/<int:pk>/now", steering.steer, {"act": "now"}, name="outbox-now"),
    path("outbox/<int:pk>/words", steering.words, name="outbox-words"),
    path("outbox/several", steering.several, name="outbox-several"),
    path("outbox/letters/<int:pk>/", steering.letters, name="outbox-letters"),
    path("outbox/new", writing.new, name="outbox-new"),
    path("outbox/ledger/", ledger.ledger, name="outbox-ledger"),
    re_path(rf"^outbox/ledger/export\.{KIND}$", ledger.as_table, name="outbox-ledger-export"),
    path("first-steps/", first_steps.first_steps, name="first-steps"),
    path("test-mail", trial.test_mail, name="test-mail"),
    path("program/", program.program_page, name="program"),
    path("closed-days/", closed_days.closed_days, name="closed-days"),
    path("closed-days/right", closed_days.right, name="closed-days-right"),
    path("closed-days/<str:day>/remove", closed_days.remove, name="closed-days-remove"),
    path("colleagues/", colleagues.colleagues, name="colleagues"),
    path("colleagues/add", colleagues.add, name="colleagues-add"),
    path("colleagues/<int:pk>/invite", colleagues.invite, name="colleagues-invite"),
    path("colleagues/<int:pk>/second-step", colleagues.second_step, name="colleagues-second-step"),
    path("colleagues/<int:pk>/access", colleagues.access, name="colleagues-access"),
    path("demo/remove", demo.demo_removal, name="demo-removal"),
    path("imports/template.csv", template.template, {"kind": "csv"}, name="imports-template-csv"),
    path("imports/template.xlsx", template.template, {"kind": "xlsx"}, name="imports-template-xlsx"),
    path("words/", vocabulary.lists, name="words"),
    path("words/<slug:name>/", vocabulary.words, name="words-list"),
    path("words/<slug:name>/<int:pk>", vocabulary.word, name="word"),
    path("words/<slug:name>/<int:pk>/offer", vocabulary.offer, name="word-offer"),
    path("words/<slug:name>/<int:pk>/together", vocabulary.together, name="word-together"),
    path("rules/", rules_page.rules_page, name="rules"),
    path("rules/<slug:rule>/", rule_change.rule_page, name="rule"),
    path("rules/<slug:rule>/save", rule_change.keep, name="rule-save"),
    path("rules/<slug:rule>/undo", rule_change.undo, name="rule-undo"),
    path("accesses/", accesses.accesses, name="accesses"),
    path("account/", own_account.account, name="account"),
    path("account/away", own_account.away, name="account-away"),
    path("account/back", own_account.back, name="account-back"),
    path("more/", more.more, name="more"),
    path("more/theme", more.theme, name="more-theme"),
    path("accounts/", include(ACCOUNT_PAGES)),
    *portal_pages,
    path("feeds/<str:token>.ics", feeds.calendar, name="feed"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
