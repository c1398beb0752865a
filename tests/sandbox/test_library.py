"""The media library of the sandbox."""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox.tables import not_modelled
from tests.sandbox.conftest import NEVER, NOW, Client, Reply, X, item
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable


def upload(client: Client, name: str, mime: str, data: bytes = b"\x89PNG\r\n\r\n--x\r\n") -> Reply:
    head = f'--BOUND\r\nContent-Disposition: form-data; name="in_library"\r\n\r\ntrue\r\n--BOUND\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {mime}\r\n\r\n'
    body = head.encode() + data + b"\r\n--BOUND--\r\n"
    return client("POST", "/media", body, {"Content-Type": "multipart/form-data; boundary=BOUND"})


def test_an_uploaded_file_can_be_used_in_any_number_of_posts(client: Client) -> None:
    reply = upload(client, "ä cat.png", "image/png")
    assert reply.status == 200
    assert (reply.data["type"], reply.data["name"], reply.data["size"]) == ("photo", "ä cat.png", 13)
    assert reply.data["validity"]["facebook"]["photo"] is True
    assert reply.data["validity"]["youtube"]["video"] is False
    media = [{"id": reply.data["id"]}]
    client.create(
        item(kind="photo", media=media), item(account=X, network="twitter", kind="photo", media=media)
    )
    assert len(client.listed()) == 2


@pytest.mark.parametrize(
    ("name", "mime", "kind"),
    [
        ("a.MP4", "video/mp4", "video"),
        ("a.pdf", "application/pdf", "document"),
        ("a.gif", "image/gif", "photo"),
        ("a.mov", "VIDEO/QuickTime; x=y", "video"),
    ],
)
def test_types_of_media(client: Client, name: str, mime: str, kind: str) -> None:
    assert upload(client, name, mime).data["type"] == kind


@pytest.mark.parametrize(
    ("name", "mime", "data", "said"),
    [
        ("a.bin", "image/png", b"x", "File type is not supported"),
        ("a", "image/png", b"x", "File type is not supported"),
        ("a.png", "application/octet-stream", b"x", "File type does not match its extension"),
        ("a.png", "image/jpeg", b"x", "File type does not match its extension"),
        ("a.png", "image/png", b"", "File is empty"),
    ],
)
def test_files_without_a_matching_type_are_refused(
    client: Client, name: str, mime: str, data: bytes, said: str
) -> None:
    reply = upload(client, name, mime, data)
    assert (reply.status, reply.data) == (422, {"errors": [not_modelled(said)]})


def test_what_a_colleague_keeps_under_any_name_is_a_picture(client: Client) -> None:
    client.sandbox.add_media("picture")
    assert [one["type"] for one in client("GET", "/media").data["media"]] == ["photo"]


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"{}", "application/json"),
        (b"", "multipart/form-data; boundary=B"),
        (
            b'--B\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--B--\r\n',
            "multipart/form-data; boundary=B",
        ),
    ],
)
def test_an_upload_without_a_file_is_200_and_an_error(client: Client, body: bytes, mime: str) -> None:
    reply = client("POST", "/media", body, {"Content-Type": mime})
    assert (reply.status, reply.data) == (200, {"error": "undefined method 'content_type' for nil"})


def test_the_library_is_searched_and_ends_with_its_first_page(client: Client) -> None:
    for name in ("lamp.png", "sofa.png"):
        client.sandbox.add_media(name)
    path = "/media?types[]=photo&used[]=false"
    assert [one["name"] for one in client("GET", f"{path}&search=SOF").data["media"]] == ["sofa.png"]
    assert len(client("GET", f"{path}&page=0").data["media"]) == 2
    assert client("GET", f"{path}&page=1").data == {"media": [], "total": 2}


