// Writes values into the places of a request as `style` and `explode` say (OpenAPI section "Parameter Object").

/** Fields that a page may not set (Fetch standard, "forbidden request-header"). */
const FORBIDDEN = /^(accept-(charset|encoding)|access-control-request-.*|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const DELIMITERS = { spaceDelimited: "%20", pipeDelimited: "%7C" };

/** A request that cannot be made as asked; `field` is the parameter's key. */
export class Refused extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** Whether browsers let a page send a header field. */
export function sendable(name) {
  return TOKEN.test(name) && !FORBIDDEN.test(name);
}

/** Why a browser does not let a page send a call of this method; "" where it does. */
export function unsendable(method) {
  return /^(connect|trace|track)$/i.test(method) ? `Browsers do not let a page send ${method}.` : "";
}

/** What a parameter is known by in forms: its place and name. */
export function keyOf(parameter) {
  return `${parameter.in}:${parameter.name}`;
}

/** Percent-encoded text. `reserved` stays where `allowReserved` says so, but for what ends a value or a query. */
export function encoded(value, reserved = false) {
  const text = wordsOf(value).toWellFormed ? wordsOf(value).toWellFormed() : wordsOf(value);
  const strict = encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return reserved ? strict.replace(/%(2F|3A|3F|40|21|24|27|28|29|2A|2C|3B)/g, (escape) => decodeURIComponent(escape)) : strict;
}

/** A value as text: strings as they are, everything else as JSON. */
export function wordsOf(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function joined(value, delimiter, explode, write) {
  if (Array.isArray(value)) return value.map(write).join(delimiter);
  if (value !== null && typeof value === "object") {
    return Object.entries(value)
      .map(([name, child]) => write(name) + (explode ? "=" : delimiter) + write(child))
      .join(delimiter);
  }
  return write(value);
}

/** What stands for `{name}` in a path. */
export function inPath(parameter, value) {
  if (parameter.media) return encoded(value);
  const { style, explode } = parameter;
  const name = encoded(parameter.name);
  if (style === "matrix") {
    if (explode && Array.isArray(value)) return value.map((item) => `;${name}=${encoded(item)}`).join("");
    if (explode && isObject(value)) return Object.entries(value).map(([key, child]) => `;${encoded(key)}=${encoded(child)}`).join("");
    return `;${name}=${joined(value, ",", false, encoded)}`;
  }
  if (style === "label") return `.${joined(value, explode ? "." : ",", explode, encoded)}`;
  return joined(value, ",", explode, encoded);
}

/** The `name=value` pairs of a query parameter. */
export function inQuery(parameter, value) {
  const write = (child) => encoded(child, parameter.allowReserved);
  if (parameter.media) return [`${encoded(parameter.name)}=${write(value)}`];
  return pairs(parameter, value, encoded, write, DELIMITERS).map(([name, text]) => `${name}=${text}`);
}

/** Names and values of one parameter: `key` writes the names, `write` the values, which `delimiters` keep apart by style. */
export function pairs(parameter, value, key, write, delimiters) {
  const name = key(parameter.name);
  const { style, explode } = parameter;
  if (isObject(value)) {
    if (style === "deepObject") return Object.entries(value).map(([member, child]) => [name + key("[") + key(member) + key("]"), write(child)]);
    if (explode) return Object.entries(value).map(([member, child]) => [key(member), write(child)]);
  }
  if (explode && Array.isArray(value)) return value.map((item) => [name, write(item)]);
  return [[name, joined(value, delimiters[style] ?? ",", false, write)]];
}

/** The value of a header field: not percent-encoded, on one line. */
export function inHeader(parameter, value) {
  const text = parameter.media ? wordsOf(value) : joined(value, ",", parameter.explode, wordsOf);
  return text.replace(/\s+/g, " ").trim();
}

/** The pairs of an object as application/x-www-form-urlencoded. */
export function formOf(value) {
  return Object.entries(value)
    .flatMap(([name, child]) => (Array.isArray(child) ? child : [child]).map((item) => `${encoded(name)}=${encoded(item)}`))
    .join("&");
}

/**
 * The path and query of a request, from the template of the operation and nothing else. `values` has values by `keyOf`; what is not
 * in it is not sent. Throws `Refused` for a path that means another one.
 */
export function targetOf(template, parameters, values) {
  const placed = new Map(parameters.filter((one) => one.in === "path").map((one) => [one.name, one]));
  const path = template.replace(/\{([^{}]*)\}/g, (_, name) => {
    const parameter = placed.get(name);
    const value = values.get(`path:${name}`);
    if (parameter === undefined || value === undefined || value === "") throw new Refused("is needed", `path:${name}`);
    return inPath(parameter, value);
  });
  // What `fetch` would resolve leads to another operation, or to another host.
  for (const segment of path.split("/").slice(1)) {
    if (/^(\.|%2e){1,2}$/i.test(segment)) throw new Refused(`the path would have the segment "${segment}", which leads elsewhere`);
  }
  if (!path.startsWith("/") || path.includes("//") || /[\\?#]/.test(path)) throw new Refused("the path would not be one of this operation");
  const query = parameters
    .filter((one) => (one.in === "query" || one.in === "querystring") && values.has(keyOf(one)))
    .flatMap((one) => (one.in === "query" ? inQuery(one, values.get(keyOf(one))) : [wholeQuery(values.get(keyOf(one)))]))
    .filter((pair) => pair !== "");
  return path + (query.length ? `?${query.join("&")}` : "");
}

function wholeQuery(value) {
  return isObject(value) ? formOf(value) : encoded(value);
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
