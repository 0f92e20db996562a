"""Files → one zip, with the same bytes for the same files."""

import io
import zipfile
from collections.abc import Container, Iterable

_MADE = (2020, 1, 1, 0, 0, 0)  # whenever it was
_PROGRAM, _PLAIN = 0o100755, 0o100644


def pack(files: Iterable[tuple[str, bytes]], programs: Container[str] = ()) -> bytes:
    """Taken one after the other, so that a class need not be held at once."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _MADE)
            entry.create_system = 3  # Unix: else nobody looks at the mode
            entry.external_attr = (_PROGRAM if name in programs else _PLAIN) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()
