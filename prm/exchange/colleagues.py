"""Our people as spreadsheets name them: by address, or by a name that only one of them has."""

from datetime import datetime

from prm.accounts.actions import add_user
from prm.accounts.models import User
from prm.exchange.words import plain


class Colleagues:
    """Every active user by address and by name; an address that nobody has becomes a user who cannot sign in yet."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.names: dict[str, list[User]] = {}
        self.gone: set[str] = set()
        self.added: list[str] = []
        for user in User.objects.order_by("id"):
            if user.is_active:
                self.users[user.email] = user
                self.names.setdefault(plain(user.name), []).append(user)
            else:
                self.gone.add(user.email)

    def knows(self, text: str) -> bool:
        """Whether `text` is somebody's name, or an address that may own a partnership."""
        if "@" in text:
            return text not in self.gone
        return len(self.names.get(plain(text), ())) == 1

    def user(self, text: str, now: datetime) -> User:
        """The user of that address or name, added where the address is new."""
        if "@" not in text:
            return self.names[plain(text)][0]
        if text not in self.users:
            name = text.partition("@")[0].replace(".", " ").replace("_", " ").strip().title()
            self.users[text] = add_user(email=text, name=name, now=now)
            self.added.append(text)
        return self.users[text]

    def keep(self, count: int) -> None:
        """Forget users added after the first `count`: their row was not written."""
        for address in self.added[count:]:
            del self.users[address]
        del self.added[count:]
