/* specgw portal */
// Writes form bodies: application/x-www-form-urlencoded, and multipart/form-data with a type and fields of its own for each part.

import { encoded, pairs, wordsOf } from "./serialise.382b1818d2ef7763.js";

const ENCODED = { spaceDelimited: "%20", pipeDelimited: "%7C" };
// Nothing is percent-encoded in a part (OpenAPI 3.2 appendix C).
const PLAIN = { spaceDelimited: " ", pipeDelimited: "|" };

/** A urlencoded body. `entries` are fields with their values. */
export function urlencoded(entries) {
  const written = [];
  for (const [field, value] of entries) {
    const write = (child) => encoded(child, field.styled?.allowReserved);
    if (field.styled) written.push(...pairs({ name: field.name, ...field.styled }, value, encoded, write, ENCODED));
    else for (const item of items(field, value)) written.push([encoded(field.name), encoded(item)]);
  }
  return written.map(([name, text]) => `${name}=${text}`).join("&");
}

/** The parts of a multipart body: name, media type, header fields, file name, and text or a file. */
export function partsOf(entries) {
  const parts = [];
  for (const [field, value] of entries) {
    if (field.styled) {
      for (const [name, data] of pairs({ name: field.name, ...field.styled }, value, wordsOf, wordsOf, PLAIN)) parts.push({ name, type: "", headers: [], data });
      continue;
    }
    for (const item of items(field, value)) {
      const file = item instanceof Blob;
      parts.push({ name: field.name, type: file ? typeOf(item, field.accept ?? "") : field.media, headers: field.headers ?? [], file: file ? item.name : "", data: file ? item : field.as === "json" ? JSON.stringify(item) : wordsOf(item) });
    }
  }
  return parts;
}

/** A multipart/form-data body (RFC 7578) and its Content-Type. Written by hand: FormData gives a part no fields of its own. */
export function multipart(parts) {
  const boundary = `specgw-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const pieces = [];
  for (const part of parts) {
    const lines = [`Content-Disposition: form-data; name="${quoted(part.name)}"${part.file ? `; filename="${quoted(part.file)}"` : ""}`];
    if (part.type) lines.push(`Content-Type: ${part.type}`);
    for (const [name, value] of part.headers) lines.push(`${name}: ${value.replace(/[^\t\x20-\x7e\x80-\uffff]+/g, " ")}`);
    pieces.push(`--${boundary}\r\n${lines.join("\r\n")}\r\n\r\n`, part.data, "\r\n");
  }
  return { type: `multipart/form-data; boundary=${boundary}`, body: new Blob([...pieces, `--${boundary}--\r\n`]) };
}

function items(field, value) {
  return field.each && Array.isArray(value) ? value : [value];
}

/** The type of a file: its own where the encoding takes that, else the first that it names. */
function typeOf(file, accept) {
  const taken = accept.split(",").filter(Boolean);
  const fits = taken.length === 0 || taken.some((type) => type === "*/*" || type === file.type || (type.endsWith("/*") && file.type.startsWith(type.slice(0, -1))));
  return (fits && file.type) || taken.find((type) => !type.includes("*")) || "application/octet-stream";
}

// As browsers write it (HTML section "Multipart form data").
function quoted(text) {
  return text.replace(/\r\n|\r|\n/g, "%0D%0A").replaceAll('"', "%22");
}
