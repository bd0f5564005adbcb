from specgw.plan.files import file_names
from specgw.plan.model import Edge, KeyPair, Listen, Plan, Scheme, State, Tls


def test_every_place_where_a_file_may_stand() -> None:
    tls = Tls(certificates=(KeyPair(cert="c.pem", key="k.pem"),), client_ca="clients.pem")
    schemes = {
        "s/token": Scheme(name="token", service="s", kind="token", type="oauth2", jwks="keys.json"),
        "s/fetched": Scheme(name="fetched", service="s", kind="token", type="oauth2", jwks="https://id.example.com/keys"),
        "s/mtls": Scheme(name="mtls", service="s", kind="mutualTLS", type="mutualTLS", ca="ca.pem"),
    }
    plan = Plan(edge=Edge(listen=Listen(tls=tls), state=State(path="keys.sqlite")), schemes=schemes)
    assert list(file_names(plan)) == ["c.pem", "k.pem", "clients.pem", "keys.sqlite", "keys.json", "ca.pem"]


def test_most_plans_name_none() -> None:
    assert list(file_names(Plan())) == []
