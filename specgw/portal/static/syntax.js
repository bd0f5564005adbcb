// Colours of code, by the CSS Custom Highlight API: the text stays one piece, so nothing moves, and what is copied is what was written.

/** Texts longer than this stay in one colour. */
const LONGEST = 40_000;
const NUMBER = String.raw`(?<number>(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))`;
const STRING = String.raw`(?<string>"(?:\\.|[^"\\\n])*")`;
const words = (text) => String.raw`(?<word>(?<![\w$.])(?:${text})(?!\w))`;
const pattern = (...parts) => new RegExp(parts.join("|"), "gm");

/** How each language is read: named groups are colours. What comes first in a pattern wins. */
const LANGUAGES = {
  json: pattern(String.raw`(?<key>"(?:\\.|[^"\\\n])*"(?=\s*:))`, STRING, NUMBER, words("true|false|null")),
  curl: pattern(String.raw`(?<string>'[^']*'|"[^"]*")`, String.raw`(?<key>(?<=\s)--?[a-z][a-z-]*)`, words("curl")),
  python: pattern(String.raw`(?<comment>#.*$)`, STRING, NUMBER, words("import|from|with|as|open|None|True|False|await|async|def|return")),
  javascript: pattern(
    String.raw`(?<comment>(?<=^|\s)//.*$)`,
    STRING,
    NUMBER,
    words("const|let|await|async|import|from|new|null|true|false|return|function"),
  ),
  go: pattern(
    String.raw`(?<comment>(?<=^|\s)//.*$)`,
    String.raw`(?<string>"(?:\\.|[^"\\\n])*"|\x60[^\x60]*\x60)`,
    NUMBER,
    words("package|import|func|defer|if|err|nil|return|panic|var|for|range"),
  ),
  xml: pattern(String.raw`(?<comment><!--[^]*?-->)`, String.raw`(?<key></?[\w:.-]+|/?>|<\?[^>]*\?>)`, STRING),
};

/**
 * What language a piece of code is in; undefined where nothing says so.
 * @param {HTMLElement} code an element with nothing but text
 * @returns {keyof LANGUAGES | undefined}
 */
export function language(code) {
  const named = Object.keys(LANGUAGES).find((name) => code.parentElement?.classList.contains(name));
  if (named !== undefined) return named;
  const first = code.textContent.trimStart();
  return /^[[{]/.test(first) ? "json" : first.startsWith("<") ? "xml" : first.startsWith("curl ") ? "curl" : undefined;
}

/**
 * Colour a piece of code.
 * @param {HTMLElement} code an element with nothing but text
 */
export function colour(code) {
  const text = code.firstChild;
  const read = LANGUAGES[language(code)];
  if (read === undefined || !(text instanceof Text) || text.length > LONGEST || globalThis.Highlight === undefined) return;
  for (const match of text.data.matchAll(read)) {
    const [kind] = Object.entries(match.groups).find(([, found]) => found !== undefined);
    const name = `code-${kind}`;
    if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
    const place = { startContainer: text, startOffset: match.index, endContainer: text, endOffset: match.index + match[0].length };
    CSS.highlights.get(name).add(new StaticRange(place));
  }
}

document.querySelectorAll("pre > code").forEach(colour);
