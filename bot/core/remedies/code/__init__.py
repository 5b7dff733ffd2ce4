"""A change as code for the Azure CLI, Terraform and Bicep.

In: the edits of a proposal and the document that they change. Out: one text per language, in the order in which they
are shown.
"""

from bot.core.arm.document import Document
from bot.core.arm.edit import Edit
from bot.core.model.gateway import Gateway
from bot.core.remedies.code import azure_cli, bicep, terraform
from bot.core.remedies.code.touched import touched

AZURE_CLI = "Azure CLI"

Code = tuple[tuple[str, str], ...]
"""Language and text, in the order in which they are shown."""


def as_code(gateway: Gateway, document: Document, edits: tuple[Edit, ...]) -> Code:
    """What the edits change, as commands and as fragments to carry over; nothing where nothing is edited.

    Raises:
        Conflict: the edits do not fit the document.
    """
    if not edits:
        return ()
    parts = touched(edits, document)
    return (
        (AZURE_CLI, azure_cli.text(gateway, parts)),
        ("Terraform", terraform.text(gateway, parts)),
        ("Bicep", bicep.text(gateway, parts)),
    )
