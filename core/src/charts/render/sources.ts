/** A rendered template: its lines in the output, and the file it comes from. */
export interface RenderedPart {
  /** From the folder of the chart, as the comment `# Source:` names it behind the name of the chart. */
  readonly path: string;
  /** First line of the part in the output, from 0, and the line behind its last. */
  readonly from: number;
  readonly to: number;
}

/** Which lines of the output of `helm template` come from which file. */
export function readSources(rendered: string): readonly RenderedPart[] {
  const lines = rendered.split('\n');
  const starts = lines.flatMap((line, index) => {
    const [, path] = /^# Source: [^/\s]+\/(\S+)\s*$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, from: index + 1 }];
  });
  return starts.map(({ path, from }, at) => ({ path, from, to: (starts[at + 1]?.from ?? lines.length + 1) - 1 }));
}

/**
 * The line of a template that a rendered line comes from, as far as that is plain: the only line with the same text, else the only one
 * with the same key in the same column, else of the key alone. Undefined where several could be meant.
 */
export function lineInTemplate(rendered: string, template: string): number | undefined {
  const lines = template.split('\n');
  const wanted = rendered.trim();
  if (wanted === '') return undefined;
  const key = /^\s*(?:-\s+)?["']?([\w./-]+)["']?:(?:\s|$)/.exec(rendered)?.[1];
  const looks: readonly ((line: string) => boolean)[] = [
    (line) => line.trim() === wanted,
    ...(key === undefined
      ? []
      : [
          (line: string) => keyOf(line) === key && columnOf(line) === columnOf(rendered),
          (line: string) => keyOf(line) === key,
        ]),
  ];
  for (const looksLike of looks) {
    const found = lines.flatMap((line, index) => (looksLike(line) ? [index] : []));
    if (found.length === 1) return found[0];
    if (found.length > 1) return undefined;
  }
  return undefined;
}

function keyOf(line: string): string | undefined {
  return /^\s*(?:-\s+)?["']?([\w./-]+)["']?:(?:\s|$)/.exec(line)?.[1];
}

function columnOf(line: string): number {
  return line.search(/[^\s-]/);
}
