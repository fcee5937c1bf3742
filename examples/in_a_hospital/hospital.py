"""A hospital's record for an afternoon: keys and settings, a FHIR server with one invented patient, and a call to sign.

    python examples/in_a_hospital/hospital.py prepare FOLDER     keys, and hooks.toml for `inotrope serve --hooks`
    python examples/in_a_hospital/hospital.py record FOLDER      a FHIR server and a page to order on, until Ctrl+C
    python examples/in_a_hospital/hospital.py discover FOLDER    which hooks are there
    python examples/in_a_hospital/hospital.py sign FOLDER [--rate 0.5] [--prefetch]      an order is signed: the cards

The patient is invented: 68 years, 64 kg, creatinine 3.2 mg/dL, a clearance of (140 - 68) x 64 / (72 x 3.2) = 20 mL/min.
At 20 the label's table gives 0.28 mcg/kg/min, so that 0.5 gets a card and 0.27 gets none. Nothing here is for a real
record: its server knows one token for everybody, and the private key lies in the folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

INOTROPE, RECORD = "http://127.0.0.1:8480", "http://127.0.0.1:8481/fhir"
TOKEN = "a-token-of-the-record"
UCUM, LOINC, PATIENT = "http://unitsofmeasure.org", "http://loinc.org", "pat-1"
RUNNING = "pat-2"
"""The same kidneys, and milrinone runs at 0.5 mcg/kg/min since ten hours."""
PAGE = Path(__file__).with_name("client.html")


def main() -> int:
    parser = argparse.ArgumentParser(description="A hospital's record for an afternoon.")
    parser.add_argument("what", choices=("prepare", "record", "discover", "sign"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--inotrope", default=INOTROPE, help=f"where inotrope answers, else {INOTROPE}")
    parser.add_argument("--record", default=RECORD, help=f"where the FHIR server answers, else {RECORD}")
    parser.add_argument("--rate", type=float, default=0.5, help="mcg/kg/min that is ordered, else 0.5")
    parser.add_argument("--prefetch", action="store_true", help="send the record along, instead of leave to ask for it")
    options = parser.parse_args()
    if options.what == "prepare":
        prepare(options.folder, options.inotrope, options.record)
    elif options.what == "record":
        serve(options.record, options.folder, options.inotrope)
    elif options.what == "discover":
        show(ask(options, "GET", "/cds-services", None))
    else:
        show(ask(options, "POST", "/cds-services/inotrope", order_sign(options.rate, options.record, options.prefetch)))
    return 0


def prepare(folder: Path, inotrope: str, record: str) -> None:
    """Write a pair of keys, and the file that lets this record call."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ECKey.generate_key("P-384", {"kid": "afternoon", "use": "sig"})
    (folder / "private.json").write_text(json.dumps(key.as_dict(private=True)), encoding="utf-8")
    (folder / "private.json").chmod(0o600)
    (folder / "keys.json").write_text(json.dumps(KeySet([key]).as_dict(private=False)), encoding="utf-8")
    (folder / "hooks.toml").write_text(
        f'address = "{inotrope}"\npage = "{inotrope}/"\norigins = ["{origin_of(record)}"]\n\n'
        f'[[client]]\nname = "afternoon record"\nissuer = "{record}"\n'
        f'keys = "keys.json"\nfhir = ["{record}"]\n',
        encoding="utf-8",
    )
    print(f"Written: {folder / 'hooks.toml'}. Now: inotrope serve --hooks {folder / 'hooks.toml'}")


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def resources(patient: str = PATIENT) -> list[dict[str, Any]]:
    """Return the record of a patient, as of now."""
    now = datetime.now(UTC)
    about = {"status": "final", "subject": {"reference": f"Patient/{patient}"}}

    def measured(
        id_: str, loinc: str, name: str, *, value: float, unit: str, code: str, hours: float
    ) -> dict[str, Any]:
        at = (now - timedelta(hours=hours)).isoformat(timespec="seconds")
        coding = {"system": LOINC, "code": loinc, "display": name}
        quantity = {"value": value, "unit": unit, "system": UCUM, "code": code}
        more = {"code": {"coding": [coding], "text": name}, "effectiveDateTime": at, "valueQuantity": quantity}
        return {"resourceType": "Observation", "id": id_, **about, **more}

    born = now.date().replace(year=now.year - 68, day=1)
    given = {
        "resourceType": "MedicationAdministration",
        "id": "infusion",
        "status": "in-progress",
        "medicationCodeableConcept": {"text": "milrinone"},
        "subject": about["subject"],
        "effectivePeriod": {"start": (now - timedelta(hours=10)).isoformat(timespec="seconds")},
        "dosage": {"rateQuantity": {"value": 0.5, "unit": "mcg/kg/min", "system": UCUM, "code": "ug/kg/min"}},
    }
    reason = {
        "resourceType": "Condition",
        "id": "heart-failure",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"text": "acute decompensated heart failure"},
        "subject": about["subject"],
    }
    return [
        *([given, reason] if patient == RUNNING else []),
        {"resourceType": "Patient", "id": patient, "gender": "male", "birthDate": born.isoformat()},
        measured("weight", "29463-7", "Body weight", value=64, unit="kg", code="kg", hours=2),
        measured("height", "8302-2", "Body height", value=169, unit="cm", code="cm", hours=30),
        measured("creatinine", "2160-0", "Creatinine", value=3.2, unit="mg/dL", code="mg/dL", hours=2),
        measured("potassium", "2823-3", "Potassium", value=4.4, unit="mmol/L", code="mmol/L", hours=2),
        measured("map", "8478-0", "Mean blood pressure", value=77, unit="mmHg", code="mm[Hg]", hours=0.2),
    ]


