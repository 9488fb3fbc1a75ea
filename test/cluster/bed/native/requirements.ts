import { existsSync, readFileSync, statfsSync } from 'node:fs';
import process from 'node:process';
import { findOnPath } from '../../../../scripts/editor/commands.mjs';
import { network, type Cluster } from '../cluster.ts';
import { run, tryRun } from '../commands.ts';

/** A program that must be there, and the Debian package that brings it. */
interface Need {
  readonly program: string;
  readonly debianPackage: string;
  /** For what is not on the PATH. */
  readonly file?: string;
}

const controlPlaneNeeds: readonly Need[] = [
  { program: 'etcd', debianPackage: 'etcd-server' },
  { program: 'openssl', debianPackage: 'openssl' },
];

const nodeNeeds: readonly Need[] = [
  { program: 'containerd', debianPackage: 'containerd' },
  { program: 'runc', debianPackage: 'runc' },
  { program: 'ip', debianPackage: 'iproute2' },
  { program: 'nsenter', debianPackage: 'util-linux' },
  { program: 'nft', debianPackage: 'nftables' },
  { program: 'iptables', debianPackage: 'iptables' },
  { program: 'conntrack', debianPackage: 'conntrack' },
  { program: 'ptp', debianPackage: 'containernetworking-plugins', file: '/usr/lib/cni/ptp' },
];

/** What making the images takes, once. */
const imageNeeds: readonly Need[] = [
  { program: 'debootstrap', debianPackage: 'debootstrap' },
  { program: 'gcc', debianPackage: 'gcc' },
  { program: 'mvn', debianPackage: 'maven' },
  { program: 'java', debianPackage: 'openjdk-17-jre-headless' },
];

const oldestGoMinor = 24;

export interface Wanted {
  readonly binaries: boolean;
  readonly images: boolean;
}

/** Thrown when the bed cannot run on this machine. It is never skipped silently. */
export class BedUnavailable extends Error {
  override readonly name = 'BedUnavailable';
}

/** Checks that the machine can carry the cluster; installs what is missing when that is wanted and possible. */
export async function ensureRequirements(cluster: Cluster, wanted: Wanted, install: boolean): Promise<string> {
  if (process.platform !== 'linux') {
    throw new BedUnavailable('The native test bed runs on Linux only. Use --driver kind, which needs Docker.');
  }
  if (cluster.hasNodes) await checkMachine();
  if (wanted.binaries) await checkGo();
  const missing = missingNeeds(cluster, wanted);
  if (missing.length === 0) return 'all there';
  if (!install || !mayInstall()) throw new BedUnavailable(describeMissing(missing));
  await installPackages(missing);
  const still = missingNeeds(cluster, wanted);
  if (still.length > 0) throw new BedUnavailable(describeMissing(still));
  return `installed ${missing.map(({ debianPackage }) => debianPackage).join(', ')}`;
}

function missingNeeds(cluster: Cluster, wanted: Wanted): Need[] {
  const needs = [...controlPlaneNeeds, ...(cluster.hasNodes ? nodeNeeds : []), ...(wanted.images ? imageNeeds : [])];
  return needs.filter(({ program, file }) =>
    file === undefined ? findOnPath(program) === undefined : !existsSync(file),
  );
}

function describeMissing(missing: readonly Need[]): string {
  const programs = missing.map(({ program }) => program).join(', ');
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(' ');
  return `Missing: ${programs}. On Debian, as root: apt-get install ${packages} (or run this with --install).`;
}

const mayInstall = (): boolean => process.getuid?.() === 0 && findOnPath('apt-get') !== undefined;

async function installPackages(missing: readonly Need[]): Promise<void> {
  const names = [...new Set(missing.map(({ debianPackage }) => debianPackage))];
  // RUNLEVEL=1 keeps packages from starting their services: the bed runs its own etcd and containerd.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['-qq', 'update'], { env });
  await run('apt-get', ['-qq', '-y', 'install', '--no-install-recommends', ...names], { env });
}

/** Debian's own may be too old, so no package is offered. */
async function checkGo(): Promise<void> {
  const { stdout } = await tryRun('go', ['version']);
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (major === '1' && Number(minor) >= oldestGoMinor) return;
  const found = stdout.trim() === '' ? 'there is none' : stdout.trim();
  throw new BedUnavailable(`Kubernetes is built with Go 1.${oldestGoMinor} or later; ${found}.`);
}

/** What no package brings: rights and abilities of the kernel. */
async function checkMachine(): Promise<void> {
  const problems = [...staticProblems(), ...(await namespaceProblems()), ...(await addressProblems())];
  if (problems.length > 0) {
    throw new BedUnavailable(`Nodes cannot run on this machine:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
  }
}

function staticProblems(): string[] {
  const problems: string[] = [];
  if (process.getuid?.() !== 0) problems.push('it needs root (namespaces, mounts, cgroups, network links)');
  if (!/\boverlay\b/.test(readFileSync('/proc/filesystems', 'utf8'))) problems.push('the kernel has no overlayfs');
  const cgroup = cgroupProblem();
  if (cgroup !== undefined) problems.push(cgroup);
  return problems;
}

const cgroup2Magic = 0x63677270;

function cgroupProblem(): string | undefined {
  if (statfsSync('/sys/fs/cgroup').type === cgroup2Magic) {
    return 'it has cgroup v2 only, and the nodes are set up for v1: use --driver kind, or boot with systemd.unified_cgroup_hierarchy=0';
  }
  const missing = ['cpu', 'cpuacct', 'cpuset', 'memory', 'pids'].filter(
    (name) => !existsSync(`/sys/fs/cgroup/${name}`),
  );
  return missing.length === 0 ? undefined : `cgroup v1 lacks the controllers ${missing.join(', ')}`;
}

/** Tried, not guessed: a container may look like root and still not be allowed to. */
async function namespaceProblems(): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  const script = 'mount -t tmpfs none /mnt && ip link add probe0 type veth peer name probe1';
  const { code, stderr } = await tryRun('unshare', ['--mount', '--net', '--pid', '--fork', 'sh', '-c', script]);
  return code === 0 ? [] : [`namespaces, mounts or links are refused: ${stderr.trim()}`];
}

/** The addresses are fixed, so that left-overs are known for what they are; somebody else may use them. */
async function addressProblems(): Promise<string[]> {
  const { stdout } = await tryRun('ip', ['-o', 'route', 'show']);
  const networks = [network.host, network.pods, network.services].map((address) =>
    address.split('.').slice(0, 2).join('.'),
  );
  const taken = stdout
    .split('\n')
    .filter(
      (line) => networks.some((start) => line.startsWith(`${start}.`)) && !line.includes(` dev ${network.bridge} `),
    );
  return taken.map((route) => `its addresses are taken by a route: ${route.trim()}`);
}
