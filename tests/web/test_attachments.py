"""Files of a case: what is taken, and how they are served."""

from io import BytesIO
from typing import Any

from PIL import Image

from tests.web.conftest import Client, Site


def upload(client: Client, task_id: str, name: str, content: bytes, kind: str = "file") -> Any:
    """What the form island does with a file."""
    return client.post(
        f"/tasks/{task_id}/attachments",
        data={"file": (BytesIO(content), name), "kind": kind, "csrf_token": client.csrf()},
        headers={"Accept": "application/json"},
    )


def picture(mode: str = "RGB") -> bytes:
    """A PNG of 800 × 600."""
    out = BytesIO()
    Image.new(mode, (800, 600)).save(out, "PNG")
    return out.getvalue()


def mine(site: Site) -> tuple[Client, str]:
    """A task in hand."""
    task_id = site.start()
    client = site.as_("hotline1")
    client.send(f"/tasks/{task_id}/claim")
    return client, task_id


def test_a_photo_is_shown_on_the_task_and_served_in_a_sandbox(site: Site) -> None:
    """Given an uploaded photo, the page shows its thumbnail, and the file itself can run nothing."""
    client, task_id = mine(site)

    kept = upload(client, task_id, "现场.png", picture(), "photo")

    assert kept.status_code == 201
    answer = kept.get_json()
    assert answer["content_type"] == "image/png"
    assert answer["url"] in client.text(f"/tasks/{task_id}")
    file = client.get(answer["url"])
    assert file.headers["Content-Security-Policy"].endswith("sandbox; frame-ancestors 'none'")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"] == "inline; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.png"
    assert client.get(answer["url"] + "?download").headers["Content-Disposition"].startswith("attachment")


def test_the_thumbnail_is_small_and_flat(site: Site) -> None:
    """Given a transparent signature, its thumbnail is a JPEG of at most 320 pixels on white."""
    client, task_id = mine(site)
    url = upload(client, task_id, "sign.png", picture("RGBA"), "signature").get_json()["url"]

    small = Image.open(BytesIO(client.get(url + "/thumbnail").get_data()))

    assert small.format == "JPEG"
    assert max(small.size) == 320
    assert small.getpixel((5, 5)) == (255, 255, 255)


def test_a_text_file_is_only_ever_downloaded(site: Site) -> None:
    """Given a text file, it is served as a download, and has no thumbnail."""
    client, task_id = mine(site)
    url = upload(client, task_id, "note.txt", "记录".encode()).get_json()["url"]

    assert client.get(url).headers["Content-Disposition"].startswith("attachment")
    assert client.get(url + "/thumbnail").status_code == 404


def test_what_a_browser_might_run_is_refused(site: Site) -> None:
    """Given HTML, SVG, a program or a disguised picture, the answer is 400 with the reason, and nothing is kept."""
    client, task_id = mine(site)

    for name, content in (
        ("page.html", b"<script>alert(1)</script>"),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("run.exe", b"MZ\x90\x00"),
        ("photo.png", b"<html></html>"),
        ("empty.txt", b""),
    ):
        answer = upload(client, task_id, name, content)
        assert answer.status_code == 400, name
        assert answer.get_json()["message"]["zh"]


def test_a_path_in_a_file_name_is_cut_off(site: Site) -> None:
    """Given a name with folders, only its last part is kept."""
    client, task_id = mine(site)

    assert upload(client, task_id, "..\\..\\etc/现场.png", picture()).get_json()["name"] == "现场.png"


def test_a_file_that_is_too_big_is_refused_in_words(site: Site) -> None:
    """Given a file beyond the limit, the answer is 413 and names the limit."""
    client, task_id = mine(site)

    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="big.txt"\r\n\r\n' + b"x" * (22 * 1024 * 1024) + b"\r\n--b--\r\n"

    answer = client.post(
        f"/tasks/{task_id}/attachments",
        data=part,
        content_type="multipart/form-data; boundary=b",
        headers={"Accept": "application/json", "X-CSRFToken": client.csrf()},
    )

    assert answer.status_code == 413
    assert "20 MB" in answer.get_json()["message"]["en"]


def test_a_browser_without_scripts_gets_back_to_the_page(site: Site) -> None:
    """Given a plain form, after the upload the browser returns to the files of the task."""
    client, task_id = mine(site)

    answer = client.post(
        f"/tasks/{task_id}/attachments",
        data={"file": (BytesIO(picture()), "a.png"), "csrf_token": client.csrf()},
        headers={"Accept": "text/html"},
    )

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#files")
