import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { afterEach, describe, expect, test } from 'vitest';
import { fixFile } from '#core/lint/check.ts';
import { CliHarness } from '#test/support/cliHarness.ts';
import { makeEngine } from '#test/support/lint.ts';
import { sample } from '#test/support/manifests.ts';

const good = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: good\ndata:\n  a: b\n';
const bad = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  nmae: bad\ndata:\n  a: 1\n';

const open: CliHarness[] = [];

async function cli(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<CliHarness> {
  const harness = await CliHarness.create(files);
  open.push(harness);
  return harness;
}

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.remove();
});

describe('lint', () => {
  test('is silent about good manifests but for one line, and ends with 0', async () => {
    const { code, out, err } = await (await cli({ 'a.yaml': good })).run(['lint', 'a.yaml']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('1 file, 1 object');
  });

  test('shows where and why, with the lines around it, and ends with 1', async () => {
    const { code, out } = await (await cli({ 'm/bad.yaml': bad })).run(['lint', 'm']);
    expect(code).toBe(1);
    expect(out).toContain('m/bad.yaml');
    expect(out).toMatch(/4:3 +error +DEC04 +.*did you mean name\?/);
    expect(out).toMatch(/6:6 +error +DEC05/);
    expect(out).toContain('  4 |   nmae: bad');
    expect(out).toMatch(/\^\^\^\^/);
    expect(out).not.toContain('\u001b[');
  });

  test('uses colours only where they are wanted', async () => {
    const harness = await cli({ 'bad.yaml': bad });
    harness.colors = true;
    expect((await harness.run(['lint'])).out).toContain('\u001b[');
  });

  test('gives the same report in the same order however files are named', async () => {
    const harness = await cli({ 'b.yaml': bad, 'a/c.yml': bad, 'a/d.yaml': good });
    const { out } = await harness.run(['lint', '-o', 'json', 'b.yaml', 'a']);
    expect((await harness.run(['lint', '-o', 'json', 'a', 'b.yaml'])).out).toBe(out);
    expect((await harness.run(['lint', '-o', 'json', '**/*.{yaml,yml}'])).out).toBe(out);
    expect((await harness.run(['lint', '-o', 'json'])).out).toBe(out);
    expect(parse(out).findings.map(({ file }) => file)).toEqual(['a/c.yml', 'a/c.yml', 'b.yaml', 'b.yaml']);
  });

  test('sees each file among the others of the run', async () => {
    const asks =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: example/a:1\n    env: [{name: A, valueFrom: {configMapKeyRef: {name: good, key: gone}}}]\n';
    const harness = await cli({ 'a/pod.yaml': asks, 'b/config.yaml': good });
    const both = parse((await harness.run(['lint', '-o', 'json'])).out).findings;
    expect(both.map(({ file, code }) => `${file} ${code}`)).toEqual(['a/pod.yaml REF02']);
    expect((await harness.run(['lint', 'a/pod.yaml'])).code).toBe(0);
  });

  test('fails from the level that is asked for', async () => {
    const harness = await cli({ 'bad.yaml': bad });
    expect((await harness.run(['lint', '--fail-on', 'never'])).code).toBe(0);
    expect((await harness.run(['lint', '--fail-on', 'hint'])).code).toBe(1);
  });

  test.each([
    [['lint', 'absent.yaml'], /absent\.yaml/],
    [['lint', '--output', 'xml'], /xml/],
    [['lint', '--kubernetes-version', 'new'], /new/],
    [['lint', '--schemas', 'nowhere'], /nowhere/],
    [['lint', '--config', 'nowhere.yaml'], /nowhere\.yaml/],
    [['lint', '--baseline', 'nowhere.json'], /nowhere\.json/],
    [['lint', '--nonsense'], /nonsense/],
    [['lnit'], /lnit/],
  ])('ends with 2 and says why: %j', async (args, reason) => {
    const { code, out, err } = await (await cli({ 'a.yaml': good })).run(args);
    if (args.includes('--schemas')) expect(err).toMatch(reason);
    else expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(reason);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('ends with 2 when there is nothing to check', async () => {
    const { code, err } = await (await cli({ 'values.yaml': 'a: 1\n' })).run(['lint']);
    expect(code).toBe(2);
    expect(err).toContain('none of the files holds a Kubernetes object');
  });

  test('says of a file that is no UTF-8 what is wrong, and checks the others', async () => {
    const harness = await cli({ 'latin.yaml': new Uint8Array([0x61, 0x3a, 0xe9, 0x0a]), 'bad.yaml': bad });
    const { out, err } = await harness.run(['lint', '-o', 'json']);
    expect(out + err).toMatch(/latin\.yaml/);
    expect(parse(out).findings.filter(({ file }) => file === 'bad.yaml')).toHaveLength(2);
  });

  test('reads stdin under the name it is given', async () => {
    const harness = await cli();
    const { code, out } = await harness.run(['lint', '-', '--stdin-filename', 'deploy/x.yaml', '-o', 'json'], bad);
    expect(code).toBe(1);
    expect(parse(out).findings[0]?.file).toBe('deploy/x.yaml');
  });

  test('takes the version of Kubernetes from the command line, or from the project', async () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  resources: {}\n  containers: [{name: a, image: b}]\n';
    const harness = await cli({ 'pod.yaml': pod });
    expect((await harness.run(['lint'])).code).toBe(0);
    const old = await harness.run(['lint', '--kubernetes-version', '1.30', '-o', 'json']);
    expect(parse(old.out).findings).toMatchObject([{ code: 'DEC04', since: '1.32' }]);
    await harness.write('.data-clusters.yaml', 'kubernetesVersion: "1.30"\n');
    expect((await harness.run(['lint'])).code).toBe(1);
    expect((await harness.run(['lint', '--kubernetes-version', '1.34'])).code).toBe(0);
  });

  test('uses definitions that are named or lie among the files', async () => {
    const ring = 'apiVersion: example.org/v1\nkind: Ring\nmetadata: {name: a}\nspec: {size: three}\n';
    const harness = await cli({ 'ring.yaml': ring });
    expect((await harness.run(['lint', 'ring.yaml'])).code).toBe(0);
    await harness.write('crds/ring.yaml', ringDefinition);
    const named = await harness.run(['lint', 'ring.yaml', '--schemas', 'crds']);
    expect([named.code, named.out]).toEqual([1, expect.stringContaining('spec.size')]);
    expect((await harness.run(['lint', '.'])).code).toBe(1);
  });

  test('never asks a patch of a kustomization for what it leaves out', async () => {
    const part = 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {replicas: 5}\n';
    const harness = await cli({ 'overlay/size.yaml': part });
    expect((await harness.run(['lint'])).code).toBe(1);
    await harness.write('overlay/kustomization.yaml', 'patches:\n- path: size.yaml\n');
    expect((await harness.run(['lint'])).code).toBe(0);
  });

  test('leaves out what the baseline lists, and only that', async () => {
    const harness = await cli({ 'a.yaml': bad });
    await harness.run(['lint', '--write-baseline', 'known.json']);
    expect((await harness.run(['lint', '--baseline', 'known.json'])).code).toBe(0);
    await harness.write('a.yaml', `# moved down\n${bad}  c: 2\n`);
    const { out } = await harness.run(['lint', '--baseline', 'known.json', '-o', 'json']);
    expect(parse(out).findings.map(({ path }) => path)).toEqual(['data.c']);
  });
});

describe('kustomize', () => {
  test('a patch is asked for nothing, in whatever folder its kustomization is', async () => {
    const patch = 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {replicas: 5}\n';
    const kustomization = 'patches:\n- path: ../../common/size.yaml\n';
    const harness = await cli({ 'common/size.yaml': patch, 'overlays/prod/kustomization.yaml': kustomization });
    expect((await harness.run(['lint', 'common'])).code).toBe(1);
    expect((await harness.run(['lint'])).out).toContain('No findings in 2 files');
  });
});

describe('lint --fix', () => {
  test.each(['cassandra-slide.yaml', 'cassandra-slide-nested.yaml'])(
    'repairs %s as the editor does, until only what an operator must decide is left',
    async (name) => {
      const harness = await cli({ [name]: sample(name) });
      const { code, out, err } = await harness.run(['lint', '--fix', name]);
      expect(code).toBe(0);
      expect(err).toMatch(/^[89] fixes made in 1 file\.\n$/);
      expect([...out.matchAll(/(?:error|warning|hint) +([A-Z]+\d+)/g)].map(([found]) => found)).toEqual([
        'warning  CAS01',
        'warning  CAS13',
      ]);
      expect(out).toContain('0 errors, 2 warnings, 0 hints in 1 file, 1 object.');
      expect(await harness.read(name)).toBe(fixFile(sample(name), await makeEngine()).text);
    },
  );

  test('makes the same of both slides', async () => {
    const harness = await cli({
      'a.yaml': sample('cassandra-slide.yaml'),
      'b.yaml': sample('cassandra-slide-nested.yaml'),
    });
    await harness.run(['lint', '--fix']);
    expect(await harness.read('a.yaml')).toBe(await harness.read('b.yaml'));
  });

  test('shows with --dry-run what it would do, and does nothing', async () => {
    const harness = await cli({ 'a.yaml': bad });
    const { code, out, err } = await harness.run(['lint', '--fix', '--dry-run']);
    expect(code).toBe(1);
    expect(err).toContain('2 fixes to make in 1 file.');
    expect(out).toContain('-  nmae: bad\n+  name: bad');
    expect(await harness.read('a.yaml')).toBe(bad);
  });

  test('writes the repaired stdin to stdout, and the report elsewhere', async () => {
    const { out, err } = await (await cli()).run(['lint', '--fix', '-'], bad);
    expect(out).toBe(bad.replace('nmae', 'name').replace('a: 1', 'a: "1"'));
    expect(err).toContain('No findings in 1 file');
  });

  test('keeps line ends, byte order mark and everything it does not touch', async () => {
    const crlf = `\uFEFF# \u00e4\r\n${bad.replaceAll('\n', '\r\n')}`;
    const harness = await cli({ 'a.yaml': crlf });
    await harness.run(['lint', '--fix']);
    expect(await harness.read('a.yaml')).toBe(crlf.replace('nmae', 'name').replace('a: 1', 'a: "1"'));
  });
});

describe('formats', () => {
  test('several at once, each to its place', async () => {
    const harness = await cli({ 'bad.yaml': bad });
    const args = ['-o', 'text', '-o', 'sarif=out/r.sarif', '-o', 'junit=out/r.xml', '-o', 'github=out/r.txt'];
    const { out } = await harness.run(['lint', ...args]);
    expect(out).toContain('2 errors');
    expect(await harness.read('out/r.xml')).toMatch(/<testsuites[^>]* failures="2"/);
    expect(await harness.read('out/r.txt')).toMatch(/^::error file=bad\.yaml,line=4,endLine=4,col=3,/m);
    expect(JSON.parse(await harness.read('out/r.sarif'))).toMatchObject({ version: '2.1.0' });
  });

  test('sarif has real regions, rules and stable fingerprints', async () => {
    const harness = await cli({ 'bad.yaml': bad });
    const first = readSarif((await harness.run(['lint', '-o', 'sarif'])).out);
    expect(validateSarif(first)).toBe(true);
    const [result] = first.runs[0]?.results ?? [];
    expect(result?.locations[0]?.physicalLocation.region).toEqual({
      startLine: 4,
      startColumn: 3,
      endLine: 4,
      endColumn: 7,
    });
    expect(first.runs[0]?.tool.driver.rules.map(({ id }) => id)).toContain('DEC04');
    await harness.write('bad.yaml', `# a line more\n${bad}`);
    const second = readSarif((await harness.run(['lint', '-o', 'sarif'])).out);
    expect(prints(second)).toEqual(prints(first));
    expect(new Set(prints(first)).size).toBe(2);
  });

  test('nothing from a manifest reaches a terminal or a log as a command', async () => {
    const evil = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  "na\\e[31mme\\n::error::x": a\n';
    const harness = await cli({ 'evil.yaml': evil });
    const { out } = await harness.run(['lint', '-o', 'text', '-o', 'github=g.txt']);
    expect(out).not.toContain('\u001b');
    expect((await harness.read('g.txt')).split('\n').filter((line) => line.startsWith('::error::'))).toEqual([]);
  });
});

describe('other commands', () => {
  test('help, version and the list of rules', async () => {
    const harness = await cli();
    expect((await harness.run(['--help'])).out).toContain('data-clusters lint');
    expect((await harness.run(['help', 'lint'])).out).toContain('--fail-on');
    expect((await harness.run(['--version'])).out).toBe('1.2.3\n');
    expect((await harness.run(['rules'])).out).toContain('DEC01');
  });

  test('the built program checks the samples', async () => {
    const run = promisify(execFile)(process.execPath, ['dist/cli.cjs', 'lint', 'samples/'], { cwd: process.cwd() });
    const { code, stdout } = await run.then(
      () => ({ code: 0, stdout: '' }),
      (error: { code: number; stdout: string }) => error,
    );
    expect(code).toBe(1);
    expect(stdout).toContain('samples/cassandra-slide.yaml');
    expect(stdout).not.toContain('samples/kafka-kraft.yaml');
  });
});

interface JsonReport {
  readonly findings: readonly { readonly file: string; readonly path: string; readonly code: string }[];
}

function parse(text: string): JsonReport {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape is what the assertions look at
  return JSON.parse(text) as JsonReport;
}

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly { readonly physicalLocation: { readonly region: unknown } }[];
    }[];
  }[];
}

function readSarif(text: string): Sarif {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape is what the assertions look at
  return JSON.parse(text) as Sarif;
}

function prints(sarif: Sarif): string[] {
  return sarif.runs.flatMap(({ results }) =>
    results.flatMap(({ partialFingerprints }) => Object.values(partialFingerprints)),
  );
}

/** The parts of SARIF 2.1.0 that readers rely on. */
const validateSarif = new Ajv().compile({
  type: 'object',
  required: ['version', '$schema', 'runs'],
  properties: {
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['tool', 'results'],
        properties: {
          tool: {
            type: 'object',
            required: ['driver'],
            properties: { driver: { type: 'object', required: ['name', 'rules'] } },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'],
              properties: { level: { enum: ['error', 'warning', 'note'] }, ruleIndex: { type: 'integer', minimum: 0 } },
            },
          },
        },
      },
    },
  },
});

const ringDefinition = readFileSync('test/fixtures/definitions/ring.yaml', 'utf8');
