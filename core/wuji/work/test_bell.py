from uuid import uuid4

from kombu import Connection

from wuji.work.bell import QUEUE, Bell


def test_each_bell_of_a_job_has_a_name_of_its_own() -> None:
    """A worker that gets one too late refuses every later message by its name, for hours."""
    job, url = uuid4(), f"memory://{uuid4()}"
    with Bell(url) as bell, Connection(url) as listening:
        for secret in (b"1", b"2"):
            bell.ring(job, secret)
        channel = listening.channel()
        heard = [channel.basic_get(QUEUE, no_ack=True) for _ in range(2)]
        names = {message.headers["id"] for message in heard}
        assert [message.decode()[0] for message in heard] == [[str(job), secret.hex()] for secret in (b"1", b"2")]
        assert len(names) == 2
