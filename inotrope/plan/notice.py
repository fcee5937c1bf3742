"""The notice that stays on everything shown.

Knows two sentences of our own and the disclaimer of the drug page that the project grew from.
"""

NOTICE = (
    "Inotrope supports professionals and replaces none; it is not cleared as a medical device. Check every line. "
    "This information is intended for educational purposes only and does not constitute medical advice. Always "
    "consult a healthcare professional for any health concerns or before making any decisions related to health or "
    "treatment. It may not encompass all possible side effects, precautions, or interactions. Always refer to the "
    "official prescribing information for complete and up-to-date details."
)
