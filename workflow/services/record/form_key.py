"""The organisation's certificate and key, under which printed forms are signed: its own by settings, or one made at init."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from config import Settings
from workflow.services.printing.stated import Stated
from workflow.services.whole_files import write_whole
from workflow.when_used import WhenUsed

if TYPE_CHECKING:
    from pyhanko.sign import signers

    from workflow.services.printing import signing
else:
    signers = WhenUsed("pyhanko.sign.signers")
    signing = WhenUsed("workflow.services.printing.signing")

LASTS = timedelta(days=3650)
_NAME_LENGTH = 64
_FOR_SIGNING = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


class FormKeyError(Exception):
    """The file holds no key and certificate, or is opened by another password."""


@dataclass(frozen=True, slots=True)
class FormKey:
    """Where the organisation's PKCS#12 file is, and the file of its password, if it has one."""

    path: Path
    password_file: Path | None

    def signer(self) -> "signers.SimpleSigner":
        """Give the key with its certificate; raises FormKeyError."""
        password = self.password_file.read_bytes().rstrip(b"\r\n") if self.password_file else None
        found: signers.SimpleSigner | None = signers.SimpleSigner.load_pkcs12(str(self.path), passphrase=password)  # type: ignore[no-untyped-call]  # pyHanko's
        if found is None or found.signing_cert is None:
            message = f"{self.path}: no key and certificate (PKCS#12) that this password opens"
            raise FormKeyError(message)
        return found

    def fingerprint(self) -> str:
        """Give the SHA-256 of the certificate in hex; raises FormKeyError."""
        certificate: Any = self.signer().signing_cert
        return bytes(certificate.sha256).hex()

    def make(self, company: str, now: datetime) -> None:
        """Make a key with a certificate signed by itself, which only its owner may read, unless there is one."""
        if self.path.exists():
            return
        key = ec.generate_private_key(ec.SECP256R1())
        sealed = pkcs12.serialize_key_and_certificates(
            b"kaogong", key, _certificate(key, company, now), None, NoEncryption()
        )
        write_whole(self.path, sealed)

    def sign(self, form: bytes, stated: Stated, company: str, at: datetime) -> bytes:
        """Give a form signed by the organisation, which gets its key now if it has none; raises FormKeyError."""
        self.make(company, at)
        return signing.sign_form(form, stated, self.signer(), at)


def of(settings: Settings) -> FormKey:
    """Say where the key is by the settings."""
    return FormKey(settings.form_key_file, settings.form_key_password_file)


def _certificate(key: ec.EllipticCurvePrivateKey, company: str, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, company[:_NAME_LENGTH])])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_FOR_SIGNING, critical=True)
        .sign(key, SHA256())
    )