@each_of(
    "query, names",
    [
        ("", ["lamp.png", "sofa.mp4", "chair.gif"]),
        ("types[]=photo", ["lamp.png", "chair.gif"]),
        ("types[]=video", ["sofa.mp4"]),
        ("types[]=photo&types[]=video", ["lamp.png", "sofa.mp4", "chair.gif"]),
        ("types[]=photo,video", []),
        ("types[]=gif", []),
        ("search=LAMP", ["lamp.png"]),
        ("search=green", ["sofa.mp4"]),
        ("search=none", []),
        ("types[]=photo&search=sofa", []),
        ("ids[]={0}&ids[]={2}", ["lamp.png", "chair.gif"]),
        ("ids[]={1}&types[]=photo&search=lamp&page=9", ["sofa.mp4"]),
        ("page=", ["lamp.png", "sofa.mp4", "chair.gif"]),
        ("page=2", []),
    ],
)
def test_what_is_found_in_the_library(client: Client, query: str, names: list[str]) -> None:
    ids = [client.sandbox.add_media("lamp.png")]
    body = {"media": [{"url": "https://example.com/sofa.mp4", "caption": "A Green one"}], "type": "single"}
    job = client("POST", "/media/from-url", body).data["job_id"]
    client.sandbox.settle()
    ids.append(client("GET", f"/job_status/{job}").data["payload"][0]["id"])
    ids.append(client.sandbox.add_media("chair.gif"))
    found = client("GET", "/media?" + query.format(*ids)).data
    assert [one["name"] for one in found["media"]] == names
    assert all(one["created_at"] == NOW.isoformat() for one in found["media"])
    for one_id in ids:
        client.sandbox.remove_media(one_id)


@pytest.mark.story
@each_of(
    "url, name",
    [
        ("https://example.com/a.PNG", "a.PNG"),
        ("http://example.com/x/a.pdf#page", "a.pdf"),
        ("https://example.com/.png", ".png"),
        ("https:///a.png", None),
        ("https://127.4.5.6/a.png", None),
        ("https://example.test/a.png", None),
        ("https://test.example/a.png", "a.png"),
        ("https://example.com/png", None),
        ("https://example.com/a.bin", None),
        ("example.com/a.png", None),
        (None, None),
        (5, None),
    ],
)
def test_what_can_be_fetched(client: Client, url: Any, name: str | None) -> None:
    media = fetch(client, url)
    assert [one["name"] for one in media] == ([] if name is None else [name])
    assert [one["path"] for one in media] == ([] if name is None else [url])


def test_what_is_no_medium_is_passed_over(client: Client) -> None:
    body = {"media": ["https://example.com/a.png", None, {"url": "https://example.com/b.png"}]}
    job = client("POST", "/media/from-url", body).data["job_id"]
    client.sandbox.settle()
    assert [one["name"] for one in client("GET", f"/job_status/{job}").data["payload"]] == ["b.png"]


@each_of(
    "shape, two",
    [
        ("list", ["a.png", "b.png"]),
        ("media", {"failures": {}, "media": ["a.png", "b.png"]}),
        ("single", ["a.png", "b.png"]),
        ("indexed", {"0": "a.png", "1": "b.png"}),
    ],
)
def test_several_media_of_an_import(client: Client, shape: Any, two: Any) -> None:
    def named(payload: Any) -> Any:
        if isinstance(payload, list):
            return [named(each) for each in payload]
        if "name" in payload:
            return payload["name"]
        return {key: named(each) for key, each in payload.items()}

    client.sandbox.faults.media_payload = shape
    assert named(fetch(client, "https://example.com/a.png", "https://example.com/b.png")) == two


PART = 'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png'


