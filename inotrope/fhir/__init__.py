"""FHIR R4 to a case and back: `reading` takes a record apart, `writing` puts an answer into resources."""
