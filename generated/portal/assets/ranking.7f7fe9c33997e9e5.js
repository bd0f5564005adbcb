/* specgw portal */
// Which entries of the index a query means, best first.

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
  return index.rows.map(([group, page, title, more = "", method = "", extra = ""], order) => ({
    group: index.groups[group],
    page,
    title,
    more,
    method,
    order,
    text: `${method} ${more}`.trim().toLowerCase(),
    titled: words(title),
    rest: [...words(extra), ...words(more), method.toLowerCase(), words(extra).join(""), words(title).join("")],
  }));
}

/** The best rows for a query. Every word has to be found: as a word, its beginning, or with one edit where it is long. */
export function ranked(rows, query, limit = 30) {
  const asked = words(query);
  if (asked.length === 0) return [];
  const literal = query.trim().toLowerCase();
  const scored = [];
  for (const row of rows) {
    let score = 0;
    for (const word of asked) {
      const best = Math.max(match(row.titled, word) * 2, match(row.rest, word));
      if (best === 0) {
        score = 0;
        break;
      }
      score += best;
    }
    if (score === 0) continue;
    // Short names that consist of what was asked stand before long ones that have it, too.
    score += asked.length / (1 + row.titled.length);
    if (row.text === literal || row.title.toLowerCase() === literal || row.more.toLowerCase() === literal) score += 20;
    scored.push([score, row]);
  }
  return scored.sort((a, b) => b[0] - a[0] || a[1].order - b[1].order).slice(0, limit).map(([, row]) => row);
}

function match(candidates, word) {
  let best = 0;
  for (const candidate of candidates) {
    if (candidate === word) return 4;
    // Plural or not is no difference that people type on purpose.
    if (candidate === `${word}s` || word === `${candidate}s`) best = Math.max(best, 3.5);
    else if (candidate.startsWith(word)) best = Math.max(best, 3);
    else if (word.length > 3 && candidate.includes(word)) best = Math.max(best, 1.5);
    else if (word.length > 4 && near(candidate, word)) best = Math.max(best, 1);
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
