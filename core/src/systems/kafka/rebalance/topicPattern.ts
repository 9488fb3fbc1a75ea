/** Whether a topic has one of the names, in which `*` stands for any text. Time is linear in the name for each pattern. */
export function matchesTopic(topic: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(topic, pattern.split('*')));
}

/** The first part starts the text, the last ends it, those between follow each other. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}
