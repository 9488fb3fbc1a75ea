import type { Finding } from '#core/lint/finding.ts';
import { lineBreakAfter, lineStart } from '#core/lint/fixes/edits.ts';
import type { TextRange } from '#core/text/range.ts';
import type { AliasNode, YamlNode } from '#core/yaml/nodes.ts';
import type { YamlDocument, YamlProblem } from '#core/yaml/parse.ts';

/** Most syntax findings of one document: what comes after the first few follows from them. */
const SYNTAX_LIMIT = 5;

/**
 * Syntax problems that no misplaced block explains, at most one for each line.
 *
 * @param explained ranges of blocks that are known to stand in a wrong column
 */
export function describeSyntax(document: YamlDocument, explained: readonly TextRange[]): readonly Finding[] {
  const findings: Finding[] = [];
  let lastLine: number | undefined;
  for (const problem of document.problems) {
    if (problem.code === 'syntax' && isExplained(problem, explained, document.text)) continue;
    const line = document.text.lastIndexOf('\n', problem.range.start - 1);
    if (line === lastLine || findings.length >= SYNTAX_LIMIT) continue;
    lastLine = line;
    findings.push(toFinding(problem));
  }
  return [...findings, ...findDanglingAliases(document.root).map(describeAlias)];
}

/** Blocks in a wrong column confuse the parser from the first of them on, and up to the line before it. */
function isExplained(problem: YamlProblem, explained: readonly TextRange[], text: string): boolean {
  const first = explained[0];
  const last = explained.at(-1);
  if (!first || !last) return false;
  const from = lineStart(text, first.start) - 1;
  return problem.range.start >= from && problem.range.start <= lineBreakAfter(text, last.end);
}

function toFinding(problem: YamlProblem): Finding {
  if (problem.code !== 'syntax') {
    return { code: 'YAML03', severity: 'error', message: problem.message, path: '', range: problem.range };
  }
  const message = `${explainSyntax(problem.message)} This is no valid YAML, so kubectl refuses the file.`;
  return { code: 'YAML01', severity: 'error', message, path: '', range: problem.range };
}

/** Says in our words what the parser's terse messages mean to somebody who writes manifests. */
const SYNTAX_HINTS: readonly (readonly [RegExp, string])[] = [
  [/tab/i, 'A tab stands in the indentation; YAML allows only blanks there.'],
  [/must start at the same column/i, 'This key does not stand in the column of the keys it belongs to.'],
  [
    /Nested mappings are not allowed/i,
    'A second "key:" stands on this line; a value with a colon and a blank must be quoted, or the key belongs on a line of its own.',
  ],
  [
    /Implicit keys need to be on a single line/i,
    'This line has no colon behind its key, or its key spans several lines.',
  ],
  [
    /Missing closing|missing an? (?:closing|end)|must end with a/i,
    'A bracket or quote is opened here and never closed.',
  ],
  [/not enough indentation|must be sufficiently indented/i, 'This must be indented more than the key it belongs to.'],
  [/Unexpected (?:scalar|flow-|block-|doc)/i, 'This stands where YAML expects a key, an item or the end of a value.'],
  [/Plain value cannot start with/i, 'A value cannot begin with this character unless it is quoted.'],
  [/Unresolved alias|Aliased anchor/i, 'This alias names an anchor that is not defined before it.'],
];

function explainSyntax(message: string): string {
  const hint = SYNTAX_HINTS.find(([pattern]) => pattern.test(message));
  return hint ? hint[1] : `${message.replace(/\.?\s*$/, '')}.`;
}

function describeAlias(alias: AliasNode): Finding {
  return {
    code: 'YAML01',
    severity: 'error',
    message: `The alias *${alias.name} names an anchor that is not defined before it. The file cannot be read.`,
    path: '',
    range: alias.range,
  };
}

function findDanglingAliases(node: YamlNode | undefined): readonly AliasNode[] {
  if (node?.kind === 'alias') return node.target ? [] : [node];
  if (node?.kind === 'map') return node.entries.flatMap((entry) => findDanglingAliases(entry.value));
  return node?.kind === 'sequence' ? node.items.flatMap((item) => findDanglingAliases(item.value)) : [];
}
