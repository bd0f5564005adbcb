"""Texts and numbers that read like what a property's name and format promise."""

from __future__ import annotations

import base64
import datetime
import re
import uuid
from collections.abc import Callable
from functools import lru_cache
from random import Random

FIRST = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Tim", "Frances", "Ken", "Margaret", "Dennis")
LAST = ("Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Perlman", "Allen", "Thompson", "Hamilton", "Ritchie")
CITIES = ("Berlin", "Lisbon", "Nairobi", "Osaka", "Toronto", "Lima", "Oslo", "Hanoi", "Wellington", "Tunis")
COUNTRIES = ("Germany", "Portugal", "Kenya", "Japan", "Canada", "Peru", "Norway", "Vietnam", "New Zealand", "Tunisia")
STREETS = ("Station Road", "High Street", "Mill Lane", "Park Avenue", "Church Street", "Harbour Way")
COMPANIES = ("Northwind", "Acme", "Initech", "Globex", "Umbra Labs", "Blue Harbour")
WORDS = ("amber", "brook", "cedar", "delta", "ember", "fjord", "grove", "harbour", "island", "juniper", "lagoon", "meadow", "orchard")
SENTENCES = (
    "A short description that says what this is.",
    "Everything works as expected so far.",
    "Please have a look at this when you find the time.",
    "Updated after the last review.",
)
_EPOCH = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)

Make = Callable[[Random], str]


def _email(random: Random) -> str:
    return f"{random.choice(FIRST)}.{random.choice(LAST)}@example.com".lower()


def _moment(random: Random) -> datetime.datetime:
    return _EPOCH + datetime.timedelta(seconds=random.randrange(2 * 365 * 86400))


