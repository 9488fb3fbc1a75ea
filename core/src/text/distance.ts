/** Edit distance with transpositions (optimal string alignment); stops counting above `limit` and returns limit + 1. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = nextRow(a, b, i, last, beforeLast);
    if (Math.min(...row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}

/** The candidate a reader would take the word for: same letters first, then the fewest slips; undefined when none is near. */
export function nearestName(word: string, candidates: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const limit = word.length < 2 ? 0 : word.length <= 3 ? 1 : word.length <= 7 ? 2 : 3;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate.toLowerCase() === lower) return candidate;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best ?? namePartOf(lower, candidates);
}

function nextRow(a: string, b: string, i: number, last: number[], beforeLast: number[]): number[] {
  const row = [i];
  for (let j = 1; j <= b.length; j++) {
    const same = a[i - 1] === b[j - 1];
    let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
      cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
    }
    row.push(cost);
  }
  return row;
}

/** `labels` for `matchLabels`, `port` for `containerPort`: one name ends with the other, and only one does. */
function namePartOf(lower: string, candidates: Iterable<string>): string | undefined {
  if (lower.length < 4) return undefined;
  const matches = [...candidates].filter((candidate) => {
    const other = candidate.toLowerCase();
    return other.length >= 4 && (other.endsWith(lower) || lower.endsWith(other));
  });
  return matches.length === 1 ? matches[0] : undefined;
}
