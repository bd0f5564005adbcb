/* specgw portal */
// A call as data: what is typed becomes method, target, header fields and body; and how it is written down to be read or copied.

import { signed } from "./credentials.64873a4b09be27e0.js";
import { valueOf } from "./fields.11c7dd7405820f56.js";
import { inHeader, keyOf, Refused, sendable, targetOf } from "./serialise.382b1818d2ef7763.js";

/** Whether, and why, a browser does not let a page send a parameter; "" where it does. */
export function withheld(parameter) {
  if (parameter.in === "cookie") return "browsers do not let a page set cookies of a request";
  return parameter.in === "header" && !sendable(parameter.name) ? "browsers do not let a page set this header field" : "";
}

/**
 * The call of an operation: of its own path alone, below `prefix`. `inputs` by key, `credentials` as `Credentials.values` gives them,
 * `more` header fields. Throws `Refused` with the field that is to blame.
 */
export function requestOf(form, inputs, body, credentials, prefix, more) {
  const values = new Map();
  const headers = {};
  for (const parameter of form.parameters) {
    const key = keyOf(parameter);
    const typed = inputs.get(key);
    if (!typed) continue;
    const value = valueOf(parameter, typed.input, key);
    if (value === undefined) {
      if (parameter.required) throw new Refused("is needed", key);
      continue;
    }
    values.set(key, value);
    if (parameter.in === "header") headers[parameter.name] = inHeader(parameter, value);
  }
  const path = targetOf(form.path, form.parameters, values);
  const content = body ? body.content() : {};
  if (content.type) headers["Content-Type"] = content.type;
  for (const [name, value] of Object.entries(more)) if (value) headers[name] = value;
  for (const [name, value] of Object.entries(headers)) if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new Refused("has letters that a header field has no room for", `header:${name}`);
  const target = prefix.replace(/\/$/, "") + path;
  return { method: form.method, target, headers, content, credentials };
}

/** What `fetch` is asked for: the request with its credentials. */
export function fetched({ method, target, headers, content, credentials }) {
  const all = { ...headers };
  const where = signed(target, all, credentials);
  return [where, { method, headers: all, body: content.body, redirect: "manual", cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" }];
}

/** The request as text. `secret`: whether credentials are covered. */
export function written(request, secret) {
  const { method, content } = request;
  const [target, headers] = shown(request, secret, (scheme) => (scheme.kind === "basic" ? "Basic •••" : scheme.kind === "bearer" ? "Bearer •••" : "•••"));
  const lines = [`${method} ${target}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return lines.join("\n") + bodyText(content);
}

/** The request as a command for a shell. Credentials that are secret come from the environment. */
export function curl(request, secret) {
  const { method, headers, content, credentials, target } = request;
  const all = { ...headers };
  const plain = secret ? [] : credentials;
  const where = signed(target, all, plain);
  let mark = where.includes("?") ? "&" : "?";
  const words = [`curl --request ${method} ${quoted(location.origin + where)}`];
  if (secret) {
    for (const { scheme } of credentials) {
      if (scheme.kind === "basic") words.push('--user "$USERNAME:$PASSWORD"');
      else if (scheme.kind === "bearer") words.push('--header "Authorization: Bearer $TOKEN"');
      else if (scheme.in === "query") {
        words[0] += `${quoted(`${mark}${encodeURIComponent(scheme.field)}=`)}"$API_KEY"`;
        mark = "&";
      } else words.push(`--header ${quoted(`${scheme.field}: `)}"$API_KEY"`);
    }
  }
  for (const [name, value] of Object.entries(all)) if (!(content.parts && name === "Content-Type")) words.push(`--header ${quoted(`${name}: ${value}`)}`);
  if (content.parts) words.push(...content.parts.map(partWord));
  else if (content.body instanceof Blob) words.push(`--data-binary ${quoted(`@${content.body.name ?? "FILE"}`)}`);
  else if (content.body !== undefined) words.push(`--data-raw ${quoted(content.body)}`);
  return words.join(" \\\n  ");
}

function shown({ target, headers, credentials }, secret, cover) {
  const all = { ...headers };
  if (!secret) return [signed(target, all, credentials), all];
  for (const { scheme } of credentials) {
    if (scheme.kind === "basic" || scheme.kind === "bearer") all.Authorization = cover(scheme);
    else if (scheme.in === "query") target += `${target.includes("?") ? "&" : "?"}${encodeURIComponent(scheme.field)}=${cover(scheme)}`;
    else all[scheme.field] = cover(scheme);
  }
  return [target, all];
}

function bodyText({ body, parts }) {
  if (parts) return `\n\n${parts.map((part) => `${part.name}${part.type ? ` (${part.type})` : ""}: ${part.file || part.data}`).join("\n")}`;
  if (body === undefined) return "";
  return `\n\n${body instanceof Blob ? `(the file ${body.name ?? ""})` : body}`;
}

// Of --form, quotes keep `;` and `,` in a value; --form-string takes no type.
function partWord(part) {
  const fields = part.headers.map(([name, value]) => `;headers=${double(`${name}: ${value}`)}`).join("");
  if (part.file) return `--form ${quoted(`${part.name}=@${double(part.file)};type=${part.type}${fields}`)}`;
  if (!part.type && !fields) return `--form-string ${quoted(`${part.name}=${part.data}`)}`;
  return `--form ${quoted(`${part.name}=${double(String(part.data))}${part.type ? `;type=${part.type}` : ""}${fields}`)}`;
}

function double(text) {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

