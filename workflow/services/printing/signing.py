"""Sign a printed form (PAdES-B) under the organisation's certificate, and tell whether such a file is as it was signed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from workflow.services.printing.stated import Stated

FIELD = "Organisation"
_UNREADABLE = (PdfError, SignatureValidationError, SigningError, UnacceptableSignerError, ValueError, KeyError, OSError)


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """What the check of one signature found: whether it holds, by whose certificate, and what it states, if anything."""

    holds: bool
    signer: str
    fingerprint: str  # of the certificate, SHA-256 in hex
    at: datetime | None
    stated: Stated | None


class _SignerAt(PdfSigner):
    """Signs at the time that it is given."""

    def __init__(self, metadata: PdfSignatureMetadata, signer: SimpleSigner, at: datetime) -> None:
        super().__init__(metadata, signer=signer)
        self._at = at

    def init_signing_session(self, *arguments: Any, **options: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self._at
        return session


def sign_form(form: bytes, stated: Stated, signer: SimpleSigner, at: datetime, field: str = FIELD) -> bytes:
    """Give the form with a signature added at its end; what stood there before stays byte for byte."""
    metadata = PdfSignatureMetadata(
        field_name=field, reason=stated.text(), subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    signed = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(form))
    _apart(lambda: _SignerAt(metadata, signer, at).sign_pdf(writer, output=signed))
    return signed.getvalue()


def check_form(form: bytes) -> tuple[CheckedForm, ...]:
    """Check every signature of a file, oldest first; none for a file that is not signed or can't be read.

    Whether the certificate is the organisation's is for the reader to say: it counts here as its own root.
    """
    try:
        reader = PdfFileReader(BytesIO(form))
        return tuple(_check(each) for each in reader.embedded_signatures)
    except _UNREADABLE:
        return ()


def _apart(act: Callable[[], Any]) -> Any:
    """Act in a thread of its own: pyHanko runs an event loop, which a thread that runs one already cannot."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(act).result()


def _check(signature: Any) -> CheckedForm:
    certificate, at = signature.signer_cert, signature.self_reported_timestamp
    trust = ValidationContext(trust_roots=[certificate], moment=at, allow_fetching=False)
    try:
        holds = _apart(lambda: validate_pdf_signature(signature, signer_validation_context=trust)).bottom_line
    except _UNREADABLE:
        holds = False
    return CheckedForm(
        holds=holds,
        signer=certificate.subject.human_friendly,
        fingerprint=certificate.sha256.hex(),
        at=at,
        stated=Stated.read(str(signature.sig_object.get("/Reason", ""))),
    )
