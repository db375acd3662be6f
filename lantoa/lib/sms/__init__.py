"""Short messages: their alphabets, what a text costs, its parts and their headers, and a text compiled for many people.

3GPP TS 23.038 §6.2 (alphabets), TS 23.040 §9.2.3.24 (parts). One table of the alphabet serves whoever counts, whoever
sends and whoever reads.
"""

from lantoa.lib.sms.alphabet import (
    GSM7,
    GSM7_EXTENSION,
    Alphabet,
    OutsideAlphabet,
    alphabet_of,
    decode_gsm7,
    encode_gsm7,
    gsm7_text,
    outside_gsm7,
)
from lantoa.lib.sms.compiled import CompiledText
from lantoa.lib.sms.header import Place, Room, concatenated, read_header
from lantoa.lib.sms.joining import Joined, Joiner, Part
from lantoa.lib.sms.measure import MOST_PARTS, SmsSize, cut, encoded, measure_sms, split_sms

__all__ = [
    "GSM7",
    "GSM7_EXTENSION",
    "MOST_PARTS",
    "Alphabet",
    "CompiledText",
    "Joined",
    "Joiner",
    "OutsideAlphabet",
    "Part",
    "Place",
    "Room",
    "SmsSize",
    "alphabet_of",
    "concatenated",
    "cut",
    "decode_gsm7",
    "encode_gsm7",
    "encoded",
    "gsm7_text",
    "measure_sms",
    "outside_gsm7",
    "read_header",
    "split_sms",
]
