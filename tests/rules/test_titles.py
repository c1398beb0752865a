"""A title that no account shows is told; one that some account shows is fine."""

from __future__ import annotations

from tests.rules.builders import VIDEO, found, media, post, says, told
from tests.tables import each_of


@each_of(
    ("provider", "message"),
    [
        ("twitter", 'X shows no title on posts: "Rye" would be lost'),
        ("linkedin", 'LinkedIn shows no title on posts of type status: "Rye" would be lost'),
        ("youtube", None),
    ],
)
def test_a_title_that_is_lost_is_a_warning(provider: str, message: str | None) -> None:
    if message is None:
        one = post(provider, title="Rye", type="video", media=media())
        assert "title.network" not in found(one, infos=(VIDEO,))
    else:
        says("warning title.network", message, post(provider, text="Fresh", title="Rye", type="status"))


def test_a_title_for_one_of_several_networks_is_no_problem() -> None:
    """It is written once, and the other networks do without."""
    film = post("youtube", title="Rye", text="Fresh", type="video", media=media())
    short = post("twitter", title="Rye", text="Fresh", type="video", media=media())
    assert "title.network" not in found(film, short, infos=(VIDEO,))
    both = (post("twitter", title="Rye", text="Fresh"), post("threads", title="Rye", text="Fresh"))
    assert told(*both) == ["warning title.network"]


def test_the_caption_of_media_is_a_warning() -> None:
    one = post("facebook", text="a", media=media(caption="By Ann"))
    message = found(one)["media.caption"].message
    assert message.startswith("Publer's documents name no network that shows the caption of ")
