"""Pictures and recordings: known by their content, freed of where they were taken, served to whom the tip is for."""

import io
import struct
import wave
import zlib

import pytest
from PIL import Image

EXIF_GPS, EXIF_ORIENTATION, EXIF_MODEL = 0x8825, 0x0112, 0x0110
PLACE = b"+30.9450+117.8121/"


def box(name, *parts):
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), name) + content


def mp4(brand=b"isom", *, broken=False):
    """Three seconds of nothing, and where it was filmed, as phones write it."""
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, 3000), bytes(80))
    udta = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE))
    moov = box(b"moov", mvhd, udta)
    if broken:
        moov = struct.pack(">I", len(moov) + 1000) + moov[4:]
    return box(b"ftyp", brand, bytes(4), b"isom") + moov + box(b"uuid", b"x" * 16, PLACE) + box(b"mdat", b"film")


def wav():
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    return out.getvalue()


def mp3():
    return (b"\xff\xfb\x90\x00" + bytes(413)) * 80


def webm():
    head = bytes.fromhex(
        "1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff"
    )
    return head + bytes(100)


def ogg():
    def page(flags, granule, number, content):
        table = bytes([255] * (len(content) // 255) + [len(content) % 255])
        return b"OggS" + struct.pack("<BBqIIIB", 0, flags, granule, 7, number, 0, len(table)) + table + content

    ident = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 8000, 0, 16000, 0, 0xB8, 1)
    return page(2, 0, 0, ident) + page(0, 0, 1, b"\x03vorbis" + bytes(8)) + page(4, 24000, 2, bytes(50))


RECORDINGS = {
    "mp3": (mp3, "audio", "audio/mpeg", 2),
    "m4a": (lambda: mp4(b"M4A "), "audio", "audio/mp4", 3),
    "wav": (wav, "audio", "audio/wav", 2),
    "ogg": (ogg, "audio", "audio/ogg", 3),
    "mp4": (mp4, "video", "video/mp4", 3),
    "webm": (webm, "video", "video/webm", None),
}


@pytest.fixture
def tip(farm):
    return farm.write()


def names(content):
    with Image.open(io.BytesIO(content)) as image:
        return image.info.keys(), dict(image.getexif()), image.size


@pytest.mark.parametrize(("form", "media"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_picture_is_drawn_anew_in_three_sizes(farm, tip, draw, form, media):
    exif = Image.Exif()
    exif[EXIF_MODEL] = "phone"
    exif.get_ifd(EXIF_GPS)[2] = (30.0, 56.0, 42.0)
    exif[EXIF_ORIENTATION] = 6
    sent = draw(form, (2400, 1200), exif=exif) + b"<script>alert(1)</script>"
    answer = farm.sound(farm.attach(tip, sent, "👩‍🌾 田边.svg"))
    (one,) = answer["tip"]["media"]
    assert (one["kind"], one["width"], one["height"], one["number"]) == ("picture", 960, 1920, 1)
    assert one["name"] == f"👩‍🌾 田边.{'jpg' if form == 'JPEG' else form.lower()}"
    for size, expected in (("full", (960, 1920)), ("medium", (480, 960)), ("small", (160, 320))):
        got = farm.ask("clerk", "GET", f"{one['url']}?size={size}")
        assert (got.status_code, got.content_type) == (200, media)
        info, tags, measured = names(got.data)
        assert measured == expected
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(info)
        assert tags == {}
        assert not [word for word in (b"script", b"phone") if word in got.data]
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in got.headers["Content-Security-Policy"]
        assert got.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "CMYK"), ("WEBP", "RGBA")]
)
def test_every_sort_of_pixels(farm, tip, form, mode):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, form)
    assert farm.attach(tip, out.getvalue()).status_code == 201


