import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knownOperators } from '#core/live/operators/table.ts';
import { flavourTitle } from '#core/live/tree/titles.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const root = new URL('../../', import.meta.url);
const files = globSync(
  ['{core,client,server}/src/**/*.ts', 'docs/{authoring,contributing,operations,rules}/*.md', 'docs/*.md', 'README.md'],
  { cwd: root },
);
const names: readonly string[] = Object.values(operatorNames);

/** Comments name programs and repositories too. */
const isComment = (line: string): boolean => /^\s*(?:\/\*\*|\*|\/\/)/.test(line);

function linesThat(find: (line: string) => readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    readFileSync(new URL(file, root), 'utf8')
      .split('\n')
      .flatMap((line) => (isComment(line) ? [] : find(line).map((text) => `${file}: ${text}`))),
  );
}

test('an operator is spelt as in the table of names wherever it is named', () => {
  const many = names.filter((name) => name.includes(' '));
  const anyCase = new RegExp(many.join('|'), 'gi');
  const found = linesThat((line) => line.match(anyCase) ?? []);
  expect(found.length).toBeGreaterThan(50);
  expect(found.filter((text) => !many.some((name) => text.endsWith(`: ${name}`)))).toEqual([]);
});

test('and by no other name', () => {
  const others =
    /\b(?:Apache Spark operator|Kubeflow training-operator|K8ssandra operator|Strimzi [oO]perator|[Tt]he (?:Spark|training) operator|[Tt]he trainer)\b/g;
  expect(linesThat((line) => line.match(others) ?? [])).toEqual([]);
});

test('the tree, data clusters and operators alike, says the names of the table', () => {
  for (const { flavour, title, ended } of knownOperators) {
    const name = flavourTitle(flavour);
    expect(names).toContain(name);
    // The operator before it, which has become it.
    if (title === 'TF Operator') expect(ended).toContain(name);
    else expect(title.startsWith(name), `${title} begins with ${name}`).toBe(true);
  }
});
