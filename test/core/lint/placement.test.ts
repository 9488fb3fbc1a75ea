import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '#core/text/range.ts';
import { placedEdits } from '#core/lint/engine.ts';
import { findingsOf, fixed, placedFindingsOf } from '#test/support/lint.ts';

const slide = readFileSync('samples/cassandra-slide.yaml', 'utf8');
const nested = readFileSync('samples/cassandra-slide-nested.yaml', 'utf8');

/** What an operator would still say of it when every block stands where it belongs. */
const WARNINGS = [
  'CAS01 spec.template.spec.containers[0].env[2].value',
  'CAS13 spec.template.spec.containers[0].readinessProbe.exec.command',
];

describe('the manifest of the slides', () => {
  it('names each misplaced block once, at its key', async () => {
    expect(await findingsOf(slide)).toEqual([
      '34:13 YAML02 spec.template.spec.containers[0].ports.resources',
      '41:13 YAML02 spec.template.spec.containers[0].ports.securityContext',
      '45:13 YAML02 spec.template.spec.containers[0].ports.lifecycle',
      '52:13 YAML02 spec.template.spec.containers[0].ports.env',
      `59:19 ${WARNINGS[0]}`,
      '71:13 YAML02 spec.template.spec.containers[0].ports.readinessProbe',
      `73:17 ${WARNINGS[1]}`,
      '79:13 YAML02 spec.template.spec.containers[0].ports.volumeMounts',
      '82:13 YAML02 spec.template.spec.containers[0].ports.volumeClaimTemplates',
      '84:17 DEC04 spec.volumeClaimTemplates[0].name',
      '85:15 YAML02 spec.volumeClaimTemplates.spec',
    ]);
  });

  it('names the same mistakes where the text happens to parse', async () => {
    const codes = (await findingsOf(nested)).map((line) => line.split(' ').slice(1).join(' '));
    const at = 'spec.template.spec.containers[0].ports[3]';
    const misplaced = (...names: readonly string[]): string[] => names.map((name) => `DEC04 ${at}.${name}`);
    expect(codes).toEqual([
      ...misplaced('resources', 'securityContext', 'lifecycle', 'env'),
      WARNINGS[0],
      ...misplaced('readinessProbe'),
      WARNINGS[1],
      ...misplaced('volumeMounts', 'volumeClaimTemplates'),
      'DEC04 spec.volumeClaimTemplates[0].name',
    ]);
  });

  it('is cured by its fixes, to the same text from both versions', async () => {
    const result = await fixed(slide);
    expect(await findingsOf(result)).toEqual([`59:17 ${WARNINGS[0]}`, `73:15 ${WARNINGS[1]}`]);
    const left = await placedFindingsOf(result);
    expect(left.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(await fixed(nested)).toBe(result);
  });

  it('keeps every line but for its indentation', async () => {
    const words = (text: string): string[] => text.split('\n').map((line) => line.trim());
    expect(words(await fixed(slide))).toEqual(words(slide));
  });

  it('keeps comments, wherever they stand', async () => {
    const commented = slide
      .split('\n')
      .flatMap((line, i) =>
        i % 3 === 1 && !/^\s*-?\s*"|^\s*\]/.test(line) ? [`${/^\s*/.exec(line)?.[0] ?? ''}# note ${i}`, line] : [line],
      )
      .join('\n');
    const result = await fixed(commented);
    expect((await placedFindingsOf(result)).map(({ code, path }) => `${code} ${path}`)).toEqual(WARNINGS);
    const notes = (text: string): string[] => [...text.matchAll(/# note \d+/g)].map(String);
    expect(notes(result).toSorted()).toEqual(notes(commented).toSorted());
  });

  it('comes out the same whichever fix is taken first', async () => {
    const findings = await placedFindingsOf(slide);
    const expected = (text: string): string[] => text.split('\n').toSorted();
    const target = expected(await fixed(slide));
    for (const finding of findings) {
      const fix = finding.fixes?.()[0];
      const once = fix ? applyEdits(slide, placedEdits(finding, fix)) : slide;
      expect(expected(await fixed(once))).toEqual(target);
    }
  });

  it('works with windows line ends', async () => {
    const result = await fixed(slide.replaceAll('\n', '\r\n'));
    expect(result).toBe((await fixed(slide)).replaceAll('\n', '\r\n'));
  });

  it('offers every place that has room, the nearest first', async () => {
    const [resources] = await placedFindingsOf(slide);
    expect(resources?.fixes?.().map((fix) => [fix.title, fix.preferred])).toEqual([
      ['Move "resources" to spec.template.spec.containers[0]', true],
      ['Move "resources" to spec.template.spec', false],
    ]);
  });
});

const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n';

describe('misplaced keys', () => {
  it.each([
    [
      'a key beside its empty object',
      `apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\n  containers:\n    - name: c\n      image: x\n`,
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: c\n      image: x\n`,
    ],
    [
      'a pod field in a container',
      `${HEAD}spec:\n  containers:\n    - name: c\n      nodeSelector:\n        disk: ssd\n      image: x\n`,
      `${HEAD}spec:\n  containers:\n    - name: c\n      image: x\n  nodeSelector:\n    disk: ssd\n`,
    ],
    [
      'the first key of a list item',
      `${HEAD}spec:\n  containers:\n    - nodeName: n1\n      name: c\n      image: x\n`,
      `${HEAD}spec:\n  containers:\n    - name: c\n      image: x\n  nodeName: n1\n`,
    ],
    [
      'a key indented too far',
      `${HEAD}    labels:\n      a: b\nspec:\n  containers:\n    - name: c\n      image: x\n`,
      `${HEAD}  labels:\n    a: b\nspec:\n  containers:\n    - name: c\n      image: x\n`,
    ],
    [
      'lists in the column of their key',
      `${HEAD}spec:\n  containers:\n  - name: c\n    volumes:\n    - name: v\n      emptyDir: {}\n    image: x\n`,
      `${HEAD}spec:\n  containers:\n  - name: c\n    image: x\n  volumes:\n  - name: v\n    emptyDir: {}\n`,
    ],
  ])('moves %s', async (_name, before, after) => {
    expect(await fixed(before)).toBe(after);
    expect(await findingsOf(after)).toEqual([]);
  });

  it('corrects a misspelling where it stands instead of moving it', async () => {
    const text = `${HEAD}spec:\n  containers:\n    - name: c\n      Image: x\n`;
    expect(await fixed(text)).toBe(text.replace('Image', 'image'));
  });

  it('does not move what fits nowhere', async () => {
    const text = `${HEAD}spec:\n  containers:\n    - name: c\n      image: x\n      frobnicate: 1\n`;
    expect(await fixed(text)).toBe(text);
    expect(await findingsOf(text)).toEqual(['9:7 DEC04 spec.containers[0].frobnicate']);
  });
});