def bomb():
    """A PNG of a few kilobytes that says it has ten thousand million pixels."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


UNPLAYABLE = (422, "agri_tips.recording_unreadable")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("refused", [
    ("svg as jpg", SVG, (415, "agri_tips.media_kind")),
    ("html", b"<!doctype html><script>alert(1)</script>", (415, "agri_tips.media_kind")),
    ("nothing", b"", (422, "agri_tips.media_empty")),
    ("gif", b"GIF89a" + bytes(20), (415, "agri_tips.media_kind")),
    ("pdf", b"%PDF-1.7", (415, "agri_tips.media_kind")),
    ("program", b"MZ" + bytes(200), (415, "agri_tips.media_kind")),
    ("heic", box(b"ftyp", b"heic", bytes(8)), (415, "agri_tips.media_kind")),
    ("bomb", bomb(), (422, "agri_tips.picture_pixels")),
    ("only magic", b"\xff\xd8\xff" + SVG, (422, "agri_tips.picture_unreadable")),
    ("webp magic", b"RIFF\x10\x00\x00\x00WEBPVP8 " + SVG, (422, "agri_tips.picture_unreadable")),
    ("mp3 magic", b"ID3" + SVG, (422, "agri_tips.recording_unreadable")),
    ("mp4 magic", box(b"ftyp", b"isom", bytes(8)) + SVG, (422, "agri_tips.recording_unreadable")),
    ("mp4 without film", box(b"ftyp", b"isom", bytes(8)), (422, "agri_tips.recording_unreadable")),
    ("mp4 cut short", mp4()[:100], (422, "agri_tips.recording_unreadable")),
    ("mp4 that lies", mp4(broken=True), (422, "agri_tips.recording_unreadable")),
    ("boxes in boxes", box(b"ftyp", b"isom", bytes(8)) + box(b"moov", box(b"trak")) * 6000, UNPLAYABLE),
    ("wav magic", b"RIFF\x10\x00\x00\x00WAVEfmt ", (422, "agri_tips.recording_unreadable")),
    ("ogg magic", b"OggS" + bytes(60), (422, "agri_tips.recording_unreadable")),
])  # fmt: skip
def test_what_is_not_taken(farm, tip, slug, refused):
    name, content, expected = refused
    before = farm.version(tip)
    assert slug(farm.attach(tip, content, "photo.jpg")) == expected, name
    assert farm.version(tip) == before
    assert farm.sound(farm.ask("clerk", "GET", f"managed-tips/{tip['id']}"))["media"] == []
    assert (
        farm.world.one("select count(*) from wuji.file where tenant_id = any(%s)", list(farm.world.tenant.values()))
        == 0
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_short(farm, tip, slug, form):
    out = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(out, form)
    for share in (0.5, 0.9):
        cut = out.getvalue()[: int(len(out.getvalue()) * share)]
        assert slug(farm.attach(tip, cut)) == (422, "agri_tips.picture_unreadable")


@pytest.mark.parametrize("ending", RECORDINGS)
def test_recordings(farm, tip, ending):
    make, kind, media, seconds = RECORDINGS[ending]
    (one,) = farm.sound(farm.attach(tip, make(), f"农话.{ending}.exe"))["tip"]["media"]
    assert (one["kind"], one["seconds"], one["name"]) == (kind, seconds, f"农话.{ending}.{ending}")
    whole = farm.ask("clerk", "GET", one["url"])
    assert (whole.content_type, len(whole.data)) == (media, len(make()))
    assert PLACE not in whole.data
    part = farm.ask("clerk", "GET", one["url"], headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.data) == (206, whole.data[4:12])
    assert farm.ask("clerk", "GET", one["url"], headers={"Range": "bytes=99999999-"}).status_code == 416


class Endless(io.RawIOBase):
    """A sender that never stops; says how much was taken of it."""

    def __init__(self, head):
        self.head, self.taken = head, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        part = self.head[: len(buffer)] or bytes(len(buffer))
        self.head = self.head[len(part) :]
        buffer[: len(part)] = part
        self.taken += len(part)
        return len(part)


@pytest.mark.parametrize("said", [200_000_000, None])
def test_refused_at_the_limit_while_it_comes(farm, tip, slug, draw, said):
    """Two hundred megabytes, announced or not, and under a picture's name."""
    sender = Endless(draw())
    path = f"/api/v1/tenants/{farm.world.code['village']}/agri_tips/managed-tips/{tip['id']}/media?name=a.png"
    environ = {"wsgi.input": sender, "wsgi.input_terminated": True, "CONTENT_LENGTH": str(said or "")}
    answer = farm.ask("clerk", "POST", path, environ_overrides=environ, content_type="application/octet-stream")
    assert slug(answer) == (413, "kit.upload_too_large")
    assert "10 MB" in answer.json["detail"]
    assert sender.taken <= (10_500_000 if said is None else 10_000)


def test_limits_are_settings(farm, tip, slug):
    place = f"/api/v1/tenants/{farm.world.code['village']}/settings/agri_tips.audio_megabytes"
    for unfit in (0, 61, "20", True, 1.5):
        assert (
            farm.ask("official@village", "PUT", place, version=0, json={"mode": "set", "value": unfit}).status_code
            == 422
        )
    farm.sound(farm.ask("official@village", "PUT", place, version=0, json={"mode": "set", "value": 1}))
    assert farm.sound(farm.ask("anonymous", "GET", "subjects"))["limits"] == {
        "picture": 10_000_000,
        "audio": 1_000_000,
        "video": 60_000_000,
    }
    assert slug(farm.attach(tip, mp3() * 40)) == (413, "kit.upload_too_large")
    assert farm.attach(tip, mp3()).status_code == 201


def test_only_who_may_send_is_listened_to(farm, tip, draw):
    sender = Endless(draw())
    path = f"/api/v1/tenants/{farm.world.code['village']}/agri_tips/managed-tips/{tip['id']}/media?name=a.png"
    environ = {"wsgi.input": sender, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    for who, status in (("anonymous", 401), ("resident", 403), ("official@sibling", 404)):
        assert farm.ask(who, "POST", path, environ_overrides=environ).status_code == status
    assert sender.taken == 0


def test_a_film_on_a_tv(farm):
    """Everybody may watch it there; what only residents may read does not stand on a wall."""
    tip = farm.write(title="先看田边", months=list(range(1, 13)), terms=list(range(1, 25)))
    assert farm.attach(tip, mp4(), "film.mp4").status_code == 201
    farm.sound(farm.describe(tip, 1, transcript="大家好，今天讲水稻。"))
    farm.submit(tip)
    farm.sound(farm.review(tip, reach=farm.world.code["village"], audience="public"))
    farm.publish(title="只给居民看的", months=list(range(1, 13)), audience="residents")
    shown = farm.cards("anonymous", "tv")
    assert "只给居民看的" not in shown
    assert f"tips/{tip['id']}?film=yes" in shown
    assert "Watch, 0 min 3 s" in shown
