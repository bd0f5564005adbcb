// Which entries of the index a query means, best first.

/** Words that people put between those that mean something. */
const SMALL = new Set(["a", "an", "and", "by", "do", "for", "from", "how", "i", "in", "is", "it", "my", "of", "on", "or", "the", "to", "with"]);

/** The words of a text: lower case, apart at case, digits and everything that is no letter. */
export function words(text) {
  return text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Rows of the index, ready to be searched. */
export function prepared(index) {
  return index.rows.map(([group, page, title, more = "", method = "", extra = ""], order) => {
    const titled = words(title);
    const named = words(extra);
    return {
      group: index.groups[group],
      page,
      title,
      more,
      method,
      order,
      text: `${method} ${more}`.trim().toLowerCase(),
      titled,
      rest: [...named, ...words(more), method.toLowerCase(), ...run(named), ...run(titled)],
      // What of a path is the same for everybody.
      segments: method ? more.split("/").filter((segment) => !segment.startsWith("{")).map(words).filter((segment) => segment.length) : [],
    };
  });
}

/** Words written as one, from each of them on: `createchatcompletion`, `chatcompletion`. */
function run(list) {
  return list.slice(0, 6).map((_, number) => list.slice(number).join("")).filter((one) => one.length > 3);
}

/**
 * The best rows for a query. Every word has to be found: as a word, its beginning, or with one edit where it is long. `partly`: most
 * of them are enough.
 */
export function ranked(rows, query, limit = 30, partly = false) {
  const all = words(query);
  const weighty = all.filter((word) => !SMALL.has(word));
  const asked = weighty.length ? weighty : all;
  if (asked.length === 0) return [];
  const literal = query.trim().toLowerCase();
  const least = partly ? Math.ceil(asked.length / 2) : asked.length;
  const scored = [];
  for (const row of rows) {
    let score = 0;
    let found = 0;
    for (const word of asked) {
      const best = Math.max(match(row.titled, word) * 2, match(row.rest, word));
      score += best;
      if (best > 0) found += 1;
      else if (!partly) break;
    }
    if (found < least) continue;
    scored.push([score + 8 * (found - asked.length) + merits(row, asked, literal), row]);
  }
  return scored.sort((a, b) => b[0] - a[0] || a[1].order - b[1].order).slice(0, limit).map(([, row]) => row);
}

/** What puts one of several that have the words before the others. */
function merits(row, asked, literal) {
  // Short names that consist of what was asked stand before long ones that have it, too.
  let score = asked.length / (1 + row.titled.length);
  if (row.text === literal || row.title.toLowerCase() === literal || row.more.toLowerCase() === literal) score += 20;
  if (row.segments.length) {
    // People look for what they can call; and the path that ends in a word is the place of it.
    const hits = (segment) => segment.filter((word) => asked.some((one) => match([word], one) >= 3)).length / segment.length;
    const all = row.segments.map(hits);
    score += 1 + (2 * all.reduce((sum, one) => sum + one, 0)) / all.length + 1.5 * all.at(-1);
  }
  return score;
}

function match(candidates, word) {
  let best = 0;
  for (const candidate of candidates) {
    if (candidate === word) return 4;
    // Plural or not is no difference that people type on purpose.
    if (candidate === `${word}s` || word === `${candidate}s`) best = Math.max(best, 3.5);
    else if (candidate.startsWith(word)) best = Math.max(best, 3);
    else if (best < 1.5 && word.length > 3 && candidate.includes(word)) best = 1.5;
    else if (best < 1 && word.length > 4 && near(candidate, word)) best = 1;
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
