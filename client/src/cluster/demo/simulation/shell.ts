import { nodetool, type CommandResult, type RunningCommand } from './cassandra/nodetool.ts';
import { runJobScript } from './cassandra/jobs.ts';
import { kafkaTool } from './kafka/tools.ts';
import type { Container, Pod } from './objects.ts';
import { clusterKey } from './members.ts';
import type { Simulation } from './simulation.ts';

/** Where a command runs. */
export interface ExecPlace {
  readonly simulation: Simulation;
  readonly pod: Pod;
  readonly container: Container;
}

const NOTICE = 'This is a simulation: there is no machine behind this shell. It knows a few commands; try help.\n';

/**
 * A command inside a container. What the product runs is answered as the real system would; of a shell there is only as much as
 * somebody needs who looks around. Nothing is ever executed on this machine.
 */
export function runCommand(place: ExecPlace, command: readonly string[]): RunningCommand {
  const [program = '', ...args] = command;
  const name = program.split('/').at(-1) ?? '';
  if (name === 'sh' || name === 'bash') {
    const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
    return at === -1 ? done({ exitCode: 0, stdout: NOTICE, stderr: '' }) : runScript(place, args[at + 1] ?? '');
  }
  return runProgram(place, name, args);
}

export function runScript(place: ExecPlace, script: string): RunningCommand {
  const kept = runKept(place, script);
  return kept ?? (isBatch(script) ? runBatch(place, script) : runLines(place, script));
}

/** The script that core/src/systems/cassandra/nodetool/batch.ts writes: `ask NAME 'arg' 'arg'`, answered between marks. */
function isBatch(script: string): boolean {
  return script.includes('@@begin %s@@') && /^ask \w+ /m.test(script);
}

/** Scripts of core/src/systems/cassandra/nodetool/job.ts and diskRoom.ts. */
function runKept({ simulation, pod }: ExecPlace, script: string): RunningCommand | undefined {
  const ring = simulation.members.rings.get(clusterKey(pod));
  const node = ring?.nodeOf(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
  return ring && node && runJobScript(ring, node, script, simulation.world.now());
}

function runBatch(place: ExecPlace, script: string): RunningCommand {
  const commands = script.split('\n').flatMap((line) => {
    const [, name, rest = ''] = /^ask (\w+) (.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, running: runProgram(place, 'nodetool', wordsOf(rest)) }];
  });
  return {
    takesMs: commands.reduce((sum, { running }) => sum + running.takesMs, 0),
    finish: (now) => {
      let stdout = '';
      for (const { name, running } of commands) {
        const result = running.finish(now);
        stdout += `\n@@begin ${name}@@\n${result.stdout}\n@@error ${name}@@\n${result.stderr.trimEnd()}\n@@end ${name} ${result.exitCode}@@\n`;
        if (result.stderr.includes('Failed to connect to')) break;
      }
      return { exitCode: 0, stdout, stderr: '' };
    },
  };
}

/** Commands one after the other; after `&&` only when the one before ended well. */
function runLines(place: ExecPlace, script: string): RunningCommand {
  const steps = [...script.matchAll(/([^\n;&]+|&(?!&))+(&&)?/g)].map(([text, , link]) => ({
    words: wordsOf(text.replace(/&&$/, '')),
    goesOnOnlyWell: link === '&&',
  }));
  const commands = steps.map(({ words: [name = '', ...args] }) =>
    runProgram(place, name.split('/').at(-1) ?? '', args),
  );
  return {
    takesMs: commands.reduce((sum, { takesMs }) => sum + takesMs, 0),
    finish: (now) => {
      const all = { exitCode: 0, stdout: '', stderr: '' };
      for (const [index, command] of commands.entries()) {
        const result = command.finish(now);
        all.exitCode = result.exitCode;
        all.stdout += result.stdout;
        all.stderr += result.stderr;
        if (steps[index]?.goesOnOnlyWell === true && result.exitCode !== 0) break;
      }
      return all;
    },
  };
}

function runProgram(place: ExecPlace, name: string, args: readonly string[]): RunningCommand {
  const { simulation, pod, container } = place;
  const now = simulation.world.now();
  if (name === 'nodetool' && container.name === 'cassandra') {
    const ring = simulation.members.rings.get(clusterKey(pod));
    const node = ring?.nodeOf(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
    if (ring !== undefined && node !== undefined) return nodetool(ring, node, args, now);
  }
  if (name.startsWith('kafka-') && container.name === 'kafka') {
    const member = simulation.members.kafkaOf(pod);
    if (member !== undefined) return kafkaTool(member.kafka, name, args);
  }
  return done((programs[name] ?? notFound(name))(place, args));
}

type SmallProgram = (place: ExecPlace, args: readonly string[]) => CommandResult;

const said = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: '' });

const programs: Readonly<Record<string, SmallProgram>> = {
  '': () => said(''),
  true: () => said(''),
  false: () => ({ exitCode: 1, stdout: '', stderr: '' }),
  exit: (_place, [code]) => ({ exitCode: Number(code ?? 0) || 0, stdout: '', stderr: '' }),
  echo: (_place, args) => said(`${args.join(' ')}\n`),
  hostname: ({ pod }) => said(`${pod.metadata.name}\n`),
  whoami: () => said('demo\n'),
  id: () => said('uid=1001(demo) gid=0(root)\n'),
  pwd: () => said('/\n'),
  ls: ({ container }) =>
    said(
      `${['bin', 'etc', 'opt', ...(container.volumeMounts ?? []).map(({ mountPath }) => mountPath.slice(1))].join('\n')}\n`,
    ),
  uname: () => said('Linux\n'),
  date: ({ simulation }) => said(`${new Date(simulation.world.now()).toUTCString()}\n`),
  env: ({ pod, container }) =>
    said(
      [
        `HOSTNAME=${pod.metadata.name}`,
        ...(container.env ?? []).map(({ name, value = '' }) => `${name}=${value}`),
        '',
      ].join('\n'),
    ),
  help: () =>
    said(
      `${NOTICE}Known: date, echo, env, exit, hostname, id, ls, pwd, uname, whoami; in Cassandra nodetool, in Kafka the kafka-*.sh tools.\n`,
    ),
};

function notFound(name: string): SmallProgram {
  return () => ({ exitCode: 127, stdout: '', stderr: `sh: 1: ${name}: not found (this is a simulation)\n` });
}

function done(result: CommandResult): RunningCommand {
  return { takesMs: 0, finish: () => result };
}

/** Words of a simple command; quotes keep blanks together. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  );
}
