from __future__ import annotations

from typing import Any

RESPONSE = "responses: {'200': {description: ok, content: {application/json: MEDIA}}}"


def components(
    merge: Any, schemas: str, media: str = "{schema: {$ref: '#/components/schemas/A'}}", more: str = "", **files: str
) -> dict[str, Any]:
    text = f"paths: {{/a: {{get: {{{RESPONSE.replace('MEDIA', media)}}}}}}}\ncomponents: {{schemas: {schemas}{more}}}"
    made = merge({"a.yaml": text, **{f"{name}.yaml!": content for name, content in files.items()}})
    found = made["components"]
    found["media"] = made["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]
    return found  # type: ignore[no-any-return]


def test_a_reference_in_an_example_is_data(merge: Any) -> None:
    made = components(
        merge,
        "{A: {type: object, example: {$ref: '#/gone'}, enum: [{$ref: '#/y'}, {$ref: '#/x'}]}}",
        "{schema: {$ref: '#/components/schemas/A'}, example: {$ref: '#/z'}}",
    )
    assert made["media"]["example"] == {"$ref": "#/z"}
    assert made["schemas"]["A"] == {
        "type": "object",
        "example": {"$ref": "#/gone"},
        "enum": [{"$ref": "#/y"}, {"$ref": "#/x"}],
    }


def test_example_objects_are_components_and_their_values_data(merge: Any) -> None:
    made = components(
        merge, "{A: {}}", "{schema: {}, examples: {one: {$ref: '#/components/examples/One'}}}", ", examples: {One: {value: {$ref: '#/q'}}}"
    )
    assert made["media"]["examples"] == {"one": {"$ref": "#/components/examples/One"}}
    assert made["examples"] == {"One": {"value": {"$ref": "#/q"}}}


def test_a_property_may_be_called_like_a_keyword(merge: Any) -> None:
    made = components(
        merge,
        "{A: {type: object, properties: {$ref: {type: string}, x-gateway: {type: string}, "
        "example: {$ref: '#/components/schemas/B'}}}, B: {type: integer}}",
    )
    assert made["schemas"]["A"]["properties"] == {
        "$ref": {"type": "string"},
        "x-gateway": {"type": "string"},
        "example": {"$ref": "#/components/schemas/B"},
    }


def test_cycles_end(merge: Any) -> None:
    made = components(
        merge,
        "{A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}, "
        "b: {$ref: '#/components/schemas/B'}}}, B: {type: array, items: {$ref: '#/components/schemas/A'}}}",
    )
    assert made["schemas"]["B"] == {"type": "array", "items": {"$ref": "#/components/schemas/A"}}


def test_other_files_become_components(merge: Any) -> None:
    made = components(
        merge,
        "{A: {$ref: 'models.yaml#/User'}, B: {}}",
        models="User: {type: object, properties: {address: {$ref: 'address.yaml'}}}",
        address="{type: object, properties: {city: {$ref: '#/$defs/City'}}, $defs: {City: {type: string}}}",
    )
    assert made["schemas"]["A"] == {"$ref": "#/components/schemas/models.User"}
    assert made["schemas"]["models.User"]["properties"]["address"] == {"$ref": "#/components/schemas/address"}
    assert made["schemas"]["address"]["properties"]["city"] == {"$ref": "#/components/schemas/address.City"}
    assert made["schemas"]["address.City"] == {"type": "string"}


def test_references_into_the_middle_of_something_become_components(merge: Any) -> None:
    made = components(
        merge,
        "{A: {type: object, properties: {a: {$ref: '#/components/schemas/B/properties/name'}}}, B: {type: object, "
        "properties: {name: {type: string}}}}",
    )
    assert made["schemas"]["A"]["properties"]["a"] == {"$ref": "#/components/schemas/B.name"}
    assert made["schemas"]["B.name"] == {"type": "string"}
    assert "B" not in made["schemas"]


def test_keys_beside_a_reference_of_3_1_stay(merge: Any) -> None:
    made = components(merge, "{A: {$ref: '#/components/schemas/B', description: mine, minLength: 1}, B: {type: string}}")
    assert made["schemas"]["A"] == {"$ref": "#/components/schemas/B", "description": "mine", "minLength": 1}


def test_discriminators_follow_renames(merge: Any) -> None:
    text = """
    x-gateway: {service: NAME, mount: /NAME}
    paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}}}
    components:
      schemas:
        Pet:
          oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
          discriminator: {propertyName: kind, mapping: {feline: Cat, canine: '#/components/schemas/Dog'}}
        Cat: {type: object, title: NAME, required: [kind], properties: {kind: {type: string}}}
        Dog: {type: object, required: [kind], properties: {kind: {type: string}}}
    """
    schemas = merge({"a.yaml": text.replace("NAME", "a"), "b.yaml": text.replace("NAME", "b")})["components"]["schemas"]
    assert set(schemas) == {"Dog", "Problem", "Violation", "a.Cat", "a.Pet", "b.Cat", "b.Pet"}
    assert schemas["a.Pet"]["discriminator"]["mapping"] == {
        "feline": "#/components/schemas/a.Cat",
        "canine": "#/components/schemas/Dog",
        "Cat": "#/components/schemas/a.Cat",
    }


def test_a_default_mapping_follows_renames_under_a_name_that_3_1_leaves_alone(merge: Any) -> None:
    text = """
    openapi: VERSION
    x-gateway: {service: NAME, mount: /NAME}
    paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}}}
    components:
      schemas:
        Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, defaultMapping: Cat}}
        Cat: {type: object, title: NAME}
    """
    files = {f"{name}.yaml": text.replace("NAME", name).replace("VERSION", version) for name, version in (("a", "3.2.0"), ("b", "3.1.0"))}
    schemas = merge(files)["components"]["schemas"]
    assert schemas["a.Pet"]["discriminator"]["x-specgw-defaultMapping"] == "#/components/schemas/a.Cat"
    assert schemas["b.Pet"]["discriminator"] == {"propertyName": "kind", "mapping": {"Cat": "#/components/schemas/b.Cat"}}


def test_heirs_of_a_discriminator_come_along(merge: Any) -> None:
    made = components(
        merge,
        "{A: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}},"
        " B: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}, C: {type: object}}",
    )
    assert {"A", "B"} <= set(made["schemas"])
    assert "C" not in made["schemas"]
    assert made["schemas"]["A"]["discriminator"] == {"propertyName": "kind"}


def test_security_schemes_of_one_name_are_told_apart(merge: Any) -> None:
    text = """
    x-gateway: {mount: /NAME, service: NAME}
    paths: {/a: {get: {security: [{key: []}], responses: {'200': {description: ok}}}}}
    components: {securitySchemes: {key: {type: apiKey, in: header, name: X-NAME}}}
    """
    made = merge({"a.yaml": text.replace("NAME", "a"), "b.yaml": text.replace("NAME", "b")})
    assert set(made["components"]["securitySchemes"]) == {"a.key", "b.key"}
    assert made["paths"]["/b/a"]["get"]["security"] == [{"b.key": []}]


def test_links_lead_to_published_operations_only(merge: Any) -> None:
    made = merge(
        """
        x-gateway: {mount: /api}
        paths:
          /a:
            get:
              responses:
                '200':
                  description: ok
                  links:
                    byId: {operationId: getB, server: {url: 'http://internal'}, parameters: {id: $response.body#/id}}
                    byRef: {operationRef: '#/paths/~1b/get'}
                    unnamed: {operationRef: '#/paths/~1b/put'}
                    shared: {$ref: '#/components/links/Shared'}
                    hidden: {operationId: hiddenB}
                    sharedHidden: {$ref: '#/components/links/Hidden'}
          /b:
            get: {operationId: getB, responses: {'200': {description: ok}}}
            put: {responses: {'200': {description: ok}}}
            post: {operationId: hiddenB, x-gateway: {visibility: internal}, responses: {'200': {description: ok}}}
        components: {links: {Shared: {operationId: getB}, Hidden: {operationId: hiddenB}}}
        """
    )
    links = made["paths"]["/api/a"]["get"]["responses"]["200"]["links"]
    assert links == {
        "byId": {"operationId": "getB", "parameters": {"id": "$response.body#/id"}},
        "byRef": {"operationId": "getB"},
        "unnamed": {"operationRef": "#/paths/~1api~1b/put"},
        "shared": {"$ref": "#/components/links/Shared"},
    }
    assert made["components"]["links"] == {"Shared": {"operationId": "getB"}}


def test_callbacks_keep_their_operations(merge: Any) -> None:
    made = merge(
        """
        security: [{key: []}]
        components:
          securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
          callbacks:
            Done:
              '{$request.body#/url}':
                servers: [{url: 'http://internal'}]
                post: {security: [{key: []}], responses: {'200': {description: ok}}}
        paths:
          /a:
            post:
              callbacks:
                done: {$ref: '#/components/callbacks/Done'}
                inline: {'{$request.body#/url}': {put: {responses: {'200': {$ref: '#/components/responses/Ok'}}}}}
              responses: {'200': {description: ok}}
        """.replace("callbacks:\n            Done", "responses: {Ok: {description: fine}}\n          callbacks:\n            Done")
    )
    callbacks = made["paths"]["/a"]["post"]["callbacks"]
    assert callbacks["done"] == {"$ref": "#/components/callbacks/Done"}
    assert callbacks["inline"]["{$request.body#/url}"]["put"]["responses"] == {"200": {"$ref": "#/components/responses/Ok"}}
    assert made["components"]["callbacks"]["Done"] == {
        "{$request.body#/url}": {"post": {"security": [{"key": []}], "responses": {"200": {"description": "ok"}}}}
    }


def test_path_items_and_bodies_behind_references(merge: Any) -> None:
    made = merge(
        {
            "a.yaml": """
            paths: {/a: {$ref: 'items.yaml#/a'}}
            """,
            "items.yaml!": """
            a:
              post:
                requestBody: {$ref: '#/bodies/New'}
                responses: {'201': {$ref: 'responses.yaml#/Made'}}
            bodies: {New: {required: true, content: {application/json: {schema: {type: object}}}}}
            """,
            "responses.yaml!": """
            Made: {description: made, headers: {Location: {$ref: '#/Location'}}}
            Location: {schema: {type: string}}
            """,
        }
    )
    operation = made["paths"]["/a"]["post"]
    assert operation["requestBody"] == {"$ref": "#/components/requestBodies/items.bodies.New"}
    assert operation["responses"]["201"] == {"$ref": "#/components/responses/responses.Made"}
    assert made["components"]["responses"]["responses.Made"]["headers"] == {"Location": {"$ref": "#/components/headers/responses.Location"}}


def test_recursive_references_of_an_earlier_draft_point_to_their_component(merge: Any) -> None:
    made = components(merge, "{A: {$recursiveAnchor: true, type: object, properties: {next: {$recursiveRef: '#'}}}}")
    assert made["schemas"]["A"] == {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/A"}}}


def test_a_schema_without_content_accepts_everything(merge: Any) -> None:
    made = components(merge, "{A: {type: object, properties: {a: null, b: true}}}")
    assert made["schemas"]["A"]["properties"] == {"a": {}, "b": True}
