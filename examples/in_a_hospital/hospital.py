"""A hospital's record for an afternoon: keys and settings, a FHIR server with one invented patient, and a call to sign.

    python examples/in_a_hospital/hospital.py prepare FOLDER     keys, and hooks.toml for `inotrope serve --hooks`
    python examples/in_a_hospital/hospital.py record FOLDER      a FHIR server on this machine, until Ctrl+C
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
        serve(options.record)
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
        f'address = "{inotrope}"\npage = "{inotrope}/"\n\n[[client]]\nname = "afternoon record"\nissuer = "{record}"\n'
        f'keys = "keys.json"\nfhir = ["{record}"]\n',
        encoding="utf-8",
    )
    print(f"Written: {folder / 'hooks.toml'}. Now: inotrope serve --hooks {folder / 'hooks.toml'}")


def resources() -> list[dict[str, Any]]:
    """Return the record of the one patient, as of now."""
    now = datetime.now(UTC)
    about = {"status": "final", "subject": {"reference": f"Patient/{PATIENT}"}}

    def measured(
        id_: str, loinc: str, name: str, *, value: float, unit: str, code: str, hours: float
    ) -> dict[str, Any]:
        at = (now - timedelta(hours=hours)).isoformat(timespec="seconds")
        coding = {"system": LOINC, "code": loinc, "display": name}
        quantity = {"value": value, "unit": unit, "system": UCUM, "code": code}
        more = {"code": {"coding": [coding], "text": name}, "effectiveDateTime": at, "valueQuantity": quantity}
        return {"resourceType": "Observation", "id": id_, **about, **more}

    born = now.date().replace(year=now.year - 68, day=1)
    return [
        {"resourceType": "Patient", "id": PATIENT, "gender": "male", "birthDate": born.isoformat()},
        measured("weight", "29463-7", "Body weight", value=64, unit="kg", code="kg", hours=2),
        measured("height", "8302-2", "Body height", value=169, unit="cm", code="cm", hours=30),
        measured("creatinine", "2160-0", "Creatinine", value=3.2, unit="mg/dL", code="mg/dL", hours=2),
        measured("potassium", "2823-3", "Potassium", value=4.4, unit="mmol/L", code="mmol/L", hours=2),
        measured("map", "8478-0", "Mean blood pressure", value=77, unit="mmHg", code="mm[Hg]", hours=0.2),
    ]


def serve(record: str) -> None:
    """Answer reads and searches of the one patient, to whoever brings the token."""
    address = urlsplit(record)

    class Record(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            kind, _, id_ = asked.path.removeprefix(f"{address.path}/").partition("/")
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self.answer(401, {"resourceType": "OperationOutcome"})
            elif id_:
                found = [one for one in resources() if (one["resourceType"], one["id"]) == (kind, id_)]
                self.answer(200 if found else 404, found[0] if found else {"resourceType": "OperationOutcome"})
            else:
                of = parse_qs(asked.query).get("patient", [""])[0]
                found = [one for one in resources() if one["resourceType"] == kind and of == PATIENT]
                self.answer(200, bundle(found))

        def answer(self, status: int, document: dict[str, Any]) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/fhir+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer((address.hostname or "127.0.0.1", address.port or 80), Record) as server:
        print(f"A record with one invented patient answers at {record}. Ctrl+C ends it.", flush=True)
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
        patient, *measured = resources()
        return call | {"prefetch": {"patient": patient, "observations": bundle(measured)}}
    leave = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.rs", "subject": "i"}
    return call | {"fhirServer": record, "fhirAuthorization": leave}


def ask(options: argparse.Namespace, method: str, path: str, document: dict[str, Any] | None) -> Any:
    """Ask with a token that is made for this very address and used once."""
    key = ECKey.import_key(json.loads((options.folder / "private.json").read_text(encoding="utf-8")))
    now, address = int(time.time()), options.inotrope + path
    claims = {"iss": options.record, "aud": address, "iat": now, "exp": now + 300, "jti": str(uuid4())}
    token = jwt.encode({"alg": "ES384", "kid": "afternoon", "typ": "JWT"}, claims, key, algorithms=["ES384"])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = None if document is None else json.dumps(document).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers, method=method)) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as problem:
        sys.exit(f"{problem.code}: {problem.read().decode()}")


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