def _uuid(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _path(random: Random) -> str:
    return "/".join(random.sample(WORDS, 2))


def _octets(random: Random, size: int = 12) -> bytes:
    return random.randbytes(size)


FORMATS: dict[str, Make] = {
    "date": lambda random: _moment(random).date().isoformat(),
    "date-time": lambda random: _moment(random).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "time": lambda random: _moment(random).strftime("%H:%M:%SZ"),
    "duration": lambda random: f"P{random.randint(1, 28)}DT{random.randint(1, 23)}H",
    "email": _email,
    "idn-email": _email,
    "hostname": lambda random: f"{random.choice(WORDS)}.example.com",
    "idn-hostname": lambda random: f"{random.choice(WORDS)}.example.com",
    "ipv4": lambda random: f"192.0.2.{random.randint(1, 254)}",
    "ipv6": lambda random: f"2001:db8::{random.randint(1, 0xFFFE):x}",
    "uri": lambda random: f"https://example.com/{_path(random)}",
    "url": lambda random: f"https://example.com/{_path(random)}",
    "uri-reference": lambda random: f"/{_path(random)}",
    "iri": lambda random: f"https://example.com/{_path(random)}",
    "iri-reference": lambda random: f"/{_path(random)}",
    "uri-template": lambda random: f"https://example.com/{random.choice(WORDS)}/{{id}}",
    "uuid": _uuid,
    "json-pointer": lambda random: f"/{_path(random)}",
    "relative-json-pointer": lambda random: f"{random.randint(0, 3)}/{random.choice(WORDS)}",
    "regex": lambda random: f"^{random.choice(WORDS)}[0-9]+$",
    "byte": lambda random: base64.b64encode(_octets(random)).decode("ascii"),
    "base64url": lambda random: base64.urlsafe_b64encode(_octets(random)).decode("ascii"),
    "binary": lambda random: base64.b64encode(_octets(random)).decode("ascii"),
    "password": lambda random: f"{random.choice(WORDS)}-{random.choice(WORDS)}-{random.randint(10, 99)}",
    "phone": lambda random: f"+1 202 555 0{random.randint(100, 199)}",
}

_BY_NAME: tuple[tuple[str, Make], ...] = (
    (r"e?mail(address)?$", _email),
    (r"(first|given|fore)name$", lambda random: random.choice(FIRST)),
    (r"(last|family|sur)name$", lambda random: random.choice(LAST)),
    (r"(user|login|nick|screen)(name|handle)?$|handle$", lambda random: f"{random.choice(FIRST)}{random.randint(1, 99)}".lower()),
    (r"(company|organi[sz]ation|employer|brand|vendor|manufacturer)(name)?$", lambda random: random.choice(COMPANIES)),
    (r"(full|display|owner|customer|author|passenger|contact|holder|person)name$|author$|owner$",
     lambda random: f"{random.choice(FIRST)} {random.choice(LAST)}"),
    (r"(phone|mobile|fax|tel)(number)?$", FORMATS["phone"]),
    (r"(city|town)(name)?$", lambda random: random.choice(CITIES)),
    (r"country$|countryname$", lambda random: random.choice(COUNTRIES)),
    (r"countrycode$|country_code$", lambda random: random.choice(("DE", "PT", "KE", "JP", "CA", "PE", "NO"))),
    (r"(street|address)(line)?[0-9]?$", lambda random: f"{random.randint(1, 120)} {random.choice(STREETS)}"),
    (r"(zip|postal|post)(code)?$", lambda random: f"{random.randint(10000, 99999)}"),
    (r"currency(code)?$", lambda random: random.choice(("EUR", "USD", "JPY", "GBP"))),
    (r"(locale|lang(uage)?)(code)?$", lambda random: random.choice(("en", "de", "pt", "ja"))),
    (r"timezone$", lambda random: random.choice(("Europe/Berlin", "Africa/Nairobi", "Asia/Tokyo"))),
    (r"(url|uri|href|link|website|homepage|avatar|image|photo|picture|thumbnail)s?$", FORMATS["uri"]),
    (r"(description|summary|text|body|comment|message|detail|details|note|notes|bio|reason|content)$",
     lambda random: random.choice(SENTENCES)),
    (r"(created|updated|modified|deleted|expires|published|started|ended)(at|on)?$|timestamp$|datetime$", FORMATS["date-time"]),
    (r"(birth|start|end|due)?date$|dateofbirth$", FORMATS["date"]),
    (r"(uuid|guid)$", _uuid),
    (r"(^|.)id$|identifier$|reference$|token$|key$", lambda random: f"{random.choice(WORDS)}-{random.randint(1000, 9999)}"),
    (r"sku$|code$", lambda random: f"{random.choice(WORDS)[:3].upper()}-{random.randint(100, 999)}"),
    (r"colou?r$", lambda random: random.choice(("amber", "teal", "crimson", "ivory"))),
    (r"version$", lambda random: f"{random.randint(1, 4)}.{random.randint(0, 9)}.{random.randint(0, 9)}"),
    (r"gender$", lambda random: random.choice(("female", "male", "other"))),
    (r"(status|state)$", lambda random: random.choice(("active", "pending", "done"))),
    (r"(title|subject|headline)$", lambda random: " ".join(random.sample(WORDS, 2)).capitalize()),
    (r"name$", lambda random: random.choice(WORDS).capitalize()),
)  # fmt: skip
_NAMES = tuple((re.compile(pattern), make) for pattern, make in _BY_NAME)

_NUMBERS: tuple[tuple[re.Pattern[str], float, float], ...] = tuple(
    (re.compile(pattern), low, high)
    for pattern, low, high in (
        (r"lat(itude)?$", -60, 60),
        (r"(lon|lng|long)(gitude)?$", -180, 180),
        (r"age$", 18, 80),
        (r"year$", 2000, 2026),
        (r"month$", 1, 12),
        (r"(price|amount|total|cost|balance|fee)$", 1, 500),
        (r"(percent(age)?|progress|rating|score)$", 1, 5),
        (r"(page|offset)$", 1, 5),
        (r"(quantity|count|stock|size|limit|pagesize)$", 1, 50),
        (r"status(code)?$", 200, 200),
        (r"port$", 1024, 65535),
    )
)


def text(name: str, format: str | None, random: Random) -> str:
    """A text for a property of this name and format; both may be empty."""
    return _maker(name, format)(random)


@lru_cache(1024)
def _maker(name: str, format: str | None) -> Make:
    make = FORMATS.get(format or "")
    if make is None:
        folded = re.sub(r"[^a-z0-9]", "", name.lower())
        make = next((make for pattern, make in _NAMES if pattern.search(folded)), None) if folded else None
    return make or _word


def _word(random: Random) -> str:
    return random.choice(WORDS)


def usual_range(name: str) -> tuple[float, float]:
    """Between what a number of this name usually lies."""
    folded = re.sub(r"[^a-z0-9]", "", name.lower())
    return next(((low, high) for pattern, low, high in _NUMBERS if folded and pattern.search(folded)), (1, 1000))