def serve(record: str, folder: Path | None = None, inotrope: str = INOTROPE) -> None:
    """Answer reads and searches, to whoever brings the token; with a folder, a page to order on and its tokens."""
    address = urlsplit(record)
    patients = {name: name for name in (PATIENT, RUNNING)}

    class Record(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if folder is not None and asked.path in ("/", "/settings.json", "/token"):
                self.of_the_page(asked.path, parse_qs(asked.query), folder)
                return
            kind, _, id_ = asked.path.removeprefix(f"{address.path}/").partition("/")
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self.answer(401, {"resourceType": "OperationOutcome"})
            elif id_:
                all_of_them = [one for name in patients for one in resources(name)]
                found = [one for one in all_of_them if (one["resourceType"], one["id"]) == (kind, id_)]
                self.answer(200 if found else 404, found[0] if found else {"resourceType": "OperationOutcome"})
            else:
                of = parse_qs(asked.query).get("patient", [""])[0]
                found = [one for one in (resources(of) if of in patients else []) if one["resourceType"] == kind]
                self.answer(200, bundle(found))

        def of_the_page(self, path: str, query: dict[str, list[str]], folder: Path) -> None:
            if path == "/":
                self.send(200, PAGE.read_bytes(), "text/html; charset=utf-8")
            elif path == "/settings.json":
                self.answer(200, {"inotrope": inotrope, "record": record, "token": TOKEN})
            else:
                token = sign(folder, record, query.get("aud", [""])[0])
                self.send(200, token.encode(), "text/plain")

        def answer(self, status: int, document: dict[str, Any]) -> None:
            self.send(status, json.dumps(document).encode(), "application/fhir+json")

        def send(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer((address.hostname or "127.0.0.1", address.port or 80), Record) as server:
        print(f"A record with two invented patients answers at {record}. Ctrl+C ends it.", flush=True)
        if folder is not None:
            print(f"Order on its page: {origin_of(record)}/", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()


def bundle(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "entry": [{"resource": x} for x in found],
    }


def order_sign(rate: float, record: str, prefetch: bool) -> dict[str, Any]:
    """Return the call of an order that is about to be signed."""
    quantity = {"value": rate, "unit": "mcg/kg/min", "system": UCUM, "code": "ug/kg/min"}
    draft = {
        "resourceType": "MedicationRequest",
        "id": "draft-1",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {"text": "milrinone"},
        "subject": {"reference": f"Patient/{PATIENT}"},
        "reasonCode": [{"text": "acute decompensated heart failure"}],
        "dosageInstruction": [
            {"text": f"milrinone {rate:g} mcg/kg/min, continuous", "doseAndRate": [{"rateQuantity": quantity}]}
        ],
    }
    call: dict[str, Any] = {
        "hook": "order-sign",
        "hookInstance": str(uuid4()),
        "context": {
            "userId": "Practitioner/1",
            "patientId": PATIENT,
            "draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": draft}]},
        },
    }
    if prefetch:
        patient = next(one for one in resources() if one["resourceType"] == "Patient")
        measured = [one for one in resources() if one["resourceType"] == "Observation"]
        return call | {"prefetch": {"patient": patient, "observations": bundle(measured)}}
    leave = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.rs", "subject": "i"}
    return call | {"fhirServer": record, "fhirAuthorization": leave}


def ask(options: argparse.Namespace, method: str, path: str, document: dict[str, Any] | None) -> Any:
    """Ask with a token that is made for this very address and used once."""
    address = options.inotrope + path
    token = sign(options.folder, options.record, address)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = None if document is None else json.dumps(document).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers, method=method)) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as problem:
        sys.exit(f"{problem.code}: {problem.read().decode()}")


def sign(folder: Path, issuer: str, audience: str) -> str:
    """Return a token for one address, to be used once within five minutes."""
    key = ECKey.import_key(json.loads((folder / "private.json").read_text(encoding="utf-8")))
    now = int(time.time())
    claims = {"iss": issuer, "aud": audience, "iat": now, "exp": now + 300, "jti": str(uuid4())}
    return jwt.encode({"alg": "ES384", "kid": "afternoon", "typ": "JWT"}, claims, key, algorithms=["ES384"])


def show(answer: dict[str, Any]) -> None:
    for service in answer.get("services", ()):
        print(f"{service['hook']}: {service['title']}. {service['description']}")
    for card in answer.get("cards", ()):
        print(f"[{card['indicator']}] {card['summary']}\n\n{card['detail']}\n")
        for suggestion in card.get("suggestions", ()):
            print(f"  suggested: {suggestion['label']}")
        for link in card.get("links", ()):
            print(f"  {link['label']}: {link['url']}")
    if answer.get("cards") == []:
        print("No card: there is nothing to say.")


if __name__ == "__main__":
    sys.exit(main())
