"""The content store keeps what staff and customers send, and nothing harmful."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import InvalidInput, NotFound
from engine.settings import Settings
from engine.storage.contents import ContentStore


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    """An empty store for files up to 1 MB."""
    return ContentStore(Settings(files_dir=tmp_path / "files", max_upload_mb=1))


def _picture(kind: str, size: tuple[int, int] = (8, 6)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "red").save(buffer, kind)
    return buffer.getvalue()


def _archive(*names: str, content: bytes = b"<x/>") -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("现场.jpg", _picture("JPEG"), "image/jpeg"),
        ("sign.png", _picture("PNG"), "image/png"),
        ("p.webp", _picture("WEBP"), "image/webp"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        ("合同.pdf", b"%PDF-1.7\n%", "application/pdf"),
        (
            "a.docx",
            _archive("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("a.xlsx", _archive("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("说明.txt", "服务电话".encode(), "text/plain; charset=utf-8"),
        ("备件.csv", "编号,名称".encode("gb18030"), "text/csv; charset=gb18030"),
        ("really a picture.txt", _picture("PNG"), "image/png"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",
)
def test_ordinary_files_are_kept_under_their_true_type(store: ContentStore, name: str, content: bytes, expected: str) -> None:
    """What comes out is what went in, byte by byte, and its type is what it is, not what its name says."""
    stored = store.put(name, content)

    assert stored.media_type == expected
    assert stored.size_bytes == len(content)
    assert store.get(stored.sha256) == content


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "empty"),
        ("page.html", b"<script>alert(1)</script>", "only pictures"),
        ("drawing.svg", b"<svg onload='x'/>", "only pictures"),
        ("tool.exe", b"MZ\x90\0", "only pictures"),
        ("binary.txt", b"a\0b", "only pictures"),
        ("archive.zip", _archive("readme.txt"), "only pictures"),
        ("half.png", _picture("PNG")[:40], "damaged"),
        ("fake.jpg", b"\xff\xd8\xff<html>", "damaged"),
        ("cut.docx", _archive("[Content_Types].xml", "word/document.xml")[:60], "damaged"),
        ("macro.docx", _archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        ("wide.png", _picture("PNG", (12_000, 5_001)), "megapixels"),
        ("big.txt", b"a" * (1024 * 1024 + 1), "larger than 1 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",
)
def test_other_files_are_refused_with_a_reason(store: ContentStore, name: str, content: bytes, message: str) -> None:
    """Nothing that a browser would run, nothing broken, nothing too big."""
    with pytest.raises(InvalidInput, match=message) as refused:
        store.put(name, content)

    assert name in refused.value.zh


def test_a_zip_bomb_is_refused_unopened(store: ContentStore) -> None:
    """A small archive that would unpack to hundreds of megabytes is not kept."""
    bomb = _archive("[Content_Types].xml", "word/document.xml", *(f"x{n}" for n in range(8)), content=bytes(40 * 1024 * 1024))

    with pytest.raises(InvalidInput, match="too large when unpacked"):
        store.put("bomb.docx", bomb)


def test_the_same_content_is_kept_once(store: ContentStore, tmp_path: Path) -> None:
    """Two people sending one picture use the space of one; no half-written file stays behind."""
    first = store.put("a.png", _picture("PNG"))
    second = store.put("b.png", _picture("PNG"))

    assert first.sha256 == second.sha256
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_unknown_content_is_not_found(store: ContentStore, digest: str) -> None:
    """A hash that is none cannot reach outside the store's folder."""
    with pytest.raises(NotFound):
        store.get(digest)
