// Makes many random edits to every manifest of the project and asks after each that nothing crashes, hangs or leaks.
//   --edits NUMBER   how many edits (default: 10000)
//   --seed NUMBER    another row of edits; the seed of a failure repeats it
import process from 'node:process';
import { parseArgs } from 'node:util';
import { packageCommand, runVisibly } from './editor/commands.mjs';
import { node24Environment, node24Program } from './editor/node24.mjs';

const { values } = parseArgs({
  options: { edits: { type: 'string', default: '10000' }, seed: { type: 'string' } },
});

process.exitCode = await runVisibly(
  node24Program(),
  ['--expose-gc', packageCommand('vitest'), 'run', 'test/core/fuzz.test.ts', '--pool=threads'],
  {
    env: {
      ...node24Environment(),
      FUZZ_EDITS: values.edits,
      ...(values.seed === undefined ? {} : { FUZZ_SEED: values.seed }),
    },
  },
);
