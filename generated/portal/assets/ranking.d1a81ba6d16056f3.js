/* specgw portal */
// Which entries of the index a query means, best first.

/** Words that people put between those that mean something. */
const SMALL = new Set(["a", "an", "and", "by", "do", "for", "from", "how", "i", "in", "is", "it", "my", "of", "on", "or", "the", "to", "with"]);
const FIRST = "Exact match";

/** The words of a text: lower case without accents, apart at case, digits and everything that is no letter. */
export function words(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Rows of the index, ready to be searched. */
export function prepared(index) {
  return index.rows.map(([group, page, title, more = "", method = "", extra = "", told = ""], order) => {
    const titled = words(title);
    const named = words(extra);
    return {
      group: index.groups[group],
      kind: stem(index.groups[group].toLowerCase()),
      page,
      title,
      more,
      method,
      order,
      text: `${method} ${more}`.trim().toLowerCase(),
      titled: stemmed(titled),
      named: titled.join(" "),
      rest: stemmed([...named, ...words(more), method.toLowerCase(), ...run(named), ...run(titled)]),
      told: stemmed(words(told)),
      template: method ? more.toLowerCase().split("/").filter(Boolean) : [],
      // What of a path is the same for everybody.
      segments: method ? more.split("/").filter((segment) => !segment.startsWith("{")).map((segment) => stemmed(words(segment))).filter((segment) => segment.length) : [],
    };
  });
}

/** Words written as one, from each of them on: `createchatcompletion`, `chatcompletion`. */
function run(list) {
  return list.slice(0, 6).map((_, number) => list.slice(number).join("")).filter((one) => one.length > 3);
}

function stemmed(list) {
  return list.map((word) => [word, stem(word)]);
}

/** What a word shares with its other forms: `tun` of tune, tuning, tuned. */
function stem(word) {
  const short = word.replace(/(ies|y)$/, "i").replace(/(ing|ed|es|s|e)$/, "");
  return short.length > 2 ? short : word;
}

/**
 * The best rows for a query. Every word has to be found: as a word, its beginning, another form of it, or with one edit where it is long.
 * `partly`: most of them are enough. An address or a path is found with values in the place of parameters, too.
 */
export function ranked(rows, query, limit = 30, partly = false) {
  const literal = query.trim().toLowerCase();
  const target = targetOf(literal);
  const all = words(target?.path ?? query);
  const weighty = all.filter((word) => !SMALL.has(word));
  const asked = stemmed(weighty.length ? weighty : all);
  if (asked.length === 0) return [];
  const least = partly ? Math.ceil(asked.length / 2) : asked.length;
  const scored = [];
  for (const row of rows) {
    const fit = target === null ? 0 : fits(row.template, target.path);
    let score = fit && 20 + fit + (row.method.toLowerCase() === target.method ? 10 : 0);
    let found = 0;
    for (const word of asked) {
      const best = Math.max(match(row.titled, word) * 2, match(row.rest, word)) || beside(row, word, asked.length);
      score += best;
      if (best > 0) found += 1;
      else if (!partly && !fit) break;
    }
    if (found < least && !fit) continue;
    scored.push([score + 8 * (found - asked.length) + merits(row, asked, literal), row]);
  }
  return scored.sort((a, b) => b[0] - a[0] || a[1].order - b[1].order).slice(0, limit).map(([, row]) => row);
}

/** Rows as they are shown: what is called just as was asked, then groups in the order of their best. */
export function grouped(rows, query) {
  const literal = query.trim().toLowerCase();
  const groups = new Map();
  for (const row of rows) {
    const name = called(row, literal) ? FIRST : row.group;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups];
}

function called(row, literal) {
  return [row.text, row.title.toLowerCase(), row.more.toLowerCase(), row.named].includes(literal) || row.named === words(literal).join(" ");
}

/** The path of an address, and the method before it; null where the query is neither an address nor a path. */
function targetOf(literal) {
  const found = /^(?:([a-z]+)\s+)?(?:https?:\/\/[^/]*)?(\/[^?#\s]*)[?#]?\S*$/.exec(literal);
  return found && found[2].length > 1 ? { method: found[1], path: found[2] } : null;
}

/** How many segments of a path are those of a template, which may stand behind others; 0 where one is neither the same nor a parameter. */
function fits(template, path) {
  const segments = path.split("/").filter(Boolean);
  const before = segments.length - template.length;
  if (template.length === 0 || before < 0) return 0;
  const same = template.filter((part, number) => part === segments[before + number]).length;
  const whole = template.every((part, number) => part.startsWith("{") || part === segments[before + number]);
  return whole ? same : 0;
}

/** What counts where a word is not in a name: the name of a group, as in `user schema`, and what is said about the row. */
function beside(row, word, count) {
  return count > 1 && row.kind === word[1] ? 2 : match(row.told, word) >= 3 ? 0.5 : 0;
}

/** What puts one of several that have the words before the others. */
function merits(row, asked, literal) {
  // Short names that consist of what was asked stand before long ones that have it, too.
  let score = asked.length / (1 + row.titled.length);
  if (called(row, literal)) score += 20;
  if (row.segments.length) {
    // People look for what they can call; and the path that ends in a word is the place of it, all of them before one.
    const hits = (segment) => segment.filter((word) => asked.some((one) => match([word], one) >= 2)).length / segment.length;
    const all = row.segments.map(hits);
    const last = row.segments.at(-1);
    score += 1 + (2 * all.reduce((sum, one) => sum + one, 0)) / all.length + (row.template.at(-1).startsWith("{") ? 1 : 2) * all.at(-1);
    if (all.at(-1) === 1 && asked.every((one) => match(last, one) >= 2)) score += 3 * asked.length;
  }
  return score;
}

function match(candidates, [word, root]) {
  let best = 0;
  for (const [candidate, other] of candidates) {
    if (candidate === word) return 4;
    // Plural or not is no difference that people type on purpose.
    if (candidate === `${word}s` || word === `${candidate}s`) best = Math.max(best, 3.9);
    else if (other === root) best = Math.max(best, 3.25);
    else if (candidate.startsWith(word)) best = Math.max(best, 3);
    else if (best < 2.5 && candidate.length > 3 && word.startsWith(candidate)) best = 2.5;
    else if (best < 2 && word.length > 4 && near(candidate, word)) best = 2;
    else if (best < 1.5 && word.length > 3 && candidate.includes(word)) best = 1.5;
  }
  return best;
}

/** Whether one text becomes the other, or its beginning, by one letter more, less, changed, or by two that change places. */
export function near(candidate, word) {
  let at = 0;
  while (at < word.length && candidate[at] === word[at]) at++;
  const rest = word.slice(at);
  const other = candidate.slice(at);
  if (other.startsWith(rest.slice(1)) || other.slice(1).startsWith(rest) || other.slice(1).startsWith(rest.slice(1))) return true;
  return rest.length > 1 && other.startsWith(rest[1] + rest[0] + rest.slice(2));
}
