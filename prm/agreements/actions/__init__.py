"""The only writers of agreements: entering and signing them, what follows a term, and looking them through."""

from prm.agreements.actions.ending import correct_end, end, record_review, withdraw
from prm.agreements.actions.entering import NewAgreement, Signer, enter_agreement, enter_agreements
from prm.agreements.actions.renewing import renew, take_back_renewal
from prm.agreements.actions.signing import join, send_for_signature, sign

__all__ = [
    "NewAgreement",
    "Signer",
    "correct_end",
    "end",
    "enter_agreement",
    "enter_agreements",
    "join",
    "record_review",
    "renew",
    "send_for_signature",
    "sign",
    "take_back_renewal",
    "withdraw",
]
