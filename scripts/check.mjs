// Everything that must hold besides the tests: types, lint, format, layers, generated files.
//   NAME...   run only the named steps, such as `types` or `format`
import process from 'node:process';
import { packageCommand, runCommand } from './editor/commands.mjs';
import { node24Environment, node24Program } from './editor/node24.mjs';
import { inProject } from './editor/paths.mjs';

const compiler = packageCommand('typescript', 'tsc');

/** Every program the compiler looks at, each with the libraries that its layer may use. */
const typeProjects = ['core', 'server', 'client', 'test', 'test/e2e', 'scripts'];

/** Scripts that write files which are committed; with --check they say whether those are up to date. */
const generators = [
  'scripts/generate-rule-pages.mjs',
  'scripts/generate-migrate-page.mjs',
  'scripts/generate-manifest.mjs',
  'scripts/schemas/generate-crds.mjs',
];

/** In order; a step fails when its program ends with anything but 0. */
const steps = [
  ...typeProjects.map((project) => ({
    name: 'types',
    what: project,
    args: [compiler, '-p', project],
  })),
  {
    name: 'lint',
    what: 'no warnings',
    args: [packageCommand('oxlint'), '--type-aware', '--deny-warnings', '--report-unused-disable-directives'],
  },
  {
    name: 'format',
    what: 'prettier',
    args: [packageCommand('prettier'), '--check', '--log-level=warn', '.'],
  },
  {
    name: 'layers',
    what: 'who may import whom',
    args: [packageCommand('vitest'), 'run', '--reporter=dot', 'test/contract/layers.test.ts'],
  },
  ...generators.map((script) => ({ name: 'generated', what: script, args: [script, '--check'] })),
];

async function runStep({ name, what, args }) {
  const started = performance.now();
  const { code, stdout, stderr } = await runCommand(node24Program(), args, {
    cwd: inProject(),
    env: node24Environment(),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}: ${what} (${seconds} s)\n`);
  if (code !== 0) process.stdout.write(`${stdout}${stderr}\n`);
  return code === 0;
}

const wanted = process.argv.slice(2);
const chosen = steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (chosen.length === 0) {
  process.stderr.write(`No such step. There are: ${[...new Set(steps.map(({ name }) => name))].join(', ')}\n`);
  process.exitCode = 2;
}
const failures = [];
for (const step of chosen) {
  // One after the other: together they would want more memory than a small machine has.
  if (!(await runStep(step))) failures.push(step);
}
if (chosen.length > 0) {
  process.stdout.write(`check: ${chosen.length - failures.length} passed, ${failures.length} failed\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
