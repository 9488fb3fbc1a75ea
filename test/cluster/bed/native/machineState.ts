import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { clustersFolder } from '../cluster.ts';
import { tryRun } from '../commands.ts';
import { mountPoints } from './machine.ts';

/** Programs of a cluster that run in the namespaces of the machine itself. */
const programs = /^(etcd|kube-|kubelet|kubectl|containerd|coredns|runc|unshare|nsenter)/;

/** Settings that count something or that nobody sets. */
const volatileSettings =
  /^(kernel\.(random|ns_last_pid|pty|sched|perf)|fs\.|net\.netfilter\.nf_conntrack_count|vm\.stat)/;

/**
 * What the machine is like, in lines to compare: taken before a cluster comes and after it has gone. It does not ask
 * what belongs to a cluster, so it finds what findLeftovers was not told of, and also what others did meanwhile.
 */
export async function readMachineState(): Promise<ReadonlySet<string>> {
  const lines = [
    ...(await linesOf('interface', 'ip', ['-o', 'link', 'show'], /^\d+: ([^:]+):/)),
    ...(await linesOf('route', 'ip', ['-o', 'route', 'show', 'table', 'all'], /^(.*\S)/)),
    ...(await linesOf('packet filter', 'nft', ['list', 'tables'], /^(.*\S)/)),
    ...(await linesOf('setting', 'sysctl', ['-a'], /^((?:kernel|vm|net)\..*\S)/)).filter(isSteady),
    ...named('network namespace', '/run/netns'),
    ...named('cluster', clustersFolder()),
    ...mounts(),
    ...controlGroups(),
    ...processes(),
    ...mountPoints.filter((folder) => existsSync(folder)).map((folder) => `folder ${folder}`),
  ];
  return new Set(lines);
}

/** What came and what went, one line each. */
export function compareStates(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  const came = [...after].filter((line) => !before.has(line)).map((line) => `came: ${line}`);
  const went = [...before].filter((line) => !after.has(line)).map((line) => `went: ${line}`);
  return [...came, ...went];
}

async function linesOf(what: string, program: string, args: readonly string[], form: RegExp): Promise<string[]> {
  const { stdout } = await tryRun(program, args);
  return stdout.split('\n').flatMap((line) => {
    const found = form.exec(line)?.[1];
    return found === undefined ? [] : [`${what} ${found}`];
  });
}

const isSteady = (line: string): boolean => !volatileSettings.test(line.slice('setting '.length));

const named = (what: string, folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => `${what} ${name}`) : [];

const mounts = (): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => `mount ${line.split(' ').slice(0, 3).join(' ')}`);

function controlGroups(): string[] {
  const top = '/sys/fs/cgroup';
  const controllers = readdirSync(top, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return controllers.flatMap(({ name }) =>
    readdirSync(path.join(top, name), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `control group ${name}/${entry.name}`),
  );
}

/** Those with namespaces of their own, and those with the name of a program of a cluster. */
function processes(): string[] {
  const own = ['pid', 'net', 'mnt'].map((kind) => namespaceOf('self', kind));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const program = programOf(pid);
      const elsewhere = ['pid', 'net', 'mnt'].some((kind, index) => ![own[index], ''].includes(namespaceOf(pid, kind)));
      return program !== '' && (elsewhere || programs.test(program)) ? [`process ${pid} ${program}`] : [];
    });
}

const programOf = (pid: string): string => orEmpty(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
const namespaceOf = (pid: string, kind: string): string => orEmpty(() => readlinkSync(`/proc/${pid}/ns/${kind}`));

/** A process may end while it is looked at, and those of the kernel do not tell. */
function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
