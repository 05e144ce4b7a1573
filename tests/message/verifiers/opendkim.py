"""OpenDKIM's library: opendkim.py keys.json message...  A line for each signature: file, algorithm, pass or fail. Asks no name server."""

from __future__ import annotations

import ctypes
import json
import sys
import tempfile
from pathlib import Path

PROCESSED, PASSED = 0x02, 0x04  # DKIM_SIGFLAG_*
QUERY_FILE, FEATURE_ED25519 = 1, 11
pointer, number = ctypes.c_void_p, ctypes.c_int
lib = ctypes.CDLL("libopendkim.so.11")
for name, result, arguments in (
    ("init", pointer, [pointer, pointer]),
    ("options", number, [pointer, number, number, pointer, ctypes.c_size_t]),
    ("verify", pointer, [pointer, ctypes.c_char_p, pointer, ctypes.POINTER(number)]),
    ("chunk", number, [pointer, ctypes.c_char_p, ctypes.c_size_t]),
    ("eom", number, [pointer, ctypes.POINTER(ctypes.c_bool)]),
    ("getsiglist", number, [pointer, ctypes.POINTER(ctypes.POINTER(pointer)), ctypes.POINTER(number)]),
    ("sig_process", number, [pointer, pointer]),
    ("sig_getflags", ctypes.c_uint, [pointer]),
    ("sig_getbh", number, [pointer]),
    ("sig_getalgorithm", ctypes.c_char_p, [pointer]),
    ("libfeature", ctypes.c_bool, [pointer, ctypes.c_uint]),
    ("free", number, [pointer]),
):
    function = getattr(lib, f"dkim_{name}")
    function.restype, function.argtypes = result, arguments


def main(zone: str, files: list[str]) -> None:
    library = lib.dkim_init(None, None)
    if files == ["--ed25519"]:
        sys.stdout.write("yes" if lib.dkim_libfeature(library, FEATURE_ED25519) else "no")
        return
    with tempfile.NamedTemporaryFile("w", suffix=".keys") as keys:
        keys.write("".join(f"{name} {text}\n" for name, text in json.loads(Path(zone).read_text()).items()))
        keys.flush()
        method, path = number(QUERY_FILE), keys.name.encode()
        assert lib.dkim_options(library, 1, 6, ctypes.byref(method), ctypes.sizeof(method)) == 0  # DKIM_OPTS_QUERYMETHOD
        assert lib.dkim_options(library, 1, 7, path, len(path)) == 0  # DKIM_OPTS_QUERYINFO
        for file in files:
            for algorithm, verdict in verify(library, Path(file).read_bytes()):
                sys.stdout.write(f"{file} {algorithm} {verdict}\n")


def verify(library: int, content: bytes) -> list[tuple[str, str]]:
    status, count, asked = number(), number(), ctypes.c_bool()
    signatures = ctypes.POINTER(pointer)()
    message = lib.dkim_verify(library, b"x", None, ctypes.byref(status))
    assert message, status.value
    try:
        if lib.dkim_chunk(message, content, len(content)) == 0 and lib.dkim_chunk(message, b"", 0) == 0:
            lib.dkim_eom(message, ctypes.byref(asked))
        if lib.dkim_getsiglist(message, ctypes.byref(signatures), ctypes.byref(count)) != 0:
            return []
        return [judge(message, signatures[place]) for place in range(count.value)]
    finally:
        lib.dkim_free(message)


def judge(message: int, signature: int) -> tuple[str, str]:
    if not lib.dkim_sig_getflags(signature) & PROCESSED:  # the library stops at the first good one
        lib.dkim_sig_process(message, signature)
    good = lib.dkim_sig_getflags(signature) & PASSED and lib.dkim_sig_getbh(signature) == 0
    return (lib.dkim_sig_getalgorithm(signature) or b"?").decode(), "pass" if good else "fail"


main(sys.argv[1], sys.argv[2:])
