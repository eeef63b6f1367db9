"""Text as people type it -> text that can be compared: case, accents, punctuation and spacing do not count."""

import re
import unicodedata
from functools import lru_cache

LEGAL_FORMS = frozenset(
    {
        "inc",
        "incorporated",
        "llc",
        "ltd",
        "limited",
        "corp",
        "corporation",
        "nfp",
        "pllc",
        "lp",
    }
)
AMERICAN = {
    "centre": "center",
    "centres": "centers",
    "labour": "labor",
    "organisation": "organization",
    "organisations": "organizations",
    "programme": "program",
    "programmes": "programs",
}


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Lower case without accents; apostrophes vanish, other punctuation is a space, `&` is "and"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = re.sub(r"['’‘`´]", "", bare.casefold()).replace("&", " and ")
    return " ".join(AMERICAN.get(word, word) for word in re.findall(r"[^\W_]+", bare))


def name_key(name: str) -> str:
    """Two spellings of one organization's name have the same key: "The Harbor House, Inc." is "HARBOR  HOUSE".

    Word order counts ("Joliet Food Pantry" and "Food Pantry (Joliet)" are two agencies), spaces do not ("Co-op" is
    "Coop"). A name without any letter or digit keeps its own characters as key.
    """
    words = plain(name).split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words.pop(0)
    return "".join(words) or name.strip().casefold()


def place_key(place: str) -> str:
    """A town or county for comparing: "Kane County" is "Kane"."""
    return "".join(word for word in plain(place).split() if word not in {"county", "city", "of", "the"})


def phone_key(phone: str) -> str:
    """The last ten digits of a phone number, "" where there are fewer than seven; extensions are left out."""
    digits = re.sub(r"\D", "", re.split(r"(?i)\b(?:ext|x|extension)\b\.?", phone)[0])
    return digits[-10:] if len(digits) >= 7 else ""
