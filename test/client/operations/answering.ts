import type { Asker } from '#client/operations/asker.ts';

/** Answers in order: labels for picks, lists of labels for several, texts for inputs; undefined gives up. */
export function answering(
  ...answers: readonly (string | readonly string[] | undefined)[]
): Asker & { readonly left: () => number } {
  const rest = [...answers];
  const next = (): string | readonly string[] | undefined => {
    if (rest.length === 0) throw new Error('Something more was asked.');
    return rest.shift();
  };
  return {
    left: () => rest.length,
    pick: async (title, choices) => {
      const label = next();
      if (label === undefined) return undefined;
      const found = choices.find((choice) => choice.label === label);
      if (!found)
        throw new Error(`${title} has no ${String(label)}, but ${choices.map((one) => one.label).join(', ')}.`);
      return found.value;
    },
    pickMany: async (_title, choices) => {
      const labels = next();
      return labels === undefined
        ? undefined
        : choices.filter(({ label }) => labels.includes(label)).map(({ value }) => value);
    },
    input: async ({ validate }) => {
      const text = next();
      if (typeof text === 'string' && validate?.(text) !== undefined) throw new Error(`"${text}": ${validate(text)}`);
      return typeof text === 'string' ? text : undefined;
    },
  };
}
