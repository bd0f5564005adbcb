/* specgw portal */
// What came back: read up to a limit, told with status, time and size, and shown as what it is.

import { code, make, size, unfold } from "./elements.82d6a0553893a970.js";

const LARGEST = 5 * 1024 * 1024;
const LONGEST = 200_000;
const IMAGE = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;
const TEXT = /json|text|xml|urlencoded|yaml|javascript|graphql/;
const STREAM = /event-stream|jsonl|ndjson|json-lines|json-seq/;

/** The body of an answer, at most `LARGEST` bytes of it; `partly` hears each time that more of a stream has come. */
export async function collected(response, partly) {
  const pieces = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.byteLength;
    if (length > LARGEST) {
      await reader.cancel();
      break;
    }
    if (STREAM.test(typeOf(response))) partly(pieces);
  }
  return { blob: new Blob(pieces).slice(0, LARGEST), whole: length <= LARGEST };
}

/** Pieces of text so far, its end if there is much of it. */
export async function soFar(pieces) {
  const text = await new Blob(pieces).text();
  return text.length > LONGEST ? `…${text.slice(-LONGEST)}` : text;
}

/** What the gateway itself says of a refused request: the answer, or what the sandbox tells beside the document's own. */
export async function problemOf(response, blob) {
  if (response.ok || response.type === "opaqueredirect") return null;
  const beside = response.headers.get("sandbox-problem");
  try {
    const said = JSON.parse(beside ?? (/json/.test(typeOf(response)) ? await blob.text() : "null"));
    return said !== null && typeof said === "object" ? { ...said, beside: beside !== null } : null;
  } catch {
    return null;
  }
}

/** The parts of an answer, to be put into the panel. `links` are places in the form, by what is wrong there. */
export async function shown(response, { blob, whole }, times, links) {
  const redirected = response.type === "opaqueredirect";
  const status = redirected ? "A redirection, which was not followed" : `${response.status} ${response.statusText}`.trim();
  const facts = `${Math.round(times.whole)} ms (first byte after ${Math.round(times.first)} ms) · ${whole ? "" : "more than "}${size(blob.size)}`;
  const parts = [make("p", { class: "tryit-status" }, make("strong", { class: response.ok ? "good" : "bad" }, status), ` ${facts}`)];
  if (links.length) parts.push(make("p", {}, "What is wrong with the request:"), make("ul", { class: "tryit-violations" }, ...links.map((link) => make("li", {}, link))));
  if (!whole) parts.push(make("p", { class: "note" }, `No more than ${size(LARGEST)} are read.`));
  parts.push(...(redirected ? [] : await bodyOf(response, blob)));
  parts.push(unfold("Header fields", [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n")));
  return parts;
}

async function bodyOf(response, blob) {
  const type = typeOf(response);
  if (blob.size === 0) return [make("p", { class: "note" }, "No body.")];
  if (TEXT.test(type) && !type.startsWith("image/")) {
    const text = await blob.slice(0, LONGEST).text();
    const long = blob.size > LONGEST;
    const parts = [code(long || STREAM.test(type) || !/json/.test(type) ? text : pretty(text), "Body of the answer")];
    if (long) parts.push(make("p", { class: "note" }, `Shown are the first ${size(LONGEST)}. `, download(blob, type)));
    return parts;
  }
  const image = IMAGE.test(type) ? await picture(blob) : null;
  return [...(image ? [image] : []), make("p", {}, download(blob, type))];
}

/** An image, drawn: an element with its address would break the policy of the page. */
async function picture(blob) {
  try {
    const bitmap = await createImageBitmap(blob);
    const scale = Math.min(1, 480 / bitmap.width, 480 / bitmap.height);
    const canvas = make("canvas", { class: "tryit-image", role: "img", "aria-label": `The image of the answer, ${bitmap.width} by ${bitmap.height} pixels` });
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas;
  } catch {
    return null; // no image after all
  }
}

function download(blob, type) {
  const ending = /^[a-z]+\/([a-z0-9]+)$/.exec(type)?.[1] ?? "bin";
  const link = make("a", { class: "button quiet", download: `answer.${ending === "plain" ? "txt" : ending}` }, `Download ${size(blob.size)}${type ? ` of ${type}` : ""}`);
  // Whatever it is, a browser does not show it as a page.
  link.href = URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" }));
  return link;
}

function typeOf(response) {
  return (response.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
}

function pretty(text) {
  try {
    // Numbers that JavaScript cannot hold would change: then the text stays as it came.
    const value = JSON.parse(text);
    return /\d{16}/.test(text) ? text : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}
