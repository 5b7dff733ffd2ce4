"""Files: an address to upload to, the bytes, and the moment they are shared.

https://docs.slack.dev/messaging/working-with-files/#upload
"""

import mimetypes
import secrets
from dataclasses import dataclass, replace
from urllib.parse import quote

from bot.lab.slack.clock import new_id
from bot.lab.slack.roster import BOT_USER
from bot.lab.slack.values import ApiError
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the workspace. `content` is None until it is uploaded; `private` is what a person gave to a modal."""

    id: str
    name: str
    length: int
    title: str = ""
    content: bytes | None = None
    shared: bool = False
    user: str = BOT_USER
    private: bool = False

    @property
    def mimetype(self) -> str:
        """Guessed from the name, as Slack guesses."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


class Files:
    """Every file that was announced. `base_url` is where the page serves them from."""

    def __init__(self) -> None:
        self.base_url = ""
        self._files: dict[str, StoredFile] = {}
        self._tickets: dict[str, str] = {}

    def announce(self, name: str, length: int) -> tuple[str, str]:
        """A new file's id and the secret part of its upload address."""
        file_id, ticket = new_id("F"), secrets.token_urlsafe(18)
        self._files[file_id] = StoredFile(file_id, name, length)
        self._tickets[ticket] = file_id
        return file_id, ticket

    def upload(self, ticket: str, content: bytes) -> StoredFile:
        """Take the bytes. Raises ApiError if the address is unknown or the length differs."""
        file = self._files.get(self._tickets.get(ticket, ""))
        if file is None:
            raise ApiError("not_found", status=404)
        if len(content) != file.length:
            raise ApiError("length_mismatch", status=400)
        self._files[file.id] = replace(file, content=content)
        return self._files[file.id]

    def complete(self, file_id: str, title: str | None) -> StoredFile:
        """Make an uploaded file ready to be shared; raises `file_not_found`."""
        file = self._files.get(file_id)
        if file is None or file.content is None or file.shared:
            raise ApiError("file_not_found")
        self._files[file_id] = replace(file, title=title or file.name, shared=True)
        return self._files[file_id]

    def give(self, person: str, name: str, content: bytes) -> StoredFile:
        """Take what a person chose in a `file_input`: shared nowhere, and there for the app."""
        file = StoredFile(new_id("F"), name, len(content), name, content, user=person, private=True)
        self._files[file.id] = file
        return file

    def given(self, file_id: str) -> StoredFile:
        """A file that the app may look at; raises `file_not_found`."""
        file = self._files.get(file_id)
        if file is None or not (file.shared or file.private):
            raise ApiError("file_not_found")
        return file

    def get(self, file_id: str) -> StoredFile | None:
        """A file that was completely uploaded and shared."""
        file = self._files.get(file_id)
        return file if file is not None and file.shared else None

    def shared(self) -> tuple[StoredFile, ...]:
        """All files that people can see, oldest first."""
        return tuple(file for file in self._files.values() if file.shared)

    def json(self, file: StoredFile) -> Json:
        """The file object inside a message. https://docs.slack.dev/reference/objects/file-object"""
        # People save what is shared from the page; what was given to the app alone takes its token.
        folder = "files-pri" if file.private else "lab/files"
        url = f"{self.base_url}{folder}/{file.id}/{quote(file.name, safe='')}"
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": file.name.rpartition(".")[2],
            "user": file.user,
            "mode": "hosted",
            "size": file.length,
            "url_private": url,
            "url_private_download": url,
            "permalink": url,
        }
