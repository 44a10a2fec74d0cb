"""Says what a file is by looking into it, and refuses what Opsbook does not keep. Names and declared types prove nothing."""

import zipfile
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from engine.errors import InvalidInput

MAX_PIXELS = 60_000_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_PACKED_PARTS = 5_000

_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis")
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MACROS = "vbaProject.bin"


def media_type(name: str, content: bytes) -> str:
    """The media type of a file; `name` only tells a table from plain text.

    Raises:
        InvalidInput: empty, damaged, harmful, or of a kind that is not kept.
    """
    if not content:
        raise InvalidInput(f"文件“{name}”是空的。", f"The file {name!r} is empty.")
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return _image(name, content)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return _office(name, content)
    return _text(name, content)


def _image(name: str, content: bytes) -> str:
    damaged = InvalidInput(f"图片“{name}”已损坏，无法打开。", f"The picture {name!r} is damaged and cannot be opened.")
    too_large = InvalidInput(
        f"图片“{name}”太大，上限为 {MAX_PIXELS // 1_000_000} 百万像素。",
        f"The picture {name!r} has more than {MAX_PIXELS // 1_000_000} megapixels.",
    )
    try:
        with Image.open(BytesIO(content), formats=tuple(_IMAGES)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise too_large
            kind = _IMAGES[str(image.format)]
            image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise damaged from None
    return kind


def _office(name: str, content: bytes) -> str:
    """Word and Excel files are archives: look at the table of contents, unpack nothing."""
    try:
        parts = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise InvalidInput(f"文件“{name}”已损坏，无法打开。", f"The file {name!r} is damaged and cannot be opened.") from None
    if len(parts) > MAX_PACKED_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise InvalidInput(f"文件“{name}”解压后过大，已拒绝。", f"The file {name!r} is too large when unpacked.")
    names = {part.filename for part in parts}
    if any(part.endswith(_MACROS) for part in names):
        raise InvalidInput(f"文件“{name}”含有宏，请另存为不含宏的文件。", f"The file {name!r} contains macros; save it without them.")
    kind = next((kind for part, kind in _OFFICE.items() if part in names), None)
    if kind is None or "[Content_Types].xml" not in names:
        raise _refused(name)
    return kind


def _text(name: str, content: bytes) -> str:
    suffix = name.lower().rpartition(".")[2]
    kinds = {"txt": "text/plain", "csv": "text/csv"}
    if suffix not in kinds or b"\0" in content:
        raise _refused(name)
    for charset in ("utf-8", "gb18030"):
        try:
            content.decode(charset)
        except UnicodeDecodeError:
            continue
        return f"{kinds[suffix]}; charset={charset}"
    raise _refused(name)


def _refused(name: str) -> InvalidInput:
    return InvalidInput(
        f"不能保存“{name}”：只接受图片（JPEG、PNG、WebP、HEIC）、PDF、Word、Excel、TXT 和 CSV。",
        f"{name!r} is not kept: only pictures (JPEG, PNG, WebP, HEIC), PDF, Word, Excel, TXT and CSV are.",
    )