@each_of(
    "head, boundary, status, name",
    [
        (PART, "B", 200, "a.png"),
        (PART, '"B"', 200, "a.png"),
        (PART.replace('"file"', "file"), "B", 200, "a.png"),
        (PART.replace("image/png", "IMAGE/PNG; charset=x"), "B", 200, "a.png"),
        (PART.replace("Content-Type", "content-type"), "B", 200, "a.png"),
        (PART.replace('"file"', '"files"'), "B", 200, None),
        (PART.replace('; filename="a.png"', ""), "B", 422, None),
        (PART.partition("\r\n")[0], "B", 422, None),
    ],
)
def test_the_form_around_an_upload(client: Client, head: str, boundary: str, status: int, name: Any) -> None:
    body = f"--B\r\n{head}\r\n\r\nbytes\r\n--B--\r\n".encode()
    reply = client("POST", "/media", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert (reply.status, reply.data.get("name")) == (status, name)
    if name:
        assert reply.data["size"] == 5
        assert re.fullmatch(
            rf"https://cdn\.publer\.example/uploads/[0-9a-f]{{24}}/{name}", reply.data["path"]
        )
        assert reply.data["thumbnail"] == reply.data["path"]


def test_an_upload_can_be_refused_with_words(client: Client) -> None:
    client.sandbox.faults.upload_error = "Too many files"
    reply = upload(client, "a.bin", "x/y")
    assert (reply.status, reply.data) == (200, {"error": "Too many files"})
    assert client("GET", "/media").data["total"] == 0


def test_what_was_deleted_from_the_library_is_gone(client: Client) -> None:
    picture = client.sandbox.add_media("a.png")
    client.sandbox.remove_media(picture)
    assert client("GET", "/media").data == {"media": [], "total": 0}
    client.create(item(kind="photo", media=[{"id": picture}]))
    assert client.sandbox.posts() == []


def test_too_large_an_upload_is_413_unread(client: Client) -> None:
    with client.connect() as connection:
        connection.sendall(b"POST /api/v1/media HTTP/1.1\r\nContent-Length: 300000000\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("header", ["Transfer-Encoding: chunked", "Content-Length: x"])
def test_a_body_of_unknown_length_is_411(client: Client, header: str) -> None:
    with client.connect() as connection:
        connection.sendall(f"POST /api/v1/media HTTP/1.1\r\n{header}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 411 ")


def test_a_body_cut_short_is_not_carried_out(client: Client) -> None:
    body = json.dumps({"bulk": {"state": "scheduled", "posts": [item()]}}).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in client.headers.items())
    with client.connect() as connection:
        length = f"Content-Length: {len(body) + 9}\r\n\r\n"
        connection.sendall(f"POST /api/v1/posts/schedule HTTP/1.1\r\n{head}{length}".encode() + body)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    client.sandbox.settle()
    assert (client.sandbox.posts(), client.sandbox.requests) == ([], [])


def fetch(client: Client, *urls: str) -> Any:
    body = {"media": [{"url": url, "name": "a"} for url in urls], "type": "bulk"}
    job = client("POST", "/media/from-url", body).data["job_id"]
    client.sandbox.settle()
    return client("GET", f"/job_status/{job}").data["payload"]


def test_media_from_a_url(client: Client) -> None:
    (media,) = fetch(client, "https://example.com/clip.mp4?x=1")
    assert media["type"] == "video"
    client.create(item(kind="video", media=[{"id": media["id"]}]))
    assert len(client.listed()) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/a.png",
        "http://127.0.0.1/a.png",
        "ftp://example.com/a.png",
        "https://example.com/a",
        "https://example.invalid/a.png",
        "https://[x/a.png",
    ],
)
def test_a_url_that_cannot_be_fetched_is_an_empty_payload(client: Client, url: str) -> None:
    assert fetch(client, url) == []


def test_one_import_at_a_time(faulty: Callable[..., Client]) -> None:
    client = faulty(job_delay=NEVER)
    replies = [client("POST", "/media/from-url", {"media": []}) for _ in range(2)]
    assert [reply.status for reply in replies] == [200, 403]


def test_an_import_that_names_no_media_makes_no_job(client: Client) -> None:
    reply = client("POST", "/media/from-url", {"url": "https://example.com/a.png"})
    assert (reply.status, reply.data) == (200, {})


@pytest.mark.parametrize("shape", ["media", "single", "indexed"])
def test_shapes_of_imported_media(faulty: Callable[..., Client], shape: str) -> None:
    payload = fetch(faulty(media_payload=shape), "https://example.com/a.png")
    media = {
        "media": lambda: payload["media"][0],
        "single": lambda: payload,
        "indexed": lambda: payload["0"],
    }[shape]()
    assert media["type"] == "photo"


def test_an_import_can_fail_with_words(faulty: Callable[..., Client]) -> None:
    client = faulty(media_error="Videos need to be smaller than 2 gb")
    refused = {"error": "Videos need to be smaller than 2 gb"}
    shapes: dict[Any, Any] = {
        "list": [refused],
        "media": {"failures": {}, "media": [refused]},
        "single": refused,
        "indexed": {"0": refused},
    }
    for shape, payload in shapes.items():
        client.sandbox.faults.media_payload = shape
        assert fetch(client, "https://example.com/a.mp4") == payload


def test_the_library(client: Client) -> None:
    one_id = client.sandbox.add_media("a.png")
    client.sandbox.add_media("b.mp4")
    found = client("GET", "/media?types[]=photo&used[]=false").data
    assert ([media["id"] for media in found["media"]], found["total"]) == ([one_id], 1)
    shown = {"thumbnails", "created_at", "updated_at", "favorite", "in_library"}
    assert found["media"][0].keys() == {"id", "type", "name", "caption", "path"} | shown, "and no validity"
    assert [media["id"] for media in client("GET", f"/media?ids[]={one_id}").data["media"]] == [one_id]
    assert client("GET", "/media?types[]=photo,video&used[]=false").data["total"] == 0
    assert client("GET", "/media?types[]=photo").data["total"] == 1
    assert client("GET", "/media?types[]=photo&types[]=document&used[]=false").status == 400
    assert client("GET", "/media").data["total"] == 2, (
        "public clients ask so, and nobody was seen to be refused"
    )
