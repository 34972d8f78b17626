"""The administrator's part: add, replace and remove documents. Without PARLEY_ADMIN_TOKEN none of it is there.

Every request carries `Authorization: Bearer TOKEN`, which no browser sends by itself; the page at /admin asks for the
token and keeps it in its tab's memory only.
"""

import hmac
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from index.documents.decoding import clean_line
from index.documents.loading import MAX_PACKED_BYTES, Place, Upload
from index.documents.web.addresses import check_url
from index.errors import DocumentError
from index.settings import Settings
from rag.document_jobs import DocumentJobs, Job
from rag.service import Service
from rag.web.api import find_document
from rag.web.error_responses import error_body
from rag.web.security import CLOSED_POLICY

UPLOAD_PATH = "/api/admin/documents"
MAX_UPLOAD_BYTES = MAX_PACKED_BYTES + 1_000_000  # one of the largest files that are read, and what surrounds it
MAX_FILES = 50
MAX_URLS = 50
_LONGEST_NAME = 200
_REMOVAL_S = 10.0  # a removal is waited for as long, and then goes on by itself
_PAGE = Path(__file__).parent / "static" / "admin.html"
_PAGE_POLICY = f"{CLOSED_POLICY}; connect-src 'self'"


class Addresses(BaseModel):
    """The body of `POST /api/admin/documents` where no file is sent: one address or several."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = None
    urls: list[str] = Field([], max_length=MAX_URLS)


def admin_token(settings: Settings) -> str:
    """The token; empty where there is none and the administrator's part is off."""
    return settings.admin_token.get_secret_value().strip() if settings.admin_token else ""


def admin_router(service: Service, jobs: DocumentJobs) -> APIRouter:
    """The routes, for a service that has a token."""
    token = admin_token(service.settings)
    router = APIRouter()

    def require_token(request: Request) -> None:
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "bearer" or not hmac.compare_digest(sent.strip().encode(), token.encode()):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})

    guarded = APIRouter(prefix="/api/admin", dependencies=[Depends(require_token)], tags=["administration"])

    @guarded.post("/documents", status_code=202, summary="Add or replace documents", response_model=Job)
    async def add(request: Request) -> Response | Job:
        """Files as multipart/form-data (`file`, as often as need be) or `{"url": …}`; gives the job to ask about."""
        service.ready()
        try:
            if request.headers.get("content-type", "").startswith("multipart/form-data"):
                return await _add_files(request, jobs)
            return await _add_addresses(request, jobs)
        except DocumentError as error:
            return JSONResponse(error_body(error.code, str(error)), 400)

    @guarded.delete("/documents/{document_id}", summary="Remove a document", response_model=Job)
    def remove(document_id: str) -> Response | Job:
        """The finished job; 202 where it takes longer. A document whose file is still in a synced folder comes back."""
        find_document(service, document_id)
        job = jobs.wait(jobs.remove(document_id).id, _REMOVAL_S)
        status = {"done": 200, "failed": 409}.get(job.state, 202)
        return JSONResponse(job.model_dump(mode="json"), status)

    @guarded.get("/jobs", summary="The latest jobs")
    def listed() -> list[Job]:
        return jobs.jobs()

    @guarded.get("/jobs/{job_id}", summary="How far a job is, and its report")
    def one(job_id: str) -> Job:
        job = jobs.job(job_id)
        if job is None:
            raise HTTPException(404, "There is no job of this id; jobs are forgotten when the server stops.")
        return job

    @router.get("/admin", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(_PAGE, headers={"Content-Security-Policy": _PAGE_POLICY, "Cache-Control": "no-cache"})

    router.include_router(guarded)
    return router


async def _add_files(request: Request, jobs: DocumentJobs) -> Job:
    try:
        form = await request.form(max_files=MAX_FILES, max_fields=MAX_URLS)
    except HTTPException as error:  # what Starlette makes of a form that is none, or has too many parts
        raise DocumentError(f"the form cannot be read: {error.detail}") from error
    folder = TemporaryDirectory(prefix="parley-upload-")
    try:
        files = [value for value in form.getlist("file") if isinstance(value, UploadFile)]
        urls = [value.strip() for value in form.getlist("url") if isinstance(value, str) and value.strip()]
        uploads = [await run_in_threadpool(_kept, *numbered, Path(folder.name)) for numbered in enumerate(files)]
        places: list[Place] = [*uploads, *map(check_url, urls)]
        return _add_places(jobs, places, [*(upload.name for upload in uploads), *urls], folder)
    except BaseException:
        folder.cleanup()
        raise
    finally:
        await form.close()


async def _add_addresses(request: Request, jobs: DocumentJobs) -> Job:
    try:
        body = Addresses.model_validate_json(await request.body())
    except ValidationError as error:
        raise DocumentError('the body is neither a form with `file` nor JSON such as {"url": "https://…"}') from error
    urls = [*([body.url] if body.url else []), *body.urls]
    return _add_places(jobs, [check_url(url) for url in urls], urls)


def _add_places(
    jobs: DocumentJobs, places: list[Place], names: list[str], uploads: TemporaryDirectory | None = None
) -> Job:
    if not places:
        raise DocumentError("there is neither a file nor an address; send `file` or `url`")
    return jobs.add(places, names, uploads)


def _kept(number: int, file: UploadFile, folder: Path) -> Upload:
    """The file in a folder of its own, under the last part of its name and nothing else of it."""
    name = safe_name(file.filename or "")
    path = folder / str(number) / name
    path.parent.mkdir()
    with path.open("xb") as out:
        while block := file.file.read(1 << 20):
            out.write(block)
    return Upload(name, path)


def safe_name(name: str) -> str:
    """A file name without folders, control characters and leading dots, of a length that every file system takes."""
    last = clean_line(name.replace("\0", "").replace("\\", "/").rpartition("/")[2]).lstrip(".")
    stem, dot, suffix = last.rpartition(".")
    if not dot:
        return (last or "document")[: _LONGEST_NAME // 4]
    return f"{stem[: _LONGEST_NAME // 4] or 'document'}.{suffix[:20]}"
