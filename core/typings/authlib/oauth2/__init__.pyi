class OAuth2Error(Exception):
    error: str
    description: str
    status_code: int
    def __init__(
        self, description: str | None = ..., *, status_code: int | None = ..., error: str | None = ...
    ) -> None: ...
