"""The only writers of agreements: entering and signing them, what follows a term, and looking them through."""

from prm.agreements.actions.approving import note_approval
from prm.agreements.actions.checking import Found, note_clauses
from prm.agreements.actions.ending import correct_end, end, record_review, withdraw
from prm.agreements.actions.entering import NewAgreement, Signer, enter_agreement, enter_agreements
from prm.agreements.actions.notice import end_what_is_over, give_notice, take_back_notice
from prm.agreements.actions.renewing import renew, take_back_renewal
from prm.agreements.actions.signing import join, send_for_signature, sign
from prm.agreements.actions.undoing import may_undo, undo, unsign

__all__ = [
    "Found",
    "NewAgreement",
    "Signer",
    "correct_end",
    "end",
    "end_what_is_over",
    "enter_agreement",
    "enter_agreements",
    "give_notice",
    "join",
    "may_undo",
    "note_approval",
    "note_clauses",
    "record_review",
    "renew",
    "send_for_signature",
    "sign",
    "take_back_notice",
    "take_back_renewal",
    "undo",
    "unsign",
    "withdraw",
]
