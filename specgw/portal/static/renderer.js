// Starts Swagger UI for one service: on the document of the portal, with calls to this gateway alone, in the sandbox first.

/* global SwaggerUIBundle */
const root = document.getElementById("swagger-ui");
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

follow();
start();

async function start() {
  const [spec, session] = await Promise.all([load(root.dataset.document), load(root.dataset.session).catch(() => ({}))]);
  const live = session.live === true;
  // Where the gateway is, seen from its portal: nothing of a document says where calls go.
  const gateway = new URL("../../", location.href).pathname;
  const sandbox = live && typeof session.sandbox === "string" ? gateway + session.sandbox.replace(/^\/+/, "") : "";
  const targets = [[sandbox, "Sandbox: made-up answers, safe to try"], [gateway, "Live: the real service"]];
  spec.servers = targets
    .filter(([path], number) => path && (number === 0 || path !== sandbox))
    .map(([path, description]) => ({ url: path.replace(/(.)\/$/, "$1"), description }));
  for (const item of Object.values(spec.paths ?? {})) forget(item);
  withoutImages(spec);
  document.getElementById("renderer-note").hidden = live;
  SwaggerUIBundle({
    spec,
    domNode: root,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null,
    queryConfigEnabled: false,
    deepLinking: false,
    persistAuthorization: false,
    displayRequestDuration: true,
    tryItOutEnabled: live,
    supportedSubmitMethods: live ? METHODS : [],
    requestInterceptor: (request) => checked(request, spec, session, sandbox),
  });
}

/** A request as it may be sent: to this origin, without cookies, with the sandbox's credentials where it goes there without any. */
function checked(request, spec, session, sandbox) {
  const url = new URL(request.url, location.href);
  if (url.origin !== location.origin) throw new Error("This page calls its own gateway alone.");
  request.credentials = "omit";
  if (!sandbox || !url.pathname.startsWith(sandbox)) return request;
  const operation = operationOf(spec, request.method, `/${url.pathname.slice(sandbox.length)}`);
  const known = (name) => credentialOf(session.credentials ?? {}, name);
  const alternatives = (operation?.security ?? []).map(Object.keys);
  const taken = alternatives.find((names) => names.length > 0 && names.every(known));
  for (const { in: place, name, value } of (taken ?? []).map(known)) {
    const given = Object.keys(request.headers).some((field) => field.toLowerCase() === name.toLowerCase());
    if (place === "header" && !given) request.headers[name] = value;
    if (place === "query" && !url.searchParams.has(name)) url.searchParams.append(name, value);
  }
  request.url = url.href;
  return request;
}

/** The operation that a path is of: the one with the most literal segments. */
function operationOf(spec, method, path) {
  const segments = path.split("/");
  const literal = (template) => template.split("/").filter((part) => !part.includes("{")).length;
  const fits = (template) => {
    const parts = template.split("/");
    return parts.length === segments.length && parts.every((part, number) => part.includes("{") || part === segments[number]);
  };
  const [found] = Object.keys(spec.paths).filter(fits).sort((one, other) => literal(other) - literal(one));
  return found && spec.paths[found][method.toLowerCase()];
}

/** What the sandbox takes for a scheme of the document: `NAME`, or `SERVICE.NAME` where several services have that name. */
function credentialOf(credentials, name) {
  return credentials[`${root.dataset.service}/${name}`] ?? credentials[`${root.dataset.service.split(".")[0]}/${name}`] ?? credentials[name.replace(".", "/")];
}

/** Servers of parts of the document would be further addresses. */
function forget(item) {
  delete item.servers;
  for (const method of METHODS) delete item[method]?.servers;
}

/** An image from elsewhere would tell its host who reads; its words stay. */
function withoutImages(value) {
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    if ((key === "description" || key === "summary") && typeof inner === "string") {
      value[key] = inner.replace(/!\[/g, "[").replace(/<(?=\s*[a-z/!])/gi, "&lt;");
    } else withoutImages(inner);
  }
}

async function load(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/** Swagger UI's dark colours, where the portal's are. */
function follow() {
  const page = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => page.classList.toggle("dark-mode", (page.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark");
  system.addEventListener("change", tell);
  tell();
}
