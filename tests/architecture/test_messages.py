"""What partners read exists in every language we promise, and what was translated is compiled."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from prm.vocabulary.defaults import default_terms
from prm.vocabulary.spoken import AGREEMENT_KINDS

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_text_for_partners_is_translated_and_compiled() -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("no gettext here: on Debian `apt-get install gettext`")
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_kinds_of_agreement_are_all_offered_for_translation() -> None:
    assert {word.label for word in default_terms() if word.list == "agreement_kind"} == set(AGREEMENT_KINDS)
