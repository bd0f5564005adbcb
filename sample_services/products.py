"""The Product Service (:8082), written from specs/products.yaml: `python -m sample_services.products [--port PORT]`."""

from __future__ import annotations

from sample_services import service
from sample_services.store import Entry, Store

SEED: list[Entry] = [
    {
        "sku": sku,
        "name": name,
        "category": category,
        "price": {"amount": amount, "currency": "EUR"},
        "stock": stock,
        "tags": tags,
        "createdAt": f"2024-{month:02}-15T12:00:00Z",
    }
    for month, (sku, name, category, amount, stock, tags) in enumerate(
        (
            ("LMP-0001", "Desk lamp", "home", 39.5, 12, ["light", "oak"]),
            ("MUG-0001", "Stoneware mug", "home", 14.0, 80, ["kitchen"]),
            ("BOK-0001", "A book on networks", "books", 48.9, 25, []),
            ("BOK-0002", "A book on proofs", "books", 35.0, 7, ["mathematics"]),
            ("GAM-0001", "Go board", "games", 89.0, 4, ["bamboo", "two players"]),
            ("TLS-0001", "Screwdriver set", "tools", 27.25, 31, ["steel"]),
            ("TLS-0002", "Folding rule", "tools", 8.75, 150, []),
            ("CLT-0001", "Rain jacket", "clothing", 119.0, 0, ["waterproof"]),
        ),
        start=1,
    )
]

store = Store(SEED)


def kept(body: Entry) -> Entry:
    """What is kept of a request body, with the defaults of the document."""
    return {"stock": 0, **service.writable(body, "id", "createdAt")}


async def list_products(
    page: int = 1,
    page_size: int = 20,
    category: list[str] | None = None,
    price: dict[str, float] | None = None,
    sort: str | None = None,
) -> service.Answer:
    """GET /products."""
    bounds = price or {}
    found = [
        product
        for product in store
        if (not category or product["category"] in category)
        and bounds.get("min", 0) <= product["price"]["amount"] <= bounds.get("max", float("inf"))
    ]
    if sort:
        key = sort.removeprefix("-")
        found.sort(key=lambda product: product["price"]["amount"] if key == "price" else product[key], reverse=sort.startswith("-"))
    return service.page(found, page, page_size)


async def create_product(body: Entry) -> service.Answer:
    """POST /products."""
    if store.taken("sku", body["sku"]):
        return service.refuse(409, "Conflict", f"another product has the number {body['sku']}")
    product = store.add({**kept(body), "createdAt": service.now()})
    return service.answer(product, 201, {"Location": f"products/{product['id']}"})


async def get_product(id_: int) -> service.Answer:
    """GET /products/{id}."""
    product = store.get(id_)
    return service.answer(product) if product else missing(id_)


async def update_product(id_: int, body: Entry) -> service.Answer:
    """PUT /products/{id}."""
    product = store.get(id_)
    if product is None:
        return missing(id_)
    if store.taken("sku", body["sku"], but=id_):
        return service.refuse(409, "Conflict", f"another product has the number {body['sku']}")
    return service.answer(store.replace(id_, {**kept(body), "createdAt": product["createdAt"]}))


async def delete_product(id_: int) -> service.Answer:
    """DELETE /products/{id}."""
    return service.gone() if store.remove(id_) else missing(id_)


def missing(number: int) -> service.Answer:
    """The answer for an id that no product has."""
    return service.refuse(404, "Not Found", f"there is no product {number}")


def make() -> service.AsyncApp:
    """The application."""
    return service.build(
        "products",
        {
            "listProducts": list_products,
            "createProduct": create_product,
            "getProduct": get_product,
            "updateProduct": update_product,
            "deleteProduct": delete_product,
        },
    )


if __name__ == "__main__":
    service.main("products", 8082, make)
