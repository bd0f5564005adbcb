"""The User Service (:8081), written from specs/users.yaml: `python -m sample_services.users [--port PORT]`."""

from __future__ import annotations

from datetime import datetime

from sample_services import service
from sample_services.store import Entry, Store

SEED: list[Entry] = [
    {
        "name": name,
        "email": f"{name.split()[0].lower()}@example.com",
        "role": role,
        "active": active,
        "birthday": birthday,
        "address": {"city": city, "country": country},
        "createdAt": f"2024-{month:02}-01T09:00:00Z",
    }
    for month, (name, role, active, birthday, city, country) in enumerate(
        (
            ("Ada Lovelace", "admin", True, "1815-12-10", "London", "GB"),
            ("Grace Hopper", "admin", True, "1906-12-09", "New York", "US"),
            ("Alan Turing", "editor", True, "1912-06-23", "London", "GB"),
            ("Katherine Johnson", "editor", True, "1918-08-26", "Hampton", "US"),
            ("Edsger Dijkstra", "editor", False, "1930-05-11", "Rotterdam", "NL"),
            ("Barbara Liskov", "viewer", True, "1939-11-07", "Los Angeles", "US"),
            ("Tony Hoare", "viewer", True, None, "Colombo", "LK"),
            ("Radia Perlman", "viewer", True, "1951-12-18", "Portsmouth", "US"),
        ),
        start=1,
    )
]

store = Store(SEED)
created: dict[str, int] = {}
"""Ids of users by the Idempotency-Key that they were created with."""


def instant(text: str) -> datetime:
    """A `date-time` as an instant that can be compared."""
    return datetime.fromisoformat(text)


def kept(body: Entry) -> Entry:
    """What is kept of a request body, with the defaults of the document. The password goes nowhere."""
    return {"role": "viewer", "active": True, **service.writable(body, "id", "createdAt", "password")}


async def list_users(
    page: int = 1, page_size: int = 20, role: list[str] | None = None, q: str | None = None, created_after: str | None = None
) -> service.Answer:
    """GET /users."""
    text = (q or "").lower()
    found = [
        user
        for user in store
        if (not role or user["role"] in role)
        and (text in user["name"].lower() or text in user["email"].lower())
        and (created_after is None or instant(user["createdAt"]) > instant(created_after))
    ]
    return service.page(found, page, page_size)


async def create_user(body: Entry) -> service.Answer:
    """POST /users."""
    key = service.header("Idempotency-Key")
    user = store.get(created[key]) if key in created else None
    if user is None:
        if store.taken("email", body["email"]):
            return service.refuse(409, "Conflict", f"another user has the address {body['email']}")
        user = store.add({**kept(body), "createdAt": service.now()})
        if key:
            created[key] = user["id"]
    return service.answer(user, 201, {"Location": f"users/{user['id']}"})


async def get_user(id_: int) -> service.Answer:
    """GET /users/{id}."""
    user = store.get(id_)
    return service.answer(user) if user else missing(id_)


async def update_user(id_: int, body: Entry) -> service.Answer:
    """PUT /users/{id}."""
    user = store.get(id_)
    if user is None:
        return missing(id_)
    if store.taken("email", body["email"], but=id_):
        return service.refuse(409, "Conflict", f"another user has the address {body['email']}")
    return service.answer(store.replace(id_, {**kept(body), "createdAt": user["createdAt"]}))


async def delete_user(id_: int) -> service.Answer:
    """DELETE /users/{id}."""
    return service.gone() if store.remove(id_) else missing(id_)


def missing(number: int) -> service.Answer:
    """The answer for an id that nobody has."""
    return service.refuse(404, "Not Found", f"there is no user {number}")


def make() -> service.AsyncApp:
    """The application."""
    return service.build(
        "users",
        {
            "listUsers": list_users,
            "createUser": create_user,
            "getUser": get_user,
            "updateUser": update_user,
            "deleteUser": delete_user,
        },
    )


if __name__ == "__main__":
    service.main("users", 8081, make)
