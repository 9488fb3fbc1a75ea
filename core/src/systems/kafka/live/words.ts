/** How counts, lists and times are said in sentences. */

/** `orders-4, orders-7 and 12 more`. */
export function someOf(names: readonly string[], limit = 3, total = names.length): string {
  const shown = names.slice(0, limit);
  const rest = total - shown.length;
  if (rest <= 0) return shown.join(', ');
  return shown.length === 0 ? `${rest}` : `${shown.join(', ')} and ${rest} more`;
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
