import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkFile } from '#core/lint/check.ts';
import { placeInChart } from '#test/support/charts.ts';
import { makeEngine } from '#test/support/lint.ts';

const FOLDER = path.join('test', 'fixtures', 'charts');

/** Charts as people write them. `helm lint` of 3.22.0 passes all; `helm template` renders all but `legacy`, whose dependency is not in `charts` on purpose. */
const charts = readdirSync(FOLDER);

function filesOf(chart: string): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(path.join(FOLDER, chart), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(FOLDER, chart, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ path: path.relative(FOLDER, file).split(path.sep).join('/'), text: readFileSync(file, 'utf8') }));
}

describe.each(charts)('%s', (chart) => {
  const files = filesOf(chart);

  test.each(files)('nothing is said against $path', async ({ path: file, text }) => {
    const engine = await makeEngine();
    const { findings } = checkFile(text, engine, { path: file, chart: placeInChart(file, files) });
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });
});
