// Makes something of the test bed go wrong, and undoes it. Prints JSON.
//   NAME [TARGET]          brings the fault about; --help lists names and targets
//   undo NAME [TARGET]     undoes it
//   undo all               undoes everything, the latest first
//   restart-api-server     stops it and starts it
//   api-proxy              prints a kubeconfig whose connection cut-api cuts
//   list                   what lasts
// Options: --seconds N  --signal TERM|KILL  --rate KB/s  --delay MS  --loss PERCENT  --megabytes N  --mode MODE  --image NAME
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fullCluster } from '../bed/cluster.ts';
import { accessTo } from '../bed/native/access.ts';
import { nodeMinor } from '../bed/versions.ts';
import { requireLoadTarget } from '../load/bedNames.ts';
import type { Fault, FaultBed, FaultOptions } from './fault.ts';
import { faults } from './index.ts';
import { activeFaults, applyFault, undoAll, undoFault } from './journal.ts';
import { ensureApiProxy } from './apiConnection.ts';
import { stopApiServer } from './apiServer.ts';

const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', default: false },
    seconds: text,
    signal: text,
    rate: text,
    delay: text,
    loss: text,
    megabytes: text,
    mode: text,
    image: text,
  },
});

try {
  if (values.help || positionals.length === 0) process.stdout.write(help());
  else process.stdout.write(`${JSON.stringify(await main(positionals), undefined, 2)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main([first = '', second = '', third = '']: readonly string[]): Promise<object> {
  const cluster = fullCluster(nodeMinor);
  const bed: FaultBed = { cluster, access: await accessTo(cluster) };
  if (first === 'list') return activeFaults(bed);
  // Without its API server the cluster cannot say that it is for tests; only our own journal can then be undone.
  if (first !== 'undo') await requireLoadTarget(bed.access);
  if (first === 'api-proxy') return { kubeconfig: await ensureApiProxy(cluster) };
  const started = performance.now();
  await act(bed, first, second, third);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { seconds, active: await activeFaults(bed) };
}

async function act(bed: FaultBed, first: string, second: string, third: string): Promise<void> {
  if (first === 'undo' && second === 'all') await undoAll(bed);
  else if (first === 'undo') await undoFault(bed, faultNamed(second), third);
  else if (first === 'restart-api-server') {
    await applyFault(bed, stopApiServer, '', {});
    await undoFault(bed, stopApiServer, '');
  } else await applyFault(bed, faultNamed(first), second, options());
}

function faultNamed(name: string): Fault {
  const found = faults.find((fault) => fault.name === name);
  if (found === undefined)
    throw new Error(`There is no ${name}. There are: ${faults.map((one) => one.name).join(', ')}.`);
  return found;
}

function options(): FaultOptions {
  const { seconds, rate, delay, loss, megabytes, signal, mode, image } = values;
  const numbers = Object.entries({ seconds, rate, delay, loss, megabytes }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, positive(name, value)] as const],
  );
  if (signal !== undefined && signal !== 'TERM' && signal !== 'KILL') throw new Error('--signal is TERM or KILL.');
  return {
    ...Object.fromEntries(numbers),
    ...(signal === undefined ? {} : { signal }),
    ...(mode === undefined ? {} : { mode }),
    ...(image === undefined ? {} : { image }),
  };
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`--${name} is a number above 0.`);
}

function help(): string {
  const commands = [
    ...faults.map(({ name, target, summary }) => [
      target === 'none' ? name : `${name} ${target.toUpperCase()}`,
      summary,
    ]),
    ['restart-api-server', 'stops the API server and starts it'],
    ['api-proxy', 'prints a kubeconfig whose connection cut-api cuts'],
    ['list', 'what lasts'],
    ['undo NAME [TARGET]', 'undoes it; undo all undoes everything, the latest first'],
  ];
  return commands.map(([command = '', summary = '']) => `  ${command.padEnd(24)} ${summary}\n`).join('');
}
